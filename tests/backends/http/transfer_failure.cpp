// SPDX-License-Identifier: MIT
#include <outthink/backends/http/transfer_failure.hpp>

#include <doctest/doctest.h>

#include <string_view>

using outthink::backends::http::advice;
using outthink::backends::http::may_pass;

TEST_CASE("transfer_failure: broken connections may pass, certificates and URLs do not") {
  for (const CURLcode code : {CURLE_COULDNT_CONNECT, CURLE_RECV_ERROR, CURLE_GOT_NOTHING,
                              CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT, CURLE_HTTP2_STREAM}) {
    CHECK(may_pass(code));
  }
  for (const CURLcode code : {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
                              CURLE_URL_MALFORMAT, CURLE_WRITE_ERROR, CURLE_OUT_OF_MEMORY}) {
    CHECK(!may_pass(code));
  }
}

TEST_CASE("transfer_failure: says what to do") {
  CHECK(advice(CURLE_PEER_FAILED_VERIFICATION).find("ca_file") != std::string_view::npos);
  CHECK(advice(CURLE_SSL_CACERT_BADFILE).find("ca_file") != std::string_view::npos);
  CHECK(advice(CURLE_COULDNT_CONNECT).find("runs") != std::string_view::npos);
}
