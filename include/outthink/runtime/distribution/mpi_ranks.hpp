// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/distribution.hpp>

// MPI's own C++ bindings are gone from the standard, not from every header.
#ifndef OMPI_SKIP_MPICXX
#define OMPI_SKIP_MPICXX 1
#endif
#ifndef MPICH_SKIP_MPICXX
#define MPICH_SKIP_MPICXX 1
#endif
#include <mpi.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <thread>

namespace outthink {

/// @brief The processes that `mpirun` started, or this one alone without it; models
/// `message_ranks`.
///
/// How it works: begins MPI if nobody has, and then ends it too; messages go through a communicator
/// of its own. While it waits, it sleeps up to a millisecond between looks, so that a waiting rank
/// leaves its core to others.
///
/// Requires: all ranks of the communicator make it and end it together; used from one thread, the
/// one that began MPI. Cost: a message is copied once on each side. Errors: MPI's own, which by
/// default end all processes. Where an exception ends a rank, MPI is not ended there, and `mpirun`
/// stops the others instead of letting them wait for ever.
/// Example: examples/mpi_sweep.cpp.
class mpi_ranks {
 public:
  mpi_ranks() : mpi_ranks(started()) {}

  /// The ranks of `ranks`; MPI must have been begun.
  explicit mpi_ranks(MPI_Comm ranks) { MPI_Comm_dup(ranks, &ranks_); }

  mpi_ranks(const mpi_ranks&) = delete;
  mpi_ranks& operator=(const mpi_ranks&) = delete;

  ~mpi_ranks() {
    if (std::uncaught_exceptions() > exceptions_) return;
    MPI_Comm_free(&ranks_);
    if (owns_mpi_) MPI_Finalize();
  }

  [[nodiscard]] int rank() const {
    int rank = 0;
    MPI_Comm_rank(ranks_, &rank);
    return rank;
  }

  [[nodiscard]] int size() const {
    int size = 0;
    MPI_Comm_size(ranks_, &size);
    return size;
  }

  void send(int to, message_kind kind, std::string_view bytes) {
    require(bytes.size() < 0x7FFFFFFF, "a message between ranks must be below 2 GiB");
    MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, to, static_cast<int>(kind),
             ranks_);
  }

  [[nodiscard]] rank_message receive() {
    MPI_Status status;
    wait_for_message(status);
    int size = 0;
    MPI_Get_count(&status, MPI_BYTE, &size);
    rank_message got{status.MPI_SOURCE, message_kind{status.MPI_TAG},
                     std::string(static_cast<std::size_t>(size), '\0')};
    MPI_Recv(got.bytes.data(), size, MPI_BYTE, got.from, status.MPI_TAG, ranks_, MPI_STATUS_IGNORE);
    return got;
  }

 private:
  struct started {
    bool here = false;

    started() {
      int begun = 0;
      MPI_Initialized(&begun);
      here = begun == 0;
      if (here) MPI_Init(nullptr, nullptr);
    }
  };

  explicit mpi_ranks(started mpi) : mpi_ranks(MPI_COMM_WORLD) { owns_mpi_ = mpi.here; }

  void wait_for_message(MPI_Status& status) {
    auto pause = std::chrono::microseconds(10);
    for (;;) {
      int arrived = 0;
      MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, ranks_, &arrived, &status);
      if (arrived != 0) return;
      std::this_thread::sleep_for(pause);
      pause = pause < std::chrono::microseconds(500) ? 2 * pause : std::chrono::microseconds(1000);
    }
  }

  MPI_Comm ranks_ = MPI_COMM_NULL;
  bool owns_mpi_ = false;
  int exceptions_ = std::uncaught_exceptions();
};

}  // namespace outthink
