// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/byte_text.hpp>
#include <outthink/core/error.hpp>
#include <outthink/interop/json.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <fstream>
#include <istream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// The longest line of a dataset, in bytes.
inline constexpr std::size_t longest_line = std::size_t{1} << 20;

namespace detail {

/// Reads lines one by one; complaints name the file, the line and the field.
class dataset_lines {
 public:
  dataset_lines(std::istream& file, std::string path) : file_(&file), path_(std::move(path)) {}

  /// Reads the next line that holds something; false at the end.
  bool next() {
    while (read_line()) {
      if (text_.find_first_not_of(" \t\r") != std::string::npos) return true;
    }
    return false;
  }

  [[nodiscard]] nlohmann::json object() const {
    namespace http = outthink::backends::http;
    const bool valid = http::is_utf8(text_);
    nlohmann::json made;
    try {
      made = nlohmann::json::parse(valid ? text_ : http::bytes_as_text(text_));
    } catch (const nlohmann::json::exception& problem) {
      throw wrong(std::string("this is no JSON: ") + problem.what());
    }
    if (!made.is_object()) throw wrong("an object was expected");
    if (!valid) throw wrong("the field `" + spoilt_field(made) + "` holds invalid UTF-8");
    return made;
  }

  [[nodiscard]] std::string text(const nlohmann::json& from, const char* field) const {
    const auto found = from.find(field);
    if (found == from.end()) throw wrong("the field `" + std::string(field) + "` is missing");
    if (found->is_string()) return found->get<std::string>();
    if (found->is_number()) return found->dump();
    throw wrong("the field `" + std::string(field) + "` must be a text or a number");
  }

  [[nodiscard]] std::size_t number() const noexcept { return number_; }

  [[nodiscard]] outthink::error wrong(const std::string& what) const {
    return {outthink::errc::malformed_file, path_ + ":" + std::to_string(number_) + ": " + what};
  }

 private:
  // Of an object that was read as one character a byte: the field whose bytes are no UTF-8.
  static std::string spoilt_field(const nlohmann::json& read) {
    namespace http = outthink::backends::http;
    for (const auto& [name, value] : read.items()) {
      const std::string own = http::text_as_bytes(name).value_or(name);
      if (!http::is_utf8(own)) return name;
      if (!http::is_utf8(http::text_as_bytes(value.dump()).value_or(""))) return own;
    }
    return "?";
  }

  // A line that is too long is not kept in memory, however long it is.
  bool read_line() {
    ++number_;
    text_.clear();
    for (int c = file_->get(); c != std::istream::traits_type::eof(); c = file_->get()) {
      if (c == '\n') return true;
      text_ += static_cast<char>(c);
      if (text_.size() > longest_line) {
        throw wrong("the line is longer than " + std::to_string(longest_line) +
                    " bytes; is it a dataset with an object on each line?");
      }
    }
    return !text_.empty();
  }

  std::istream* file_;
  std::string path_, text_;
  std::size_t number_ = 0;
};

}  // namespace detail

/// @brief Reads a dataset: an object on each line with `id`, `question`, `answer` and, if there are
/// levels, `difficulty`, a whole number that grows with it.
///
/// Shapes and units: the problems in the file's order; blank lines are skipped. Other fields are
/// left alone. `wrap` makes the prompt of a question.
/// Errors: `errc::file_unreadable`; `errc::malformed_file` with file, line and field for a line
/// that is not JSON, lacks a field, repeats an id, holds invalid UTF-8 or is longer than
/// `longest_line`, and for a file without a problem.
template <class Wrap>
[[nodiscard]] std::vector<outthink::labelled_problem> read_dataset(std::istream& file,
                                                                   const std::string& path,
                                                                   const Wrap& wrap) {
  detail::dataset_lines lines(file, path);
  std::vector<outthink::labelled_problem> problems;
  std::map<std::string, std::size_t> line_of;
  while (lines.next()) {
    const nlohmann::json read = lines.object();
    std::string id = lines.text(read, "id");
    const auto [seen, is_new] = line_of.emplace(id, lines.number());
    if (!is_new) {
      throw lines.wrong("the field `id` repeats '" + id + "' of line " +
                        std::to_string(seen->second));
    }
    outthink::labelled_problem made{
        std::move(id), wrap(lines.text(read, "question")), lines.text(read, "answer"), {}, 0};
    if (const auto level = read.find("difficulty"); level != read.end() && !level->is_null()) {
      if (!level->is_number_integer())
        throw lines.wrong("the field `difficulty` must be a whole number");
      made.level = level->get<int>();
    }
    problems.push_back(std::move(made));
  }
  if (problems.empty())
    throw outthink::error(outthink::errc::malformed_file, path + " holds no problem");
  return problems;
}

template <class Wrap>
[[nodiscard]] std::vector<outthink::labelled_problem> read_dataset(const std::string& path,
                                                                   const Wrap& wrap) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw outthink::error(outthink::errc::file_unreadable, path);
  return read_dataset(file, path, wrap);
}

}  // namespace bench
