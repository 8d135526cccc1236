// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace outthink::backends {

/// @brief A regular file mapped into memory, read-only, for as long as the object lives.
///
/// Requires: POSIX, and that nobody shortens the file meanwhile (the system then ends the process).
/// Errors: `errc::file_unreadable` where the file cannot be opened or mapped, or is no regular
/// file.
class mapped_file {
 public:
  explicit mapped_file(const std::string& path) : path_(path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) refuse("open", errno);
    struct stat status {};
    int failure = ::fstat(descriptor, &status) == 0 ? 0 : errno;
    if (failure == 0 && S_ISREG(status.st_mode)) failure = map(descriptor, status.st_size);
    ::close(descriptor);
    if (failure != 0) refuse("map", failure);
    if (!S_ISREG(status.st_mode)) throw error(errc::file_unreadable, path + ": not a regular file");
  }
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  mapped_file(mapped_file&& other) noexcept
      : path_(std::move(other.path_)),
        start_(std::exchange(other.start_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  mapped_file& operator=(mapped_file&&) = delete;
  ~mapped_file() {
    if (start_ != nullptr) ::munmap(start_, size_);
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// The whole content.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return {static_cast<const std::byte*>(start_), size_};
  }

 private:
  [[noreturn]] void refuse(const char* action, int failure) const {
    throw error(errc::file_unreadable, path_ + ": cannot " + action + " the file: " +
                                           std::generic_category().message(failure));
  }

  /// Returns the system's error number, 0 for success. An empty file stays unmapped.
  int map(int descriptor, off_t size) noexcept {
    if (size == 0) return 0;
    void* const start =
        ::mmap(nullptr, static_cast<std::size_t>(size), PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED) return errno;
    start_ = start;
    size_ = static_cast<std::size_t>(size);
    return 0;
  }

  std::string path_;
  void* start_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace outthink::backends
