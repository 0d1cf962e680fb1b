#!/usr/bin/env bash
# ClickHouse as a library of Python (chdb), and a reader of many dialects of SQL (sqlglot), for the tests of dialects that no server is asked
# in. The download is large (300 MB); where it cannot be had, those tests are skipped by name, and this ends well having said so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

versions='chdb-core==26.9.0 sqlglot==30.30.0'
home=.work/clickhouse
if [ "$(cat "$home/installed" 2>/dev/null)" = "$versions" ]; then exit 0; fi
mkdir -p .work
# shellcheck disable=SC2086
if python3 -m venv --clear "$home" >/dev/null 2>&1 &&
  timeout 600 "$home/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir $versions >"$home/install.log" 2>&1; then
  printf '%s\n' "$versions" >"$home/installed"
else
  printf 'No ClickHouse here: chdb cannot be installed. Its tests are skipped.\n'
fi
