#!/usr/bin/env bash
# PySpark, which holds all of Spark, for the tests that ask a cluster. Its download is large (450 MB); without it, or without Java, those
# tests are skipped by name, and this ends well having said so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=4.3.0
home=.work/spark
skip() {
  printf 'No Spark here: %s. Its tests are skipped.\n' "$1"
  exit 0
}

command -v java >/dev/null || skip 'no Java (17 or later)'
command -v python3 >/dev/null || skip 'no Python'
if [ "$(cat "$home/installed" 2>/dev/null)" = "$version" ]; then exit 0; fi
mkdir -p .work
python3 -m venv "$home" >/dev/null 2>&1 || skip 'Python makes no virtual environment'
timeout 600 "$home/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir "pyspark==$version" >"$home/install.log" 2>&1 ||
  skip "pyspark $version cannot be installed ($home/install.log says why)"
printf '%s\n' "$version" >"$home/installed"
