"""pytest --plumb: each clause of a spec is a test item.

Specs are `plumb.yaml` and `*.plumb.yaml` among what pytest collects. The clauses come from `plumb check`; `plumb test` runs once for each spec,
with its first item. An item fails where the command would not end with 0 because of it: its clause blocks, and is violated or
undecided. A clause that does not block is a warning; one that the run did not ask is skipped.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from .cli import CommandFailed, project_of, run_json
from .result import Result, blocks, line_of
from .testing import test


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("plumbline")
    group.addoption("--plumb", action="store_true", help="collect the clauses of plumb.yaml and *.plumb.yaml")
    group.addoption("--plumb-stage", action="append", help="data or model; may be repeated (default: both)")
    group.addoption("--plumb-trust", action="store_true", help="start the commands and ask the servers that specs name for models")


def pytest_collect_file(file_path: Any, parent: pytest.Collector) -> pytest.Collector | None:
    name = file_path.name
    is_spec = name in ("plumb.yaml", "plumb.yml") or name.endswith((".plumb.yaml", ".plumb.yml"))
    return SpecFile.from_parent(parent, path=file_path) if is_spec and parent.config.getoption("plumb") else None


class SpecFile(pytest.File):
    """A spec; what was found is kept, so that its items share one run."""

    found: Result | None = None

    def collect(self) -> Iterator["ClauseItem"]:
        folder, named = project_of(self.path)
        _, said = run_json(folder, "check", *named)
        for clause in said["clauses"]:
            yield ClauseItem.from_parent(self, name=clause["id"])

    def result(self) -> Result:
        if self.found is None:
            option = self.config.getoption
            stages = option("plumb_stage") or ("data", "model")
            self.found = test(None, self.path, stages=stages, trust=option("plumb_trust"))
        return self.found

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, CommandFailed) else super().repr_failure(excinfo)


class ClauseFailed(Exception):
    """A clause that keeps the command from ending with 0."""


class ClauseItem(pytest.Item):
    """One clause, of all relations and slices it is asked of."""

    def runtest(self) -> None:
        assert isinstance(self.parent, SpecFile)
        evidence = self.parent.result().of(self.name)
        failing = [line_of(one) for one in evidence if blocks(one)]
        if failing:
            raise ClauseFailed("\n".join(failing))
        if not evidence:
            pytest.skip("not asked in these stages")
        if all(one["verdict"] == "skipped" for one in evidence):
            pytest.skip(evidence[0].get("reason", ""))
        for one in evidence:
            if one["verdict"] != "satisfied":
                warnings.warn(pytest.PytestWarning(line_of(one)), stacklevel=1)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        known = isinstance(excinfo.value, (ClauseFailed, CommandFailed))
        return str(excinfo.value) if known else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Any, int, str]:
        return self.path, 0, self.name
