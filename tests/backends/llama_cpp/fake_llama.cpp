// SPDX-License-Identifier: MIT
// A library with llama.cpp's interface and a toy model: the logits after a sequence are a hash of
// its tokens, read from the cache cell by cell, so that a cache that is handled wrongly gives wrong
// logits. Calls that llama.cpp would refuse are refused.
#include "fake_llama.hpp"

#include <outthink/core/random_stream.hpp>

#include <llama.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <string_view>

using outthink::mix_bits;

struct llama_vocab {};

struct llama_model {
  llama_vocab words;
};

struct llama_memory_i {
  struct cell {
    llama_pos position = -1;
    llama_token token = 0;
    std::set<llama_seq_id> ids{};
  };
  std::vector<cell> cells{};
};

struct llama_context {
  llama_context_params how;
  llama_memory_i memory{};
  std::vector<std::vector<float>> logits{};  // of the latest batch, by token; empty: none wanted
};

namespace {

fake_llama::counts counted;
std::size_t fail_in = 0;
std::int32_t fail_with = 0;
llama_context* latest = nullptr;

std::vector<llama_token> tokens_of(const llama_memory_i& memory, llama_seq_id id) {
  std::vector<std::pair<llama_pos, llama_token>> found;
  for (const auto& cell : memory.cells) {
    if (cell.ids.count(id) > 0) found.emplace_back(cell.position, cell.token);
  }
  std::sort(found.begin(), found.end());
  std::vector<llama_token> tokens;
  for (const auto& [position, token] : found) tokens.push_back(token);
  return tokens;
}

llama_memory_i::cell* free_cell(llama_memory_i& memory) {
  for (auto& cell : memory.cells) {
    if (cell.ids.empty()) return &cell;
  }
  return nullptr;
}

std::int32_t decode(llama_context& ctx, const llama_batch& batch) {
  ctx.logits.assign(static_cast<std::size_t>(batch.n_tokens), {});
  for (int i = 0; i < batch.n_tokens; ++i) {
    const llama_seq_id id = batch.seq_id[i][0];
    if (batch.n_seq_id[i] != 1 || id < 0 || static_cast<std::uint32_t>(id) >= ctx.how.n_seq_max) {
      return -1;
    }
    if (batch.pos[i] != static_cast<llama_pos>(tokens_of(ctx.memory, id).size())) return -1;
    auto* const cell = free_cell(ctx.memory);
    if (cell == nullptr) return 1;
    *cell = {batch.pos[i], batch.token[i], {id}};
    if (batch.logits[i] != 0) {
      ctx.logits[static_cast<std::size_t>(i)] = fake_llama::logits_after(tokens_of(ctx.memory, id));
    }
  }
  return 0;
}

}  // namespace

namespace fake_llama {

counts& since_reset() {
  return counted;
}

void fail_decode(std::size_t n, std::int32_t result) {
  fail_in = n;
  fail_with = result;
}

std::vector<float> logits_after(std::span<const std::int32_t> tokens) {
  std::uint64_t hash = 1;
  for (const std::int32_t token : tokens) hash = mix_bits(hash, static_cast<std::uint64_t>(token));
  std::vector<float> logits;
  for (std::uint64_t i = 0; i < vocabulary; ++i) {
    logits.push_back(static_cast<float>(mix_bits(hash, i) % 1000) / 200);
  }
  for (const std::size_t often : {std::size_t{'\n'}, std::size_t{end_of_text}}) logits[often] += 4;
  return logits;
}

std::size_t used_cells() {
  std::size_t used = 0;
  for (const auto& cell : latest->memory.cells) used += cell.ids.empty() ? 0 : 1;
  return used;
}

}  // namespace fake_llama

extern "C" {

llama_model_params llama_model_default_params(void) {
  return {};
}

llama_context_params llama_context_default_params(void) {
  return {512, 2048, 512, 1, 4, 4, false};
}

void llama_backend_init(void) {}

llama_model* llama_model_load_from_file(const char* path_model, llama_model_params) {
  return std::strcmp(path_model, "toy.gguf") == 0 ? new llama_model : nullptr;
}

void llama_model_free(llama_model* model) {
  delete model;
}

llama_context* llama_init_from_model(llama_model*, llama_context_params params) {
  if (params.n_seq_max > 64 || !params.kv_unified) return nullptr;
  latest = new llama_context{params};
  latest->memory.cells.resize(params.n_ctx);
  return latest;
}

void llama_free(llama_context* ctx) {
  delete ctx;
}

uint32_t llama_n_ctx(const llama_context* ctx) {
  return ctx->how.n_ctx;
}

uint32_t llama_n_batch(const llama_context* ctx) {
  return ctx->how.n_batch;
}

uint32_t llama_n_seq_max(const llama_context* ctx) {
  return ctx->how.n_seq_max;
}

llama_memory_t llama_get_memory(const llama_context* ctx) {
  return const_cast<llama_memory_t>(&ctx->memory);
}

const llama_vocab* llama_model_get_vocab(const llama_model* model) {
  return &model->words;
}

int32_t llama_model_n_ctx_train(const llama_model*) {
  return fake_llama::context;
}

int32_t llama_model_n_embd(const llama_model*) {
  return 8;
}

int32_t llama_model_n_layer(const llama_model*) {
  return 2;
}

uint64_t llama_model_n_params(const llama_model*) {
  return 1000;
}

bool llama_memory_seq_rm(llama_memory_t mem, llama_seq_id seq_id, llama_pos p0, llama_pos p1) {
  for (auto& cell : mem->cells) {
    if (cell.position >= p0 && (p1 < 0 || cell.position < p1)) cell.ids.erase(seq_id);
  }
  return true;
}

void llama_memory_seq_cp(llama_memory_t mem, llama_seq_id seq_id_src, llama_seq_id seq_id_dst,
                         llama_pos p0, llama_pos p1) {
  ++counted.copies;
  for (auto& cell : mem->cells) {
    const bool inside = cell.position >= p0 && (p1 < 0 || cell.position < p1);
    if (inside && cell.ids.count(seq_id_src) > 0) cell.ids.insert(seq_id_dst);
  }
}

int32_t llama_decode(llama_context* ctx, llama_batch batch) {
  if (batch.n_tokens <= 0 || static_cast<uint32_t>(batch.n_tokens) > ctx->how.n_batch) return -1;
  const llama_memory_i before = ctx->memory;
  const bool fails = fail_in > 0 && --fail_in == 0;
  std::int32_t result = decode(*ctx, batch);
  if (fails) result = fail_with;
  if (result == 1 || result == -1) ctx->memory = before;
  if (result != 0) return result;
  ++counted.decodes;
  counted.evaluated += static_cast<std::size_t>(batch.n_tokens);
  return 0;
}

float* llama_get_logits_ith(llama_context* ctx, int32_t i) {
  auto& logits = ctx->logits[static_cast<std::size_t>(i)];
  return logits.empty() ? nullptr : logits.data();
}

int32_t llama_vocab_n_tokens(const llama_vocab*) {
  return fake_llama::vocabulary;
}

bool llama_vocab_is_eog(const llama_vocab*, llama_token token) {
  return token == fake_llama::end_of_text || token == fake_llama::end_of_turn;
}

bool llama_vocab_is_control(const llama_vocab*, llama_token token) {
  return token >= 256 && token != fake_llama::word;
}

llama_token llama_vocab_bos(const llama_vocab*) {
  return fake_llama::begin;
}

llama_token llama_vocab_eos(const llama_vocab*) {
  return fake_llama::end_of_text;
}

llama_token llama_vocab_eot(const llama_vocab*) {
  return fake_llama::end_of_turn;
}

int32_t llama_tokenize(const llama_vocab*, const char* text, int32_t text_len, llama_token* tokens,
                       int32_t n_tokens_max, bool add_special, bool parse_special) {
  std::vector<llama_token> made;
  if (add_special) made.push_back(fake_llama::begin);
  std::string_view rest(text, static_cast<std::size_t>(text_len));
  constexpr std::string_view turn = "<|turn|>";
  while (!rest.empty()) {
    if (parse_special && rest.substr(0, turn.size()) == turn) {
      made.push_back(fake_llama::end_of_turn);
      rest.remove_prefix(turn.size());
    } else {
      made.push_back(static_cast<unsigned char>(rest[0]));
      rest.remove_prefix(1);
      if (made.back() == '!') made.insert(made.end(), 20, '!');  // more tokens than bytes
    }
  }
  const auto count = static_cast<int32_t>(made.size());
  if (count > n_tokens_max) return -count;
  std::copy(made.begin(), made.end(), tokens);
  return count;
}

int32_t llama_token_to_piece(const llama_vocab*, llama_token token, char* buf, int32_t length,
                             int32_t, bool) {
  const std::string text = token == fake_llama::word
                               ? std::string("a word of more than sixteen bytes")
                               : std::string(1, static_cast<char>(token));
  const auto size = static_cast<int32_t>(text.size());
  if (size > length) return -size;
  text.copy(buf, text.size());
  return size;
}

}  // extern "C"
