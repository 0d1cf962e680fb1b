"""One line in, one line out, until the input ends; rows and answers in the lines, or as Arrow behind them."""

import json
import platform
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from .answers import WrongShape, array_of
from .formats import format_of

PROTOCOL = 1


def serve(questions: BinaryIO, answers: BinaryIO, open_model: Callable[[], Any]) -> int:
    """Answers each line. The first one is the greeting; what it cannot open it says, and ends with 1."""

    def say(value: dict[str, Any], attached: bytes = b"") -> None:
        answers.write(json.dumps(value, allow_nan=False, separators=(",", ":")).encode() + b"\n" + attached)
        answers.flush()

    first = questions.readline()
    if not first:
        return 0
    greeting = json.loads(first)
    try:
        form = format_of(greeting)
        model = open_model()
    except Exception as error:  # A model file can fail in any way its library knows.
        say({"plumbline": PROTOCOL, "error": words(error)})
        return 1
    named = {} if form.name == "json-lines" else {"format": form.name}
    say({"plumbline": PROTOCOL, **named, "says": {"python": platform.python_version(), **model.says}})
    inputs, outputs = greeting["inputs"], greeting["outputs"]
    while line := questions.readline():
        question = json.loads(line)
        columns = form.columns(question, questions)
        value, attached = answer(model, inputs, outputs, form, columns, question["rows"])
        say({"id": question["id"], **value}, attached)
    return 0


def answer(model: Any, inputs: list, outputs: list, form: Any, columns: Any, rows: int) -> tuple[dict[str, Any], bytes]:
    """The answers to a batch. Where it fails as a whole, each half is asked on its own, so that one bad row spoils no other."""
    pieces: dict[str, list] = {output["name"]: [] for output in outputs}
    errors: dict[str, str] = {}

    def ask(start: int, end: int) -> None:
        try:
            found = model.answer(form.rows(inputs, columns, start, end), outputs)
            arrays = {one["name"]: array_of(found[one["name"]], one, end - start) for one in outputs}
        except WrongShape:
            raise
        except Exception as error:
            if end - start == 1:
                errors[str(start)] = words(error)
                return
            middle = (start + end) // 2
            ask(start, middle)
            ask(middle, end)
        else:
            for name, array in arrays.items():
                pieces[name].append((start, array))

    try:
        ask(0, rows)
        if len(errors) == rows and rows > 0:
            return {"error": errors["0"]}, b""
        value, attached = form.said(outputs, pieces, rows)
    except Exception as error:  # What a model answered may be anything, and nothing that can be sent.
        return {"error": str(error) if isinstance(error, WrongShape) else words(error)}, b""
    return ({**value, "errors": errors} if errors else value), attached


def words(error: BaseException) -> str:
    """What was raised, in a line."""
    return "".join(traceback.format_exception_only(error)).strip().replace("\n", " ")[:500]
