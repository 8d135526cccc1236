// SPDX-License-Identifier: MIT
//
// A journal's records: any text, or a valid record edited as the input says, is read or refused;
// what is read is written as a record that reads back as the same. Any answer reads back to the
// bit.
#include "input.hpp"
#include <outthink/core/error.hpp>
#include <outthink/runtime/journal/choice_format.hpp>
#include <outthink/runtime/journal/comparison_format.hpp>
#include <outthink/runtime/journal/generation_format.hpp>
#include <outthink/runtime/journal/json_reader.hpp>
#include <outthink/runtime/journal/json_writer.hpp>
#include <outthink/runtime/journal/score_format.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace outthink;
using namespace outthink::test;

namespace {

template <class Format, class Response>
std::string written(const Format& format, const Response& answer) {
  std::string text;
  json_writer out(text);
  format.write(answer, out);
  out.end();
  return text;
}

template <class Format>
auto read(const Format& format, const std::string& text) {
  json_reader in(text);
  auto answer = format.read(in);
  in.end();
  return answer;
}

template <class Format>
void check_text(const std::string& text) {
  const Format format;
  try {
    const std::string once = written(format, read(format, text));
    expect(written(format, read(format, once)) == once, "what is written reads back as the same");
  } catch (const error& refused) {
    expect(refused.code() == errc::malformed_file, "a record is refused as malformed");
  }
}

/// A record of each kind, with everything that needs care.
std::string valid(FuzzedDataProvider& in) {
  generation made;
  made.text = in.ConsumeRandomLengthString(64);
  made.logprob = std::bit_cast<float>(in.ConsumeIntegral<std::uint32_t>());
  made.ended = static_cast<finish>(below(in, 3));
  verdict scored;
  for (const float score : any_floats(in, 10)) scored.scores.push_back(score);

  const std::string generated = written(generation_format{}, made);
  const generation again = read(generation_format{}, generated);
  expect(again.text == made.text && again.ended == made.ended, "a generation reads back");
  expect(std::bit_cast<std::uint32_t>(again.logprob) == std::bit_cast<std::uint32_t>(made.logprob),
         "a log-probability reads back to the bit");
  const std::string verdicts = written(score_format{}, scored);
  const verdict known = read(score_format{}, verdicts);
  expect(known.scores.size() == scored.scores.size(), "all scores read back");
  for (std::size_t i = 0; i < known.scores.size(); ++i) {
    expect(std::bit_cast<std::uint32_t>(known.scores[i]) ==
               std::bit_cast<std::uint32_t>(scored.scores[i]),
           "a score reads back to the bit");
  }
  switch (below(in, 4)) {
    case 0:
      return generated;
    case 1:
      return verdicts;
    case 2:
      return written(comparison_format{}, comparison{.first_wins = made.logprob});
    default:
      return written(choice_format{}, choice{.chosen = below(in, 1000)});
  }
}

std::string edited(FuzzedDataProvider& in) {
  std::string text = valid(in);
  while (in.remaining_bytes() > 0 && !text.empty()) {
    const std::size_t at = below(in, text.size());
    switch (below(in, 3)) {
      case 0:
        text[at] = static_cast<char>(in.ConsumeIntegral<std::uint8_t>());
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(in.ConsumeIntegral<std::uint8_t>()));
        break;
      default:
        text.erase(at, 1 + below(in, 4));
    }
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  const std::string text = in.ConsumeBool() ? edited(in) : in.ConsumeRemainingBytesAsString();
  check_text<generation_format>(text);
  check_text<score_format>(text);
  check_text<comparison_format>(text);
  check_text<choice_format>(text);
  return 0;
}
