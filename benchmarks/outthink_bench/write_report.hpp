// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What the data takes the place of in a page's template: the content of a script element.
inline constexpr std::string_view data_mark = ">/*report-data*/<";

/// The page with the data in it; no `<` of the data stays, so that none ends the element.
[[nodiscard]] inline std::string fill_page(std::string page, const nlohmann::json& data) {
  const std::size_t at = page.find(data_mark);
  if (at == std::string::npos)
    throw outthink::error(outthink::errc::malformed_file,
                          "the page's template lacks its mark " + std::string(data_mark));
  std::string text = ">";
  for (const char c : data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return page.replace(at, data_mark.size(), text + "<");
}

/// The rows as comma-separated values, with a line of names; bins are left out.
[[nodiscard]] inline std::string rows_as_csv(const nlohmann::json& rows) {
  const std::vector<std::string> columns{
      "task",           "strategy", "family", "parameters", "verifier", "aggregator",    "n",
      "seeds",          "accuracy", "low",    "high",       "tokens",   "prompt_tokens", "calls",
      "verifier_calls", "flops",    "eflops", "seconds",    "money",    "budget_spent",  "failed"};
  const auto field = [](const nlohmann::json& value) {
    if (value.is_null()) return std::string();
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    for (std::size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2))
      text.insert(at, 1, '"');
    return fmt::format("\"{}\"", text);
  };
  std::string made = fmt::format("{}\n", fmt::join(columns, ","));
  for (const nlohmann::json& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) made += ',';
      made += field(row.at(columns[i]));
    }
    made += '\n';
  }
  return made;
}

[[nodiscard]] inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw outthink::error(outthink::errc::file_unreadable, path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Writes a file whole, or throws and leaves the one that was there.
inline void write_text(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file || std::rename(beside.c_str(), path.c_str()) != 0) {
    std::remove(beside.c_str());
    throw outthink::error(outthink::errc::file_unreadable,
                          path + " cannot be written: is the disk full, or the folder missing?");
  }
}

}  // namespace bench
