// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/answers_of.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/concepts/service.hpp>
#include <outthink/runtime/journal.hpp>
#include <outthink/runtime/journal/choice_format.hpp>
#include <outthink/runtime/journal/comparison_format.hpp>
#include <outthink/runtime/journal/digest.hpp>
#include <outthink/runtime/journal/generation_format.hpp>
#include <outthink/runtime/journal/record_format.hpp>
#include <outthink/runtime/journal/score_format.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outthink {

namespace detail {

/// The library's format for what `Service` is asked and answers.
template <class Service>
using library_format_of =
    typename library_format<typename std::remove_reference_t<Service>::request,
                            typename std::remove_reference_t<Service>::response>::type;

}  // namespace detail

/// @brief A service with a journal before it: what was answered once is never asked again.
///
/// How it works: a request whose answer is in the journal gets it; any other goes to the service,
/// and its answer into the journal. Equal requests that are under way together are asked once. A
/// synchronous service's batch is committed before its answers are given; an asynchronous
/// service's answers are committed in groups (`journal_options`). Answers that say that there is
/// none are passed on and not kept: a resumed run asks again. `name` stands for all that shapes the
/// answers beside the request: the model, its version, the server's settings. With another name,
/// everything is asked anew.
///
/// Requires: a service that is an lvalue, and the journal, outlive it; any number of services share
/// a journal, on one thread. A `record_format` for services of your own. A search resumes where
/// its requests come again: same problems, options, seed, policy and services.
/// Cost: a few microseconds a replayed answer, and as many a recorded one (benchmarks/journal).
/// Errors: the service's, and the journal's; once the journal cannot be written, nothing more is
/// asked. Determinism: the service's; a replay gives the recorded bits, costs included.
/// Example: examples/resume_after_crash.cpp.
template <class Service, class Format = detail::library_format_of<Service>>
class journaled {
 public:
  using service_type = std::remove_reference_t<Service>;
  using request = typename service_type::request;
  using response = typename service_type::response;

  static_assert(service<service_type> && record_format<Format, request, response>);

  journaled(journal& file, std::string_view name, Service&& inner, Format format = {})
      : file_(&file),
        inner_(std::forward<Service>(inner)),
        format_(std::move(format)),
        number_(file.service_number(name, Format::kind)) {
    identity_.add(name);
    identity_.add(std::string_view(Format::kind));
  }

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) {
    if constexpr (asynchronous_service<service_type>) {
      return answer_by_waiting(*this, batch);
    } else {
      return answer_together(batch);
    }
  }

  [[nodiscard]] std::size_t capacity() requires asynchronous_service<service_type> {
    constexpr std::size_t kMostReady = 4096;
    return ready_.size() < kMostReady ? static_cast<std::size_t>(inner_.capacity()) : 0;
  }

  void submit(std::uint64_t tag, const request& asked) requires asynchronous_service<service_type> {
    const known_request known = know(asked);
    if (std::optional<response> found = recall(known.key)) {
      ready_.push_back({tag, std::move(*found)});
      return;
    }
    if (const auto leader = leaders_.find(known.key); leader != leaders_.end()) {
      under_way_.at(leader->second).followers.push_back(tag);
      return;
    }
    file_->require_writable();
    inner_.submit(tag, asked);
    leaders_.emplace(known.key, tag);
    under_way_.emplace(tag, waiting{entry_of(known, asked), {}});
  }

  void wait(std::vector<completion<response>>& done,
            double seconds) requires asynchronous_service<service_type> {
    file_->end_reading();
    if (!ready_.empty()) seconds = 0;
    std::move(ready_.begin(), ready_.end(), std::back_inserter(done));
    ready_.clear();
    if (under_way_.empty()) return;
    received_.clear();
    inner_.wait(received_, seconds);
    for (completion<response>& one : received_) {
      const auto found = under_way_.find(one.tag);
      if (found == under_way_.end()) {
        throw error(errc::malformed_reply, "a service answered request " + std::to_string(one.tag) +
                                               ", which is not under way");
      }
      keep(found->second.asked, one.answer);
      for (const std::uint64_t tag : found->second.followers) done.push_back({tag, one.answer});
      leaders_.erase(found->second.asked.key);
      under_way_.erase(found);
      done.push_back(std::move(one));
    }
  }

  void abandon() requires asynchronous_service<service_type> {
    inner_.abandon();
    ready_.clear();
    under_way_.clear();
    leaders_.clear();
  }

  [[nodiscard]] service_type& inner() noexcept { return inner_; }

 private:
  // What a request and its trace are found by.
  struct known_request {
    digest key;
    digest trace;
  };

  struct waiting {
    journal::entry asked;
    std::vector<std::uint64_t> followers;  // tags of equal requests
  };

  static constexpr bool has_trace = requires(const Format& f, const request& r) { f.trace(r); };

  // Leaves the request's text in `text_`.
  [[nodiscard]] known_request know(const request& asked) {
    known_request known;
    text_.clear();
    json_writer out(text_);
    format_.write(asked, out);
    out.end();
    digester all = identity_;
    if constexpr (has_trace) {
      known.trace = detail::digest_trace(format_.trace(asked), [](const digest&, auto) {});
      all.add(known.trace.first);
      all.add(known.trace.second);
    }
    all.add(std::string_view(text_));
    known.key = all.value();
    return known;
  }

  // Of a request whose text is in `text_`.
  [[nodiscard]] journal::entry entry_of(const known_request& known, const request& asked) {
    journal::entry made{known.key, number_, 0, text_};
    if constexpr (has_trace) made.trace = file_->trace_number(format_.trace(asked), known.trace);
    return made;
  }

  [[nodiscard]] std::optional<response> recall(const digest& key) {
    std::optional<response> found;
    file_->find(key, [&](std::string_view text, const cost& spent) {
      json_reader in(text);
      found = format_.read(in);
      in.end();
      if constexpr (requires { found->spent = spent; }) found->spent = spent;
    });
    return found;
  }

  void keep(const journal::entry& asked, const response& answer) {
    if (!format_.answered(answer)) return;
    text_.clear();
    json_writer out(text_);
    format_.write(answer, out);
    out.end();
    cost spent;
    if constexpr (requires { spent = answer.spent; }) spent = answer.spent;
    file_->record(asked, text_, spent);
  }

  [[nodiscard]] std::vector<response> answer_together(std::span<const request> batch) {
    std::vector<std::optional<response>> answers(batch.size());
    std::vector<journal::entry> known;  // of what is asked
    std::vector<request> asked;
    std::vector<std::size_t> place(batch.size());  // in `asked`, of what is not in the journal
    std::unordered_map<digest, std::size_t, digest_hash> places;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const known_request one = know(batch[i]);
      if ((answers[i] = recall(one.key))) continue;
      const auto [found, is_new] = places.try_emplace(one.key, asked.size());
      place[i] = found->second;
      if (!is_new) continue;
      asked.push_back(batch[i]);
      known.push_back(entry_of(one, batch[i]));
    }
    file_->end_reading();
    if (!asked.empty()) {
      file_->require_writable();
      std::vector<response> fresh =
          detail::answers_of(inner_, std::span<const request>(asked), asked.size());
      for (std::size_t i = 0; i < asked.size(); ++i) keep(known[i], fresh[i]);
      file_->commit();
      for (std::size_t i = 0; i < batch.size(); ++i) {
        if (!answers[i]) answers[i] = fresh[place[i]];
      }
    }
    std::vector<response> all;
    all.reserve(batch.size());
    for (std::optional<response>& one : answers) all.push_back(std::move(*one));
    return all;
  }

  journal* file_;
  Service inner_;
  Format format_;
  std::int64_t number_;
  digester identity_;
  std::string text_;  // what was written last; kept for its memory
  std::vector<completion<response>> ready_, received_;
  std::unordered_map<std::uint64_t, waiting> under_way_;  // by tag
  std::unordered_map<digest, std::uint64_t, digest_hash> leaders_;
};

template <class Service>
journaled(journal&, std::string_view, Service&&) -> journaled<Service>;
template <class Service, class Format>
journaled(journal&, std::string_view, Service&&, Format) -> journaled<Service, Format>;

}  // namespace outthink
