// SPDX-License-Identifier: MIT
#include <outthink/interop/progress_bar.hpp>

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace outthink;

namespace {

progress at(std::size_t done, double seconds) {
  return {.done = done, .live = 1, .total = 2, .spent = {}, .seconds = seconds};
}

/// What a bar writes on a terminal that is `columns` wide.
class terminal {
 public:
  explicit terminal(unsigned short columns) : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(master_ >= 0);
    REQUIRE(grantpt(master_) == 0);
    REQUIRE(unlockpt(master_) == 0);
    winsize size{};
    size.ws_col = columns;
    REQUIRE(ioctl(master_, TIOCSWINSZ, &size) == 0);
    const int slave = open(ptsname(master_), O_RDWR | O_NOCTTY);
    REQUIRE(slave >= 0);
    out = fdopen(slave, "w");
  }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;
  ~terminal() {
    std::fclose(out);
    close(master_);
  }

  std::FILE* out = nullptr;

  /// What was written since the last call, which must be something.
  std::string take() const {
    char text[4096];
    const auto size = read(master_, text, sizeof text);
    return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
  }

 private:
  int master_;
};

std::string content(std::FILE* file) {
  std::rewind(file);
  char text[4096];
  return {text, std::fread(text, 1, sizeof text, file)};
}

}  // namespace

static_assert(observer<progress_bar>);

TEST_CASE("progress_bar draws one line on a terminal, ten times a second at most, and wipes it") {
  const terminal shown(200);
  {
    progress_bar bar("label", shown.out);
    bar.on_batch(at(0, 0));
    CHECK(shown.take() == "\r\033[Klabel [................] 0/2  -:-- left  0 tokens");
    bar.on_batch(at(0, 0.05));  // too early
    bar.on_batch(at(1, 0.5));
    CHECK(shown.take() ==
          "\r\033[Klabel [########........] 1/2  2.00/s  0:01 left  0 tokens (0/s)");
    bar.on_batch(at(2, 0.55));  // the end is always drawn
    CHECK(shown.take() == "\r\033[Klabel [################] 2/2  3.64/s  in 0:01  0 tokens (0/s)");
  }
  CHECK(shown.take() == "\r\033[K");
}

TEST_CASE("progress_bar cuts its line to the width of the terminal") {
  const terminal shown(21);
  progress_bar bar("label", shown.out);
  bar.on_batch(at(0, 0));
  CHECK(shown.take() == "\r\033[Klabel [.............");
}

TEST_CASE("progress_bar adds a plain line every ten seconds where there is no terminal") {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    progress_bar bar("label", file);
    outcome sure;
    sure.answer = "24";
    sure.confidence = 1;
    sure.candidates.resize(1);
    sure.chosen = 0;
    for (double seconds = 0; seconds < 25; seconds += 1) {
      if (seconds == 15) bar.on_outcome(0, sure);
      bar.on_batch(at(seconds < 15 ? 0 : 1, seconds));
    }
    bar.clear();
  }
  CHECK(content(file) ==
        "label: 0/2  -:-- left  0 tokens (0/s)\n"
        "label: 1/2  0.05/s  0:20 left  0 tokens (0/s)  best 1.00 24\n");
  std::fclose(file);
}

TEST_CASE(
    "progress_bar leaves nothing of a run of less than ten seconds where there is no terminal") {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    progress_bar bar("label", file);
    bar.on_batch(at(1, 1));
    bar.on_batch(at(2, 9.9));
  }
  CHECK(std::ftell(file) == 0);
  std::fclose(file);
}
