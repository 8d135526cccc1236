// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace outthink::backends::http {

/// A URL without what may be secret: user, password, query and fragment.
[[nodiscard]] inline std::string printable_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t path = url.find('/', host);
  const std::size_t at = url.substr(0, path).rfind('@');
  std::string shown(url.substr(0, host));
  return shown.append(url.substr(at == std::string_view::npos || at < host ? host : at + 1));
}

/// The first 200 bytes of a reply for a message: one line, and without `secret`.
[[nodiscard]] inline std::string excerpt(std::string_view body, std::string_view secret) {
  constexpr std::size_t kShown = 200;
  std::string shown(body.substr(0, kShown + secret.size()));  // a secret is found at the cut, too
  for (std::size_t at = 0; !secret.empty() && (at = shown.find(secret, at)) != std::string::npos;) {
    shown.replace(at, secret.size(), "***");
  }
  const bool cut = shown.size() > kShown || body.size() > kShown + secret.size();
  if (shown.size() > kShown) shown.resize(kShown);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return cut ? shown + "..." : shown;
}

/// What to do about a status.
[[nodiscard]] constexpr std::string_view advice(long status) noexcept {
  if (status >= 300 && status < 400) return "redirects are not followed: give the final URL";
  switch (status) {
    case 400:
    case 422:
      return "the server refuses the request: compare its options with what the server supports";
    case 401:
    case 403:
      return "check the API key";
    case 404:
      return "check the URL and the model's name";
    case 413:
      return "the request is too long for the server";
    case 429:
      return "the server limits the rate: lower the concurrency";
    default:
      return status >= 500 ? "look into the server's log" : "see the server's documentation";
  }
}

}  // namespace outthink::backends::http
