// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/problem.hpp>

#include <nlohmann/json.hpp>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// A problem of a file, with what is known about it.
struct labelled_problem {
  std::string id;  ///< unique in its file
  problem question;
  std::string answer;  ///< the right answer; empty where a checker judges instead
  std::string split;   ///< "test", "validation", …
  int level = 0;       ///< difficulty, if the file has levels
};

namespace detail {

inline std::string answer_text(const nlohmann::json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

inline labelled_problem read_problem(const nlohmann::json& entry, const std::string& path,
                                     std::size_t position) {
  const auto complain = [&](const std::string& what) {
    return error(errc::malformed_file,
                 path + ": problems[" + std::to_string(position) + "]: " + what);
  };
  if (!entry.is_object()) throw complain("an object was expected");
  const auto prompt = entry.find("prompt");
  if (prompt == entry.end() || !prompt->is_string()) throw complain("`prompt` must be a string");
  const auto text = [&](const char* key, const std::string& otherwise) {
    const auto value = entry.find(key);
    if (value == entry.end()) return otherwise;
    if (!value->is_string()) throw complain(std::string("`").append(key) + "` must be a string");
    return value->template get<std::string>();
  };
  labelled_problem read{text("id", std::to_string(position)), prompt->get<std::string>(),
                        answer_text(entry.value("answer", nlohmann::json())), text("split", {}), 0};
  const auto level = entry.find("level");
  if (level == entry.end()) return read;
  if (!level->is_number_integer()) throw complain("`level` must be an integer");
  read.level = level->get<int>();
  return read;
}

}  // namespace detail

/// @brief Reads a problem file: `{"problems": [{"id", "prompt", "answer", "split", "level"}, …]}`,
/// of which only `prompt` must be there.
///
/// Shapes and units: the problems of `split`, or all of them if it is empty, in the file's order.
/// Errors: `errc::file_unreadable`, `errc::malformed_file` with path, position and what was
/// expected.
[[nodiscard]] inline std::vector<labelled_problem> load_problems(const std::string& path,
                                                                 std::string_view split = {}) {
  std::ifstream file(path);
  if (!file) throw error(errc::file_unreadable, path);
  nlohmann::json content;
  try {
    content = nlohmann::json::parse(file);
  } catch (const nlohmann::json::exception& problem) {
    throw error(errc::malformed_file, path + ": " + problem.what());
  }
  if (!content.is_object() || !content.contains("problems") || !content["problems"].is_array()) {
    throw error(errc::malformed_file, path + ": an object with an array `problems` was expected");
  }
  std::vector<labelled_problem> problems;
  for (std::size_t i = 0; i < content["problems"].size(); ++i) {
    labelled_problem read = detail::read_problem(content["problems"][i], path, i);
    if (split.empty() || read.split == split) problems.push_back(std::move(read));
  }
  return problems;
}

/// Writes usage as a JSON object; found by nlohmann_json.
inline void to_json(nlohmann::json& out, const usage& spent) {
  out = {{"tokens", spent.tokens},
         {"prompt_tokens", spent.prompt_tokens},
         {"model_calls", spent.model_calls},
         {"verifier_calls", spent.verifier_calls},
         {"verifier_tokens", spent.verifier_tokens},
         {"other_calls", spent.other_calls},
         {"flops", spent.flops},
         {"verifier_flops", spent.verifier_flops},
         {"money", spent.money}};
}

/// Writes a candidate as a JSON object; scores that are not numbers become null.
inline void to_json(nlohmann::json& out, const candidate& from) {
  out = {{"solution", from.solution},   {"answer", from.answer},
         {"step_ends", from.step_ends}, {"step_scores", from.step_scores},
         {"logprob", from.logprob},     {"tokens", from.tokens}};
}

/// Writes an outcome as a JSON object. Models write any bytes: dump it with
/// `nlohmann::json::error_handler_t::replace` if its texts may be no UTF-8.
inline void to_json(nlohmann::json& out, const outcome& from) {
  out = {{"answer", from.answer},
         {"confidence", from.confidence},
         {"status", to_string(from.status)},
         {"chosen", from.has_answer() ? nlohmann::json(from.chosen) : nlohmann::json()},
         {"candidates", from.candidates},
         {"spent", from.spent},
         {"seconds", from.seconds},
         {"message", from.message}};
}

}  // namespace outthink
