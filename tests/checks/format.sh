#!/usr/bin/env bash
# All C++ files are as clang-format 14 leaves them.
set -u
. "$(dirname "$0")/common.sh"
cd "$root" || exit 1
formatter=$(command -v clang-format-14 || command -v clang-format) || {
  echo "clang-format is not installed"
  exit 1
}
project_files '\.(hpp|cpp|inl)$' | xargs "$formatter" --dry-run --Werror
