#!/usr/bin/env bash
# Builds the web UI into web/dist, from where the binary takes it. What is built already from the same
# sources stays.
set -euo pipefail
cd "$(dirname "$0")/../web"

if ! command -v node >/dev/null || [ "$(node --version | sed 's/v\([0-9]*\).*/\1/')" -lt 20 ]; then
    echo "Node 20 or later is missing: the binary is built without the web UI." >&2
    exit 0
fi
sources=$(find . -path ./node_modules -prune -o -path ./dist -prune -o -path ./screenshots -prune \
    -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
if [ -f dist/index.html ] && [ "$(cat node_modules/.built-from 2>/dev/null)" = "$sources" ]; then
    exit 0
fi
npm ci --silent
npm run --silent build
echo "$sources" >node_modules/.built-from
