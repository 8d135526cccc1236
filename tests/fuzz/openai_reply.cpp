// SPDX-License-Identifier: MIT
// Replies of servers, whole and streamed: an answer or an exception, whatever they say.
#include "input.hpp"
#include <outthink/backends/openai/reply.hpp>
#include <outthink/backends/openai/stream_reader.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using namespace outthink::test;
using backends::openai_operation;
using backends::openai_options;
using backends::unclear_stop;
using backends::openai_api::read_reply;
using backends::openai_api::reply_context;
using backends::openai_api::stream_reader;
using nlohmann::json;

namespace {

constexpr std::string_view kWhole =
    R"({"choices":[{"text":"4 + 5\n","message":{"content":"4"},"finish_reason":"stop",)"
    R"("stop_reason":"\n","logprobs":{"token_logprobs":[-0.5,null],"content":[{"logprob":-1}]},)"
    R"("outthink":{"ended":"step_end","logprob":-1,"tokens_read":3,"tokens_written":2,"flops":1}}],)"
    R"("usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":5}}})";

constexpr std::string_view kStream =
    "data: {\"choices\":[{\"text\":\"4\",\"delta\":{\"content\":\"4\"},\"logprobs\":"
    "{\"token_logprobs\":[-1],\"top_logprobs\":[{\"4\":-1}],\"content\":[{\"logprob\":-1,"
    "\"top_logprobs\":[{\"logprob\":-1}]}]}}]}\n\n"
    "data: {\"choices\":[{\"text\":\"\",\"finish_reason\":\"stop\",\"stop_reason\":null}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4}}\n\n"
    "data: [DONE]\n\n";

/// `valid` with values changed, bytes replaced, parts doubled or cut.
std::string edited(FuzzedDataProvider& in, std::string_view valid) {
  static const char* const values[] = {"null", "-1", "1e99", "\"x\"", "[]", "{}", "true", "[[1]]"};
  std::string content(valid);
  for (std::size_t edits = below(in, 8); edits > 0 && !content.empty(); --edits) {
    const std::size_t at = below(in, content.size());
    const std::size_t length = std::min(below(in, 24), content.size() - at);
    switch (below(in, 4)) {
      case 0:
        content.replace(at, length, values[below(in, 8)]);
        break;
      case 1:
        content.insert(at, content.substr(at, length));
        break;
      case 2:
        content.erase(at, length);
        break;
      default:
        content[at] = static_cast<char>(in.ConsumeIntegral<std::uint8_t>());
        break;
    }
  }
  return content;
}

openai_options options_of(FuzzedDataProvider& in) {
  openai_options options;
  options.exact = below(in, 4) == 0;
  if (!options.exact && in.ConsumeBool()) options.operation = openai_operation::chat_completions;
  options.logprobs = in.ConsumeBool();
  options.top_logprobs = static_cast<int>(below(in, 3));
  if (in.ConsumeBool()) {
    options.enough = [most = below(in, 4)](const backends::streamed_text& so_far) {
      return so_far.text.size() > most;
    };
  }
  options.unclear = static_cast<unclear_stop>(below(in, 3));
  return options;
}

void check_whole(const json& reply, const reply_context& of, const openai_options& options,
                 std::size_t choices) {
  const std::vector<reply_context> siblings(choices, of);
  const auto all = read_reply(reply, siblings, options);
  expect(all.size() == choices, "every one that asked has an answer");
  for (const generation& made : all) {
    expect(made.ended != finish::failed, "what is read did not fail");
    if (options.exact || made.ended != finish::step_end) continue;
    expect(of.stops_at_delimiter && made.text.ends_with(of.stops.front()),
           "a step ends with its delimiter");
  }
}

// The document, or none where there is an exception.
std::optional<json> streamed(const std::string& bytes, const openai_options& options,
                             std::size_t piece) {
  try {
    stream_reader reader(options);
    for (std::string_view rest = bytes; !rest.empty();
         rest.remove_prefix(std::min(piece, rest.size()))) {
      reader.feed(rest.substr(0, piece));
    }
    return reader.document();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  const openai_options options = options_of(in);
  reply_context of{{}, false};
  if (in.ConsumeBool()) of = {{"\n", "END"}, true};
  try {
    if (in.ConsumeBool()) {
      check_whole(json::parse(edited(in, kWhole)), of, options, 1);
      return 0;
    }
    if (in.ConsumeBool()) {
      json several = json::parse(kWhole);
      const std::size_t choices = 2 + below(in, 2);
      while (several["choices"].size() < choices) {
        several["choices"].push_back(several["choices"][0]);
        several["choices"].back()["index"] = below(in, 4);
      }
      check_whole(json::parse(edited(in, several.dump())), of, options, choices);
      return 0;
    }
    const std::size_t piece = 1 + below(in, 64);
    const std::string bytes = edited(in, kStream);
    const auto whole = streamed(bytes, options, bytes.size() + 1);
    expect(streamed(bytes, options, piece) == whole, "a stream is the same however cut");
    if (whole) check_whole(*whole, of, options, 1);
  } catch (const std::exception&) {  // a complaint
  }
  return 0;
}
