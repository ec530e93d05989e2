#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: PostgreSQL's server. The tests start a
# throw-away cluster of their own from its binaries; the system's cluster is not used.
set -euo pipefail

if ! command -v cargo >/dev/null; then
    echo "Rust is missing: install the stable toolchain with rustup, then run this again." >&2
    exit 1
fi
if ! command -v cc >/dev/null; then
    echo "A C compiler is missing: install gcc or clang, then run this again." >&2
    exit 1
fi
if [ -n "${PURSER_TEST_PG:-}" ] || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then
    exit 0
fi
echo "PostgreSQL's server is missing; installing it with apt-get."
if [ "$(id -u)" -eq 0 ]; then sudo=""; else sudo="sudo"; fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null
