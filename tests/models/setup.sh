#!/usr/bin/env bash
# Installs the libraries whose models and servers the tests beside this file use, into .work/ of the repository.
# Where there is no Python, or no network, it says so and ends well: those tests are then skipped, by name.
# `--torch` installs PyTorch as well, of which PyPI has wheels for Linux with a graphics card only: 6 GB, so not without being asked.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

install() { # folder, requirements, what they are
  local venv="$here/../../.work/$1"
  if cmp -s "$here/$2" "$venv/installed.txt"; then return; fi
  if python3 -m venv --clear "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/$2"; then
    cp "$here/$2" "$venv/installed.txt"
    printf 'Python with %s: .work/%s\n' "$3" "$1"
  else
    printf 'No Python with %s here: their tests in tests/models will be skipped.\n' "$3"
  fi
}

install models-python requirements.txt 'scikit-learn, LightGBM, XGBoost and MLflow'
if [ "${1-}" = --torch ]; then install torch-python requirements-torch.txt PyTorch; fi
