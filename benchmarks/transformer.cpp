// SPDX-License-Identifier: MIT
//
// Tokens per second of the embedded transformer, beside a straightforward implementation of the
// same model with Eigen that takes turns with it in this process; and the memory of a beam.
//
//     transformer [model.gguf]
//
// The peer is built with this file's flags: without -march=native Eigen uses SSE2, the library
// picks its instruction set at run time. Eigen runs on one thread.

#include <outthink/backends/transformer.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace {

using outthink::advance_row;
using outthink::sequence_id;
using outthink::token_id;
using outthink::backends::transformer;
using outthink::backends::gguf::file;
using outthink::backends::llama::hyperparameters;
using outthink::backends::llama::read_hyperparameters;
using matrix = Eigen::MatrixXf;  // a column per position

constexpr std::size_t prompt_tokens = 50;
constexpr std::size_t measured_steps = 60;  // contexts of 50 to 110 tokens

/// The same model as one would write it with Eigen: a step of one token for all sequences.
class eigen_model {
 public:
  explicit eigen_model(const std::string& path) : file_(path), h_(read_hyperparameters(file_)) {
    embedding_ = read("token_embd.weight");
    head_ = file_.has_tensor("output.weight") ? read("output.weight") : embedding_;
    output_norm_ = read("output_norm.weight");
    for (std::size_t i = 0; i < h_.layers; ++i) {
      const std::string block = "blk." + std::to_string(i) + ".";
      layers_.push_back({read(block + "attn_norm.weight"), read(block + "attn_q.weight"),
                         read(block + "attn_k.weight"), read(block + "attn_v.weight"),
                         read(block + "attn_output.weight"), read(block + "ffn_norm.weight"),
                         read(block + "ffn_gate.weight"), read(block + "ffn_up.weight"),
                         read(block + "ffn_down.weight")});
    }
  }

  void open(std::size_t sequences, std::size_t context) {
    length_ = 0;
    const auto rows = static_cast<Eigen::Index>(h_.key_width());
    const auto columns = static_cast<Eigen::Index>(context);
    keys_.assign(sequences * h_.layers, matrix::Zero(rows, columns));
    values_.assign(sequences * h_.layers, matrix::Zero(rows, columns));
  }

  /// Logits, a column per sequence, after one more token in each.
  matrix advance(const std::vector<token_id>& tokens) {
    matrix x(embedding_.cols(), static_cast<Eigen::Index>(tokens.size()));
    for (Eigen::Index i = 0; i < x.cols(); ++i)
      x.col(i) = embedding_.row(tokens[static_cast<std::size_t>(i)]).transpose();
    for (std::size_t layer = 0; layer < h_.layers; ++layer) {
      const weights& w = layers_[layer];
      attend(w, layer, x);
      const matrix in = normalise(x, w.feed_forward_norm);
      const matrix gate = w.gate * in;
      const matrix up = w.up * in;
      x.noalias() += w.down * (gate.array() / (1 + (-gate.array()).exp()) * up.array()).matrix();
    }
    ++length_;
    return head_ * normalise(x, output_norm_);
  }

 private:
  struct weights {
    matrix attention_norm, query, key, value, output, feed_forward_norm, gate, up, down;
  };

  matrix read(const std::string& name) const {
    const auto& t = file_.tensors().at(name);
    std::vector<float> row(t.shape[0]);
    matrix m(static_cast<Eigen::Index>(t.shape[1]), static_cast<Eigen::Index>(t.shape[0]));
    for (Eigen::Index r = 0; r < m.rows(); ++r) {
      outthink::backends::gguf::read_row(t, static_cast<std::uint64_t>(r), row);
      m.row(r) = Eigen::Map<Eigen::RowVectorXf>(row.data(), m.cols());
    }
    return m;
  }

  matrix normalise(const matrix& x, const matrix& weight) const {
    const Eigen::RowVectorXf factors =
        (x.array().square().colwise().mean() + h_.epsilon).rsqrt().matrix();
    return ((x.array().rowwise() * factors.array()).colwise() * weight.row(0).transpose().array())
        .matrix();
  }

  void rotate(matrix& heads) const {
    for (Eigen::Index row = 0; row < heads.rows(); row += 2) {
      const auto i = static_cast<std::size_t>(row) % h_.head_dim;
      if (i >= h_.rotated) continue;
      const double angle =
          static_cast<double>(length_) *
          std::pow(h_.rope_base, -static_cast<double>(i) / static_cast<double>(h_.rotated));
      const Eigen::RowVectorXf a = heads.row(row);
      const Eigen::RowVectorXf b = heads.row(row + 1);
      const auto c = static_cast<float>(std::cos(angle));
      const auto s = static_cast<float>(std::sin(angle));
      heads.row(row) = a * c - b * s;
      heads.row(row + 1) = a * s + b * c;
    }
  }

  void attend(const weights& w, std::size_t layer, matrix& x) {
    const matrix in = normalise(x, w.attention_norm);
    matrix query = w.query * in;
    matrix key = w.key * in;
    const matrix value = w.value * in;
    rotate(query);
    rotate(key);
    matrix gathered(query.rows(), query.cols());
    const auto size = static_cast<Eigen::Index>(h_.head_dim);
    const auto group = static_cast<Eigen::Index>(h_.heads / h_.kv_heads);
    const auto positions = static_cast<Eigen::Index>(length_) + 1;
    for (Eigen::Index i = 0; i < x.cols(); ++i) {
      const std::size_t slot = static_cast<std::size_t>(i) * h_.layers + layer;
      keys_[slot].col(positions - 1) = key.col(i);
      values_[slot].col(positions - 1) = value.col(i);
      for (Eigen::Index head = 0; head * size < query.rows(); ++head) {
        const Eigen::Index shared = head / group * size;
        Eigen::VectorXf scores = keys_[slot].block(shared, 0, size, positions).transpose() *
                                 query.col(i).segment(head * size, size) /
                                 std::sqrt(static_cast<float>(size));
        scores = (scores.array() - scores.maxCoeff()).exp().matrix().eval();
        gathered.col(i).segment(head * size, size) =
            values_[slot].block(shared, 0, size, positions) * scores / scores.sum();
      }
    }
    x.noalias() += w.output * gathered;
  }

  file file_;
  hyperparameters h_;
  matrix embedding_, head_, output_norm_;
  std::vector<weights> layers_;
  std::size_t length_ = 0;
  std::vector<matrix> keys_, values_;  // [sequences][layers]
};

/// One token for each of some sequences, through the library.
class library_run {
 public:
  library_run(const std::string& path, int threads, std::size_t sequences)
      : model_(transformer::load(path, {.threads = threads})),
        logits_(sequences * model_.vocabulary_size()) {
    for (std::size_t i = 0; i < sequences; ++i) rows_.push_back({model_.open(), {}});
  }

  const std::vector<float>& advance(const std::vector<token_id>& tokens) {
    for (std::size_t i = 0; i < rows_.size(); ++i)
      rows_[i].tokens = std::span(tokens).subspan(i, 1);
    model_.advance(rows_, logits_);
    return logits_;
  }

 private:
  transformer model_;
  std::vector<advance_row> rows_;
  std::vector<float> logits_;
};

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<token_id> tokens_of_step(std::size_t sequences, std::size_t step) {
  std::vector<token_id> tokens(sequences);
  for (std::size_t i = 0; i < sequences; ++i)
    tokens[i] = static_cast<token_id>((i * 31 + step * 7) % 256);
  return tokens;
}

struct summary {
  double best, median;  ///< tokens per second
};

summary summarise(std::vector<double> times, std::size_t tokens) {
  std::sort(times.begin(), times.end());
  const auto n = static_cast<double>(tokens);
  return {n / times.front(), n / times[times.size() / 2]};
}

void compare(const std::string& path, eigen_model& peer, std::size_t sequences) {
  library_run one(path, 1, sequences);
  library_run two(path, 2, sequences);
  peer.open(sequences, prompt_tokens + measured_steps);
  std::vector<double> times[3];
  double difference = 0;
  for (std::size_t step = 0; step < prompt_tokens + measured_steps; ++step) {
    const auto tokens = tokens_of_step(sequences, step);
    const std::vector<float>* logits = nullptr;
    matrix expected;
    const double t[] = {seconds([&] { logits = &one.advance(tokens); }),
                        seconds([&] { two.advance(tokens); }),
                        seconds([&] { expected = peer.advance(tokens); })};
    if (step < prompt_tokens) continue;
    for (std::size_t i = 0; i < 3; ++i) times[i].push_back(t[i]);
    const Eigen::Map<const matrix> found(logits->data(), expected.rows(), expected.cols());
    difference =
        std::max(difference, static_cast<double>((found - expected).cwiseAbs().maxCoeff()));
  }
  const summary a = summarise(times[0], sequences);
  const summary b = summarise(times[1], sequences);
  const summary e = summarise(times[2], sequences);
  std::printf("%9zu%11.0f%9.0f%12.0f%9.0f%9.0f%9.0f%19.1f%9.1f%9.0e\n", sequences, a.best, a.median,
              b.best, b.median, e.best, e.median, a.best / e.best, a.median / e.median, difference);
}

void measure_beam(const std::string& path) {
  constexpr std::size_t width = 64;
  constexpr std::size_t step = 12;
  for (const bool sharing : {true, false}) {
    auto model = transformer::load(path);
    const std::vector<token_id> prompt(100, 65);
    const std::vector<token_id> more(step, 66);
    std::vector<float> logits(width * model.vocabulary_size());
    std::vector<advance_row> rows;
    const sequence_id root = model.open();
    const advance_row first{root, prompt};
    model.advance({&first, 1}, std::span(logits).first(model.vocabulary_size()));
    for (std::size_t i = 0; i < width; ++i)
      rows.push_back({sharing ? model.fork(root) : model.open(), more});
    if (!sharing) {
      for (advance_row& row : rows) row.tokens = prompt;
      model.advance(rows, logits);
      for (advance_row& row : rows) row.tokens = more;
    }
    model.release(root);
    model.advance(rows, logits);
    std::printf("beam of %zu, prompt of %zu tokens, a step of %zu, %s: %zu pages, %.2f MB\n", width,
                prompt.size(), step, sharing ? "sharing the prompt" : "each its own     ",
                model.pages_in_use(), static_cast<double>(model.kv_bytes()) / 1e6);
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::string path =
      count > 1 ? arguments[1] : OUTTHINK_EXAMPLES_DIR "/models/game24-policy.gguf";
  eigen_model peer(path);
  constexpr const char* targets[] = {"baseline", "AVX2", "AVX-512"};
  std::printf("tokens/s of %s, instruction set %s, best and median of %zu steps\n",
              path.substr(path.find_last_of('/') + 1).c_str(),
              targets[static_cast<int>(outthink::kernels::current_target())], measured_steps);
  std::printf("%9s%11s%9s%12s%9s%9s%9s%19s%9s%9s\n", "sequences", "1 thread", "median", "2 threads",
              "median", "Eigen", "median", "1 thread / Eigen", "median", "differ");
  for (const std::size_t sequences : {1U, 16U, 64U, 256U}) compare(path, peer, sequences);
  measure_beam(path);
}
