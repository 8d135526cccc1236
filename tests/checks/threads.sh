#!/usr/bin/env bash
# Runs the tests that start threads with the thread sanitizer: threads.sh COMPILER
set -u
. "$(dirname "$0")/common.sh"
files=$(cd "$root/tests" && grep -lE 'std::j?thread|thread_pool|\.threads = [2-9]' -r backends core runtime --include=*.cpp | paste -sd '|')
OUTTHINK_BUILD_DIR=$root/build/ci/threads exec "$root/tests/run.sh" clang -DOUTTHINK_OFFLINE=ON \
  -DCMAKE_CXX_COMPILER="$1" -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" -DCMAKE_CXX_FLAGS="-fsanitize=thread" \
  -DOUTTHINK_TEST_ROLES="backends;core;http;journal;runtime" -DOUTTHINK_TEST_FILES="$files"
