#!/usr/bin/env bash
# Installs what the package in python/ is used with into .work/ of the repository; the package itself is installed by the tests.
# Where there is no Python, or no network, it says so and ends well: those tests are then skipped, by name.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$here/../../.work/client-python"

if cmp -s "$here/requirements.txt" "$venv/installed.txt"; then exit 0; fi
if python3 -m venv --clear "$venv" &&
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"; then
  cp "$here/requirements.txt" "$venv/installed.txt"
  printf 'Python with pandas, pytest and Node: .work/client-python\n'
else
  printf 'No Python with pandas, pytest and Node here: tests/python-client will be skipped.\n'
fi
