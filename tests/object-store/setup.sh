#!/usr/bin/env bash
# A server that speaks S3's protocol, DuckDB's extension `httpfs` as PyPI has it, and the DuckDB of the same version, for the test beside
# this file, into .work/ of the repository. Where one of them cannot be had it says so and ends well: the test is then skipped, by name.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
home="$here/../../.work/object-store"
duckdb=1.5.5

if cmp -s "$here/requirements.txt" "$home/installed.txt"; then exit 0; fi
mkdir -p "$home/duckdb"
if python3 -m venv --clear "$home/python" >/dev/null 2>&1 &&
  "$home/python/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" &&
  npm install --silent --no-save --prefix "$home/duckdb" "@duckdb/node-api@$duckdb-r.5" &&
  extension="$(find "$home/python" -path "*/v$duckdb/httpfs.duckdb_extension" | head -n 1)" && [ -n "$extension" ]; then
  printf '%s\n' "$extension" >"$home/extension.txt"
  cp "$here/requirements.txt" "$home/installed.txt"
  printf 'A server of S3 and the extension httpfs: .work/object-store\n'
else
  printf 'No server of S3 or no extension httpfs here: tests/object-store will be skipped.\n'
fi
