// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace outthink::detail {

/// @brief Makes this process the only writer of a file, as long as the object lives.
///
/// How it works: an advisory lock on the file `PATH-lock`, which the system gives up when the
/// process ends, however it ends; a lock file that is left behind locks nothing. It does not keep
/// readers out. (SQLite's own locks would: they cannot be held between two transactions.)
///
/// Requires: POSIX, a local file system. Errors: `errc::file_in_use` if there is a writer,
/// `errc::file_unwritable` if the lock file cannot be made.
class writer_lock {
 public:
  explicit writer_lock(const std::string& path) : path_(path + "-lock") {
    while (!take(path)) {
    }
  }
  writer_lock(const writer_lock&) = delete;
  writer_lock& operator=(const writer_lock&) = delete;
  ~writer_lock() {
    ::unlink(path_.c_str());
    ::close(descriptor_);
  }

 private:
  // False if the lock file was removed in between.
  bool take(const std::string& path) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
      throw error(errc::file_unwritable, path_ + ": " + std::generic_category().message(errno));
    }
    struct stat held {};
    struct stat named {};
    int failure = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (failure == 0 && ::fstat(descriptor_, &held) == 0 && ::stat(path_.c_str(), &named) == 0 &&
        held.st_ino == named.st_ino && held.st_dev == named.st_dev) {
      return true;
    }
    ::close(descriptor_);
    if (failure == 0) return false;
    if (failure != EWOULDBLOCK) {
      throw error(errc::file_unwritable, path_ + ": " + std::generic_category().message(failure));
    }
    throw error(errc::file_in_use,
                path +
                    ": another run is writing to this journal; wait for its end, or give this "
                    "run a journal of its own");
  }

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace outthink::detail
