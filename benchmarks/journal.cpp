// SPDX-License-Identifier: MIT
// What a journal costs: requests a second to a server on the loopback that answers at once with a
// kilobyte, without and with a journal, and answers a second that are replayed from it.
// Argument: the folder to write to; default: the system's for temporary files.
#include <outthink/backends/openai.hpp>
#include <outthink/outthink.hpp>
#include <outthink/runtime/journaled.hpp>

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using namespace outthink;

/// Answers every request of every connection with the same bytes, in a process of its own.
class instant_server {
 public:
  explicit instant_server(const std::string& body)
      : reply_("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 1024) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    process_ = ::fork();
    if (process_ == 0) serve();
    ::close(listener_);
  }
  instant_server(const instant_server&) = delete;
  instant_server& operator=(const instant_server&) = delete;
  ~instant_server() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/v1";
  }

 private:
  [[noreturn]] void serve() const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int events = ::epoll_create1(0);
    const auto watch = [&](int socket) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = socket;
      ::epoll_ctl(events, EPOLL_CTL_ADD, socket, &event);
    };
    watch(listener_);
    std::unordered_map<int, std::string> heard;
    std::array<epoll_event, 64> ready;
    for (;;) {
      const int count = ::epoll_wait(events, ready.data(), ready.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = ready[static_cast<std::size_t>(i)].data.fd;
        if (socket == listener_) {
          const int client = ::accept(listener_, nullptr, nullptr);
          const int on = 1;
          ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          watch(client);
        } else if (!hear(socket, heard[socket])) {
          heard.erase(socket);
          ::close(socket);
        }
      }
    }
  }

  bool hear(int socket, std::string& heard) const {
    std::array<char, 16384> buffer;
    const auto size = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    heard.append(buffer.data(), static_cast<std::size_t>(size));
    for (;;) {
      const std::size_t head = heard.find("\r\n\r\n");
      if (head == std::string::npos) return true;
      const std::size_t length = heard.find("Content-Length: ");
      if (length > head) return false;
      const std::size_t whole = head + 4 + std::stoul(heard.substr(length + 16, 20));
      if (heard.size() < whole) return true;
      heard.erase(0, whole);
      if (::send(socket, reply_.data(), reply_.size(), MSG_NOSIGNAL) < 0) return false;
    }
  }

  std::string reply_;
  int listener_ = -1;
  int port_ = 0;
  pid_t process_ = 0;
};

constexpr int kProblems = 500, kSamples = 20, kRuns = 7;
constexpr double kAnswers = kProblems * kSamples;

/// What a run takes for each answer, in microseconds: wall time, and this process's computing
/// alone.
struct timing {
  double wall = 0, cpu = 0;
};

class timer {
 public:
  [[nodiscard]] timing each() const {
    return {watch_.seconds() / kAnswers * 1e6,
            static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC / kAnswers * 1e6};
  }

 private:
  stopwatch watch_;
  std::clock_t start_ = std::clock();
};

template <class Model>
void run(Model& model, std::uint64_t seed) {
  static const std::vector<problem> problems = [] {
    std::vector<problem> made;
    for (int i = 0; i < kProblems; ++i) made.emplace_back("problem " + std::to_string(i) + "\n");
    return made;
  }();
  const auto outcomes = solve_all(problems, model, repeated_sampling{.n = kSamples}, no_verifier{},
                                  best_score{}, solve_options{.seed = seed});
  for (const outcome& one : outcomes) {
    if (one.candidates.size() == kSamples) continue;
    fmt::print("a problem has {} solutions: {}\n", one.candidates.size(), one.message);
    std::exit(1);
  }
}

void print(const char* what, const std::vector<timing>& runs) {
  std::vector<double> wall, cpu;
  for (const timing& one : runs) wall.push_back(one.wall), cpu.push_back(one.cpu);
  std::sort(wall.begin(), wall.end());
  std::sort(cpu.begin(), cpu.end());
  fmt::print(
      "{:<30}{:>9.0f} /s (median), {:>9.0f} /s (best); {:>6.2f} us of CPU (median), {:>6.2f} "
      "(best)\n",
      what, 1e6 / wall[wall.size() / 2], 1e6 / wall[0], cpu[cpu.size() / 2], cpu[0]);
}

}  // namespace

int main(int count, char** given) {
  const std::string folder =
      (count > 1 ? std::string(given[1]) : std::filesystem::temp_directory_path().string()) +
      "/outthink-benchmark-journal";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const instant_server server(R"({"choices":[{"index":0,"text":")" + std::string(900, 'x') +
                              R"(","finish_reason":"stop"}],"usage":{"prompt_tokens":10,)" +
                              R"("completion_tokens":225}})");
  backends::openai_options options{.url = server.url()};
  options.logprobs = false;
  options.unclear = backends::unclear_stop::text_end;
  backends::openai model(options);
  run(model, 0);  // opens the connections

  std::vector<timing> plain, kept, replayed;
  for (int i = 1; i <= kRuns; ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    const std::string path = folder + "/" + std::to_string(i) + ".db";
    const timer without;
    run(model, seed);
    plain.push_back(without.each());
    {
      const timer with;
      journal file(path);
      journaled journaled_model(file, "model", model);
      run(journaled_model, seed);
      file.close();
      kept.push_back(with.each());
    }
    const timer again;
    journal file(path, {.read_only = true});
    journaled journaled_model(file, "model", model);
    run(journaled_model, seed);
    replayed.push_back(again.each());
  }
  print("asked, without a journal", plain);
  print("asked, with a journal", kept);
  print("replayed, opening included", replayed);
  fmt::print("bytes a recorded answer: {:.0f}\n",
             static_cast<double>(std::filesystem::file_size(folder + "/1.db")) / kAnswers);
  std::filesystem::remove_all(folder);
}
