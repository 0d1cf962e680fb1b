import { exact, type SmtSpelling } from '../spelling.ts'
import { and, equal, not, or, smt, type Term } from '../term.ts'

type Kind = 'int' | 'double' | 'int_double' | 'double_int' | 'string' | 'bool' | 'timestamp' | 'duration'
type Operator = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne'
type Compare = (a: Term, b: Term) => Term

const number: Readonly<Record<Operator, Compare>> = {
  lt: (a, b) => smt`(< ${a} ${b})`,
  le: (a, b) => smt`(<= ${a} ${b})`,
  gt: (a, b) => smt`(> ${a} ${b})`,
  ge: (a, b) => smt`(>= ${a} ${b})`,
  eq: equal,
  ne: (a, b) => not(equal(a, b)),
}
/** By code point, as SMT-LIB orders texts. */
const text: Readonly<Record<Operator, Compare>> = {
  lt: (a, b) => smt`(str.< ${a} ${b})`,
  le: (a, b) => smt`(str.<= ${a} ${b})`,
  gt: (a, b) => smt`(str.< ${b} ${a})`,
  ge: (a, b) => smt`(str.<= ${b} ${a})`,
  eq: equal,
  ne: (a, b) => not(equal(a, b)),
}
const truth: Readonly<Record<Operator, Compare>> = {
  lt: (a, b) => and(not(a), b),
  le: (a, b) => or(not(a), b),
  gt: (a, b) => and(a, not(b)),
  ge: (a, b) => or(a, not(b)),
  eq: equal,
  ne: (a, b) => not(equal(a, b)),
}

const spelled = (compare: Compare): SmtSpelling =>
  exact((_, [a, b]) => ({ value: compare((a as { value: Term }).value, (b as { value: Term }).value) }))
/** An int beside a double is the real number that it is. */
const mixed = (compare: Compare, left: boolean): SmtSpelling =>
  spelled((a, b) => (left ? compare(smt`(to_real ${a})`, b) : compare(a, smt`(to_real ${b})`)))

type Compared<O extends Operator> = Readonly<Record<`${O}_${Kind}`, SmtSpelling>>

function overloads<O extends Operator>(operator: O): Compared<O> {
  const rows: Readonly<Record<Kind, SmtSpelling>> = {
    int: spelled(number[operator]),
    double: spelled(number[operator]),
    int_double: mixed(number[operator], true),
    double_int: mixed(number[operator], false),
    string: spelled(text[operator]),
    bool: spelled(truth[operator]),
    timestamp: spelled(number[operator]),
    duration: spelled(number[operator]),
  }
  return Object.fromEntries(Object.entries(rows).map(([kind, row]) => [`${operator}_${kind}`, row])) as Compared<O>
}

/** Comparisons, exact for every kind: infinity stands above all numbers, and NaN is missing. */
export const comparisons = {
  ...overloads('lt'),
  ...overloads('le'),
  ...overloads('gt'),
  ...overloads('ge'),
  ...overloads('eq'),
  ...overloads('ne'),
}
