// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/problem.hpp>
#include <outthink/core/ready_queue.hpp>
#include <outthink/core/stopwatch.hpp>
#include <outthink/core/usage.hpp>
#include <outthink/runtime/foreign_requests.hpp>
#include <outthink/runtime/search_queues.hpp>
#include <outthink/runtime/service_queue.hpp>
#include <outthink/runtime/solve_options.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::detail {

/// The complaint about a generation that failed.
inline error failed_model(const generation& answer) {
  return {errc::service_failed, "language model: " + answer.text};
}

/// The complaint about a verdict that failed.
inline error failed_verifier(const verdict& answer) {
  return {errc::service_failed, "verifier: " + answer.failure};
}

/// The complaint about a verdict with too few scores or too many.
inline error wrong_scores(std::size_t given, std::size_t expected) {
  return {errc::malformed_reply, "a verifier gave " + std::to_string(given) + " scores for " +
                                     std::to_string(expected) + " steps"};
}

/// @brief One problem's search while it is under way: its tree, what it waits for, what it spent.
///
/// A search moves in rounds: it runs until all its coroutines wait, and runs on when all it asked
/// for is answered. Its course therefore cannot depend on how requests were batched or in which
/// order answers came.
template <class Model, class Verifier>
class search_state {
 public:
  static constexpr bool scores = !abstaining_verifier<Verifier>;

  /// The tree's root is the problem.
  search_state(text_tree&& planted, const problem& question, const solve_options& options,
               search_queues<Model, Verifier>& queues, request_owner self)
      : tree(std::move(planted)),
        options_(&options),
        queues_(&queues),
        self_(self),
        key_(mix_bits(options.seed, hash_text(question.prompt))) {}

  search_state(const search_state&) = delete;
  search_state& operator=(const search_state&) = delete;

  text_tree tree;
  candidate_nodes retired;  ///< all finished nodes of all branches
  usage spent;
  outcome_status status = outcome_status::answered;
  std::exception_ptr failure;  ///< thrown at whoever awaits the last round's answers

  [[nodiscard]] const solve_options& options() const noexcept { return *options_; }
  [[nodiscard]] ready_queue& ready() noexcept { return ready_; }
  [[nodiscard]] std::uint32_t round() const noexcept { return round_; }
  [[nodiscard]] bool waiting() const noexcept { return outstanding_ > 0; }
  [[nodiscard]] bool stopped() const noexcept { return status != outcome_status::answered; }
  [[nodiscard]] double seconds() const noexcept { return watch_.seconds(); }
  [[nodiscard]] stream_id stream(std::uint64_t place) const noexcept { return {key_, place}; }

  /// Lets `promise` go on once this round's requests are answered.
  void wait(promise_base& promise) { waiting_.push_back(&promise); }

  /// Ends the round: readies all that wait, in the order in which they began to.
  void resume() {
    ++round_;
    reserved_ = {};
    settle();
    std::sort(solutions_.begin(), solutions_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [node, answer] : solutions_) fill_solution(node, answer);
    solutions_.clear();
    failure = std::exchange(failing_, nullptr);
    for (promise_base* promise : waiting_) ready_.push(*promise);
    waiting_.clear();
  }

  /// Largest `max_tokens` that each of `count` generations may have, at most `wanted`; 0 if the
  /// budget does not allow them, which stops the search.
  std::uint32_t reserve_generations(std::size_t count, std::uint32_t wanted) {
    const budget& limits = options_->limits;
    const std::uint64_t tokens = left(limits.tokens, spent.tokens + reserved_.tokens) / count;
    const bool allowed =
        count <= left(limits.model_calls, spent.model_calls + reserved_.model_calls) &&
        tokens > 0 && running_limits_hold();
    if (!allowed) return stop();
    const auto each = static_cast<std::uint32_t>(std::min<std::uint64_t>(tokens, wanted));
    reserved_.model_calls += count;
    reserved_.tokens += each * static_cast<std::uint64_t>(count);
    return each;
  }

  /// True if the budget allows `count` scorings; otherwise the search stops.
  bool reserve_scorings(std::size_t count) {
    const bool allowed = count <= left(options_->limits.verifier_calls,
                                       spent.verifier_calls + reserved_.verifier_calls) &&
                         running_limits_hold();
    if (!allowed) return stop() != 0;
    reserved_.verifier_calls += count;
    return true;
  }

  /// Counts `count` requests to a service of the policy's own, if the budget allows them; otherwise
  /// the search stops. What they will cost is unknown: tokens stop it once they are exceeded.
  bool reserve_others(std::size_t count) {
    const budget& limits = options_->limits;
    const bool allowed = count <= left(limits.other_calls, spent.other_calls) &&
                         spent.tokens <= limits.tokens && running_limits_hold();
    if (!allowed) return stop() != 0;
    spent.other_calls += count;
    return true;
  }

  /// The request for what becomes `child`, the `ordinal`-th continuation of its parent.
  [[nodiscard]] generation_request request_for(node_id child, std::uint32_t ordinal, extent until,
                                               std::uint32_t max_tokens,
                                               const sampling_options& sampling,
                                               const step_rule& rule) const {
    return {.trace = {tree, tree.parent(child)},
            .rule = &rule,
            .until = until,
            .max_tokens = max_tokens,
            .sampling = sampling,
            .stream = stream(tree.place(child)),
            .ordinal = ordinal};
  }

  void ask_model(node_id child, generation_request&& request) {
    queues_->model.push(std::move(request), {self_.slot, self_.problem, index_of(child)});
    ++outstanding_;
  }

  /// Asks for the scores of `node`'s steps from `from` on; false if that is under way already.
  bool ask_verifier(node_id node, std::uint32_t from) {
    if (index_of(node) >= being_scored_.size()) being_scored_.resize(tree.size());
    if (std::exchange(being_scored_[index_of(node)], 1) == 1) return false;
    queues_->verifier.push(score_request{.trace = {tree, node},
                                         .from = from,
                                         .rule = &options_->steps,
                                         .stream = stream(mix_bits(tree.place(node), kScoring))},
                           {self_.slot, self_.problem, index_of(node)});
    ++outstanding_;
    return true;
  }

  void ask_foreign(foreign_requests& requests) {
    queues_->foreign.push_back({&requests, self_});
    ++outstanding_;
  }

  /// Makes the sums of this round those in the order of the requests: fractions that are added in
  /// the order of arrival would differ in their last bits.
  void settle() {
    std::sort(charges_.begin(), charges_.end(), [](const auto& a, const auto& b) {
      return std::pair(a.to, a.tag) < std::pair(b.to, b.tag);
    });
    for (const charged& one : charges_) add(settled_, one);
    charges_.clear();
    spent.flops = settled_.flops;
    spent.verifier_flops = settled_.verifier_flops;
    spent.money = settled_.money;
    foreign_answers_ = 0;
  }

  /// Adds what an answer of a service of the policy's own cost.
  void charge_foreign(const cost& paid) {
    spent.tokens += paid.tokens_written;
    spent.prompt_tokens += paid.tokens_read;
    charge(paid, payee::other, foreign_answers_++);
  }

  /// Takes back what was asked and is not wanted any more; false if it is under way.
  bool withdraw(const foreign_requests& requests) {
    const auto same = [&](const foreign_entry& entry) { return entry.requests == &requests; };
    if (std::erase_if(queues_->foreign, same) == 0) return false;
    --outstanding_;
    return true;
  }

  /// Counts a generation by a language model of the policy's own.
  void count_foreign(const generation& answer) {
    ++spent.model_calls;
    charge_foreign(answer.spent);
  }

  /// Fills `node` with what a model wrote; a solution adds nodes below it.
  void fill(node_id node, extent until, const generation& answer) {
    until == extent::step ? fill_step(node, answer, options_->steps) : fill_solution(node, answer);
  }

  /// Takes the answer to a generation request; true when the round is complete.
  template <class Answer>
  requires std::same_as<std::remove_cvref_t<Answer>, generation>
  bool accept(const generation_request& request, std::uint32_t tag, Answer&& answer) {
    ++spent.model_calls;
    spent.tokens += answer.spent.tokens_written;
    spent.prompt_tokens += answer.spent.tokens_read;
    charge(answer.spent, payee::model, tag);
    if (answer.ended == finish::failed) {
      fail(std::make_exception_ptr(failed_model(answer)), tag);
    } else if (request.until == extent::step) {
      fill_step(node_id{tag}, answer, *request.rule);
    } else {
      // Adds nodes: not before the round is over.
      if (solutions_.empty()) solutions_.reserve(outstanding_);
      solutions_.emplace_back(node_id{tag}, std::forward<Answer>(answer));
    }
    return answered();
  }

  /// Takes the answer to a scoring request; true when the round is complete.
  bool accept(const score_request& request, std::uint32_t tag, const verdict& answer) {
    ++spent.verifier_calls;
    spent.verifier_tokens += answer.spent.tokens_read + answer.spent.tokens_written;
    charge(answer.spent, payee::verifier, tag);
    being_scored_[tag] = 0;
    const std::size_t expected = request.trace.steps() - request.from;
    if (!answer.failure.empty()) {
      fail(std::make_exception_ptr(failed_verifier(answer)), tag);
    } else if (answer.scores.size() != expected) {
      fail(std::make_exception_ptr(wrong_scores(answer.scores.size(), expected)), tag);
    } else {
      node_id at{tag};
      for (std::size_t i = expected; i > 0; at = tree.parent(at)) {
        if (!tree.stepless(at)) tree.score(at) = answer.scores[--i];
      }
      note_abstention(node_id{tag}, answer.scores[expected - 1]);
    }
    return answered();
  }

  /// True if the step of `node` needs no further question: it has a score, or the verifier had none
  /// for the trace that ends there.
  [[nodiscard]] bool judged(node_id node) const {
    if (tree.score(node) == tree.score(node)) return true;
    return index_of(node) < abstained_.size() && abstained_[index_of(node)];
  }

  /// Notes that one request was answered; true when the round is complete.
  bool answered() noexcept { return --outstanding_ == 0; }

  /// Makes this round's answers throw; of several failures that of the lowest tag counts.
  void fail(std::exception_ptr why, std::uint32_t tag) noexcept {
    if (tag < being_scored_.size()) being_scored_[tag] = 0;
    if (failing_ && failing_tag_ <= tag) return;
    failing_ = std::move(why);
    failing_tag_ = tag;
  }

  /// The finished nodes: those that were retired, in that order, then any others.
  [[nodiscard]] candidate_nodes finished() const {
    candidate_nodes nodes = retired;
    std::vector<bool> counted(tree.size());
    for (const node_id node : retired) counted[index_of(node)] = true;
    for (std::uint32_t i = 0; i < tree.size(); ++i) {
      if (!counted[i] && tree.status(node_id{i}) == node_status::finished) {
        nodes.push_back(node_id{i});
      }
    }
    return nodes;
  }

  /// The node at which the solution that began with `node` ends.
  [[nodiscard]] node_id end_of_solution(node_id node) const {
    while (tree.child_count(node) > 0) {
      tree.for_each_child(node, [&node](node_id child) { node = child; });
    }
    return node;
  }

 private:
  // NaN for a trace's last step is an answer; for those before it, it may mean "not my business".
  void note_abstention(node_id node, float score) {
    if (score == score) return;
    while (tree.stepless(node)) node = tree.parent(node);
    if (abstained_.size() <= index_of(node)) abstained_.resize(tree.size());
    abstained_[index_of(node)] = true;
  }

  enum class payee : std::uint8_t { model, verifier, other };

  struct charged {
    double flops;
    double money;
    std::uint32_t tag;
    payee to;
  };

  static void add(usage& sum, const charged& one) noexcept {
    sum.flops += one.flops;
    sum.money += one.money;
    if (one.to == payee::verifier) sum.verifier_flops += one.flops;
  }

  // What an answer cost beside its tokens; most often nothing, which must cost nothing here either.
  void charge(const cost& paid, payee to, std::uint32_t tag) {
    if (paid.flops != 0 || paid.money != 0) note_charge(paid, to, tag);
  }

  void note_charge(const cost& paid, payee to, std::uint32_t tag) {
    charges_.push_back({paid.flops, paid.money, tag, to});
    add(spent, charges_.back());
  }

  static constexpr std::uint64_t kScoring = 0x73636F7265;  // tells a verifier's stream from others

  static std::uint64_t left(std::uint64_t limit, std::uint64_t used) noexcept {
    return limit > used ? limit - used : 0;
  }

  [[nodiscard]] bool running_limits_hold() const noexcept {
    const budget& limits = options_->limits;
    if (!(spent.flops < limits.flops && spent.money < limits.money)) return false;
    return !(limits.seconds < std::numeric_limits<double>::max()) || seconds() < limits.seconds;
  }

  std::uint32_t stop() noexcept {
    status = outcome_status::budget_spent;
    return 0;
  }

  static node_status status_of(const generation& answer, const step_rule& rule) {
    if (answer.ended == finish::length) return node_status::truncated;
    const bool ends = answer.ended == finish::text_end || rule.stops_at(answer.text);
    return ends ? node_status::finished : node_status::open;
  }

  void fill_step(node_id node, const generation& answer, const step_rule& rule) {
    tree.set_payload(node, {answer.text, answer.spent.tokens_written, answer.logprob},
                     status_of(answer, rule));
    if (answer.text.empty()) tree.set_stepless(node);
    if (answer.drawn_logprob == answer.drawn_logprob) {
      tree.set_drawn_logprob(node, answer.drawn_logprob);
    }
    if (!answer.confidences.empty()) tree.set_confidences(node, answer.confidences);
  }

  // A solution becomes one node per step, so that verifiers and readers see the same steps
  // whichever way the text was generated. Tokens, logprob and confidences are known for the whole
  // only; the last node carries them.
  void fill_solution(node_id node, const generation& answer) {
    const std::string_view text = tree.keep(answer.text);
    step_ends_.clear();
    for (std::size_t end = 0; end < text.size();) {
      end += options_->steps.first_step(text.substr(end));
      step_ends_.push_back(end);
    }
    if (step_ends_.empty()) step_ends_.push_back(0);
    const std::size_t last = step_ends_.size() - 1;
    const node_range below = tree.add_chain(node, last);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < last; begin = step_ends_[i++]) {
      const std::string_view step = text.substr(begin, step_ends_[i] - begin);
      tree.set_kept_payload(i == 0 ? node : below[i - 1], {step}, node_status::open);
    }
    if (last > 0) node = below[last - 1];
    const bool cut = answer.ended == finish::length;
    tree.set_kept_payload(node, {text.substr(begin), answer.spent.tokens_written, answer.logprob},
                          cut ? node_status::truncated : node_status::finished);
    if (text.empty()) tree.set_stepless(node);
    if (!answer.confidences.empty()) tree.set_confidences(node, answer.confidences);
  }

  const solve_options* options_;
  search_queues<Model, Verifier>* queues_;
  request_owner self_;
  std::uint64_t key_;
  stopwatch watch_;
  ready_queue ready_;
  std::vector<promise_base*> waiting_;
  std::size_t outstanding_ = 0;
  std::exception_ptr failing_;
  std::uint32_t failing_tag_ = 0;
  std::vector<std::pair<node_id, generation>> solutions_;  // answered in this round
  std::vector<std::size_t> step_ends_;                     // of the solution at hand
  std::vector<bool> abstained_;     // nodes whose trace got a verdict without a score; often empty
  std::vector<char> being_scored_;  // 1: the verifier was asked about the node
  std::uint32_t round_ = 0;
  usage reserved_;
  usage settled_;                 // flops and money up to the last round
  std::vector<charged> charges_;  // of this round
  std::uint32_t foreign_answers_ = 0;
};

}  // namespace outthink::detail
