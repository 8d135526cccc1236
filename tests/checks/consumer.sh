#!/usr/bin/env bash
# A project that uses the library builds and runs: consumer.sh find_package BUILD | add_subdirectory
#
# With find_package, BUILD is a configured build folder that is installed first, and then moved.
set -eu
. "$(dirname "$0")/common.sh"
way=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

options=(-DOUTTHINK_OFFLINE=ON)
if [ "$way" = find_package ]; then
  cmake --install "$2" --prefix "$folder/staged" >/dev/null
  mv "$folder/staged" "$folder/prefix"
  options=(-DCMAKE_PREFIX_PATH="$folder/prefix")
  if cmake -S "$root/tests/consumer/$way" -B "$folder/other" "${options[@]}" -DWANTED=0.99 \
    >"$folder/log" 2>&1; then
    finding "the package passes for version 0.99"
  fi
fi
cmake -S "$root/tests/consumer/$way" -B "$folder/build" -DCMAKE_BUILD_TYPE=Debug "${options[@]}"
cmake --build "$folder/build" --parallel 2
"$folder/build/core_only"
"$folder/build/with_components"
finish
