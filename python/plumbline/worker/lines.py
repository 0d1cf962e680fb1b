"""JSON lines: one line in, one line out, until the input ends."""

import json
import platform
import traceback
from collections.abc import Callable
from typing import Any, TextIO

from .answers import WrongShape, column_of
from .frame import rows_of

PROTOCOL = 1


def serve(questions: TextIO, answers: TextIO, open_model: Callable[[], Any]) -> int:
    """Answers each line. The first one is the greeting; what it cannot open it says, and ends with 1."""

    def say(value: dict[str, Any]) -> None:
        answers.write(json.dumps(value, allow_nan=False, separators=(",", ":")) + "\n")
        answers.flush()

    first = questions.readline()
    if not first:
        return 0
    greeting = json.loads(first)
    try:
        model = open_model()
    except Exception as error:  # A model file can fail in any way its library knows.
        say({"plumbline": PROTOCOL, "error": words(error)})
        return 1
    say({"plumbline": PROTOCOL, "says": {"python": platform.python_version(), **model.says}})
    inputs, outputs = greeting["inputs"], greeting["outputs"]
    for line in questions:
        question = json.loads(line)
        say({"id": question["id"], **answer(model, inputs, outputs, question["columns"], question["rows"])})
    return 0


def answer(model: Any, inputs: list, outputs: list, columns: dict, rows: int) -> dict[str, Any]:
    """The answers to a batch. Where it fails as a whole, each half is asked on its own, so that one bad row spoils no other."""
    lists: dict[str, list] = {output["name"]: [None] * rows for output in outputs}
    errors: dict[str, str] = {}

    def ask(start: int, end: int) -> None:
        part = {name: cells[start:end] for name, cells in columns.items()}
        try:
            found = model.answer(rows_of(inputs, part, end - start), outputs)
            for output in outputs:
                lists[output["name"]][start:end] = column_of(found[output["name"]], output, end - start)
        except WrongShape:
            raise
        except Exception as error:
            if end - start == 1:
                errors[str(start)] = words(error)
                return
            middle = (start + end) // 2
            ask(start, middle)
            ask(middle, end)

    try:
        ask(0, rows)
    except WrongShape as error:
        return {"error": str(error)}
    if len(errors) == rows and rows > 0:
        return {"error": errors["0"]}
    return {"outputs": lists, "errors": errors} if errors else {"outputs": lists}


def words(error: BaseException) -> str:
    """What was raised, in a line."""
    return "".join(traceback.format_exception_only(error)).strip().replace("\n", " ")[:500]
