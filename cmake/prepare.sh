# Sourced by the scripts that build: installs what is missing, or says what it is and stops.
#
#   install_missing PACKAGE...   Debian packages; what is there already, from wherever, is kept
#   find_compiler                sets CXX to a g++ or clang++ that is new enough, if it is not set
#   find_cmake                   puts a cmake of at least 3.24 on the PATH
#
# shellcheck shell=bash

prepare_stop() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# Can the compiler see this header?
has_header() {
  local compiler
  for compiler in "${CXX:-}" c++ g++ clang++ g++-12 g++-13 g++-14; do
    [ -n "$compiler" ] && command -v "${compiler%% *}" >/dev/null || continue
    echo "#include <$1>" | $compiler -std=c++20 -E -x c++ - >/dev/null 2>&1
    return
  done
  return 1
}

is_there() {
  case $1 in
    cmake | make | ccache | git | python3 | wrk | npm | chromium | g++ | g++-[0-9]* | clang-[0-9]* | clang-format-[0-9]*)
      command -v "$1" >/dev/null ;;
    ninja-build) command -v ninja >/dev/null ;;
    nodejs) command -v node >/dev/null ;;
    doctest-dev) has_header doctest/doctest.h ;;
    libfmt-dev) has_header fmt/format.h ;;
    nlohmann-json3-dev) has_header nlohmann/json.hpp ;;
    libcli11-dev) has_header CLI/CLI.hpp ;;
    *) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' ;;
  esac
}

install_missing() {
  local package missing=() as_root=()
  for package; do is_there "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null ||
    prepare_stop "missing: ${missing[*]} (Debian's names; there is no apt-get here to install them)"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || prepare_stop "missing: ${missing[*]} (neither root nor sudo)"
    as_root=(sudo)
    [ -t 0 ] || as_root+=(-n)
  fi
  echo "installing ${missing[*]}"
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  local apt=(apt-get -q -o DPkg::Lock::Timeout=120)
  local log
  log=$(mktemp)
  "${as_root[@]}" "${apt[@]}" update >"$log" 2>&1
  "${as_root[@]}" "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1
  for package in "${missing[@]}"; do
    is_there "$package" && continue
    tail -n 20 "$log" >&2
    rm -f "$log"
    prepare_stop "missing: $package (apt could not install it)"
  done
  rm -f "$log"
}

# g++ below 12 and clang++ below 16 lack parts of C++20 that the library uses.
is_new_enough() {
  local version
  version=$("$1" -dumpversion 2>/dev/null) || return 1
  if "$1" --version | grep -q clang; then [ "${version%%.*}" -ge 16 ]; else [ "${version%%.*}" -ge 12 ]; fi
}

find_compiler() {
  local compiler
  [ -z "${CXX:-}" ] || return 0
  for compiler in g++ g++-12 g++-13 g++-14 g++-15 clang++; do
    if command -v $compiler >/dev/null && is_new_enough $compiler; then
      export CXX=$compiler
      return
    fi
  done
  if command -v g++ >/dev/null; then install_missing g++-12; else install_missing g++; fi
  for compiler in g++ g++-12; do
    if command -v $compiler >/dev/null && is_new_enough $compiler; then
      export CXX=$compiler
      return
    fi
  done
  prepare_stop "missing: a C++20 compiler (g++ 12 or later, or clang++ 16 or later); set CXX to it"
}

cmake_is_new_enough() {
  cmake --version 2>/dev/null | awk 'NR == 1 { split($3, v, "."); exit !(v[1] > 3 || v[2] >= 24) }'
}

# Ubuntu 22.04 has cmake 3.22: there a newer one is put into build/tools, touching nothing else.
find_cmake() {
  local tools=$1/build/tools
  command -v cmake >/dev/null || [ -x "$tools/bin/cmake" ] || install_missing cmake
  cmake_is_new_enough && return
  PATH=$tools/bin:$PATH
  cmake_is_new_enough && return
  echo "cmake $(cmake --version | awk 'NR == 1 { print $3 }') is too old, installing one into $tools"
  install_missing python3-venv
  { python3 -m venv "$tools" && "$tools/bin/pip" install -q 'cmake>=3.24'; } >&2 &&
    cmake_is_new_enough && return
  prepare_stop "missing: cmake 3.24 or later ('pip install cmake' and 'snap install cmake --classic' have it)"
}
