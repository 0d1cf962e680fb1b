/** What the printed conditions call, in Python: the meaning of the language on one row, for the functions that are printed. */
export const PYTHON_RUNTIME = `INFINITY = float("inf")


class NoValue(Exception):
    """A condition that has no value on a row; \`missing\` where it read a missing cell."""

    def __init__(self, why):
        super().__init__(why)
        self.missing = why == "missing"


def lacks(row, name):
    value = row.get(name)
    return value is None or (isinstance(value, float) and math.isnan(value))


def cell(row, name):
    if lacks(row, name):
        raise NoValue("missing")
    return row[name]


def both(left, right):
    return _decided(left, right, False)


def either(left, right):
    return _decided(left, right, True)


def _decided(left, right, by):
    """An argument that decides wins over one that has no value; of two without one the first says why."""
    try:
        if left() is by:
            return by
    except NoValue as error:
        if _is(right, by):
            return by
        raise error
    return right()


def _is(argument, by):
    try:
        return argument() is by
    except NoValue:
        return False


def choose(condition, then, otherwise):
    return then() if condition else otherwise()


def negated(value):
    return not value


def among(value, values):
    return value in values


def replaced(record, cells):
    return {**record, **cells}


def lt(a, b):
    return a < b


def le(a, b):
    return a <= b


def gt(a, b):
    return a > b


def ge(a, b):
    return a >= b


def eq(a, b):
    return a == b


def ne(a, b):
    return a != b


lt_text, le_text, gt_text, ge_text, eq_text, ne_text = lt, le, gt, ge, eq, ne


def _whole(value):
    if not -(2**63) <= value < 2**63:
        raise NoValue("overflow")
    return value


def add_int(a, b):
    return _whole(a + b)


def sub_int(a, b):
    return _whole(a - b)


def mul_int(a, b):
    return _whole(a * b)


def div_int(a, b):
    if b == 0:
        raise NoValue("division-by-zero")
    quotient = abs(a) // abs(b)
    return _whole(quotient if (a < 0) == (b < 0) else -quotient)


def mod_int(a, b):
    if b == 0:
        raise NoValue("division-by-zero")
    rest = abs(a) % abs(b)
    return -rest if a < 0 else rest


def _finite(value):
    if not math.isfinite(value):
        raise NoValue("non-finite")
    return value


def add(a, b):
    return _finite(float(a) + float(b))


def sub(a, b):
    return _finite(float(a) - float(b))


def mul(a, b):
    return _finite(float(a) * float(b))


def div(a, b):
    if b == 0:
        raise NoValue("division-by-zero")
    return _finite(float(a) / float(b))


def neg(a):
    return -a


def absolute(a):
    return abs(a)


def double(a):
    return float(a)


def sign(a):
    return (a > 0) - (a < 0)


def root(a):
    if a < 0:
        raise NoValue("non-finite")
    return _finite(math.sqrt(a))


def ceiling(a):
    return float(math.ceil(_finite(a)))


def floored(a):
    return float(math.floor(_finite(a)))


def truncated(a):
    return float(math.trunc(_finite(a)))


def rounded(a):
    whole = math.trunc(_finite(a))
    return float(whole + sign(a) if abs(a - whole) >= 0.5 else whole)


def least(a, b):
    return a if a <= b else b


def greatest(a, b):
    return a if a >= b else b


def same(a):
    return a


def int_of(a):
    if not -(2.0**63) < a < 2.0**63:
        raise NoValue("overflow")
    return math.trunc(a)


def digits(a):
    return str(a)


def _shifted(a, first, last, by):
    return "".join(chr(ord(c) + by) if first <= c <= last else c for c in a)


def lower_ascii(a):
    return _shifted(a, "A", "Z", 32)


def upper_ascii(a):
    return _shifted(a, "a", "z", -32)


def _calendar(micros):
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=micros)


def year(a):
    return _calendar(a).year


def month(a):
    return _calendar(a).month - 1


def day(a):
    return _calendar(a).day


def day_from_zero(a):
    return _calendar(a).day - 1


def weekday(a):
    return _calendar(a).isoweekday() % 7


def hours(a):
    return _calendar(a).hour


def minutes(a):
    return _calendar(a).minute


def seconds(a):
    return _calendar(a).second


def joined(a, b):
    return a + b


def size(a):
    return len(a)


def contains(a, b):
    return b in a


def starts_with(a, b):
    return a.startswith(b)


def ends_with(a, b):
    return a.endswith(b)


def satisfied(clause, row):
    """Whether the row satisfies the clause: a condition without a value fails, unless a missing cell is forgiven."""
    if clause["within"] and not any(_true(condition, row) for condition in clause["within"]):
        return True
    try:
        return clause["check"](row) is True
    except NoValue as error:
        return error.missing and clause["forgives"]


def _true(condition, row):
    try:
        return condition(row) is True
    except NoValue:
        return False
`
