"""Rows of Python, tested by a spec."""

import importlib.util
import os
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .cli import project_of, run_json
from .result import Result


def test(
    rows: Any,
    spec: str | os.PathLike[str] = ".",
    *,
    stages: Iterable[str] = ("data",),
    clauses: Iterable[str] = (),
    params: Mapping[str, Any] | None = None,
    candidate: str | None = None,
    trust: bool = False,
) -> Result:
    """Tests rows by a spec, as `plumb test` does, and gives what it says.

    `rows`: a data frame (pandas, Polars, or whatever writes Parquet or CSV) in the place of the only dataset, or a mapping from
    names of datasets to data frames; None tests the files that the spec names. `spec`: its file, or the folder of the project.
    `stages`, `clauses`, `candidate`, `trust`: as for the command; evidence goes to the ledger of the project.
    Raises `CommandFailed` where nothing could be tested: the spec has mistakes, or a dataset is not there.
    """
    folder, named = project_of(spec)
    frames = {} if rows is None else rows if isinstance(rows, Mapping) else {"": rows}
    place = folder / ".plumb" / "frames"
    written: list[Path] = []
    try:
        given: list[str] = []
        for name, frame in frames.items():
            place.mkdir(parents=True, exist_ok=True)
            path = write(frame, place / uuid.uuid4().hex)
            written.append(path)
            given += ["--source", f"{name}={path.relative_to(folder)}" if name else str(path.relative_to(folder))]
        options = [
            *named,
            "--stage",
            *stages,
            *(["--clause", *clauses] if clauses else []),
            *(part for name, value in (params or {}).items() for part in ("--param", f"{name}={value}")),
            *(["--candidate", candidate] if candidate else []),
            *(["--trust"] if trust else []),
            *given,
        ]
        code, said = run_json(folder, "test", *options)
        return Result(code, said)
    finally:
        for path in written:
            path.unlink(missing_ok=True)


test.__test__ = False  # type: ignore[attr-defined]  # pytest: this is no test


def write(frame: Any, path: Path) -> Path:
    """Writes a data frame as Parquet, which keeps its types; as CSV where pandas has nothing to write Parquet with."""
    frame = with_named_index(frame)
    try:
        return write_rows(frame, path)
    except Exception as error:  # the library's own kinds, by whoever writes: pandas, pyarrow, fastparquet, Polars
        if not hasattr(frame, "columns"):
            raise
        raise TypeError(
            f"the rows cannot be written to be tested: {error}. Give every column one name and one type "
            "(numbers, texts, truth values, times), then test again."
        ) from error


def with_named_index(frame: Any) -> Any:
    """A pandas frame whose index has names: they are columns of the spec like any other. A series has no columns at all."""
    if hasattr(frame, "to_frame") and not hasattr(frame, "columns"):
        raise TypeError("rows are a data frame, not one column of it: hand over `column.to_frame()`")
    names = [name for name in getattr(getattr(frame, "index", None), "names", []) if name is not None]
    fresh = names and not set(names) & set(frame.columns)
    return frame.reset_index() if fresh else frame


def write_rows(frame: Any, path: Path) -> Path:
    if hasattr(frame, "write_parquet"):
        frame.write_parquet(path.with_suffix(".parquet"))
        return path.with_suffix(".parquet")
    if hasattr(frame, "to_parquet") and any(importlib.util.find_spec(name) for name in ("pyarrow", "fastparquet")):
        frame.to_parquet(path.with_suffix(".parquet"), index=False)
        return path.with_suffix(".parquet")
    if not hasattr(frame, "to_csv"):
        raise TypeError(f"rows are a data frame that can be written as Parquet or CSV, not {type(frame).__name__}")
    frame.to_csv(path.with_suffix(".csv"), index=False)
    return path.with_suffix(".csv")
