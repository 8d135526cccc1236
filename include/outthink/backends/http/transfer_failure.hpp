// SPDX-License-Identifier: MIT
#pragma once

#include <curl/curl.h>

#include <string_view>

namespace outthink::backends::http {

/// True for what may do better next time: connections that are refused, break or stall; not for a
/// wrong certificate or URL.
[[nodiscard]] constexpr bool may_pass(CURLcode code) noexcept {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

/// What to do about a transfer that brought no status.
[[nodiscard]] constexpr std::string_view advice(CURLcode code) noexcept {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return "if you trust the server, name its authority's certificate in "
             "connection_options.ca_file";
    case CURLE_SSL_CACERT_BADFILE:
      return "check connection_options.ca_file";
    case CURLE_URL_MALFORMAT:
      return "check the URL";
    default:
      return "check that the server runs and can be reached";
  }
}

}  // namespace outthink::backends::http
