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


def table_rows(inputs: list[dict[str, Any]], table: Any) -> Any:
    """The same rows from a table of Arrow, whose numbers are taken over as they lie in memory."""
    try:
        import pandas
    except ImportError:
        import numpy

        return numpy.column_stack([table.column(one["name"]).to_numpy().astype("float64") for one in inputs])
    cells = {one["name"]: arrow_series(pandas, one["type"], table.column(one["name"])) for one in inputs}
    return pandas.DataFrame(cells, index=range(table.num_rows))


def arrow_series(pandas: Any, kind: str, column: Any) -> Any:
    """Numbers with missing cells are floats, whatever else has some is objects: as in `series_of`."""
    import pyarrow.types

    if kind != "number" and pyarrow.types.is_integer(column.type) and column.null_count == 0:
        return pandas.Series(column.to_numpy(), dtype="int64")
    if pyarrow.types.is_integer(column.type) or pyarrow.types.is_floating(column.type):
        return pandas.Series(column.to_numpy(), dtype="float64")
    if pyarrow.types.is_boolean(column.type) and column.null_count == 0:
        return pandas.Series(column.to_numpy(), dtype="bool")
    return pandas.Series(column.to_pylist(), dtype="object")


def matrix_of(inputs: list[dict[str, Any]], columns: dict[str, list], rows: int) -> Any:
    import numpy

    lists = [[math.nan if cell is None else float(number_of(cell)) for cell in columns[one["name"]]] for one in inputs]
    return numpy.array(lists, dtype="float64").reshape(len(inputs), rows).T


def number_of(cell: Any) -> Any:
    """A number that JSON could only say as a text."""
    if not isinstance(cell, str):
        return cell
    return int(cell) if cell.lstrip("-").isdigit() else float(cell)
