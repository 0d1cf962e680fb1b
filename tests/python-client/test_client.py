"""The package as a user has it: `pip install ./python`, a project, a data frame. Run by client.test.ts with PLUMBLINE_CLI."""

import json
import subprocess
from pathlib import Path

import pandas
import pytest

import plumbline
from plumbline.testing import write

SPEC = """plumbline: 1
system: { name: people, version: 1.0.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 100] }
      income: { type: number, optional: true }
      town: { type: category, values: [Ulm, Kiel] }
      left: { type: boolean, role: label }
models:
  champion: { artifact: { column: income }, input: { from: people, columns: [age, town] }, outputs: { risk: { type: number, range: [0, 1] } }, decision: risk >= 0.5 }
clauses:
  enough: { says: There are enough people., of: people, must: count() >= 3 }
  grown-up: { says: All are grown up., of: [people, requests], every: age >= 21 }
  earns: { says: Most earn something., of: people, must: mean(income) > 10.0, severity: warn }
guard: { input: { on_violation: reject }, output: { on_violation: fallback }, fallback: { value: { risk: 0.25 } } }
"""
GOOD = pandas.DataFrame(
    {
        "id": [1, 2, 3],
        "age": [30, 40, 50],
        "income": [0.5, None, 1.5],
        "town": ["Ulm", "Kiel", "Ulm"],
        "left": [True, False, True],
    }
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "plumb.yaml").write_text(SPEC)
    GOOD.to_csv(tmp_path / "people.csv", index=False)
    return tmp_path


def test_a_data_frame_is_tested_as_the_command_tests_a_file(project: Path) -> None:
    result = plumbline.test(GOOD, project / "plumb.yaml")
    assert (result.exit_code, result.ok) == (0, True)
    assert result.verdicts["enough"] == "satisfied"
    assert result.verdicts["earns"] == "violated"
    assert result.of("enough")[0]["measured"] == 3
    # The same evidence as the command's, but for the bytes that were read and when.
    done = subprocess.run([*command(), "-C", str(project), "test", "--stage", "data", "--json"], capture_output=True, text=True)
    assert done.returncode == 0
    without = lambda said: [{**one, "id": 0, "run": 0, "digests": {**one["digests"], "data": 0}} for one in said["evidence"]]
    assert without(json.loads(done.stdout)) == without(result.json)
    # It is in the ledger, and the frame is gone.
    verified = subprocess.run([*command(), "-C", str(project), "verify"], capture_output=True, text=True)
    assert verified.returncode == 0
    assert list((project / ".plumb" / "frames").iterdir()) == []


def command() -> list[str]:
    return [plumbline.cli.node(), plumbline.cli.script()]


def test_rows_that_break_a_clause_are_shown(project: Path) -> None:
    young = GOOD.assign(age=[30, 19, 50])
    result = plumbline.test(young, project)
    assert (result.exit_code, bool(result)) == (1, False)
    with pytest.raises(plumbline.NotSatisfied, match=r"grown-up \(people\): violated: 1 of 3 rows fail: row 2 .*age: 19"):
        result.raise_for_status()
    page = result._repr_html_()
    assert "A blocking clause is violated." in page and "<code>grown-up</code>" in page and "row 2" in page
    assert "violated" in repr(result)


def test_hostile_texts_are_no_markup(project: Path) -> None:
    result = plumbline.test(GOOD.assign(town=["<script>", "Kiel", "Ulm"]), project)
    assert result.exit_code == 1
    assert "<script>" not in result._repr_html_()


def test_types_survive_both_ways_of_handing_over(project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert write(GOOD, tmp_path / "frame").suffix == ".parquet"
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert write(GOOD, tmp_path / "frame").suffix == ".csv"
    assert plumbline.test({"people": GOOD}, project).exit_code == 0


def test_what_cannot_be_asked_is_raised_with_the_words_of_the_command(project: Path) -> None:
    with pytest.raises(plumbline.CommandFailed, match="There is no dataset `persons`") as failed:
        plumbline.test({"persons": GOOD}, project)
    assert failed.value.code == 2
    (project / "plumb.yaml").write_text(SPEC.replace("age >= 21", "agee >= 21"))
    with pytest.raises(plumbline.CommandFailed, match="agee"):
        plumbline.test(GOOD, project)
    with pytest.raises(TypeError, match="not list"):
        plumbline.test([1, 2], project)


def test_names_of_an_index_are_columns(project: Path) -> None:
    spec = project / "index.plumb.yaml"
    spec.write_text(
        "plumbline: 1\nsystem: { name: index, version: 1.0.0 }\n"
        "data: { rows: { source: rows.csv, key: [id], columns: { id: { type: integer }, town: { type: text } } } }\n"
        "clauses: { some: { says: There are some., of: rows, must: count() > 1 } }\n"
    )
    frame = pandas.DataFrame({"id": [1, 2, 3], "town": ["Ulm", "Gera", "Kiel"]})
    for indexed in (frame, frame.set_index("id"), frame.set_index(["id", "town"])):
        assert plumbline.test(indexed, spec).ok


def test_what_is_no_table_of_plain_columns_is_said_so(project: Path) -> None:
    frame = pandas.DataFrame({"age": [20, 30]})
    with pytest.raises(TypeError, match="to_frame"):
        plumbline.test(frame["age"], project / "plumb.yaml")
    with pytest.raises(TypeError, match="one name and one type"):
        plumbline.test(pandas.concat([frame, frame], axis=1), project / "plumb.yaml")
    with pytest.raises(TypeError, match="one name and one type"):
        plumbline.test(frame.assign(age=[object(), object()]), project / "plumb.yaml")


def test_an_empty_frame_is_undecided(project: Path) -> None:
    result = plumbline.test(GOOD.head(0), project)
    assert result.exit_code in (1, 3)
    assert result.verdicts["grown-up"] == "inconclusive"


def test_a_function_is_guarded(project: Path) -> None:
    asked = []

    @plumbline.guarded(project / "plumb.yaml")
    def risk(rows: list) -> list:
        asked.append(rows)
        if rows[0]["age"] == 77:
            raise ValueError("on purpose")
        return [{"risk": 2.0 if row["age"] == 66 else row["age"] / 100} for row in rows]

    answer = risk([{"age": 30, "town": "Ulm"}, {"age": 60, "town": "Kiel"}])
    assert answer == [{"risk": 0.3, "decision": False}, {"risk": 0.6, "decision": True}]
    with pytest.raises(plumbline.Rejected) as rejected:
        risk([{"age": 30, "town": "Ulm"}, {"age": 19, "town": "Ulm"}])
    assert (rejected.value.row, rejected.value.phase, rejected.value.clauses) == (1, "input", ["grown-up"])
    with pytest.raises(plumbline.Rejected, match="people.town.values"):
        risk([{"age": 30, "town": "Gera"}])
    with pytest.raises(plumbline.Rejected, match="unknown field 'extra'"):
        risk([{"age": 30, "town": "Ulm", "extra": 1}])
    assert len(asked) == 1
    # An answer outside its range, and a model that raises: the declared fallback.
    assert risk([{"age": 66, "town": "Ulm"}]) == [{"risk": 0.25, "decision": False}]
    assert risk([{"age": 77, "town": "Ulm"}]) == [{"risk": 0.25, "decision": False}]
    assert risk(pandas.DataFrame({"age": [30], "town": ["Ulm"]}).to_dict("records")) == [{"risk": 0.3, "decision": False}]


def test_one_row_is_answered_with_one(project: Path) -> None:
    @plumbline.guarded(project)
    def risk(row: dict) -> dict:
        return {"risk": row["age"] / 100}

    assert risk({"age": 30, "town": "Ulm"}) == {"risk": 0.3, "decision": False}


def test_a_column_of_the_frame_answers_as_the_model(project: Path) -> None:
    result = plumbline.test(GOOD.assign(income=[0.1, 0.9, 0.8]), project, stages=("model",))
    assert result.verdicts["champion.risk.range"] == "satisfied"


def test_pytest_items_are_clauses(project: Path, pytester: pytest.Pytester) -> None:
    for name in ("plumb.yaml", "people.csv"):
        (pytester.path / name).write_text((project / name).read_text())
    assert pytester.runpytest("-q").ret == pytest.ExitCode.NO_TESTS_COLLECTED
    ran = pytester.runpytest("--plumb", "--plumb-stage", "data", "-q", "-rs")
    counts = ran.parseoutcomes()
    assert ran.ret == 0 and "failed" not in counts and counts["passed"] >= 8 and counts["warnings"] == 1
    pandas.read_csv(project / "people.csv").assign(age=19).to_csv(pytester.path / "people.csv", index=False)
    ran = pytester.runpytest("--plumb", "--plumb-stage", "data", "-k", "grown-up or enough")
    ran.assert_outcomes(passed=1, failed=1, deselected=ran.parseoutcomes()["deselected"])
    ran.stdout.fnmatch_lines(["grown-up (people): violated: 3 of 3 rows fail: row 1 {age: 19}*"])
    (pytester.path / "plumb.yaml").write_text("plumbline: 1\n")
    assert pytester.runpytest("--plumb").ret != 0
