#!/usr/bin/env bash
# Installs the libraries whose models and servers the tests beside this file use, into .work/ of the repository.
# Where there is no Python, or no network, it says so and ends well: those tests are then skipped, by name.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$here/../../.work/models-python"

if cmp -s "$here/requirements.txt" "$venv/installed.txt"; then exit 0; fi
if python3 -m venv --clear "$venv" &&
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"; then
  cp "$here/requirements.txt" "$venv/installed.txt"
  printf 'Python with scikit-learn, LightGBM, XGBoost and MLflow: .work/models-python\n'
else
  printf 'No Python with scikit-learn, LightGBM, XGBoost and MLflow here: tests/models will be skipped.\n'
fi
