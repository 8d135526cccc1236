// SPDX-License-Identifier: MIT
#pragma once

#include "batch_worker.hpp"
#include "completion_job.hpp"
#include "task.hpp"

#include <nlohmann/json.hpp>

#include <httplib.h>

#include <cstddef>
#include <exception>
#include <string>
#include <thread>
#include <utility>

/// A task's models behind OpenAI's interface: /v1/completions, /v1/chat/completions, /v1/models,
/// /health; and /v1/scores for the value model. Requests that come together are computed together.
class gguf_server {
 public:
  explicit gguf_server(const task_files& task, int threads = 1)
      : name_(task.policy.substr(task.policy.rfind('/') + 1)),
        engine_(task.policy, threads),
        judge_(outthink::backends::transformer::load(task.value, {.threads = threads}),
               {.score_end = task.score_end}),
        completions_(engine_),
        scores_(judge_) {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kConnections); };
    server_.set_tcp_nodelay(true);
    server_.set_keep_alive_max_count(1U << 30);
    server_.set_payload_max_length(16U << 20);
    const auto post = [this](const char* path, auto handler) {
      server_.Post(path, [handler](const httplib::Request& asked, httplib::Response& reply) {
        guarded(asked, reply, handler);
      });
    };
    post("/v1/completions",
         [this](const auto& body, auto& reply) { complete(body, false, reply); });
    post("/v1/chat/completions",
         [this](const auto& body, auto& reply) { complete(body, true, reply); });
    post("/v1/scores", [this](const auto& body, auto& reply) { score(body, reply); });
    server_.Get("/health", [](const httplib::Request&, httplib::Response& reply) {
      reply.set_content("{}", kJson);
    });
    server_.Get("/v1/models", [this](const httplib::Request&, httplib::Response& reply) {
      const nlohmann::json model{{"id", name_}, {"object", "model"}, {"owned_by", "outthink"}};
      reply.set_content(nlohmann::json{{"object", "list"}, {"data", {model}}}.dump(), kJson);
    });
  }
  ~gguf_server() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

  /// Serves until the program ends.
  bool serve(const std::string& host, int port) { return server_.listen(host.c_str(), port); }

  /// Serves beside the caller, as long as this object lives; returns the server's URL.
  std::string serve_aside() {
    const int port = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
    return "http://127.0.0.1:" + std::to_string(port);
  }

 private:
  static constexpr const char* kJson = "application/json";
  static constexpr std::size_t kConnections = 128;

  template <class Handler>
  static void guarded(const httplib::Request& asked, httplib::Response& reply,
                      const Handler& handler) {
    try {
      handler(nlohmann::json::parse(asked.body), reply);
    } catch (const std::exception& problem) {
      const nlohmann::json why{{"message", problem.what()}, {"type", "invalid_request_error"}};
      reply.status = 400;
      reply.set_content(completion_job::dump({{"error", why}}), kJson);
    }
  }

  void complete(const nlohmann::json& body, bool chat, httplib::Response& reply) {
    const completion_job job(body, chat);
    const auto made = completions_.answer(job.requests());
    if (body.value("stream", false)) {
      reply.set_content(job.events(made), "text/event-stream");
    } else {
      reply.set_content(completion_job::dump(job.reply(made)), kJson);
    }
  }

  void score(const nlohmann::json& body, httplib::Response& reply) {
    const bool bytes = body.value("bytes", false);
    const auto text = [bytes](const nlohmann::json& of) {
      auto given = of.get<std::string>();
      if (!bytes) return given;
      auto made = outthink::backends::http::text_as_bytes(given);
      outthink::require(made.has_value(), "a text holds a character above U+00FF");
      return std::move(*made);
    };
    const std::string prompt = text(body.at("prompt"));
    outthink::text_tree tree(outthink::step_payload{.text = prompt});
    outthink::node_id at = tree.root();
    const outthink::step_rule rule;
    for (const auto& one : body.at("steps")) {
      const std::string step = text(one);
      at = tree.add_children(at, 1)[0];
      tree.set_payload(at, {.text = step}, outthink::node_status::open);
    }
    if (body.value("finished", false)) tree.set_status(at, outthink::node_status::finished);
    const auto from = body.value("from", 0U);
    outthink::require(from <= tree.depth(at), "`from` exceeds the number of steps");
    const outthink::verdict made =
        scores_.answer({{.trace = {tree, at}, .from = from, .rule = &rule, .stream = {}}}).at(0);
    if (!made.failure.empty()) throw outthink::error(outthink::errc::context_full, made.failure);
    nlohmann::json answer{
        {"scores", nlohmann::json::array()},
        {"usage", {{"tokens_read", made.spent.tokens_read}, {"flops", made.spent.flops}}}};
    for (const float one : made.scores) answer["scores"].push_back(one);
    reply.set_content(answer.dump(), kJson);
  }

  std::string name_;
  completion_engine engine_;
  outthink::verifiers::value_model<outthink::backends::transformer> judge_;
  batch_worker<completion_engine> completions_;
  batch_worker<outthink::verifiers::value_model<outthink::backends::transformer>> scores_;
  httplib::Server server_;
  std::thread thread_;
};
