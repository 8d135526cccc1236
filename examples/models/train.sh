#!/bin/sh
# Train all models from nothing: ./train.sh [--large] [FOLDER]   (default: the folder of this script)
# --large: then a larger policy for chained arithmetic, too, that the others are compared with; it is not shipped.
# Files that are already there are kept, so an interrupted run goes on where it stopped; delete a file to train it again.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
large=
if [ "${1:-}" = --large ]; then
    large=arithmetic-policy-large
    shift
fi
out=${1:-$here}
mkdir -p "$out"
out=$(CDPATH= cd -- "$out" && pwd)
python=${PYTHON:-/usr/bin/python3}

missing=
"$python" -c 'import torch' 2>/dev/null || missing="$missing python3-torch"
"$python" -c 'import numpy' 2>/dev/null || missing="$missing python3-numpy"
command -v "${CXX:-c++}" >/dev/null || missing="$missing g++"
ls /usr/lib/*/openblas-pthread/libblas.so.3 >/dev/null 2>&1 || missing="$missing libopenblas0-pthread"
if [ -n "$missing" ]; then
    echo "installing:$missing"
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    # shellcheck disable=SC2086  # both are word lists
    { $as_root apt-get update -q && $as_root apt-get install -y -q --no-install-recommends $missing; } ||
        { echo "train.sh: please install:$missing (without OpenBLAS training takes fifty times as long)" >&2; exit 1; }
fi

# One thread per process and two processes: faster than two threads in one. Keep freed memory for the next step.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=4294967296 MALLOC_TOP_PAD_=268435456
# oneDNN compiles a kernel for every shape and keeps 1,024 of them; batches of different lengths need more.
export ONEDNN_PRIMITIVE_CACHE_CAPACITY=16384
# OpenBLAS takes some newer processors for old ones.
if grep -q avx512dq /proc/cpuinfo 2>/dev/null; then export OPENBLAS_CORETYPE=SkylakeX; fi

cd "$here/recipe"
"$python" problems.py
"$python" check_splits.py
"$python" stages.py --out "$out" game24-policy game24-value &
game24=$!
"$python" stages.py --out "$out" arithmetic-policy arithmetic-value
wait "$game24"
[ -z "$large" ] || "$python" stages.py --out "$out" "$large"
