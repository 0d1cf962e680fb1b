#!/usr/bin/env bash
# Installs pytest and onnxruntime, by which generated suites are run, into .work/ of the repository. Where there is no Python it
# says so and ends well: those tests are then skipped, by name.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$here/../../.work/pytest-python"

if cmp -s "$here/requirements.txt" "$venv/installed.txt"; then exit 0; fi
if python3 -m venv --clear "$venv" &&
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"; then
  cp "$here/requirements.txt" "$venv/installed.txt"
  printf 'Python with pytest and onnxruntime: .work/pytest-python\n'
else
  printf 'No Python with pytest and onnxruntime here: suites for pytest are not run.\n'
fi
