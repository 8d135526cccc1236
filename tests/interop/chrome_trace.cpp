// SPDX-License-Identifier: MIT
#include "../support/permuted_service.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/temporary_file.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/interop/chrome_trace.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace outthink;
using nlohmann::json;
using outthink::test::content_of;
using outthink::test::temporary_path;

namespace {

struct extent_of_slice {
  double begin = -1, end = -1;
  std::size_t size = 0;  ///< of a batch
};

/// What a trace says, after checks that it nests: a row has one slice at a time, an id of a
/// category is under way once at a time, everything that begins ends, time never goes back.
struct trace_content {
  std::map<std::string, extent_of_slice> searches;                ///< by name
  std::vector<extent_of_slice> batches;                           ///< those of all services
  std::vector<std::pair<std::string, extent_of_slice>> requests;  ///< with the search's name

  explicit trace_content(const json& events) {
    std::map<int, std::string> open_search;                       // by row
    std::map<std::string, std::size_t> open_batch, open_request;  // by id: index above
    double latest = 0;
    for (const json& event : events) {
      if (event.empty() || event.at("ph") == "M") continue;
      const double at = event.at("ts").get<double>();
      CHECK(at >= latest);
      latest = at;
      const std::string phase = event.at("ph").get<std::string>();
      if (phase == "B") {
        const auto name = event.at("name").get<std::string>();
        CHECK(open_search.emplace(event.at("tid").get<int>(), name).second);
        searches[name].begin = at;
      } else if (phase == "E") {
        const auto row = open_search.find(event.at("tid").get<int>());
        REQUIRE(row != open_search.end());
        searches[row->second].end = at;
        open_search.erase(row);
      } else if (phase == "b" || phase == "e") {
        const auto id = event.at("id").get<std::string>();
        if (event.at("cat") == "batch") {
          note(phase, id, open_batch, batches.size(), at, event);
        } else {
          note(phase, id, open_request, requests.size(), at, event);
        }
      }
    }
    CHECK(open_search.empty());
    CHECK(open_batch.empty());
    CHECK(open_request.empty());
  }

 private:
  void note(const std::string& phase, const std::string& id,
            std::map<std::string, std::size_t>& open, std::size_t next, double at,
            const json& event) {
    const bool is_batch = event.at("cat") == "batch";
    if (phase == "b") {
      CHECK(open.emplace(id, next).second);
      if (is_batch) {
        batches.push_back({at, -1, event.at("args").at("size").get<std::size_t>()});
      } else {
        std::string track = "problem ";
        track += event.at("args").at("problem").dump();
        requests.push_back({std::move(track), {at, -1, 1}});
      }
      return;
    }
    const auto found = open.find(id);
    REQUIRE(found != open.end());
    (is_batch ? batches[found->second] : requests[found->second].second).end = at;
    open.erase(found);
  }
};

double half(std::string_view) {
  return 0.5;
}

template <class Model>
void write_trace(Model& model, const std::string& path) {
  test::scripted_verifier judge(&half);
  const std::vector<problem> problems{"p", "q", "r", "s", "t"};
  chrome_trace trace(path);
  (void)solve_all(problems, model, beam_search{.width = 2, .expand = 2}, judge, majority_vote{},
                  {.max_batch = 7, .max_live = 2}, trace);
}

bool within(const extent_of_slice& inner, const extent_of_slice& outer) {
  return outer.begin <= inner.begin && inner.begin <= inner.end && inner.end <= outer.end;
}

}  // namespace

static_assert(event_observer<chrome_trace>);

TEST_CASE(
    "chrome_trace nests: requests lie in their search and in a batch, searches in their row") {
  const temporary_path path("trace.json");
  test::toy_tree model;
  write_trace(model, path.text);
  const trace_content trace(json::parse(content_of(path.text)));
  CHECK(trace.searches.size() == 5);
  CHECK(trace.requests.size() == 5 * 3 * (4 + 4));
  std::size_t in_batches = 0;
  for (const extent_of_slice& batch : trace.batches) {
    CHECK(batch.size <= 7);
    in_batches += batch.size;
  }
  CHECK(in_batches == trace.requests.size());
  for (const auto& [search, request] : trace.requests) {
    CHECK(within(request, trace.searches.at(search)));
    bool in_a_batch = false;
    for (const extent_of_slice& batch : trace.batches) in_a_batch |= within(request, batch);
    CHECK(in_a_batch);
  }
}

TEST_CASE(
    "chrome_trace of an asynchronous service: overlapping requests have slices of their own") {
  const temporary_path path("trace_async.json");
  test::toy_tree model;
  test::permuted_service distant(model, 6, 1);
  write_trace(distant, path.text);
  const trace_content trace(json::parse(content_of(path.text)));
  CHECK(trace.requests.size() == 5 * 3 * (4 + 4));
  for (const auto& [search, request] : trace.requests) {
    CHECK(within(request, trace.searches.at(search)));
  }
}

TEST_CASE("chrome_trace that is cut off at any line is an array that only lacks its end") {
  const temporary_path path("trace_cut.json");
  test::toy_tree model{.depth = 1};
  write_trace(model, path.text);
  const std::string whole = content_of(path.text);
  REQUIRE(json::accept(whole));
  std::size_t lines = 0;
  for (std::size_t end = whole.find('\n'); end + 3 < whole.size();
       end = whole.find('\n', end + 1)) {
    std::string closed = whole.substr(0, end + 1);
    closed += "{}]";
    CHECK(json::accept(closed));
    ++lines;
  }
  CHECK(lines > 20);
}

TEST_CASE("chrome_trace shows an answer with any bytes") {
  const temporary_path path("trace_bytes.json");
  outcome odd;
  odd.answer = "\"\\\xFF\n";
  {
    chrome_trace trace(path.text);
    trace.on_event({.kind = event_kind::search_began});
    trace.on_event({.kind = event_kind::search_ended, .result = &odd});
  }
  CHECK(json::accept(content_of(path.text)));
}
