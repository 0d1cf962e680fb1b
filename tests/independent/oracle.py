"""A second implementation of `plumb test`: a spec and its data in, verdicts and numbers out.

Written from the text of the language, sharing nothing with the product. Covers column contracts, `every` and `must`.
Intervals that are defined by a formula are computed; those that are resampled are only approximated, and marked so.
"""

import json
import math
from datetime import timezone
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow.parquet
from ruamel.yaml import YAML

import cel
from must_condition import Condition, plain, share_of

# Reading


def cast(cell, kind):
    """A cell as the declared type; a misfit is an `Error`."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    misfit = cel.Error("cast")
    if kind == "integer":
        if isinstance(cell, str):
            return int(cell) if cell.strip().lstrip("+-").isdigit() else misfit
        return int(cell) if int(cell) == cell else misfit
    if kind == "number":
        try:
            value = float(cell)
        except ValueError:
            return misfit
        return None if math.isnan(value) else value
    if kind == "boolean":
        known = {"true": True, "false": False, "1": True, "0": False}
        return known.get(str(cell).lower(), misfit)
    if kind == "timestamp":
        if isinstance(cell, str):
            try:
                cell = cel.instant(cell)
            except ValueError:
                return misfit
        return cell if cell.tzinfo else cell.replace(tzinfo=timezone.utc)
    return str(cell)


def kind_of(column):
    if column["type"] != "category":
        return column["type"]
    codes = list(column["values"])
    return "integer" if type(codes[0]) is int else "boolean" if type(codes[0]) is bool else "text"


def read_source(source, folder, names):
    source = source if isinstance(source, dict) else {"path": source}
    path = folder / source["path"]
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path).to_pydict()
    if path.suffix in (".json", ".jsonl", ".ndjson"):
        text = path.read_text(encoding="utf-8")
        rows = json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines()]
        return {name: [row.get(name) for row in rows] for name in names}
    import csv

    # An empty cell of a CSV is missing, whatever else is.
    nulls = {"", *source.get("null_values", [])}
    delimiter = source.get("delimiter", ",")
    skip = len(delimiter) > 1
    with open(path, newline="", encoding=source.get("encoding", "utf-8")) as file:
        rows = [row for row in csv.reader(file, delimiter=delimiter[0], skipinitialspace=skip) if row]
    header = list(names) if source.get("header") is False else rows.pop(0)
    return {name: [None if row[i] in nulls else row[i] for row in rows] for i, name in enumerate(header)}


class Relation:
    """Columns of Python values; `kinds` and `codes` by column name."""

    def __init__(self, columns, n, declared, labels, model=None):
        self.columns, self.n, self.declared, self.labels, self.model = columns, n, declared, labels, model

    def where(self, source):
        """The rows where a condition is true, and how many ended in an error."""
        if source is None:
            return self, 0
        row = cel.compile_row(cel.parse(source), self.columns, self.labels)
        found = [row(i) for i in range(self.n)]
        kept = [i for i, value in enumerate(found) if value is True]
        return self.pick(kept), sum(isinstance(value, cel.Error) for value in found)

    def pick(self, kept):
        columns = {name: [cells[i] for i in kept] for name, cells in self.columns.items()}
        return Relation(columns, len(kept), self.declared, self.labels, self.model)


class Oracle:
    def __init__(self, path):
        self.folder = Path(path).parent
        self.spec = YAML(typ="safe", pure=True).load(Path(path).read_text(encoding="utf-8"))
        self.relations, self.errors, self.unassigned, self.results = {}, {}, {}, []
        for name, data in self.spec["data"].items():
            self.load(name, data)
        for name, model in (self.spec.get("models") or {}).items():
            self.predict(name, self.model(name))

    def model(self, name):
        own = self.spec["models"][name]
        return {**self.model(own["like"]), **own} if "like" in own else own

    def load(self, name, data):
        declared = data["columns"]
        raw = read_source(data["source"], self.folder, declared)
        columns, misfits = {}, {}
        for column, body in declared.items():
            cells = [cast(cell, kind_of(body)) for cell in raw[column]]
            misfits[column] = [isinstance(cell, cel.Error) for cell in cells]
            columns[column] = cells
        labels = {c: dict(b["values"]) for c, b in declared.items() if isinstance(b.get("values"), dict)}
        n = len(next(iter(columns.values())))
        self.errors[name] = misfits
        whole = Relation({c: [None if isinstance(v, cel.Error) else v for v in cells] for c, cells in columns.items()}, n, declared, labels)
        # A cell that could not be read is an error of its own wherever it is read.
        self.bad = {c: cells for c, cells in columns.items()}
        self.add(name, whole, data)

    def add(self, name, whole, data):
        self.relations[name], self.unassigned[name] = whole, 0
        for split, condition in (data.get("splits") or {}).items():
            self.relations[f"{name}.{split}"], self.unassigned[f"{name}.{split}"] = whole.where(condition)

    def predict(self, name, model):
        import onnxruntime

        base = self.relations[model["input"]["from"]]
        # One thread: the order in which trees are summed, and so the last bits, depend on their number.
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(self.folder / model["artifact"], options)
        inputs, names = session.get_inputs(), model["input"]["columns"]
        if len(inputs) == 1 and len(names) > 1:
            feed = {inputs[0].name: np.array([base.columns[c] for c in names], dtype=np.float32).T}
        else:
            kinds = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(double)": np.float64, "tensor(string)": object}
            feed = {i.name: np.array(base.columns[i.name], dtype=kinds[i.type]).reshape(-1, 1) for i in inputs}
        answers = dict(zip([o.name for o in session.get_outputs()], session.run(None, feed), strict=True))
        columns, declared = dict(base.columns), dict(base.declared)
        for output, body in model["outputs"].items():
            values = np.asarray(answers[body.get("tensor", output)])
            values = values.reshape(len(values), -1)[:, body.get("index", 0)]
            columns[output] = [int(v) if body["type"] == "integer" else float(v) for v in values]
            declared[output] = {**body, "role": "output"}
        whole = Relation(columns, base.n, declared, base.labels, {**model, "name": name})
        if "decision" in model:
            row = cel.compile_row(cel.parse(model["decision"]), columns, base.labels)
            columns["decision"] = [row(i) for i in range(base.n)]
        self.add(name, whole, self.spec["data"][model["input"]["from"]])

    # Column contracts

    def run(self):
        for name, data in self.spec["data"].items():
            for column, body in data["columns"].items():
                self.contract(name, column, body, data)
            if data.get("key"):
                self.key(name, data)
            if len(data.get("splits") or {}) > 1:
                self.splits(name, data)
        for clause, body in (self.spec.get("clauses") or {}).items():
            if "forall" in body:
                continue
            of = body["of"] if isinstance(body["of"], list) else [body["of"]]
            for relation in of:
                if relation != "requests":
                    (self.every if "every" in body else self.must)(clause, body, relation)
        return self.results

    def contract(self, name, column, body, data):
        relation = self.relations[name]
        cells, misfit = relation.columns[column], self.errors[name][column]
        rows = range(relation.n)
        known = [i for i in rows if cells[i] is not None]
        excluded = relation.n - len(known)
        mostly = body.get("mostly")
        put = lambda kind, n, failing, excluded, missing: self.scan(f"{name}.{column}.{kind}", name, n, failing, excluded, missing, mostly, data)
        if not body.get("optional"):
            absent = sum(cells[i] is None and not misfit[i] for i in rows)
            put("required", relation.n, absent, 0, 0)
        null = sum(cells[i] is None and not misfit[i] for i in rows)
        put("type", relation.n - null, sum(misfit), null, null)
        if "range" in body:
            low, high = [None if b is None else (cel.instant(b) if isinstance(b, str) else b) for b in body["range"]]
            out = sum((low is not None and cells[i] < low) or (high is not None and cells[i] > high) for i in known)
            put("range", len(known), out, excluded, excluded)
        if body.get("values") is not None:
            codes = list(body["values"])
            put("values", len(known), sum(not any(cel.equal(cells[i], c) for c in codes) for i in known), excluded, excluded)

    def key(self, name, data):
        relation = self.relations[name]
        rows = list(zip(*[relation.columns[c] for c in data["key"]], strict=True))
        seen = {}
        for row in rows:
            seen[row] = seen.get(row, 0) + 1
        failing = sum(None in row or seen[row] > 1 for row in rows)
        self.scan(f"{name}.key", name, relation.n, failing, 0, sum(None in row for row in rows), None, data)

    def splits(self, name, data):
        relation = self.relations[name]
        conditions = [cel.compile_row(cel.parse(c), relation.columns, relation.labels) for c in data["splits"].values()]
        failing = sum(sum(c(i) is True for c in conditions) > 1 for i in range(relation.n))
        self.scan(f"{name}.splits", name, relation.n, failing, None, None, None, data)

    def scan(self, clause, relation, n, failing, excluded, missing, mostly, data):
        self.results.append(
            {
                "clause": clause, "relation": relation, "slice": "all", "n": n, "failing": failing, "excluded": excluded, "missing": missing,
                "measured": (n - failing) / n if n else None, "verdict": enough(n, failing, mostly, False),
            }
        )

    # every

    def slices(self, body, relation):
        """(name, rows, rows whose condition was an error) of every slice, in order."""
        whole, declared = self.relations[relation], self.spec.get("slices") or {}
        if not body.get("slices"):
            return [("all", whole, 0)]
        asked = body["slices"] if isinstance(body["slices"], list) else [body["slices"]]
        found = []
        for each in asked:
            if each == "all":
                found.append(("all", whole, 0))
            elif str(each).startswith("by "):
                column = each[3:].strip()
                contract = whole.declared[column]
                for code in list(contract["values"]) if contract.get("values") is not None else [False, True]:
                    kept = [i for i in range(whole.n) if whole.columns[column][i] is not None and cel.equal(whole.columns[column][i], code)]
                    shown = str(code).lower() if type(code) is bool else code
                    found.append((f"{column}={shown}", whole.pick(kept), whole.columns[column].count(None)))
                if contract.get("optional"):
                    kept = [i for i in range(whole.n) if whole.columns[column][i] is None]
                    found.append((f"{column}=null", whole.pick(kept), 0))
            else:
                found.append((each, *whole.where(declared[each])))
        return found

    def every(self, clause, body, relation):
        for name, rows, unassigned in self.slices(body, relation):
            row = cel.compile_row(cel.parse(body["every"]), rows.columns, rows.labels)
            found = [row(i) for i in range(rows.n)]
            missing = sum(isinstance(v, cel.Error) and v.kind == "missing" for v in found)
            policy = body.get("missing", "fail")
            excluded = missing if policy == "exclude" else 0
            passing = sum(v is True for v in found) + (missing if policy == "pass" else 0)
            n = rows.n - excluded
            self.results.append(
                {
                    "clause": clause, "relation": relation, "slice": name, "n": n, "failing": n - passing, "excluded": excluded,
                    "missing": missing, "unassigned_rows": self.unassigned[relation] + unassigned, "measured": passing / n if n else None,
                    "verdict": enough(n, n - passing, body.get("mostly"), body.get("allow_empty", False)),
                }
            )

    # must

    def must(self, clause, body, relation):
        family = []
        tree = cel.parse(body["must"])
        for name, rows, unassigned in self.slices(body, relation):
            condition = (self.spec.get("slices") or {}).get(name)
            by = next((e[3:].strip() for e in body.get("slices") or [] if str(e).startswith("by ") and name.startswith(e[3:].strip() + "=")), None)
            code = None if by is None else name[len(by) + 1 :]
            family.append((name, Condition(self, body, relation, rows, condition, by, code), unassigned))
        alpha = family[0][1].alpha
        levels = {name: alpha for name, _, _ in family}
        stopped = set()
        if len(family) > 1:
            ordered = sorted(((c.smallest_alpha(tree), name) for name, c, _ in family), key=lambda pair: pair[0])
            m, failed = len(family), False
            level = alpha
            for i, (p, name) in enumerate(ordered):
                if not failed:
                    level = alpha / (m - i)
                    failed = p > level
                if failed:
                    stopped.add(name)
                levels[name] = level
        for name, condition, unassigned in family:
            condition.seen = []
            verdict = condition.decide(tree, levels[name])
            estimated = condition.estimates(tree) > 0
            if name in stopped and estimated:
                verdict = "inconclusive"
            if condition.rows.n == 0 and not body.get("allow_empty"):
                verdict = "inconclusive"
            terms = [
                {"expression": text, "value": plain(value), "missing": missing, "interval": interval}
                for text, (value, missing, interval) in condition.measured.items()
            ]
            self.results.append(
                {
                    "clause": clause, "relation": relation, "slice": name, "n": condition.rows.n, "verdict": verdict,
                    "unassigned_rows": self.unassigned[relation] + unassigned, "terms": terms, "comparisons": condition.seen,
                    "level": 1 - levels[name] / max(1, condition.estimates(tree)),
                }
            )


def enough(n, failing, mostly, allow_empty):
    if n == 0:
        return "satisfied" if allow_empty else "inconclusive"
    return "satisfied" if Fraction(n - failing, n) >= (1 if mostly is None else share_of(mostly)) else "violated"
