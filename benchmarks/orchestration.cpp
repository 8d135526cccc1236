// SPDX-License-Identifier: MIT
// What a search costs beside its model: every policy with a model and a verifier that answer at
// once. Arguments: parts of the names of the rows to run; none: all.
#include <outthink/outthink.hpp>
#include <outthink/policies/ab_mcts.hpp>
#include <outthink/policies/ets.hpp>
#include <outthink/policies/monte_carlo_tree_search/gumbel.hpp>
#include <outthink/policies/monte_carlo_tree_search/uct.hpp>
#include <outthink/policies/multi_armed_bandit.hpp>
#include <outthink/policies/particle_filter/particle_gibbs.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace outthink;
using seconds = std::chrono::duration<double>;

constexpr std::size_t kSteps = 20;  // of a solution

/// Writes steps of 12 bytes; the 20th ends the text.
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
      const std::size_t done = requests[i].trace.steps();
      const std::size_t steps = requests[i].until == extent::step ? 1 : kSteps - done;
      answers[i].text.reserve(12 * steps);
      for (std::size_t step = 0; step < steps; ++step) answers[i].text.append(text, 12);
      answers[i].ended = done + steps == kSteps ? finish::text_end : finish::step_end;
      answers[i].spent.tokens_written = static_cast<std::uint32_t>(12 * steps);
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
      const std::size_t steps = requests[i].trace.steps() - requests[i].from;
      for (std::size_t step = 0; step < steps; ++step) {
        answers[i].scores.push_back(static_cast<float>(bits) * 0x1p-24F);
      }
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

int main(int argc, char** argv) {
  constexpr int kProblems = 1000, kRuns = 15;
  std::vector<problem> problems;
  for (int i = 0; i < kProblems; ++i) problems.emplace_back("problem " + std::to_string(i) + "\n");

  // Nodes are steps: 12 tokens each.
  const auto time_of = [&](const auto& policy, std::span<const problem> asked) {
    instant_model model;
    instant_verifier verifier;
    const auto begin = std::chrono::steady_clock::now();
    const auto outcomes = solve_all(std::vector<problem>(asked.begin(), asked.end()), model, policy,
                                    verifier, best_score{}, solve_options{.max_live = kProblems});
    double nodes = 0;
    for (const outcome& o : outcomes) nodes += static_cast<double>(o.spent.tokens) / 12;
    return seconds(std::chrono::steady_clock::now() - begin).count() / nodes * 1e9;
  };
  const auto time_of_peer = [&] {
    const auto begin = std::chrono::steady_clock::now();
    std::size_t nodes = 0;
    for (std::uint64_t i = 0; i < kProblems; ++i) nodes += shared_pointer_beam(i);
    return seconds(std::chrono::steady_clock::now() - begin).count() / static_cast<double>(nodes) *
           1e9;
  };

  const std::span<const problem> all(problems), one = all.first(1);
  std::vector<std::pair<std::string, std::function<double()>>> rows;
  const auto add = [&](const std::string& name, const auto& policy,
                       std::span<const problem> asked) {
    rows.emplace_back(name, [=] { return time_of(policy, asked); });
  };
  rows.emplace_back("one shared_ptr per node, beam search", time_of_peer);
  add("beam search, 4 x 4", beam_search{.width = 4, .expand = 4}, all);
  add("repeated sampling, 16", repeated_sampling{.n = 16}, all);
  add("DVTS, 4 x 4", dvts{.subtrees = 4, .expand = 4}, all);
  add("REBASE, 16", rebase{.width = 16}, all);
  add("particle filter, 16", particle_filter{.particles = 16}, all);
  add("speculative rejection, 16", speculative_rejection{.samples = 16, .interval = 4}, all);
  add("best-first search, 80 x 4", best_first_search{.expansions = 80, .solutions = 99}, all);
  add("depth-first search, 20 x 4", depth_first_search{.expand = 4, .threshold = -1}, all);
  add("tree search, 80 x 4", tree_search{.simulations = 80}, all);
  add("best-first search, one tree of 100,000",
      best_first_search{.expansions = 25'000, .leaves = 16, .solutions = 100'000}, one);
  add("tree search, one tree of 100,000",
      tree_search{.simulations = 25'000, .leaves = 16, .widening = 0}, one);
  add("tree search, one tree of 1,000,000",
      tree_search{.simulations = 250'000, .leaves = 16, .widening = 0}, one);
  add("tree search, 100,000, widening by N^0.5", tree_search{.simulations = 25'000, .leaves = 16},
      one);
  add("tree search by UCT, one tree of 100,000",
      monte_carlo_tree_search<uct>{.simulations = 25'000, .leaves = 16, .widening = 0}, one);
  add("tree search by Gumbel, one tree of 100,000",
      monte_carlo_tree_search<gumbel>{.simulations = 25'000, .leaves = 16, .widening = 0}, one);
  add("AB-MCTS-A, trees of 100", ab_mcts{.nodes = 100}, all);
  add("AB-MCTS-A, one tree of 1,000", ab_mcts{.nodes = 1000}, one);
  add("AB-MCTS-A, one tree of 10,000", ab_mcts{.nodes = 10'000}, one);
  add("AB-MCTS-A, one tree of 100,000", ab_mcts{.nodes = 100'000}, one);
  add("particle Gibbs, 2 x 8", particle_gibbs{.sweeps = 2, .particles = 8}, all);
  add("ETS, 16", ets{.width = 16}, all);
  add("multi-armed bandit, 16", multi_armed_bandit<>{.pulls = 16}, all);
  const std::span<char*> wanted(argv + 1, static_cast<std::size_t>(argc - 1));
  if (!wanted.empty()) {  // the peer stays
    const auto unwanted = [&](const auto& row) {
      return std::none_of(wanted.begin(), wanted.end(), [&](const char* part) {
        return row.first.find(part) != std::string::npos;
      });
    };
    rows.erase(std::remove_if(rows.begin() + 1, rows.end(), unwanted), rows.end());
  }
  std::vector<std::vector<double>> times(rows.size());
  for (int run = 0; run < kRuns; ++run) {
    for (std::size_t i = 0; i < rows.size(); ++i) times[i].push_back(rows[i].second());
  }
  const timing peer = summary(times[0]);
  fmt::print("steps of 12 bytes, solutions of {}, {} problems at once, {} interleaved runs\n",
             kSteps, kProblems, kRuns);
  fmt::print("{:<42}{:>8}{:>8}{:>16}\n", "ns per generated node", "min", "median", "peer's / ours");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const timing own = summary(times[i]);
    fmt::print("{:<42}{:>8.0f}{:>8.0f}{:>16.1f}\n", rows[i].first, own.minimum, own.median,
               peer.median / own.median);
  }

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
