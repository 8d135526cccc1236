// SPDX-License-Identifier: MIT
#pragma once

#include "plan.hpp"
#include "simulation.hpp"
#include <outthink/analysis/effective_flops.hpp>
#include <outthink/backends/replay.hpp>
#include <outthink/backends/transformer.hpp>
#include <outthink/backends/transformer/mapped_file.hpp>
#include <outthink/interop/any_service.hpp>
#include <outthink/runtime/solve_options.hpp>
#include <outthink/sampling/decoder.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>
#include <outthink/verifiers/game_of_24.hpp>
#include <outthink/verifiers/value_model.hpp>

#ifdef OUTTHINK_BENCH_HTTP
#include <outthink/backends/openai.hpp>
#include <outthink/backends/reward_server.hpp>
#endif

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bench {

/// A model that is open, and its sizes where they are known.
struct open_model {
  outthink::any_language_model model;
  std::optional<outthink::transformer_shape> shape;
};

/// @brief Tells a model or verifier from any other: its address, or a hash of its file.
///
/// Errors: `errc::file_unreadable` for a file that is not there.
[[nodiscard]] inline std::string identity_of(const std::string& name, const service_source& from) {
  using kind = service_source::kind;
  if (from.from == kind::server) return name + "@" + from.where + "#" + from.model;
  if (from.from == kind::rule) return name + "@" + from.where;
  if (from.from == kind::simulator)
    return fmt::format("{}@simulator-{:016x}", name, outthink::hash_text(from.where));
  const outthink::backends::mapped_file file(from.where);
  const auto bytes = file.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return fmt::format("{}@{:016x}{}", name, outthink::hash_text(text), from.score_end ? "+end" : "");
}

namespace detail {

inline outthink::transformer_shape shape_of(const std::string& path, double parameters) {
  const outthink::backends::gguf::file file(path);
  const auto sizes = outthink::backends::llama::read_hyperparameters(file);
  return {parameters, static_cast<double>(sizes.layers), static_cast<double>(sizes.heads),
          static_cast<double>(sizes.kv_heads), static_cast<double>(sizes.head_dim)};
}

/// Lines of `{"prompt": …, "samples": [{"text": …, "tokens": …, "logprob": …}, …]}`.
inline outthink::backends::replay load_recording(const std::string& path) {
  outthink::backends::replay log;
  std::ifstream file(path);
  if (!file) throw outthink::error(outthink::errc::file_unreadable, path);
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    try {
      const nlohmann::json read = nlohmann::json::parse(line);
      for (const nlohmann::json& one : read.at("samples")) {
        log.record(read.at("prompt").get<std::string>(),
                   {one.at("text").get<std::string>(), one.value("tokens", 0U),
                    one.value("logprob", 0.0F)});
      }
    } catch (const nlohmann::json::exception& problem) {
      throw outthink::error(outthink::errc::malformed_file,
                            fmt::format("{}:{}: {}", path, number, problem.what()));
    }
  }
  return log;
}

#ifdef OUTTHINK_BENCH_HTTP
inline outthink::backends::http::connection_options connection_of(const service_source& from) {
  outthink::backends::http::connection_options options;
  if (!from.key_variable.empty())
    options.api_key = outthink::backends::http::key_from_environment(from.key_variable);
  return options;
}
#else
[[noreturn]] inline void refuse_server(const service_source& from) {
  throw outthink::error(outthink::errc::invalid_argument,
                        from.where +
                            ": this program was built without libcurl and asks no server "
                            "(Debian: apt install libcurl4-openssl-dev, build again)");
}
#endif

/// A model or verifier of a simulation, and its machines, which go by the clock.
template <class Service>
std::unique_ptr<simulated<Service>> open_simulated(const service_source& from,
                                                   outthink::backends::virtual_clock* clock) {
  outthink::require(clock != nullptr, "a simulated service needs a clock");
  const simulation read = read_simulation(nlohmann::json::parse(from.where), "simulator");
  constexpr bool kModel = outthink::language_model<Service>;
  return std::make_unique<simulated<Service>>(read, kModel ? read.cluster : verifier_cluster(read),
                                              *clock);
}

}  // namespace detail

/// Opens a model; a simulated one goes by the clock, which outlives it. Errors: those of its file;
/// `errc::invalid_argument` for a server in a build without libcurl.
[[nodiscard]] inline open_model open(const service_source& from, int threads,
                                     outthink::backends::virtual_clock* clock = nullptr) {
  using kind = service_source::kind;
  using outthink::any_language_model;
  if (from.from == kind::simulator) {
    const auto shape =
        read_simulation(nlohmann::json::parse(from.where), "simulator").cluster.cost.shape;
    return {any_language_model(
                detail::open_simulated<outthink::backends::synthetic_model>(from, clock)),
            shape};
  }
  if (from.from == kind::recording) {
    return {any_language_model(
                std::make_unique<outthink::backends::replay>(detail::load_recording(from.where))),
            std::nullopt};
  }
  if (from.from == kind::server) {
#ifdef OUTTHINK_BENCH_HTTP
    using outthink::backends::openai_operation;
    outthink::backends::openai_options options;
    options.url = from.where;
    options.model = from.model;
    options.operation =
        from.chat ? openai_operation::chat_completions : openai_operation::completions;
    options.connection = detail::connection_of(from);
    return {any_language_model(std::make_unique<outthink::backends::openai>(std::move(options))),
            std::nullopt};
#else
    detail::refuse_server(from);
#endif
  }
  using outthink::backends::transformer;
  transformer loaded = transformer::load(from.where, {.threads = threads});
  const auto shape = detail::shape_of(from.where, static_cast<double>(loaded.parameters()));
  // As many texts at a time as a batch has: the more there are, the more of them agree.
  const outthink::decoder_options memory{.rows = outthink::solve_options{}.max_batch};
  return {any_language_model(
              std::make_unique<outthink::decoder<transformer>>(std::move(loaded), memory)),
          shape};
}

/// Opens a verifier; errors as for a model.
[[nodiscard]] inline outthink::any_verifier open_verifier(
    const service_source& from, int threads, outthink::backends::virtual_clock* clock = nullptr) {
  using kind = service_source::kind;
  using outthink::any_verifier;
  namespace verifiers = outthink::verifiers;
  if (from.from == kind::simulator) {
    return any_verifier(
        detail::open_simulated<outthink::backends::synthetic_verifier>(from, clock));
  }
  if (from.from == kind::rule) {
    if (from.where == "game_of_24") return any_verifier(std::make_unique<verifiers::game_of_24>());
    return any_verifier(std::make_unique<verifiers::chained_arithmetic>());
  }
  if (from.from == kind::server) {
#ifdef OUTTHINK_BENCH_HTTP
    return any_verifier(std::make_unique<outthink::backends::reward_server<>>(
        from.where, outthink::backends::step_scores{}, detail::connection_of(from)));
#else
    detail::refuse_server(from);
#endif
  }
  using outthink::backends::transformer;
  return any_verifier(std::make_unique<verifiers::value_model<transformer>>(
      transformer::load(from.where, {.threads = threads}),
      verifiers::value_model_options{.score_end = from.score_end}));
}

}  // namespace bench
