// SPDX-License-Identifier: MIT
// A reward model at a server, by a mapping of your own: what is sent, and where the scores are.
#include "support/gguf_server.hpp"
#include <outthink/backends/openai.hpp>
#include <outthink/backends/reward_server.hpp>
#include <outthink/interop/fmt.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace outthink;

/// What this server wants: the problem, the steps, and which of them have no score yet.
struct my_mapping {
  nlohmann::json write(const score_request& asked) const {
    return {{"prompt", asked.trace.prompt()},
            {"steps", asked.trace.step_texts()},
            {"from", asked.from},
            {"finished", asked.trace.finished()}};
  }
  verdict read(const nlohmann::json& reply) const {
    verdict made;
    for (const auto& score : reply.at("scores")) made.scores.push_back(score.get<float>());
    made.spent.tokens_read = reply.at("usage").at("tokens_read").get<std::uint32_t>();
    return made;
  }
};

int main() {
  gguf_server server(game_of_24_task());
  const std::string url = server.serve_aside();  // yours runs elsewhere

  backends::openai model({.url = url + "/v1", .model = "game24-policy.gguf", .exact = true});
  backends::reward_server judge(url + "/v1/scores", my_mapping{});
  const outcome result = solve("4 9 10 13\n", model, beam_search{.width = 4, .expand = 4}, judge,
                               best_score{step_reduction::product}, solve_options{.seed = 1});
  fmt::print("{}\n{}\n", result, result.best());
}
