"""What a model answered, as one array for each output, and as lists that JSON can hold."""

import math
from typing import Any


class WrongShape(Exception):
    """The model gave another number of answers than rows, or none of the wanted kind: no row is to blame."""


def array_of(found: Any, output: dict[str, Any], rows: int) -> Any:
    """One value for each row, as an array of NumPy: of a matrix the column that `index` says."""
    import numpy

    array = numpy.asarray(found)
    if array.ndim == 0 or array.shape[0] != rows:
        raise WrongShape(f'the output "{output["name"]}" has the shape {list(array.shape)} for {rows} rows')
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 2:
        index = output.get("index")
        if index is None:
            if array.shape[1] != 2 or output["type"] != "number":
                raise WrongShape(f'the output "{output["name"]}" has {array.shape[1]} columns: say which by `index`')
            index = 1
        if index >= array.shape[1]:
            raise WrongShape(f'the output "{output["name"]}" has {array.shape[1]} columns, and none at the index {index}')
        array = array[:, index]
    elif array.ndim > 2:
        raise WrongShape(f'the output "{output["name"]}" has the shape {list(array.shape)}')
    return array


def cells_of(array: Any, output: dict[str, Any]) -> list[Any]:
    """The values of an array as JSON has them."""
    return [cell(value, output["type"]) for value in array.tolist()]


def cell(value: Any, kind: str) -> Any:
    """A value as JSON has it; what JSON has no number for is a text."""
    if value is None:
        return None
    if kind == "boolean" and value in (0, 1):
        return bool(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        # Classes of a classifier that was fitted on floats are whole numbers all the same.
        return int(value) if kind == "integer" and value.is_integer() else value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    return value
