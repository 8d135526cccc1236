#!/usr/bin/env bash
# Headers include downwards only. Bottom up: core, concepts, kernels, answers, sampling, stopping, then
# policies, verifiers and aggregators, then runtime, backends, analysis, interop.
set -u
. "$(dirname "$0")/common.sh"

# Headers below interop/ that may include what is neither the library nor the standard library: the
# backends over HTTP use libcurl and nlohmann_json (component outthink::http), a journal SQLite and
# POSIX, others what they are named after.
edges='^(backends/(transformer/mapped_file|http/.*|openai|openai/.*|reward_server|llama_cpp|llama_cpp/.*)|runtime/(journal/(database|journal_writer|writer_lock)|distribution/mpi_ranks))\.hpp$'
# Standard headers that are too dear for the umbrella.
dear='iostream regex random functional thread'

layer() {
  case $1 in
    core) echo 0 ;; concepts) echo 1 ;; kernels) echo 2 ;; answers) echo 3 ;; sampling) echo 4 ;;
    stopping) echo 5 ;; policies | verifiers | aggregators) echo 6 ;;
    runtime) echo 7 ;; backends) echo 8 ;; analysis) echo 9 ;; interop) echo 10 ;;
    *) echo unknown ;;
  esac
}

# What a header includes, one per line, "" or <> kept; also what for_each_target.inl includes for it.
includes_of() {
  sed -nE 's/^ *# *include *([<"][^>"]*[>"]).*/\1/p; s/^#define OUTTHINK_KERNEL (<.*>).*/\1/p' "$1"
}

check_own() { # header, what it includes of the library, both below include/outthink
  local header=$1 included=$2 role=${1%%/*} other=${2%%/*}
  case $included in
    */*) ;;
    *) finding "$header includes <outthink/$included>: a header includes no umbrella"; return ;;
  esac
  local from to
  from=$(layer "$role") to=$(layer "$other")
  if [ "$to" = unknown ]; then
    finding "$header includes <outthink/$included>, which is in no layer"
  elif [ "$role" != "$other" ]; then
    [ "$to" -lt "$from" ] || finding "$header includes <outthink/$included>, which is not below it"
    case $role/$other in
      backends/policies | backends/verifiers | backends/aggregators)
        finding "$header includes <outthink/$included>: they meet in the user's code" ;;
    esac
  elif [ "$role" = policies ] || [ "$role" = backends ]; then
    # x.hpp and the files in x/ are one family; families do not know each other. backends/http/ is
    # what the backends over HTTP share.
    local family=${header#*/} other_family=${included#*/}
    family=${family%%/*} other_family=${other_family%%/*}
    [ "${family%.*}" = "${other_family%.*}" ] || [ "$role/$other_family" = backends/http ] ||
      finding "$header includes <outthink/$included>: ${role} do not include each other"
  fi
}

check_foreign() { # header, an include in its brackets
  local header=$1 included=$2
  [[ $included =~ ^\<[a-z_0-9]+\>$ || $header == interop/* || $header =~ $edges ]] ||
    finding "$header includes $included: only interop/ includes more than the standard library"
}

declare -A standard_of own_of
while IFS= read -r file; do
  header=${file#include/outthink/}
  case $header in
    */*) [ "$(layer "${header%%/*}")" != unknown ] || finding "$header is in no layer" ;;
  esac
  while IFS= read -r included; do
    case $included in
      '<outthink/'*)
        own=${included#<outthink/} own=${own%>}
        own_of[$header]+=" $own"
        case $header in
          */*) check_own "$header" "$own" ;;
        esac
        ;;
      *)
        standard_of[$header]+=" $included"
        check_foreign "$header" "$included"
        ;;
    esac
  done < <(includes_of "$root/$file")
done < <(project_files '^include/outthink/.*\.(hpp|inl)$')
[ ${#own_of[@]} -gt 0 ] || finding "no header was found"

# The umbrella's closure.
declare -A reached=([outthink.hpp]=outthink.hpp)
queue=(outthink.hpp)
while [ ${#queue[@]} -gt 0 ]; do
  header=${queue[0]} queue=("${queue[@]:1}")
  for included in ${own_of[$header]:-}; do
    [ -z "${reached[$included]:-}" ] || continue
    reached[$included]="$included < ${reached[$header]}"
    queue+=("$included")
  done
  for heavy in $dear; do
    case " ${standard_of[$header]:-} " in
      *" <$heavy> "*) finding "the umbrella includes <$heavy> (${reached[$header]})" ;;
    esac
  done
done
finish
