// SPDX-License-Identifier: MIT
// Bodies and URLs on their way into requests and messages: bytes come back, secrets stay out.
#include "input.hpp"
#include <outthink/backends/http/byte_text.hpp>
#include <outthink/backends/http/error_text.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

using namespace outthink::test;
using namespace outthink::backends::http;

namespace {

void check_bytes(const std::string& bytes) {
  const std::string text = bytes_as_text(bytes);
  expect(is_utf8(text), "bytes as text are UTF-8");
  expect(text_as_bytes(text) == bytes, "bytes come back");
  const std::string sent = nlohmann::json(text).dump();
  expect(nlohmann::json::parse(sent).get<std::string>() == text, "JSON carries them");
  bool dumps = true;
  try {
    (void)nlohmann::json(bytes).dump();
  } catch (const nlohmann::json::type_error&) {
    dumps = false;
  }
  expect(is_utf8(bytes) == dumps, "UTF-8 is what JSON carries as it is");
  if (const auto back = text_as_bytes(bytes)) {
    expect(bytes_as_text(*back) == bytes, "text that stands for bytes comes back");
  }
}

void check_excerpt(const std::string& body, const std::string& secret) {
  const std::string shown = excerpt(body, secret);
  expect(shown.size() <= 203, "an excerpt is short");
  for (const char c : shown) {
    expect(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "an excerpt is one line");
  }
  const bool plain = secret.find('*') == std::string::npos &&
                     secret.find('.') == std::string::npos && secret.find(' ') == std::string::npos;
  if (secret.size() > 3 && plain) {
    expect(shown.find(secret) == std::string::npos, "an excerpt has no secret");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  const std::string secret = in.ConsumeRandomLengthString(12);
  std::string body;
  while (in.remaining_bytes() > 0 && body.size() < 1000) {
    body += in.ConsumeBool() ? secret : in.ConsumeRandomLengthString(120);
    if (body.empty()) break;
  }
  check_excerpt(body, secret);
  check_bytes(body);
  const std::string url = "https://user:" + secret + "@host/path?key=" + secret + "#" + secret;
  if (secret.find_first_of("/?#@") == std::string::npos) {
    expect(printable_url(url) == "https://host/path", "a URL is shown without secrets");
  }
  (void)printable_url(body);
  return 0;
}
