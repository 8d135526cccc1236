// SPDX-License-Identifier: MIT
#pragma once

#include "result_lines.hpp"
#include "results_file.hpp"
#include <outthink/core/stopwatch.hpp>
#include <outthink/interop/progress_bar.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// What is still to do, in order.
struct work_item {
  enum class kind : std::uint8_t { samples, scores, search };
  kind what;
  std::string key;
  const task_plan* of;
  const strategy* how;
  std::uint64_t seed;
  int n;
  double weight;  ///< about how long it takes, in solutions
};

/// @brief Runs a plan, pass by pass, and adds what each found to a results file.
///
/// How it works: strategies that sample independently share one generation pass of the largest n
/// among them, and each verifier scores it once; every other strategy has a pass of its own for
/// each seed. A pass whose key is in the file already is left out, so that a run goes on where
/// another ended.
/// Errors: those of models and verifiers; `stopped` once `cancel` is true. What was finished
/// before is in the file then.
/// Determinism: results, times aside, are a function of plan and seeds.
class plan_runner {
 public:
  plan_runner(const plan& whole, results_file& into, const std::atomic<bool>* cancel = nullptr,
              std::FILE* told = stderr)
      : plan_(&whole), keys_(whole), file_(&into), cancel_(cancel), told_(told) {
    for (const nlohmann::json& line : into.stored().lines)
      note(line.at("key").get<std::string>(), line.value("n", 0));
    list_work();
  }

  /// Passes that are not in the file yet.
  [[nodiscard]] const std::vector<work_item>& left() const noexcept { return work_; }

  void run() {
    write_headers();
    const outthink::stopwatch watch;
    double done = 0, all = 0;
    for (const work_item& one : work_) all += one.weight;
    for (std::size_t i = 0; i < work_.size(); ++i) {
      const work_item& one = work_[i];
      const std::string left = done > 0 ? time_text(watch.seconds() * (all - done) / done) : "?";
      const std::string label =
          fmt::format("[{}/{}, {} left] {}", i + 1, work_.size(), left, describe(one));
      const outthink::stopwatch own;
      {
        outthink::progress_bar bar(label, told_);
        file_->append(do_one(one, bar));
      }
      done += one.weight;
      fmt::print(told_, "[{}/{}] {}: {:.1f} s\n", i + 1, work_.size(), describe(one),
                 own.seconds());
    }
  }

 private:
  static std::string time_text(double seconds) {
    const auto whole = static_cast<long>(seconds);
    return whole < 60 ? fmt::format("{} s", whole)
                      : fmt::format("{}:{:02} min", whole / 60, whole % 60);
  }

  static std::string describe(const work_item& one) {
    const std::string what = one.what == work_item::kind::samples ? "samples"
                             : one.what == work_item::kind::scores
                                 ? "scores by " + one.how->verifier
                                 : one.how->policy->title;
    return fmt::format("{}, {}, N = {}, seed {}", one.of->task.name, what, one.n, one.seed);
  }

  // A line for more samples stands for one for fewer.
  void note(const std::string& key, int n) {
    const auto [at, is_new] = there_.emplace(key, n);
    if (!is_new) at->second = std::max(at->second, n);
  }
  [[nodiscard]] bool is_there(const std::string& key, int n) const {
    const auto found = there_.find(key);
    return found != there_.end() && found->second >= n;
  }

  // Task by task, first all samples, then what is computed from them, then searches.
  void list_work() {
    using kind = work_item::kind;
    for (const task_plan& of : plan_->tasks) {
      std::map<std::string, int> most;
      for (const std::uint64_t seed : plan_->seeds) {
        for (const strategy& how : of.strategies) {
          if (!shares_samples(how)) continue;
          int& n = most[keys_.samples(of, how, seed)];
          n = std::max(n, how.n);
        }
      }
      std::set<std::string> listed;
      for (const kind what : {kind::samples, kind::scores, kind::search}) {
        for (const std::uint64_t seed : plan_->seeds) {
          for (const strategy& how : of.strategies) {
            if ((what == kind::search) == shares_samples(how)) continue;
            if (what == kind::scores && how.verifier.empty()) continue;
            const int n = what == kind::search ? 0 : most.at(keys_.samples(of, how, seed));
            add(listed, {what, key_of(what, of, how, seed), &of, &how, seed, n, 0});
          }
        }
      }
    }
  }

  [[nodiscard]] std::string key_of(work_item::kind what, const task_plan& of, const strategy& how,
                                   std::uint64_t seed) const {
    if (what == work_item::kind::samples) return keys_.samples(of, how, seed);
    return what == work_item::kind::scores ? keys_.scores(of, how, seed)
                                           : keys_.search(of, how, seed);
  }

  void add(std::set<std::string>& listed, work_item one) {
    if (is_there(one.key, one.n) || !listed.insert(one.key).second) return;
    if (one.what == work_item::kind::search) one.n = one.how->n;
    const double part = one.what == work_item::kind::samples  ? 0.6
                        : one.what == work_item::kind::scores ? 1
                                                              : 1.5;
    one.weight = part * one.n * static_cast<double>(one.of->task.problems.size());
    work_.push_back(std::move(one));
  }

  void write_headers() {
    for (const task_plan& of : plan_->tasks) {
      write_task(of);
      for (const strategy& how : of.strategies) {
        nlohmann::json line = result_lines::strategy_line(keys_, of, how, plan_->seeds);
        if (!is_there(line.at("key").get<std::string>(), 0)) append(std::move(line));
      }
    }
  }

  // A task whose price or other description changed is described again; the latest counts.
  void write_task(const task_plan& of) {
    const std::string key = keys_.task(of);
    const nlohmann::json* known = nullptr;
    for (const nlohmann::json& line : file_->stored().lines)
      if (line.at("kind") == "task" && line.at("key") == key) known = &line;
    std::optional<outthink::transformer_shape> shape;
    if (known == nullptr) {
      use_model(of.model);
      shape = model_->shape;
    }
    nlohmann::json line = result_lines::task(keys_, *plan_, of, shape);
    if (known != nullptr && known->contains("shape")) line["shape"] = known->at("shape");
    if (known == nullptr || *known != line) append(std::move(line));
  }

  void append(nlohmann::json line) {
    note(line.at("key").get<std::string>(), line.value("n", 0));
    file_->append(std::move(line));
  }

  nlohmann::json do_one(const work_item& one, outthink::progress_bar& bar) {
    const bool by_clock = plan_->models.at(one.of->model).from == service_source::kind::simulator;
    const pass_options pass{one.seed, cancel_, by_clock ? &clock_ : nullptr};
    const bench_task& task = one.of->task;
    if (cancel_ != nullptr && cancel_->load()) throw stopped();
    if (one.what == work_item::kind::samples) {
      use_model(one.of->model);
      last_samples_ = draw_samples(task, model_->model, *one.how, one.n, pass, bar);
      last_key_ = one.key;
      return result_lines::samples(one.key, one.n, *last_samples_);
    }
    if (one.what == work_item::kind::scores) {
      find_samples(keys_.samples(*one.of, *one.how, one.seed), one.n);
      return result_lines::scores(
          one.key, one.n,
          score_samples(task, *last_samples_, use_verifier(*one.how), *one.how, pass, bar));
    }
    use_model(one.of->model);
    outthink::any_verifier* verifier =
        one.how->verifier.empty() ? nullptr : &use_verifier(*one.how);
    return result_lines::search(one.key, task, *one.how,
                                run_search(task, model_->model, verifier, *one.how, pass, bar));
  }

  // The samples that were drawn before, in this run or another.
  void find_samples(const std::string& key, int n) {
    if (last_samples_ && last_key_ == key) return;
    for (const nlohmann::json& line : file_->stored().lines) {
      if (line.at("kind") != "samples" || line.at("key") != key || line.at("n") < n) continue;
      last_samples_ = result_lines::read_samples(line);
      for (auto& of_problem : last_samples_->samples)
        of_problem.resize(std::min(of_problem.size(), static_cast<std::size_t>(n)));
      last_key_ = key;
      return;
    }
    throw outthink::error(outthink::errc::malformed_file,
                          file_->path() + " lacks the samples that are to be scored");
  }

  // One model at a time: the embedded ones hold their caches.
  void use_model(const std::string& name) {
    if (model_ && model_name_ == name) return;
    model_.reset();
    const service_source& source = plan_->models.at(name);
    model_.emplace(open(source, plan_->threads, &clock_));
    model_->model = priced(std::move(model_->model), source.price);
    model_name_ = name;
  }

  outthink::any_verifier& use_verifier(const strategy& how) {
    if (!verifier_ || verifier_name_ != how.verifier) {
      verifier_.reset();
      const service_source& source = plan_->verifiers.at(how.verifier);
      verifier_.emplace(priced(open_verifier(source, plan_->threads, &clock_), source.price));
      verifier_name_ = how.verifier;
    }
    return *verifier_;
  }

  template <class Service>
  static Service priced(Service opened, const token_price& price) {
    if (!price.any()) return opened;
    return Service(std::make_unique<priced_service<Service>>(std::move(opened), price));
  }

  const plan* plan_;
  cell_keys keys_;
  results_file* file_;
  const std::atomic<bool>* cancel_;
  std::FILE* told_;
  std::map<std::string, int> there_;
  std::vector<work_item> work_;
  outthink::backends::virtual_clock clock_;
  std::optional<open_model> model_;
  std::optional<outthink::any_verifier> verifier_;
  std::string model_name_, verifier_name_, last_key_;
  std::optional<sample_pass> last_samples_;
};

}  // namespace bench
