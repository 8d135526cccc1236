// SPDX-License-Identifier: MIT
// What a request to a server costs on its way: thousands in flight from one thread, against a
// server on the loopback that answers at once with 1 KB. Beside it: wrk with as many connections.
// Arguments: requests in flight (4000), seconds of each row (3).
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
#include <vector>

namespace {

using namespace outthink;
using backends::http::connection_options;
using backends::http::http_reply;
using backends::http::transfer_loop;

/// A completion of 1 KB.
std::string kilobyte() {
  const std::string text(800, 'x');
  std::string body =
      nlohmann::json{
          {"choices", {{{"text", text}, {"finish_reason", "stop"}, {"stop_reason", nullptr}}}},
          {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 4}}}}
          .dump();
  body.resize(1024, ' ');
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
  double rate, cpu, memory;  // requests a second; seconds a request; bytes a request in flight
};

void print(const char* name, const measured& of, double peer) {
  fmt::print("{:28} {:9.0f} requests/s {:6.1f} us CPU {:6.1f} KB in flight", name, of.rate,
             1e6 * of.cpu, of.memory / 1024);
  if (peer > 0) fmt::print("  {:4.0f} % of wrk", 100 * of.rate / peer);
  fmt::print("\n");
}

/// The transfers alone.
measured transfers(const std::string& url, std::size_t in_flight, double seconds) {
  const double before = resident_bytes();
  connection_options options;
  options.concurrency = in_flight;
  transfer_loop loop(url, options);
  const std::string body(1024, 'x');
  std::vector<http_reply> replies;
  std::uint64_t done = 0, tag = 0;
  const auto run = [&](double limit) {
    const stopwatch watch;
    done = 0;
    while (watch.seconds() < limit) {
      while (loop.capacity() > 0) loop.submit({tag++, body});
      replies.clear();
      loop.wait(replies, 1);
      done += replies.size();
      for (const http_reply& one : replies) {
        if (!one.problem.empty()) fmt::print("{}\n", one.problem);
      }
    }
    return watch.seconds();
  };
  (void)run(1);  // connects
  const double cpu = cpu_seconds();
  const double time = run(seconds);
  const double count = static_cast<double>(done);
  return {count / time, (cpu_seconds() - cpu) / count,
          (resident_bytes() - before) / static_cast<double>(in_flight)};
}

/// Whole searches: trees, JSON, the scheduler.
measured searches(const std::string& url, std::size_t in_flight, double seconds, double rate) {
  const double before = resident_bytes();
  connection_options options;
  options.concurrency = in_flight;
  backends::openai model({.url = url, .logprobs = false, .connection = options});
  const auto count = std::max(in_flight, static_cast<std::size_t>(rate * seconds / 4));
  std::vector<problem> problems;
  for (std::size_t i = 0; i < count; ++i)
    problems.push_back(std::string(700, 'p') + std::to_string(i));
  no_verifier none;
  const double cpu = cpu_seconds();
  const stopwatch watch;
  const auto outcomes = solve_all(problems, model, repeated_sampling{.n = 4}, none, majority_vote{},
                                  {.max_live = in_flight});
  const double time = watch.seconds(), asked = static_cast<double>(4 * count);
  for (const outcome& one : outcomes) {
    if (one.status != outcome_status::answered) fmt::print("{}\n", one.message);
  }
  return {asked / time, (cpu_seconds() - cpu) / asked,
          (resident_bytes() - before) / static_cast<double>(in_flight)};
}

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

/// Requests a second of wrk; 0 where it is not installed.
double wrk(const std::string& url, std::size_t in_flight, double seconds) {
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

}  // namespace

int main(int argc, char** argv) {
  const std::size_t in_flight = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 4000;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 3;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const instant_server server(kilobyte());
  fmt::print("{} in flight from one thread, 1 KB each way, {} s a row\n", in_flight, seconds);
  const double peer = wrk(server.url(), in_flight, seconds);
  const measured bare = transfers(server.url(), in_flight, seconds);
  const double again = wrk(server.url(), in_flight, seconds);
  const double best = std::max(peer, again);
  if (best > 0) fmt::print("{:28} {:9.0f} requests/s\n", "wrk", best);
  print("transfers", bare, best);
  print("searches, backends::openai", searches(server.url(), in_flight, seconds, bare.rate), best);
  latency(server.url(), seconds);
}
