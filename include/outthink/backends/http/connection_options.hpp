// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/circuit_breaker.hpp>
#include <outthink/backends/http/rate_limiter.hpp>
#include <outthink/backends/http/retry_policy.hpp>
#include <outthink/core/error.hpp>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace outthink::backends::http {

/// How long a request may take, in seconds. A request that takes longer is sent again.
struct time_limits {
  double connect = 10;      ///< until the connection stands, TLS included
  double first_byte = 300;  ///< from sending to the first byte of the reply
  double idle = 60;         ///< between two pieces of the reply
  double total = 600;       ///< in all
};

/// How a server, or each of several with the same model, is reached.
struct connection_options {
  std::string api_key{};         ///< sent as a bearer token; in no message; empty: none
  std::size_t concurrency = 64;  ///< requests under way at a time at each server
  time_limits limits{};
  retry_policy retry{};
  breaker_policy breaker{};
  std::string health{};  ///< path of the server's health check, as "/health"; empty: none is asked
  /// Limits of the rate that all must allow; a limiter given to several services is common to them.
  std::vector<std::shared_ptr<rate_limiter>> rates{};
  std::string ca_file{};                   ///< certificates to trust; empty: the system's
  std::size_t longest_reply = 64UL << 20;  ///< bytes; a longer reply is an error
};

/// The value of the environment variable `name`, for an API key; throws `errc::invalid_argument`
/// if there is none.
[[nodiscard]] inline std::string key_from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    throw error(errc::invalid_argument,
                "the environment variable " + name + " is not set; it should hold the API key");
  }
  return value;
}

/// Throws `errc::invalid_argument` if an option is outside its range.
inline void validate(const connection_options& options) {
  const time_limits& t = options.limits;
  require(t.connect > 0 && t.first_byte > 0 && t.idle > 0 && t.total > 0,
          "connection_options.limits must be positive");
  require(options.concurrency > 0, "connection_options.concurrency must be positive");
  require(options.retry.attempts > 0, "connection_options.retry.attempts must be positive");
  require(options.retry.first_delay >= 0 && options.retry.longest_delay >= 0 &&
              options.retry.longest_asked >= 0,
          "connection_options.retry: delays must not be negative");
  require(options.breaker.failures > 0 && options.breaker.rest >= 0,
          "connection_options.breaker: failures must be positive and rest not negative");
  require(options.health.empty() || options.health.front() == '/',
          "connection_options.health must be a path that begins with /");
  for (const auto& rate : options.rates) {
    require(rate != nullptr, "connection_options.rates holds a null pointer");
  }
  for (const char c : options.api_key) {
    require(c > ' ' && c < 127, "connection_options.api_key holds a space or a control character");
  }
}

}  // namespace outthink::backends::http
