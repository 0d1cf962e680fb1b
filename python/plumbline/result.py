"""What a test came to: the JSON of `plumb test`, and a table of it."""

from html import escape
from typing import Any

MEANING = {
    0: "Nothing that blocks is violated or undecided.",
    1: "A blocking clause is violated.",
    3: "No blocking clause is violated, but one is undecided.",
}


class NotSatisfied(AssertionError):
    """A blocking clause is violated or undecided."""


class Result:
    """The verdicts of a run. `exit_code` is that of the command: 0, 1 (violated) or 3 (undecided)."""

    def __init__(self, exit_code: int, said: dict[str, Any]):
        self.exit_code = exit_code
        self.json = said

    @property
    def ok(self) -> bool:
        """Whether nothing that blocks is violated or undecided."""
        return self.exit_code == 0

    def __bool__(self) -> bool:
        return self.ok

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """One record for each clause, relation and slice, as the ledger has it."""
        return self.json["evidence"]

    @property
    def verdicts(self) -> dict[str, str]:
        """The gravest verdict of each clause."""
        return self.json["summary"]["clauses"]

    def of(self, clause: str) -> list[dict[str, Any]]:
        """The evidence of a clause."""
        return [one for one in self.evidence if one["clause"] == clause]

    def raise_for_status(self) -> "Result":
        """Raises `NotSatisfied`, with what is violated or undecided, where the command would not end with 0."""
        if not self.ok:
            told = [line_of(one) for one in self.evidence if blocks(one)]
            raise NotSatisfied("\n".join([MEANING[self.exit_code], *told]))
        return self

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.json["summary"]["counts"].items() if count)
        return f"<plumbline.Result: {MEANING[self.exit_code]} {counts}>"

    def _repr_html_(self) -> str:
        rows = "".join(row_of(one) for one in sorted(self.evidence, key=lambda one: ORDER.index(one["verdict"])))
        head = "".join(f'<th style="text-align:left">{word}</th>' for word in ("", "clause", "asked of", "measured", "rows", "why"))
        return (
            f'<div class="plumbline"><p><b style="color:{COLOURS[STATUS[self.exit_code]]}">{escape(MEANING[self.exit_code])}</b> '
            f'<span style="opacity:.7">{escape(self.json["spec"]["name"])} {escape(self.json["spec"]["version"])}</span></p>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


ORDER = ("error", "violated", "inconclusive", "skipped", "satisfied")
STATUS = {0: "satisfied", 1: "violated", 3: "inconclusive"}
COLOURS = {"satisfied": "#1a7f37", "violated": "#cf222e", "inconclusive": "#9a6700", "error": "#cf222e", "skipped": "#6e7781"}


def blocks(one: dict[str, Any]) -> bool:
    """Whether a record keeps the exit code from 0: a blocking clause that is violated, or undecided."""
    if one["severity"] != "block" or one["verdict"] == "satisfied":
        return False
    return not (one["verdict"] == "skipped" and one.get("reason") == "no-champion")


def line_of(one: dict[str, Any]) -> str:
    """A record in a line: what was asked, what was found, and the first rows that break it."""
    place = one["relation"] if one["slice"] == "all" else f"{one['relation']}, {one['slice']}"
    return f"{one['clause']} ({place}): {one['verdict']}{why_of(one)}"


def why_of(one: dict[str, Any]) -> str:
    if one["verdict"] in ("error", "skipped", "inconclusive"):
        cause = one.get("cause")
        return f": {one.get('reason', '')}" + (f". {cause}" if cause else "")
    if one["form"] == "every" and one.get("failing"):
        rows = "; ".join(f"row {each['row']} {shown(each['cells'])}" for each in one["witnesses"][:3])
        return f": {one['failing']} of {one['n']} rows fail: {rows}"
    if one["verdict"] == "violated" and one.get("comparisons"):
        each = one["comparisons"][0]
        return f": {each['expression']}, measured {number(each['left'])}"
    return ""


def shown(cells: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {number(value)}" for name, value in cells.items()) + "}"


def number(value: Any) -> str:
    """A measured value; what JSON has no number for comes tagged."""
    if isinstance(value, dict):
        return str(next(iter(value.values())))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def row_of(one: dict[str, Any]) -> str:
    verdict = one["verdict"]
    place = one["relation"] if one["slice"] == "all" else f"{one['relation']} · {one['slice']}"
    cells = (
        f'<b style="color:{COLOURS[verdict]}">{escape(verdict)}</b>',
        f"<code>{escape(one['clause'])}</code>",
        escape(place),
        escape(number(one["measured"])) if one.get("measured") is not None else "",
        escape(str(one.get("n", ""))),
        escape(why_of(one).removeprefix(": ")),
    )
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"
