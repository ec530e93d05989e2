#!/usr/bin/env bash
# Stops the throw-away cluster that the tests started and removes it.
set -euo pipefail

for folder in /dev/shm/purser-test-pg "${TMPDIR:-/tmp}/purser-test-pg"; do
    pid_file="$folder/data/postmaster.pid"
    [ -f "$pid_file" ] || continue
    pid=$(head -n 1 "$pid_file")
    kill -INT "$pid" 2>/dev/null || true
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    rm -rf "$folder"
done
