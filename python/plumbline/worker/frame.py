"""Rows as models of Python take them: a pandas data frame where pandas is there, else a matrix of numbers."""

import math
from typing import Any


def rows_of(inputs: list[dict[str, Any]], columns: dict[str, list], rows: int) -> Any:
    """The columns in the order of the spec. A missing cell is NaN; whole numbers with missing cells are floats, as pandas has it."""
    try:
        import pandas
    except ImportError:
        return matrix_of(inputs, columns, rows)
    cells = {one["name"]: series_of(pandas, one["type"], columns[one["name"]]) for one in inputs}
    return pandas.DataFrame(cells, index=range(rows))


def series_of(pandas: Any, kind: str, cells: list) -> Any:
    values = [number_of(cell) if kind in ("number", "integer") else cell for cell in cells]
    if kind == "number":
        return pandas.Series([math.nan if value is None else value for value in values], dtype="float64")
    if kind in ("integer", "boolean") and None not in values:
        return pandas.Series(values, dtype="int64" if kind == "integer" else "bool")
    if kind == "integer":
        return pandas.Series([math.nan if value is None else value for value in values], dtype="float64")
    if kind == "category" and values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return pandas.Series(values, dtype="int64")
    return pandas.Series(values, dtype="object")


def matrix_of(inputs: list[dict[str, Any]], columns: dict[str, list], rows: int) -> Any:
    import numpy

    lists = [[math.nan if cell is None else float(number_of(cell)) for cell in columns[one["name"]]] for one in inputs]
    return numpy.array(lists, dtype="float64").reshape(len(inputs), rows).T


def number_of(cell: Any) -> Any:
    """A number that JSON could only say as a text."""
    if not isinstance(cell, str):
        return cell
    return int(cell) if cell.lstrip("-").isdigit() else float(cell)
