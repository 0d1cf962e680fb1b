#!/usr/bin/env bash
# Installs the clients and servers of other makers that the tests beside this file talk to, into .work/ of the repository.
# Where there is no Python it says so and ends well: those tests are then skipped, by name.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$here/../../.work/interop-python"

if cmp -s "$here/requirements.txt" "$venv/installed.txt"; then exit 0; fi
if ! python3 -c 'import ensurepip, venv' 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  (apt-get update -qq && apt-get install -y -qq python3-venv) >/dev/null 2>&1 || true
fi
if python3 -m venv --clear "$venv" &&
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"; then
  cp "$here/requirements.txt" "$venv/installed.txt"
  printf 'Python with tritonclient and mlserver: .work/interop-python\n'
else
  printf 'No Python with tritonclient and mlserver here: tests/interop will be skipped.\n'
fi
