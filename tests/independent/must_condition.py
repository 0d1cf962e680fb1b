"""One `must` condition on the rows of one slice: terms, comparisons, margins, intervals."""

import json
import math
from fractions import Fraction

import numpy as np

import cel
import statistics_reference as reference

ROWS_ONLY = {"count", "distinct", "overlap", "null_share", "duplicates"}
AGGREGATES = {"sum", "min", "max", "mean", "variance", "stddev", "median", "quantile", "share", "correlation"}


def plain(value):
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else float(value)
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else int(value) if isinstance(value, np.integer) else value


def share_of(text):
    """`mostly` as an exact fraction."""
    text = str(text).replace("_", "")
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


class Condition:
    """One `must` on the rows of one slice."""

    def __init__(self, oracle, body, relation, rows, slice_condition, by, code):
        self.oracle, self.body, self.relation, self.rows = oracle, body, relation, rows
        self.slice_condition, self.by, self.code = slice_condition, by, code
        self.confidence = body.get("confidence")
        level = 0.95 if self.confidence in (None, "none") else float(share_of(self.confidence))
        self.alpha = round(1 - level, 12)
        self.measured, self.seen, self.cache = {}, [], {}

    def is_pop(self, name):
        if name in ROWS_ONLY or self.confidence == "none":
            return False
        if name in AGGREGATES:
            asked = self.confidence is not None or self.body.get("sample") is True
            return asked or (name == "share" and self.rows.model is not None)
        return True

    def terms_in(self, tree):
        if tree[0] == "call" and not tree[3] and (tree[1] in ROWS_ONLY | AGGREGATES or tree[1] in reference.METRICS or tree[1] in reference.DISTANCES):
            return [tree]
        if tree[0] == "call" and tree[1] in ("min_over", "max_over", "all_over", "ratio_across", "gap_across"):
            return [tree]
        parts = [p for part in tree[1:] for p in (part if isinstance(part, list) else [part])]
        return [t for part in parts for t in (self.terms_in(part) if isinstance(part, tuple) else [])]

    def comparisons(self, tree):
        if tree[0] == "op" and tree[1] in ("&&", "||"):
            return self.comparisons(tree[2]) + self.comparisons(tree[3])
        if tree[0] == "not":
            return self.comparisons(tree[1])
        if tree[0] == "call" and tree[1] == "all_over":
            return [self.bind(tree[2][1], column) for column in self.columns_for(tree[2][1])]
        return [tree]

    def bind(self, tree, column):
        if tree == ("name", "column"):
            return ("name", column)
        return tuple(self.bind(p, column) if isinstance(p, tuple) else [self.bind(x, column) for x in p] if isinstance(p, list) else p for p in tree)

    def columns_for(self, tree):
        """The columns present in every relation named, minus key, label, split and outputs, of a type the function takes."""
        declared = self.rows.declared
        keys = {k for d in self.oracle.spec["data"].values() for k in d.get("key") or []}
        label = (self.rows.model or {}).get("label")
        numeric = any(t[1] in ("ks", "mean", "sum", "variance", "stddev", "median", "quantile") for t in self.terms_in(tree))
        skip = lambda c, b: b.get("role") in ("key", "label", "split", "output") or c in keys or c == label
        fits = lambda b: b["type"] in ("integer", "number") if numeric else b["type"] not in ("text", "timestamp") or not self.distance(tree)
        named = [t[2][1][1] if t[2][1][0] == "name" else f"{t[2][1][1][1]}.{t[2][1][2]}" for t in self.terms_in(tree) if t[1] in reference.DISTANCES]
        present = lambda c: all(c in self.oracle.relations[r].declared for r in named)
        return [c for c, b in declared.items() if not skip(c, b) and fits(b) and present(c)]

    def distance(self, tree):
        return any(t[1] in reference.DISTANCES for t in self.terms_in(tree))

    def estimates(self, tree):
        return sum(any(self.estimated(t) for t in self.terms_in(c)) for c in self.comparisons(tree))

    def estimated(self, term):
        if term[1] in ("min_over", "max_over", "all_over", "ratio_across", "gap_across"):
            return any(self.is_pop(t[1]) for t in self.terms_in(term[2][1]))
        return self.is_pop(term[1])

    def decide(self, tree, alpha):
        k = max(1, self.estimates(tree))
        self.seen = []
        return self.logic(tree, alpha / k)

    def logic(self, tree, alpha):
        if tree[0] == "not":
            return {"satisfied": "violated", "violated": "satisfied"}.get(v := self.logic(tree[1], alpha), v)
        if tree[0] == "op" and tree[1] in ("&&", "||"):
            a, b = self.logic(tree[2], alpha), self.logic(tree[3], alpha)
            wins, loses = ("violated", "satisfied") if tree[1] == "&&" else ("satisfied", "violated")
            return wins if wins in (a, b) else loses if (a, b) == (loses, loses) else "inconclusive"
        if tree[0] == "call" and tree[1] == "all_over":
            found = [self.compare(each, alpha) for each in self.comparisons(tree)]
            return "violated" if "violated" in found else "inconclusive" if "inconclusive" in found else "satisfied"
        return self.compare(tree, alpha)

    def smallest_alpha(self, tree):
        """The least level at which the condition is decided, by bisection; resampled intervals make it approximate."""
        if self.rows.n == 0 or self.decide(tree, 1 - 1e-9) == "inconclusive":
            return 2.0
        low, high = -300.0, 0.0
        for _ in range(60):
            middle = (low + high) / 2
            if self.decide(tree, 10**middle) == "inconclusive":
                low = middle
            else:
                high = middle
        return 10**high

    def compare(self, tree, alpha):
        _, op, left_tree, right_tree = tree
        left, right = self.value(left_tree, alpha), self.value(right_tree, alpha)
        shown = {"left": plain(left), "right": plain(right)}
        self.seen.append(shown)
        if left is None or right is None or any(isinstance(v, float) and math.isnan(v) for v in (left, right)):
            return shown.setdefault("verdict", "inconclusive")
        margin = (left - right if op in (">", ">=") else right - left) if not isinstance(left, (str, bool)) and not hasattr(left, "year") else None
        if margin is not None and op in ("==", "!="):
            margin = -abs(margin) if op == "==" else abs(margin)
        shown["margin"] = plain(margin)
        terms = [t for side in (left_tree, right_tree) for t in self.terms_in(side) if self.estimated(t)]
        if not terms:
            true = cel.arithmetic(op, left, right)
            return shown.setdefault("verdict", "satisfied" if true else "violated")
        low, high, exact = self.margin_interval(op, left_tree, right_tree, terms, alpha)
        if math.isnan(low):
            return shown.setdefault("verdict", "inconclusive")
        shown["interval"], shown["exact"] = [plain(low), plain(high)], exact
        return shown.setdefault("verdict", "satisfied" if low > 0 else "violated" if high < 0 else "inconclusive")

    def margin_interval(self, op, left_tree, right_tree, terms, alpha):
        """By the interval of the only term if the margin is affine in it, paired DeLong, else by resampling."""
        if len(set(map(str, terms))) == 1:
            probe = lambda x: self.margin_at(op, left_tree, right_tree, terms[0], x)
            slope, base = probe(1.0) - probe(0.0), probe(0.0)
            if math.isclose(probe(2.0), base + 2 * slope, rel_tol=1e-12, abs_tol=1e-12):
                low, high, exact = self.interval(terms[0], alpha)
                ends = sorted([base + slope * low, base + slope * high])
                return ends[0], ends[1], exact
        if [t[1] for t in terms] == ["roc_auc", "roc_auc"]:
            one, two = (self.scores(t) for t in terms)
            low, high = reference.delong_difference(one[1], two[1], one[0], alpha)
            shift = self.value(left_tree, alpha) - self.value(right_tree, alpha) - (one[1] is not None and self.term(terms[0])[0] - self.term(terms[1])[0])
            low, high = low + shift, high + shift
            return (low, high, True) if op in (">", ">=") else (-high, -low, True)
        return self.resampled(op, left_tree, right_tree, alpha)

    def margin_at(self, op, left_tree, right_tree, term, x):
        left, right = (self.value(t, None, {str(term): x}) for t in (left_tree, right_tree))
        return left - right if op in (">", ">=") else right - left

    def resampled(self, op, left_tree, right_tree, alpha):
        key = str((op, left_tree, right_tree))
        if key not in self.cache:
            random = np.random.default_rng(3)
            self.cache[key] = np.array([self.margin_on(op, left_tree, right_tree, random) for _ in range(ROUNDS)])
        drawn = self.cache[key]
        drawn = drawn[np.isfinite(drawn)]
        return (*np.quantile(drawn, [alpha / 2, 1 - alpha / 2]), False)

    def margin_on(self, op, left_tree, right_tree, random):
        clone = Condition(self.oracle, self.body, self.relation, self.rows.pick(random.integers(0, self.rows.n, self.rows.n)), self.slice_condition, self.by, self.code)
        clone.random = random
        left, right = clone.value(left_tree, None), clone.value(right_tree, None)
        return left - right if op in (">", ">=") else right - left

    # Values

    def value(self, tree, alpha, given=None):
        kind = tree[0]
        if given and str(tree) in given:
            return given[str(tree)]
        if kind == "literal":
            return tree[1]
        if kind == "minus":
            return -self.value(tree[1], alpha, given)
        if kind == "op":
            a, b = self.value(tree[2], alpha, given), self.value(tree[3], alpha, given)
            if a is None or b is None:
                return None
            found = cel.arithmetic(tree[1], a, b)
            return math.nan if isinstance(found, cel.Error) else found
        if kind == "call" and tree[1] in cel.ROW_FUNCTIONS and not self.terms_in(tree):
            return cel.compile_row(tree, {})(0)
        if kind == "call" and tree[1] in ("min_over", "max_over"):
            return (min if tree[1] == "min_over" else max)(self.value(self.bind(tree[2][1], c), alpha) for c in self.columns_for(tree[2][1]))
        if kind == "call" and tree[1] in ("ratio_across", "gap_across"):
            values = [v for _, v in self.across(tree)]
            if any(math.isnan(v) for v in values):
                return math.nan
            return min(values) / max(values) if tree[1] == "ratio_across" and max(values) else max(values) - min(values) if tree[1] == "gap_across" else math.nan
        if kind == "call" and tree[1] in ("double", "int"):
            return (float if tree[1] == "double" else int)(self.value(tree[2][0], alpha, given))
        value, missing = self.term(tree)
        self.measured[text_of(tree)] = (value, missing, None)
        return value

    def across(self, tree):
        column = tree[2][0][1]
        codes = list(self.rows.declared[column]["values"]) if self.rows.declared[column].get("values") is not None else [False, True]
        for code in codes:
            kept = [i for i in range(self.rows.n) if self.rows.columns[column][i] is not None and cel.equal(self.rows.columns[column][i], code)]
            yield code, Condition(self.oracle, self.body, self.relation, self.rows.pick(kept), None, None, None).value(tree[2][1], None)

    def cells(self, tree):
        """Values of an expression and the number of missing rows."""
        return self.once(("cells", str(tree)), lambda: self.evaluate(tree))

    def evaluate(self, tree):
        row = cel.compile_row(tree, self.rows.columns, self.rows.labels)
        found = [row(i) for i in range(self.rows.n)]
        return [None if isinstance(v, cel.Error) else v for v in found]

    def once(self, key, make):
        if key not in self.cache:
            self.cache[key] = make()
        return self.cache[key]

    def numbers(self, tree):
        return self.once(("numbers", str(tree)), lambda: np.array([v for v in self.cells(tree) if v is not None], float))

    def other(self, tree):
        """Rows of another relation, in the same slice."""
        name = tree[1] if tree[0] == "name" else f"{tree[1][1]}.{tree[2]}"
        found = self.oracle.relations[name]
        if self.slice_condition:
            found = found.where(self.slice_condition)[0]
        if self.by:
            shown = lambda v: "null" if v is None else str(v).lower() if type(v) is bool else str(v)
            found = found.pick([i for i in range(found.n) if shown(found.columns[self.by][i]) == self.code])
        random = getattr(self, "random", None)
        return found if random is None else found.pick(random.integers(0, found.n, found.n))

    def scores(self, tree):
        return self.once(("scores", str(tree)), lambda: self.answers(tree))

    def answers(self, tree):
        """(labels, scores, decisions, rows left out) of a metric term."""
        rows = self.rows_of(tree)
        model = rows.model
        label = rows.columns[model["label"]]
        score = next(o for o, b in model["outputs"].items() if b["type"] == "number")
        kept = [i for i in range(rows.n) if label[i] is not None]
        pick = lambda column, dtype: np.array([rows.columns[column][i] for i in kept], dtype=dtype)
        return pick(model["label"], bool), pick(score, float), pick("decision", bool) if "decision" in model else None, rows.n - len(kept)

    def rows_of(self, tree):
        """The rows of the model that a metric names, by default of its own."""
        name = tree[2][0][1] if tree[2] else self.rows.model["name"]
        rows = self.rows
        if name != self.rows.model["name"]:
            # The same rows: the other model's answers on the relation, cut to the rows kept here.
            whole, theirs = self.oracle.relations[self.relation], self.oracle.relations[name + self.relation[len(self.rows.model["name"]) :]]
            where = {key: i for i, key in enumerate(zip(*[whole.columns[c] for c in self.keys()], strict=True))}
            rows = theirs.pick([where[key] for key in zip(*[self.rows.columns[c] for c in self.keys()], strict=True)])
        return rows

    def labelled(self, tree):
        if tree[1] == "positive_rate":
            return None, self.decisions(tree)
        labels, _, decisions, _ = self.scores(tree)
        return labels, decisions

    def decisions(self, tree):
        rows = self.rows_of(tree)
        return np.array(rows.columns["decision"], bool)

    def keys(self):
        return self.oracle.spec["data"][self.rows.model["input"]["from"]]["key"]

    def term(self, tree):
        return self.once(("term", str(tree)), lambda: self.measure(tree))

    def measure(self, tree):
        _, name, arguments, _ = tree
        n = self.rows.n
        if name in reference.METRICS:
            y, s, d, missing = self.scores(tree)
            if name == "positive_rate":
                # It asks for decisions alone: rows without a label count.
                d, missing = self.decisions(tree), 0
                return (float(d.mean()) if len(d) else math.nan), missing
            return (float(reference.METRICS[name](y, s, d)) if len(y) else math.nan), missing
        if name == "count":
            return n, 0
        if name in reference.DISTANCES:
            column = cel.column_of(arguments[0])
            contract = self.rows.declared[column]
            codes = [False, True] if contract["type"] == "boolean" else list(contract["values"]) if contract["type"] == "category" else None
            mine, theirs = self.rows.columns[column], self.other(arguments[1]).columns[column]
            if not mine or not theirs:
                return math.nan, 0
            return reference.DISTANCES[name](mine, theirs, codes), mine.count(None) + theirs.count(None)
        if name == "overlap":
            column = cel.column_of(arguments[2])
            one, two = (self.other(a).columns[column] for a in arguments[:2])
            return len((set(one) & set(two)) - {None}), None
        if name == "duplicates":
            rows = list(zip(*[self.rows.columns[cel.column_of(a)] for a in arguments], strict=True))
            seen = {}
            for row in rows:
                seen[row] = seen.get(row, 0) + 1
            return sum(count for count in seen.values() if count > 1), None
        cells = self.cells(arguments[0])
        missing = cells.count(None)
        if name == "share":
            # A row whose condition ends in another error is not true, but nothing was missing there.
            row = cel.compile_row(arguments[0], self.rows.columns, self.rows.labels)
            found = [row(i) for i in range(n)]
            missing = sum(isinstance(v, cel.Error) and v.kind == "missing" for v in found)
        if name == "null_share":
            return (missing / n if n else math.nan), missing
        known = [v for v in cells if v is not None]
        if name == "distinct":
            return len(set(known)), missing
        if name == "share":
            return (sum(v is True for v in cells) / n if n else math.nan), missing
        if name == "correlation":
            both = [(a, b) for a, b in zip(cells, self.cells(arguments[1]), strict=True) if a is not None and b is not None]
            return (float(np.corrcoef(np.array(both, float).T)[0, 1]) if len(both) > 1 else math.nan), n - len(both)
        if not known:
            return math.nan, missing
        if name == "sum":
            return (sum(known) if type(known[0]) is int else math.fsum(known)), missing
        if name in ("min", "max"):
            return (min if name == "min" else max)(known), missing
        values = np.array(known, float)
        level = arguments[1][1] if name == "quantile" else 0.5
        found = {
            "mean": lambda: math.fsum(values) / len(values),
            "variance": lambda: values.var(ddof=1),
            "stddev": lambda: values.std(ddof=1),
            "median": lambda: np.quantile(values, 0.5),
            "quantile": lambda: np.quantile(values, level),
        }[name]()
        return float(found), missing

    def interval(self, tree, alpha):
        """(low, high, exact) of one estimated term."""
        _, name, arguments, _ = tree
        found = None
        if name == "share":
            cells = self.cells(arguments[0])
            if not cells:
                return math.nan, math.nan, True
            found = reference.wilson(self.once(("true", str(tree)), lambda: sum(v is True for v in cells)), len(cells), alpha)
        elif name == "correlation":
            value, missing = self.term(tree)
            found = reference.fisher(value, self.rows.n - missing, alpha)
        elif name in ("mean", "median", "quantile"):
            values = self.numbers(arguments[0])
            q = arguments[1][1] if name == "quantile" else 0.5
            found = reference.student(values, alpha) if name == "mean" else reference.order_statistics(values, q, alpha)
        elif name in reference.SHARES:
            found = reference.wilson(*self.once(("hits", str(tree)), lambda: reference.SHARES[name](*self.labelled(tree))), alpha)
        elif name == "roc_auc":
            y, s, _, _ = self.scores(tree)
            found = reference.delong(s, y, alpha) if reference.both(y) else (math.nan, math.nan)
        if found is not None:
            return (*found, True)
        key = ("interval", str(tree))
        if key not in self.cache:
            self.cache[key] = self.draw(tree)
        return (*np.quantile(self.cache[key], [alpha / 2, 1 - alpha / 2]), False)

    def draw(self, tree):
        random = np.random.default_rng(5)
        name = tree[1]
        if name in reference.METRICS:
            y, s, d, _ = self.scores(tree)
            drawn = [reference.METRICS[name](y[i], s[i], None if d is None else d[i]) for i in random.integers(0, len(y), (ROUNDS, len(y)))]
        elif name in ("sum", "variance", "stddev"):
            values = np.array([v for v in self.cells(tree[2][0]) if v is not None], float)
            f = {"sum": np.sum, "variance": lambda v: v.var(ddof=1), "stddev": lambda v: v.std(ddof=1)}[name]
            drawn = [f(values[i]) for i in random.integers(0, len(values), (ROUNDS, len(values)))]
        else:
            drawn = [self.margin_on(">", tree, ("literal", 0), random) for _ in range(60)]
        drawn = np.array(drawn, float)
        return drawn[np.isfinite(drawn)]


ROUNDS = 400


def text_of(tree, parent=0):
    """The printed form of an expression, as evidence names its terms."""
    if tree[0] == "literal":
        return json.dumps(tree[1])
    if tree[0] == "name":
        return tree[1]
    if tree[0] == "dot":
        return f"{text_of(tree[1])}.{tree[2]}"
    if tree[0] == "not":
        return f"!{text_of(tree[1], 9)}"
    if tree[0] == "list":
        return f"[{', '.join(map(text_of, tree[1]))}]"
    if tree[0] == "op":
        level = next(i for i, operators in enumerate(cel.LEVELS) if tree[1] in operators)
        text = f"{text_of(tree[2], level)} {tree[1]} {text_of(tree[3], level + 1)}"
        return f"({text})" if level < parent else text
    if tree[0] == "call" and tree[3]:
        return f"{text_of(tree[2][0], 9)}.{tree[1]}({', '.join(map(text_of, tree[2][1:]))})"
    if tree[0] == "call":
        return f"{tree[1]}({', '.join(map(text_of, tree[2]))})"
    return str(tree)
