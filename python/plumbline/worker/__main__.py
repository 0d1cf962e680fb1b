"""python -m plumbline.worker [--kind KIND] [--trust-type NAME …] FILE"""

import argparse
import os
import sys

from .lines import serve
from .models import KINDS, open_model


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m plumbline.worker", description="Answers rows with a model of Python.")
    parser.add_argument("--kind", choices=sorted(KINDS), help="what the file is (default: by its name)")
    parser.add_argument(
        "--trust-type",
        action="append",
        default=[],
        metavar="NAME",
        help="a type that a skops file may load beside those of scikit-learn; may be repeated",
    )
    parser.add_argument("file", help="the model; joblib and pickle files run code when they are opened")
    options = parser.parse_args()
    # What libraries print is for people: the standard output belongs to the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return serve(sys.stdin.buffer, answers, lambda: open_model(options.file, options.kind, options.trust_type))


if __name__ == "__main__":
    sys.exit(main())
