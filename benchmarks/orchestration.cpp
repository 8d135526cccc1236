// SPDX-License-Identifier: MIT
// What a search costs beside its model: beam search with a model and a verifier that answer at
// once.
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace outthink;
using seconds = std::chrono::duration<double>;

/// Writes a step of 12 bytes; the 20th ends the text.
struct instant_model {
  using request = generation_request;
  using response = generation;
  std::vector<generation> answer(std::span<const generation_request> requests) const {
    std::vector<generation> answers(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      char text[] = "...........\n";
      for (std::size_t at = 0; at < 8; ++at) {
        text[at] = static_cast<char>('a' + (requests[i].stream.place >> (4 * at)) % 16);
      }
      answers[i].text = std::string(text, 12);
      answers[i].ended = requests[i].trace.steps() == 19 ? finish::text_end : finish::step_end;
      answers[i].spent.tokens_written = 12;
    }
    return answers;
  }
};

/// Scores a step by its place in the tree.
struct instant_verifier {
  using request = score_request;
  using response = verdict;
  std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> answers(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::uint64_t bits = requests[i].stream.place >> 40;
      answers[i].scores.push_back(static_cast<float>(bits) * 0x1p-24F);
    }
    return answers;
  }
};

/// The straightforward peer: one shared_ptr and one std::string per node, one search at a time.
struct shared_node {
  std::shared_ptr<shared_node> parent;
  std::string text;
  float score = 0;
  std::vector<std::shared_ptr<shared_node>> children;
};

std::size_t shared_pointer_beam(std::uint64_t key) {
  std::vector<std::shared_ptr<shared_node>> beam{std::make_shared<shared_node>()};
  std::size_t nodes = 0;
  for (int step = 0; step < 20; ++step) {
    std::vector<std::shared_ptr<shared_node>> children;
    for (const auto& node : beam) {
      for (int i = 0; i < (step == 0 ? 16 : 4); ++i) {
        auto child = std::make_shared<shared_node>();
        child->parent = node;
        std::string prefix;
        for (auto at = node; at; at = at->parent) prefix.insert(0, at->text);
        key = mix_bits(key, prefix.size());
        child->text = std::to_string(100000000000ULL + key % 100000000) + "\n";
        child->score = static_cast<float>(key >> 40) * 0x1p-24F;
        node->children.push_back(child);
        children.push_back(std::move(child));
        ++nodes;
      }
    }
    std::sort(children.begin(), children.end(),
              [](const auto& a, const auto& b) { return a->score > b->score; });
    children.resize(4);
    beam = std::move(children);
  }
  for (auto& node : beam) {  // parents hold children and the reverse: break the cycles
    for (auto at = node; at; at = at->parent) at->children.clear();
  }
  return nodes;
}

double resident_megabytes() {
  std::size_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return static_cast<double>(resident) * 4096e-6;
}

struct timing {
  double minimum, median;
};

timing summary(std::vector<double> runs) {
  std::sort(runs.begin(), runs.end());
  return {runs.front(), runs[runs.size() / 2]};
}

}  // namespace

int main() {
  constexpr int kProblems = 1000, kRuns = 15;
  std::vector<problem> problems;
  for (int i = 0; i < kProblems; ++i) problems.emplace_back("problem " + std::to_string(i) + "\n");
  instant_model model;
  instant_verifier verifier;
  const solve_options options{.max_live = kProblems};
  std::vector<double> ours, theirs;
  for (int run = 0; run < kRuns; ++run) {
    auto begin = std::chrono::steady_clock::now();
    const auto outcomes = solve_all(problems, model, beam_search{.width = 4, .expand = 4}, verifier,
                                    best_score{}, options);
    double nodes = 0;
    for (const outcome& o : outcomes) nodes += static_cast<double>(o.spent.model_calls);
    ours.push_back(seconds(std::chrono::steady_clock::now() - begin).count() / nodes * 1e9);
    begin = std::chrono::steady_clock::now();
    std::size_t shared_nodes = 0;
    for (std::uint64_t i = 0; i < kProblems; ++i) shared_nodes += shared_pointer_beam(i);
    theirs.push_back(seconds(std::chrono::steady_clock::now() - begin).count() /
                     static_cast<double>(shared_nodes) * 1e9);
  }
  const timing a = summary(ours), b = summary(theirs);
  fmt::print("beam search 4 x 4 x 20 steps, {} problems at once, {} interleaved runs\n", kProblems,
             kRuns);
  fmt::print("{:<34}{:>10}{:>10}\n", "ns per generated node", "min", "median");
  fmt::print("{:<34}{:>10.0f}{:>10.0f}\n", "outthink (tree, batching, scoring)", a.minimum,
             a.median);
  fmt::print("{:<34}{:>10.0f}{:>10.0f}\n", "one shared_ptr per node", b.minimum, b.median);
  fmt::print("{:<34}{:>10.1f}{:>10.1f}\n", "ratio", b.minimum / a.minimum, b.median / a.median);

  const double before = resident_megabytes();
  text_tree tree(step_payload{.text = "problem"});
  node_id at = text_tree::root();
  while (tree.size() < 1'000'000) {
    const node_range children = tree.add_children(at, 16);
    for (const node_id child : children) {
      tree.set_payload(child, {"12345678901\n", 12, -1.0F}, node_status::open);
    }
    at = children[tree.size() % 16];
  }
  fmt::print("1,000,000 nodes with 12 bytes of text each: {:.0f} MB\n",
             resident_megabytes() - before);
}
