// SPDX-License-Identifier: MIT
#include "expect_error.hpp"
#include "random_model.hpp"
#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/backends/transformer/vocabulary.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

using outthink::errc;
using outthink::token_id;
using outthink::backends::llama::vocabulary;
using outthink::test::byte_spellings;
using outthink::test::expect_error;
using outthink::test::gguf_writer;
using outthink::test::temporary_file;

/// What a tokenizer's metadata say; the defaults are a valid one with its bytes in reverse order.
struct tokenizer {
  std::string model = "gpt2";
  std::vector<std::string> tokens;
  std::vector<std::int32_t> types;
  std::vector<std::string> merges;
  std::uint32_t begin = 0;
  std::uint32_t end = 1;

  tokenizer() : tokens(byte_spellings()), types(258, 1) {
    std::reverse(tokens.begin(), tokens.end());
    tokens.insert(tokens.begin(), {"<begin>", "<end>"});
    types[0] = types[1] = 3;
  }

  [[nodiscard]] vocabulary read() const {
    gguf_writer writer;
    writer.add("tokenizer.ggml.model", model);
    writer.add("tokenizer.ggml.tokens", tokens);
    writer.add("tokenizer.ggml.token_type", types);
    writer.add("tokenizer.ggml.merges", merges);
    writer.add("tokenizer.ggml.bos_token_id", begin);
    writer.add("tokenizer.ggml.eos_token_id", end);
    const temporary_file file(writer.bytes());
    return vocabulary(outthink::backends::gguf::file(file.path()));
  }
};

void expect_refused(errc code, const std::string& part, const tokenizer& t) {
  expect_error(code, part, [&] { static_cast<void>(t.read()); });
}

}  // namespace

TEST_CASE("a vocabulary finds bytes by their spelling wherever they stand") {
  const vocabulary words = tokenizer().read();
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  std::vector<token_id> tokens = {42};
  words.tokenize(all, tokens);
  REQUIRE(tokens.size() == 257);
  CHECK(tokens[0] == 42);
  for (std::size_t byte = 0; byte < 256; ++byte) {
    CHECK(tokens[byte + 1] == static_cast<token_id>(257 - byte));
    CHECK(words.text_of(tokens[byte + 1]) == all.substr(byte, 1));
  }
  CHECK(words.size() == 258);
}

TEST_CASE("control tokens have names, no text, and are never read from text") {
  const vocabulary words = tokenizer().read();
  CHECK(words.token_named("<begin>") == 0);
  CHECK(words.token_named("<end>") == 1);
  CHECK_FALSE(words.token_named("<other>"));
  CHECK_FALSE(words.token_named("a"));
  CHECK(words.text_of(0).empty());
  CHECK(words.begin_of_text() == 0);
  CHECK(words.end_of_text() == 1);
  std::vector<token_id> tokens;
  words.tokenize("<begin>", tokens);
  CHECK(tokens.size() == 7);
  expect_error(errc::invalid_argument, "token 258", [&] { static_cast<void>(words.text_of(258)); });
  expect_error(errc::invalid_argument, "token -1", [&] { static_cast<void>(words.text_of(-1)); });
}

TEST_CASE("tokenizers that are not byte-level are unsupported") {
  tokenizer t;
  t.model = "llama";
  expect_refused(errc::unsupported_model, "is 'llama', supported is 'gpt2'", t);
  t = {};
  t.merges = {"a b", "c d"};
  expect_refused(errc::unsupported_model, "has 2 merges", t);
  t = {};
  t.types[7] = 4;
  expect_refused(errc::unsupported_model, "has type 4", t);
}

TEST_CASE("vocabularies with a missing, doubled or misspelled byte are malformed") {
  tokenizer t;
  t.types[257] = 3;  // the token of byte 0 becomes a control token
  expect_refused(errc::malformed_file, "no token for byte 0", t);
  t = {};
  t.tokens[257] = t.tokens[256];
  expect_refused(errc::malformed_file, "same byte as token 256", t);
  for (const char* spelling : {" ", "\xc3", "\xe4\xb8\xad", "\xc6\x80", "\x80"}) {
    t = {};
    t.tokens[257] = spelling;
    expect_refused(errc::malformed_file, "not spelled in GPT-2's byte alphabet", t);
  }
}

TEST_CASE("inconsistent tokenizer metadata are malformed") {
  tokenizer t;
  t.types.pop_back();
  expect_refused(errc::malformed_file, "has 257 elements, expected 258", t);
  t = {};
  t.tokens[1] = "<begin>";
  expect_refused(errc::malformed_file, "is a control token that is there twice", t);
  t = {};
  t.end = 258;
  expect_refused(errc::malformed_file, "'tokenizer.ggml.eos_token_id': is 258, expected 0 to 257",
                 t);
  t = {};
  t.tokens.clear();
  t.types.clear();
  expect_refused(errc::malformed_file, "no token for byte 0", t);
}

TEST_CASE("a token of several bytes has a text but is never produced") {
  tokenizer t;
  t.tokens.push_back("the");
  t.types.push_back(1);
  const vocabulary words = t.read();
  CHECK(words.text_of(258) == "the");
  std::vector<token_id> tokens;
  words.tokenize("the", tokens);
  CHECK(tokens.size() == 3);
}
