#!/usr/bin/env bash
# The report page is what its sources give, and does what it promises, in headless Chromium.
set -u
. "$(dirname "$0")/common.sh"
cd "$root/benchmarks/report" || exit 1
for program in node npm; do
  command -v "$program" >/dev/null || { echo "$program is not installed" && exit 1; }
done
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser)} || {
  echo "Chromium is not installed; CHROMIUM may name one"
  exit 1
}
export CHROMIUM

# The libraries again only when other ones are wanted.
if ! cmp -s package-lock.json node_modules/.installed; then
  npm ci --no-audit --no-fund || exit 1
  cp package-lock.json node_modules/.installed
fi
! grep -n '"resolved"' package-lock.json || finding "package-lock.json names where packages come from"
node build.mjs --check || finding "page.html or LICENSES is stale"
node --test test/index.mjs || finding "tests failed"
finish
