// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/connection_options.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::backends {

/// Which of a server's operations continues a text.
enum class openai_operation : std::uint8_t {
  completions,       ///< /completions: the trace as it is
  chat_completions,  ///< /chat/completions: the problem as the user's message, the steps as the
                     ///< beginning of the assistant's, which the server continues
};

/// What is assumed where a server says "stop" but not whether the text ended there by itself or at
/// a stop text, which it cut off.
enum class unclear_stop : std::uint8_t {
  refuse,     ///< nothing: the request fails, and says so
  delimiter,  ///< the first text that was to stop it: a step's delimiter
  text_end,   ///< the model ended its text
};

/// What of a streamed answer came so far.
struct streamed_text {
  std::string_view text;
  std::span<const float> logprobs;     ///< [tokens] of the tokens themselves
  std::span<const float> confidences;  ///< [tokens] minus the mean logprob of the likeliest
                                       ///< `top_logprobs` (DeepConf), NaN where the server
                                       ///< tells none; empty without the option
};

/// Which server is asked, and how.
struct openai_options {
  std::string url = "http://localhost:8000/v1";  ///< up to the version
  std::vector<std::string> replicas{};           ///< URLs of more servers with the same model
  std::string model{};                           ///< the model's name at the server
  openai_operation operation = openai_operation::completions;
  bool exact = false;    ///< use the extension that carries streams and steps; see `openai`
  bool logprobs = true;  ///< ask for the tokens' log-probabilities
  /// Likeliest tokens to ask for at each place, 0 to 20, for `generation::confidences`.
  int top_logprobs = 0;
  /// The most continuations of one trace that one request asks for, 1 to 128: see `openai`.
  int choices = 1;
  unclear_stop unclear = unclear_stop::refuse;
  bool stream = false;  ///< take answers piece by piece; always so with `enough`
  /// Ends a generation early, as one cut off at its length. Asked after every piece; a function of
  /// its argument.
  std::function<bool(const streamed_text&)> enough{};
  http::connection_options connection{};
};

}  // namespace outthink::backends
