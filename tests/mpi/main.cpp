// SPDX-License-Identifier: MIT
// Every rank runs the tests; only rank 0 says so, unless a check fails.
#define DOCTEST_CONFIG_IMPLEMENT
#include <outthink/runtime/distribution/mpi_ranks.hpp>

#include <doctest/doctest.h>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  doctest::Context tests(argc, argv);
  tests.setOption("no-colors", true);  // mpirun looks like a terminal
  if (rank != 0) tests.setOption("quiet", true);
  int failed = tests.run();
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return failed;
}
