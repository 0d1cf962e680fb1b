"""A function behind the guard of a spec: the clauses that `plumb guard` enforces on requests, enforced on calls."""

import functools
import json
import math
import os
import subprocess
import threading
import uuid
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .cli import CommandFailed, node, project_of, run, words

Rows = Sequence[Mapping[str, Any]]


def beside_clauses(violation: Mapping[str, Any]) -> str:
    """What is wrong with a row that no clause of the spec speaks of; empty where one does."""
    if "clause" in violation:
        return ""
    kind = str(violation.get("kind", "")).replace("-", " ")
    named = violation.get("field", violation.get("column"))
    return kind if named is None else f"{kind} {named!r}"


class Rejected(ValueError):
    """A row violates a clause that rejects. `row` is its place in the call, `phase` is "input" or "output"."""

    def __init__(self, answer: dict[str, Any]):
        self.clauses: list[str] = answer.get("clauses", [])
        self.row: int = answer.get("row", 0)
        self.phase: str = answer.get("phase", "input")
        self.findings: list[dict[str, Any]] = answer.get("findings", [])
        why = [*self.clauses, *(text for each in answer.get("violations", []) if (text := beside_clauses(each)))]
        super().__init__(f"row {self.row} is rejected on {self.phase}: {', '.join(why) or answer.get('problem', '')}")


class Unavailable(RuntimeError):
    """Nobody could answer: the model failed and there is no fallback, or the fallback failed or violates a clause, too."""

    def __init__(self, answer: dict[str, Any]):
        self.reason: str = answer["reason"]
        super().__init__(": ".join(part for part in (self.reason, answer.get("cause")) if part))


class Guard:
    """The guard of a spec, compiled once and kept in a process of its own. Calls from several threads take turns."""

    def __init__(self, spec: str | os.PathLike[str] = ".", *, fallback: Callable[[Any], Any] | None = None):
        folder, named = project_of(spec)
        module = Path(".plumb") / "guards" / f"{uuid.uuid4().hex}.mjs"
        (folder / module).parent.mkdir(parents=True, exist_ok=True)
        done = run(folder, "guard", *named, "--out", str(module))
        if done.returncode != 0:
            raise CommandFailed(done.returncode, words(done.stderr, done.stdout))
        self.fallback = fallback
        self.turn = threading.Lock()
        bridge = Path(__file__).with_name("bridge.mjs")
        self.process = subprocess.Popen(
            [node(), str(bridge), str((folder / module).resolve()), "no" if fallback is None else "yes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.close = weakref.finalize(self, end, self.process)
        ready = self.hear()
        (folder / module).unlink(missing_ok=True)
        self.not_enforced: list[Any] = ready["notEnforced"]

    def serve(self, rows: Rows, model: Callable[[list[dict[str, Any]]], Rows]) -> list[dict[str, Any]]:
        """What the model answers for rows that the clauses admit, where its answers satisfy them. See `Rejected`, `Unavailable`."""
        with self.turn:
            name = uuid.uuid4().hex
            self.say({"id": name, "rows": [plain(row) for row in rows]})
            while True:
                heard = self.hear()
                if "ask" not in heard:
                    break
                asked = model if heard["ask"] == "model" else self.fallback
                self.say(answered(asked, heard["rows"]))
        answer = heard["answer"]
        if answer["kind"] == "rejected":
            raise Rejected(answer)
        if answer["kind"] == "unavailable":
            raise Unavailable(answer)
        return answer["rows"]

    def say(self, value: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(value, allow_nan=False) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise CommandFailed(4, "The guard's process has ended.")
        return json.loads(line)


def end(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.wait(timeout=10)
    if process.stdout is not None:
        process.stdout.close()


def answered(asked: Callable[[Any], Any] | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What a function of Python answers; what it raises is a failure of the model, and has a fallback."""
    try:
        if asked is None:
            return {"error": "there is no fallback"}
        return {"rows": [plain(row) for row in asked(rows)]}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Cells as JSON has them: numbers of NumPy become numbers, what is missing (None, NaN) is null."""
    return {str(name): cell_of(value) for name, value in row.items()}


def cell_of(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def guarded(
    spec: str | os.PathLike[str] = ".",
    *,
    fallback: Callable[[Any], Any] | None = None,
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Puts a function behind the guard of a spec.

    The function takes rows and answers rows: a list of dicts, or one dict where it is called with one. It is asked only for what
    the input clauses admit, and what it answers is held to the output clauses. The first call compiles the guard.
    """

    def decorate(model: Callable[[Any], Any]) -> Callable[[Any], Any]:
        guard: list[Guard] = []
        begin = threading.Lock()

        @functools.wraps(model)
        def call(rows: Any) -> Any:
            with begin:
                if not guard:
                    guard.append(Guard(spec, fallback=fallback))
            if isinstance(rows, Mapping):
                return guard[0].serve([rows], lambda asked: [model(asked[0])])[0]
            return guard[0].serve(list(rows), model)

        return call

    return decorate
