// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/journal/json_reader.hpp>
#include <outthink/runtime/journal/json_writer.hpp>

#include <string>

namespace outthink::test {

/// What a format writes of a request or a response.
template <class Format, class Value>
std::string written(const Format& format, const Value& value) {
  std::string text;
  json_writer out(text);
  format.write(value, out);
  out.end();
  return text;
}

/// What it reads in what it wrote.
template <class Format, class Response>
Response read_back(const Format& format, const Response& answer) {
  const std::string text = written(format, answer);
  json_reader in(text);
  const Response read = format.read(in);
  in.end();
  return read;
}

}  // namespace outthink::test
