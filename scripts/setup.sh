#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: PostgreSQL's server, of whose binaries the tests
# start a throw-away cluster of their own, and Chromium, in which the web UI's story runs.
set -euo pipefail

if ! command -v cargo >/dev/null; then
    echo "Rust is missing: install the stable toolchain with rustup, then run this again." >&2
    exit 1
fi
if ! command -v cc >/dev/null; then
    echo "A C compiler is missing: install gcc or clang, then run this again." >&2
    exit 1
fi
missing=()
if [ -z "${PURSER_TEST_PG:-}" ] && ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then
    missing+=(postgresql)
fi
if [ -z "${CHROMIUM:-}" ] && [ ! -x /usr/bin/chromium ]; then
    missing+=(chromium)
fi
[ "${#missing[@]}" -eq 0 ] && exit 0
echo "Missing and installed now with apt-get: ${missing[*]}"
if [ "$(id -u)" -eq 0 ]; then sudo=""; else sudo="sudo"; fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
