#!/usr/bin/env bash
# Trino's server as libraries of Maven Central (130 MB), for the tests that ask it: the archive of the whole server is not there. Without Java 17
# or later, or Maven, those tests are skipped by name, and this ends well having said so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

home=.work/trino
skip() {
  printf 'No Trino here: %s. Its tests are skipped.\n' "$1"
  exit 0
}

command -v java >/dev/null || skip 'no Java (17 or later)'
command -v mvn >/dev/null || skip 'no Maven'
if cmp -s tools/trino/pom.xml "$home/installed"; then exit 0; fi
mkdir -p "$home"
timeout 900 mvn --batch-mode --quiet --file tools/trino/pom.xml dependency:copy-dependencies "-DoutputDirectory=$PWD/$home/lib" >"$home/install.log" 2>&1 ||
  skip "its libraries cannot be had ($home/install.log says why)"
cp tools/trino/pom.xml "$home/installed"
