#!/usr/bin/env bash
# OpenAI's own client for Node.js talks to serve_gguf: openai_client.sh FOLDER, where the example
# was built. The package comes through npm; where npm cannot fetch it, the check is skipped.
set -u
. "$(dirname "$0")/common.sh"
server=${1:?the folder of the built examples}/serve_gguf
version=4.104.0  # of those that run on the Node.js of Debian 12
folder=$root/build/openai_client
for program in node npm "$server"; do
  command -v "$program" >/dev/null || {
    echo "missing: $program"
    exit 1
  }
done

mkdir -p "$folder"
cp "$root/tests/checks/openai_client.mjs" "$folder"
if [ ! -d "$folder/node_modules/openai" ] &&
  ! (cd "$folder" && npm install --no-audit --no-fund --no-save "openai@$version"); then
  echo "skipped: npm cannot fetch the package openai $version"
  exit 0
fi

# A free port is known only once it is taken: try some.
for port in 18431 28431 38431 48431; do
  "$server" --task arithmetic --port $port >"$folder/server.log" 2>&1 &
  serving=$!
  trap 'kill $serving 2>/dev/null' EXIT
  for _ in $(seq 200); do
    grep -q http "$folder/server.log" && break
    kill -0 $serving 2>/dev/null || continue 2
    sleep 0.1
  done
  sleep 0.2
  kill -0 $serving 2>/dev/null && break
done
node "$folder/openai_client.mjs" "http://127.0.0.1:$port/v1" || finding "the client and serve_gguf disagree"
finish
