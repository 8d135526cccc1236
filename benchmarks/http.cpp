// SPDX-License-Identifier: MIT
// What a request to a server costs on its way: thousands in flight from one thread, against a
// server on the loopback that answers at once with 1 KB. Beside it: wrk with as many connections,
// and libcurl with nothing around it. Arguments: requests in flight (4000), seconds of each row
// (2), rounds (5).
#include "bare_libcurl.hpp"
#include "instant_server.hpp"
#include <outthink/backends/http/transfer_loop.hpp>
#include <outthink/backends/openai.hpp>
#include <outthink/core/stopwatch.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace outthink;
using backends::http::connection_options;
using backends::http::http_reply;
using backends::http::transfer_loop;

/// A completion of 1 KB a choice.
std::string kilobytes(std::size_t choices) {
  const nlohmann::json choice{
      {"text", std::string(800, 'x')}, {"finish_reason", "stop"}, {"stop_reason", nullptr}};
  std::string body =
      nlohmann::json{{"choices", std::vector<nlohmann::json>(choices, choice)},
                     {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 4 * choices}}}}
          .dump();
  body.resize(1024 * choices, ' ');
  return body;
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0;
  in >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

struct measured {
  double rate, cpu;  // requests, or generations, a second; seconds of CPU for each
};

/// Every answer is followed by another request for some seconds, and waited for at the end.
template <class Client>
measured measure(Client& client, double seconds) {
  const double cpu = cpu_seconds();
  const stopwatch watch;
  std::size_t done = 0;
  while (watch.seconds() < seconds) done += client.turn(true);
  while (client.under_way() > 0) done += client.turn(false);
  const double time = watch.seconds(), count = static_cast<double>(done);
  return {count / time, (cpu_seconds() - cpu) / count};
}

/// The transfers alone.
class our_transfers {
 public:
  our_transfers(const std::string& url, std::string body, std::size_t in_flight)
      : loop_(url, {.concurrency = in_flight}), body_(std::move(body)) {}

  [[nodiscard]] std::size_t under_way() const { return loop_.under_way(); }

  /// Sends more, if wanted, and takes answers; how many.
  std::size_t turn(bool more) {
    while (more && loop_.capacity() > 0) loop_.submit({tag_++, body_});
    replies_.clear();
    loop_.wait(replies_, 60);
    for (const http_reply& one : replies_) {
      if (!one.problem.empty()) fmt::print("{}\n", one.problem);
    }
    return replies_.size();
  }

 private:
  transfer_loop loop_;
  std::string body_;
  std::vector<http_reply> replies_;
  std::uint64_t tag_ = 0;
};

/// Whole searches: trees, JSON, the scheduler. Each has so many samples.
class searches {
 public:
  searches(const std::string& url, std::size_t in_flight, int samples, int choices)
      : model_({.url = url,
                .logprobs = false,
                .choices = choices,
                .connection = {.concurrency = in_flight / static_cast<std::size_t>(choices)}}),
        in_flight_(in_flight),
        samples_(samples) {}

  measured run(std::size_t generations) {
    std::vector<problem> problems;
    for (std::size_t i = 0; i < generations / static_cast<std::size_t>(samples_); ++i)
      problems.push_back(std::string(700, 'p') + std::to_string(i));
    no_verifier none;
    const double cpu = cpu_seconds();
    const stopwatch watch;
    const auto outcomes = solve_all(problems, model_, repeated_sampling{.n = samples_}, none,
                                    majority_vote{}, {.max_live = in_flight_});
    const double time = watch.seconds();
    const double asked = samples_ * static_cast<double>(problems.size());
    for (const outcome& one : outcomes) {
      if (one.status != outcome_status::answered) fmt::print("{}\n", one.message);
    }
    return {asked / time, (cpu_seconds() - cpu) / asked};
  }

 private:
  backends::openai model_;
  std::size_t in_flight_;
  int samples_;
};

/// A request every millisecond: how long until its answer is in.
void latency(const std::string& url, double seconds) {
  transfer_loop loop(url, {.concurrency = 64});
  const std::string body(1024, 'x');
  std::vector<http_reply> replies;
  std::vector<double> begun, took;
  const stopwatch watch;
  while (watch.seconds() < seconds) {
    if (watch.seconds() >= 0.001 * static_cast<double>(begun.size()) && loop.capacity() > 0) {
      begun.push_back(watch.seconds());
      loop.submit({begun.size() - 1, body});
    }
    replies.clear();
    loop.wait(replies, 0.001 * static_cast<double>(begun.size()) - watch.seconds());
    for (const http_reply& one : replies) took.push_back(watch.seconds() - begun[one.tag]);
    if (loop.under_way() == 0) ::usleep(100);
  }
  std::sort(took.begin(), took.end());
  fmt::print("at 1,000 requests/s: median {:.2f} ms, p99 {:.2f} ms from request to answer\n",
             1e3 * took[took.size() / 2], 1e3 * took[took.size() * 99 / 100]);
}

/// Requests a second of wrk; 0 where it is not installed. It counts the time in which it connects,
/// a second or more for thousands of connections: it gets some seconds whatever the others get.
double wrk(const std::string& url, std::size_t in_flight, double seconds) {
  seconds = std::max(seconds, 8.0);
  const std::string script = "/tmp/outthink-wrk.lua";
  std::ofstream(script) << "wrk.method = 'POST'\nwrk.body = string.rep('x', 1024)\n"
                           "wrk.headers['Content-Type'] = 'application/json'\n";
  const std::string command =
      fmt::format("wrk -t1 -c{} -d{:.0f}s -s {} {} 2>/dev/null", in_flight, seconds, script, url);
  std::FILE* const out = ::popen(command.c_str(), "r");
  double rate = 0;
  char line[256];
  while (std::fgets(line, sizeof line, out) != nullptr)
    std::sscanf(line, "Requests/sec: %lf", &rate);
  ::pclose(out);
  std::remove(script.c_str());
  return rate;
}

/// What was measured of one thing, a round each.
class row {
 public:
  explicit row(const char* name, const char* unit = "requests/s") : name_(name), unit_(unit) {}

  void add(const measured& of, const measured& peer) {
    rates_.push_back(of.rate);
    costs_.push_back(of.cpu);
    if (peer.rate > 0) shares_.push_back(of.rate / peer.rate);
  }

  void print() const {
    fmt::print("{:29} {:7.0f} {}", name_, median(rates_), unit_);
    if (median(costs_) > 0) {
      fmt::print("  {:5.1f} us CPU each, least {:5.1f}", 1e6 * median(costs_), 1e6 * least(costs_));
    }
    if (!shares_.empty() && median(costs_) > 0) {
      fmt::print("  {:3.0f} % of wrk, least {:3.0f} %", 100 * median(shares_),
                 100 * least(shares_));
    }
    fmt::print("\n");
  }

 private:
  static double median(std::vector<double> of) {
    std::sort(of.begin(), of.end());
    return of[of.size() / 2];
  }
  static double least(const std::vector<double>& of) {
    return *std::min_element(of.begin(), of.end());
  }

  const char *name_, *unit_;
  std::vector<double> rates_, costs_, shares_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t in_flight = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 4000;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 2;
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const instant_server server(kilobytes(1)), server_of_8(kilobytes(8));
  const std::string body(1024, 'x');
  fmt::print("{} in flight from one thread, 1 KB each way; {} rounds of {} s a row\n", in_flight,
             rounds, seconds);

  double before = resident_bytes();
  our_transfers ours(server.url(), body, in_flight);
  (void)measure(ours, seconds);  // connects
  const double of_transfer = (resident_bytes() - before) / static_cast<double>(in_flight);
  bare_libcurl bare(server.url(), body, in_flight, 32);
  bare_libcurl together(server.url(), body, in_flight, in_flight);
  before = resident_bytes();
  searches whole(server.url(), in_flight, 4, 1);
  (void)whole.run(4 * in_flight);
  const double of_search = (resident_bytes() - before) / static_cast<double>(in_flight);
  searches joined(server_of_8.url(), in_flight, 8, 8);
  (void)joined.run(4 * in_flight);

  std::vector<row> rows;
  for (const char* const name : {"wrk", "libcurl alone, 32 a handle", "libcurl alone, one handle",
                                 "transfers", "searches, backends::openai"}) {
    rows.emplace_back(name);
  }
  row several("searches, 8 choices a request", "generations/s");
  for (int round = -1; round < rounds; ++round) {
    const measured all[] = {{wrk(server.url(), in_flight, seconds), 0},
                            measure(bare, seconds),
                            measure(together, seconds),
                            measure(ours, seconds),
                            whole.run(static_cast<std::size_t>(10000 * seconds))};
    const measured of_8 = joined.run(static_cast<std::size_t>(10000 * seconds));
    for (std::size_t i = 0; i < rows.size() && round >= 0; ++i) rows[i].add(all[i], all[0]);
    if (round >= 0) several.add(of_8, {0, 0});
  }
  for (const row& one : rows) one.print();
  several.print();
  fmt::print("memory in flight: {:.1f} KB a transfer, {:.1f} KB a search\n", of_transfer / 1024,
             of_search / 1024);
  latency(server.url(), seconds);
}
