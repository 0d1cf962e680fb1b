"""How rows and answers travel: in the line itself (JSON), or behind it as an Arrow IPC stream of one table."""

import json
from typing import Any, BinaryIO

from .answers import cells_of
from .frame import rows_of, table_rows

Array = Any


class JsonLines:
    """Columns as lists of JSON."""

    name = "json-lines"

    def columns(self, question: dict[str, Any], _questions: BinaryIO) -> dict[str, Any]:
        return question["columns"]

    def rows(self, inputs: list, columns: dict[str, Any], start: int, end: int) -> Any:
        return rows_of(inputs, {name: cells[start:end] for name, cells in columns.items()}, end - start)

    def said(self, outputs: list, pieces: dict[str, list[tuple[int, Array]]], rows: int) -> tuple[dict[str, Any], bytes]:
        lists: dict[str, list] = {}
        for output in outputs:
            cells: list = [None] * rows
            for start, array in pieces[output["name"]]:
                cells[start : start + len(array)] = cells_of(array, output)
            lists[output["name"]] = cells
        return {"outputs": lists}, b""


class Arrow:
    """Columns as a table of Arrow: numbers are not printed and read again."""

    name = "arrow"

    def __init__(self) -> None:
        import pyarrow

        self.library = pyarrow

    def columns(self, question: dict[str, Any], questions: BinaryIO) -> Any:
        with self.library.ipc.open_stream(questions.read(question["arrow"])) as stream:
            return stream.read_all().combine_chunks()

    def rows(self, inputs: list, columns: Any, start: int, end: int) -> Any:
        return table_rows(inputs, columns.slice(start, end - start))

    def said(self, outputs: list, pieces: dict[str, list[tuple[int, Array]]], rows: int) -> tuple[dict[str, Any], bytes]:
        columns = {output["name"]: self.column(pieces[output["name"]], rows) for output in outputs}
        table = self.library.table(columns)
        sink = self.library.BufferOutputStream()
        with self.library.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        sent = sink.getvalue().to_pybytes()
        return {"arrow": len(sent)}, sent

    def column(self, pieces: list[tuple[int, Array]], rows: int) -> Any:
        """A column of all rows: null where no answer is."""
        arrays, next_row = [], 0
        for start, array in sorted(pieces, key=lambda piece: piece[0]):
            arrays += [self.library.nulls(start - next_row), self.arrow_of(array)]
            next_row = start + len(array)
        arrays.append(self.library.nulls(rows - next_row))
        types = {each.type for each in arrays if len(each) > 0 and not self.library.types.is_null(each.type)}
        if len(types) > 1:
            raise TypeError(f"the answers to rows of one batch have several types: {', '.join(sorted(map(str, types)))}")
        wanted = types.pop() if types else self.library.float64()
        return self.library.concat_arrays([each.cast(wanted) for each in arrays])

    def arrow_of(self, array: Array) -> Any:
        # A NaN that was answered is no missing answer: it stays what it is.
        return self.library.array(array.tolist() if array.dtype.kind in "OU" else array, from_pandas=False)


def format_of(greeting: dict[str, Any]) -> Any:
    """The format that the first line asks for. Raises where it is none of these, or its library is missing."""
    name = greeting.get("format", JsonLines.name)
    if name not in (JsonLines.name, Arrow.name):
        raise ValueError(f"the format {json.dumps(name)} is not spoken here; known: {JsonLines.name}, {Arrow.name}")
    return Arrow() if name == Arrow.name else JsonLines()
