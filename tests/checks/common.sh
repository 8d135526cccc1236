# Sourced by the checks. shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
failures=0

# Reports a finding; the check goes on and fails at its end.
finding() {
  echo "$*"
  failures=$((failures + 1))
}

finish() {
  [ "$failures" -eq 0 ] || echo "$failures found"
  [ "$failures" -eq 0 ]
  exit
}

# The project's files whose paths match an extended regular expression, tracked or about to be.
project_files() {
  {
    git -C "$root" ls-files -co --exclude-standard 2>/dev/null ||
      (cd "$root" && find . -type f -not -path './build/*' -not -path './.git/*' | sed 's,^\./,,')
  } | sort -u | grep -E "$1" | while IFS= read -r file; do
    [ -f "$root/$file" ] && echo "$file"
  done
  return 0
}

# What the headers of optional components include, for checks that call a compiler: MPI, and the
# stand-in for llama.cpp that the tests use.
# shellcheck disable=SC2034
component_flags=$(pkg-config --cflags-only-I ompi-c 2>/dev/null | sed 's/-I/-isystem /g')
component_flags="$component_flags -isystem $root/tests/backends/llama_cpp"

# The standard headers that every translation unit has anyway: the yardstick of the compile budget.
lean_unit() {
  printf '#include <%s>\n' vector string string_view span optional concepts cstdint
}

# Runs "$@ LINE" for every line of standard input, two at a time; fails if one does.
two_at_a_time() {
  xargs -P 2 -I '{}' "$@" '{}'
}
