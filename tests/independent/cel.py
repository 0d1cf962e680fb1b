"""A second, small reading of the expression language: row conditions over lists of Python values.

Written from the text of the language alone, so that it can disagree with the product. Errors are values (`Error`);
`&&`, `||` and `?:` absorb them as CEL defines. An int is a Python int, a number a Python float.
"""

import math
import re
from datetime import datetime, timedelta, timezone

INT_MIN, INT_MAX = -(2**63), 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Error:
    """What a condition can end in instead of a value."""

    def __init__(self, kind):
        self.kind = kind


MISSING = Error("missing")

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>0x[0-9a-fA-F]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)
    | (?P<raw>r"[^"]*"|r'[^']*')
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<name>[A-Za-z_]\w*)
    | (?P<op>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])
    )""",
    re.X,
)


def tokens(source):
    out, at = [], 0
    while source[at:].strip():
        match = TOKEN.match(source, at)
        if not match:
            raise ValueError(f"cannot read {source[at:]!r}")
        out.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return out + [("end", "")]


LEVELS = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"]]


class Parser:
    """Precedence climbing; trees are tuples whose first item says what they are."""

    def __init__(self, source):
        self.tokens, self.at = tokens(source), 0

    def peek(self):
        return self.tokens[self.at][1]

    def take(self, expected=None):
        kind, text = self.tokens[self.at]
        if expected is not None and text != expected:
            raise ValueError(f"expected {expected}, found {text}")
        self.at += 1
        return kind, text

    def whole(self):
        tree = self.ternary()
        self.take("")
        return tree

    def ternary(self):
        condition = self.binary(0)
        if self.peek() != "?":
            return condition
        self.take()
        yes = self.ternary()
        self.take(":")
        return ("if", condition, yes, self.ternary())

    def binary(self, level):
        if level == len(LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.tokens[self.at][0] in ("op", "name") and self.peek() in LEVELS[level]:
            operator = self.take()[1]
            left = ("op", operator, left, self.binary(level + 1))
        return left

    def unary(self):
        if self.tokens[self.at][0] == "op" and self.peek() in ("!", "-"):
            operator = self.take()[1]
            inner = self.unary()
            if operator == "-" and inner[0] == "literal" and type(inner[1]) in (int, float):
                return ("literal", -inner[1])
            return ("not" if operator == "!" else "minus", inner)
        return self.postfix()

    def postfix(self):
        tree = self.atom()
        while True:
            if self.peek() == "." and self.tokens[self.at][0] == "op":
                self.take()
                name = self.take()[1]
                tree = ("call", name, [tree] + self.arguments(), True) if self.peek() == "(" else ("dot", tree, name)
            elif self.peek() == "[" and self.tokens[self.at][0] == "op":
                self.take()
                tree = ("index", tree, self.ternary())
                self.take("]")
            else:
                return tree

    def arguments(self):
        self.take("(")
        found = []
        while self.peek() != ")":
            found.append(self.ternary())
            if self.peek() == ",":
                self.take()
        self.take(")")
        return found

    def atom(self):
        kind, text = self.take()
        if kind == "number":
            plain = text.replace("_", "")
            if plain.startswith("0x"):
                return ("literal", int(plain, 16))
            return ("literal", float(plain) if re.search(r"[.eE]", plain) else int(plain))
        if kind == "raw":
            return ("literal", text[2:-1])
        if kind == "text":
            return ("literal", re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text[1:-1]))
        if kind == "name":
            if text in ("true", "false", "null"):
                return ("literal", {"true": True, "false": False, "null": None}[text])
            if self.peek() == "(" and self.tokens[self.at][0] == "op":
                return ("call", text, self.arguments(), False)
            return ("name", text)
        if text == "(":
            tree = self.ternary()
            self.take(")")
            return tree
        if text == "[":
            items = []
            while self.peek() != "]":
                items.append(self.ternary())
                if self.peek() == ",":
                    self.take()
            self.take("]")
            return ("list", items)
        raise ValueError(f"unexpected {text!r}")


def parse(source):
    return Parser(source).whole()


def column_of(tree):
    """The column a tree names directly: `age` or `row["age"]`."""
    if tree[0] == "name":
        return tree[1]
    if tree[0] == "index" and tree[1] == ("name", "row"):
        return tree[2][1]
    return None


def compile_row(tree, columns, labels=None):
    """A function from the index of a row to a value or an `Error`."""
    go = lambda each: compile_row(each, columns, labels)
    kind = tree[0]
    if kind == "literal":
        return lambda _i: tree[1]
    column = column_of(tree)
    if column is not None:
        cells = columns[column]
        return lambda i: MISSING if cells[i] is None else cells[i]
    if kind == "not":
        inner = go(tree[1])
        return lambda i: v if isinstance(v := inner(i), Error) else not v
    if kind == "minus":
        inner = go(tree[1])
        return lambda i: v if isinstance(v := inner(i), Error) else checked(-v)
    if kind == "if":
        condition, yes, no = map(go, tree[1:])
        return lambda i: c if isinstance(c := condition(i), Error) else (yes(i) if c else no(i))
    if kind == "op":
        return operator(tree[1], tree[2], tree[3], columns, go)
    if kind == "call":
        return call(tree, columns, labels, go)
    raise ValueError(f"not a row expression: {tree}")


def operator(op, left_tree, right_tree, columns, go):
    for one, other in ((left_tree, right_tree), (right_tree, left_tree)):
        if one == ("literal", None):
            cells = columns[column_of(other)]
            return (lambda i: cells[i] is None) if op == "==" else (lambda i: cells[i] is not None)
    if op == "in":
        left, wanted = go(left_tree), [item[1] for item in right_tree[1]]
        return lambda i: v if isinstance(v := left(i), Error) else any(equal(v, w) for w in wanted)
    left, right = go(left_tree), go(right_tree)
    if op in ("&&", "||"):
        decides = op == "||"

        def logic(i):
            a, b = left(i), right(i)
            if a is decides or b is decides:
                return decides
            return a if isinstance(a, Error) else b

        return logic

    def strict(i):
        a, b = left(i), right(i)
        if isinstance(a, Error):
            return a
        return b if isinstance(b, Error) else arithmetic(op, a, b)

    return strict


def equal(a, b):
    return type(a) is bool and type(b) is bool and a == b or type(a) is not bool and type(b) is not bool and a == b


def checked(value):
    if type(value) is int and not INT_MIN <= value <= INT_MAX:
        return Error("overflow")
    if type(value) is float and not math.isfinite(value):
        return Error("non-finite")
    return value


def arithmetic(op, a, b):
    if op == "==":
        return equal(a, b)
    if op == "!=":
        return not equal(a, b)
    if op in ("<", "<=", ">", ">="):
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
    if type(a) is float and type(b) is int:
        b = float(b)
    if type(b) is float and type(a) is int:
        a = float(a)
    if op == "+":
        return a + b if isinstance(a, (str, datetime)) else checked(a + b)
    if op == "-":
        return a - b if isinstance(a, datetime) else checked(a - b)
    if op == "*":
        return checked(a * b)
    if b == 0:
        return Error("division-by-zero")
    if type(a) is float:
        return checked(a / b)
    quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    return checked(quotient) if op == "/" else a - b * quotient


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def span(text):
    units = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6}
    return timedelta(seconds=sum(float(n) * units[u] for n, u in re.findall(r"([\d.]+)(ms|us|h|m|s)", text)))


def truncated(v):
    if type(v) is str:
        return checked(int(v)) if re.fullmatch(r"[+-]?\d+", v) else Error("invalid-conversion")
    if type(v) is float:
        return Error("overflow") if not math.isfinite(v) or abs(v) >= 2.0**63 else math.trunc(v)
    return (v - EPOCH) // timedelta(seconds=1) if isinstance(v, datetime) else v


def parsed(v):
    if type(v) is str and not re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", v):
        return Error("invalid-conversion")
    return checked(float(v))


def half_away(v):
    return math.copysign(math.floor(abs(v) + 0.5), v)


ROW_FUNCTIONS = {
    "size": len,
    "int": truncated,
    "double": parsed,
    "string": lambda v: ("true" if v else "false") if type(v) is bool else str(v),
    "timestamp": instant,
    "duration": span,
    "contains": lambda s, t: t in s,
    "startsWith": lambda s, t: s.startswith(t),
    "endsWith": lambda s, t: s.endswith(t),
    "matches": lambda s, p: re.search(p, s, re.ASCII) is not None,
    "lowerAscii": lambda s: re.sub("[A-Z]", lambda m: m[0].lower(), s),
    "upperAscii": lambda s: re.sub("[a-z]", lambda m: m[0].upper(), s),
    "getFullYear": lambda t: t.year,
    "getMonth": lambda t: t.month - 1,
    "getDate": lambda t: t.day,
    "getDayOfMonth": lambda t: t.day - 1,
    "getDayOfWeek": lambda t: (t.weekday() + 1) % 7,
    "getDayOfYear": lambda t: t.timetuple().tm_yday - 1,
    "getHours": lambda t: t.hour,
    "getMinutes": lambda t: t.minute,
    "abs": lambda v: checked(abs(v)),
    "sqrt": lambda v: math.sqrt(v) if v >= 0 else Error("non-finite"),
    "floor": lambda v: float(math.floor(v)),
    "ceil": lambda v: float(math.ceil(v)),
    "round": half_away,
    "greatest": max,
    "least": min,
}


def call(tree, columns, labels, go):
    _, name, arguments, method = tree
    if name == "has":
        cells = columns[column_of(arguments[0])]
        return lambda i: cells[i] is not None
    if name == "label":
        column = column_of(arguments[0])
        inner, names = go(arguments[0]), labels[column]
        return lambda i: v if isinstance(v := inner(i), Error) else names[v]
    if method and arguments[0] == ("name", "math"):
        arguments = arguments[1:]
    function, inner = ROW_FUNCTIONS[name], [go(each) for each in arguments]

    def apply(i):
        values = [each(i) for each in inner]
        return next((v for v in values if isinstance(v, Error)), None) or function(*values)

    return apply
