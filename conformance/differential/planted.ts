import * as js from '../../packages/core/src/targets/javascript/index.ts'
import * as db from '../../packages/core/src/targets/sql/duckdb/index.ts'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import type { DuckdbTables } from '../../packages/engine/src/fuzz/duckdb.ts'

const duckdbFunction = (change: Partial<db.DuckdbFunctions>): DuckdbTables => ({
  functions: { ...db.duckdbFunctions, ...change },
})
const duckdbNode = (change: Partial<db.DuckdbNodes>): DuckdbTables => ({ nodes: { ...db.duckdbNodes, ...change } })
const javascriptFunction = (change: Partial<js.JavascriptFunctions>): js.JavascriptOptions => ({
  functions: { ...js.javascriptFunctions, ...change },
})
const javascriptNode = (change: Partial<js.JavascriptNodes>): js.JavascriptOptions => ({
  nodes: { ...js.javascriptNodes, ...change },
})

/** Mistakes that people make in SQL, one at a time. */
export const duckdbBugs: Readonly<Record<string, DuckdbTables>> = {
  '<= written as <': duckdbFunction({ le_int: db.duckdbFunctions.lt_int }),
  'int and double compared through rounding': duckdbFunction({
    lt_int_double: db.simple((a, b) => sql`(CAST(${a.sql} AS DOUBLE) < ${b.sql})`),
    le_int_double: db.simple((a, b) => sql`(CAST(${a.sql} AS DOUBLE) <= ${b.sql})`),
    eq_int_double: db.simple((a, b) => sql`(CAST(${a.sql} AS DOUBLE) = ${b.sql})`),
  }),
  'texts compared without case': duckdbFunction({
    lt_string: db.simple((a, b) => sql`(lower(${a.sql}) < lower(${b.sql}))`),
    eq_string: db.simple((a, b) => sql`(lower(${a.sql}) = lower(${b.sql}))`),
  }),
  'halves rounded to even': duckdbFunction({ round: db.float((a) => sql`round_even(${a.sql}, 0)`) }),
  'overflow not guarded': duckdbFunction({ mul_int: db.simple((a, b) => sql`(${a.sql} * ${b.sql})`) }),
  // Found only where the condition stands in FILTER or WHERE, or compares with a constant: DuckDB moves the cast.
  'overflow caught by a narrowing cast': duckdbFunction({
    add_int: db.simple((a, b) => sql`TRY_CAST(CAST(${a.sql} AS HUGEINT) + ${b.sql} AS BIGINT)`),
    sub_int: db.simple((a, b) => sql`TRY_CAST(CAST(${a.sql} AS HUGEINT) - ${b.sql} AS BIGINT)`),
    mul_int: db.simple((a, b) => sql`TRY_CAST(CAST(${a.sql} AS HUGEINT) * ${b.sql} AS BIGINT)`),
  }),
  'overflow wraps': duckdbFunction({ neg_int: db.simple((a) => sql`(~(${a.sql}) + 1)`) }),
  'remainder with the sign of the divisor': duckdbFunction({
    mod_int: db.simple((a, b) => sql`TRY((${a.sql} % ${b.sql} + ${b.sql}) % ${b.sql})`),
  }),
  'division of ints as division of doubles': duckdbFunction({
    div_int: db.simple((a, b) => sql`TRY_CAST(${a.sql} / ${b.sql} AS BIGINT)`),
  }),
  'non-finite results are values': duckdbNode({ finite: (number) => number }),
  'divisor not checked before the division': duckdbFunction({
    div_double: db.float((a, b) => sql`(${a.sql} / ${b.sql})`),
  }),
  'bytes counted': duckdbFunction({ size_string: db.simple((s) => sql`strlen(${s.sql})`) }),
  'lower case beyond ASCII': duckdbFunction({ lower_ascii: db.simple((s) => sql`lower(${s.sql})`) }),
  'conversion rounds': duckdbFunction({ int_of_double: db.simple((d) => sql`TRY_CAST(${d.sql} AS BIGINT)`) }),
  'conversion takes any number': duckdbFunction({ int_of_string: db.simple((s) => sql`TRY_CAST(${s.sql} AS BIGINT)`) }),
  'seconds truncated before 1970': duckdbFunction({
    int_of_timestamp: db.simple((t) => sql`(epoch_us(${t.sql}) // 1000000)`),
  }),
  'Sunday is 7': duckdbFunction({ get_day_of_week: db.simple((t) => sql`isodow(${t.sql})`) }),
  'greatest skips NULL': duckdbFunction({ greatest_int: db.simple((a, b) => sql`greatest(${a.sql}, ${b.sql})`) }),
  'error in a condition takes the else branch': duckdbNode({
    conditional: (c, a, b) => sql`(CASE WHEN ${c} THEN ${a} ELSE ${b} END)`,
  }),
  'and does not keep errors': duckdbNode({ and: (l, r) => sql`COALESCE(${l} AND ${r}, false)` }),
  'or absorbs nothing': duckdbNode({ or: (l, r) => sql`(CASE WHEN ${l} IS NOT NULL THEN ${l} OR ${r} END)` }),
  'missing test inverted': duckdbNode({ isMissing: (cell, negated) => db.duckdbNodes.isMissing(cell, !negated) }),
  'last element of a list forgotten': duckdbNode({
    inList: (operand, kind, elements) => db.duckdbNodes.inList(operand, kind, elements.slice(0, -1)),
  }),
  'a missing cell is false': duckdbNode({
    matches: (operand, pattern) => sql`COALESCE(${db.duckdbNodes.matches(operand, pattern)}, false)`,
  }),
  'pattern anchored': duckdbNode({
    matches: (operand, pattern) => sql`regexp_full_match(${operand}, ${db.text(pattern)})`,
  }),
  'anchors lost to the optimizer': duckdbNode({
    matches: (operand, pattern) => sql`regexp_matches(${operand}, ${db.text(pattern)})`,
  }),
  'dot matches newline': duckdbNode({
    matches: (operand, pattern) => sql`regexp_matches(${operand}, ${db.text(pattern)}, 's')`,
  }),
  'reversed by grapheme': duckdbFunction({ reverse: db.simple((s) => sql`reverse(${s.sql})`) }),
  'spaces trimmed only': duckdbFunction({ trim: db.simple((s) => sql`trim(${s.sql})`) }),
  'nothing replaced for an empty text': duckdbFunction({
    replace: db.simple((s, from, to = from) => sql`replace(${s.sql}, ${from.sql}, ${to.sql})`),
  }),
  'places outside of a text are cut': duckdbFunction({
    substring: db.repeating((s, from) => sql`substring(${s.sql}, CAST(greatest(${from.sql}, 0) AS INTEGER) + 1)`),
  }),
  'parts of a duration rounded': duckdbFunction({
    hours_of: db.simple((d) => sql`CAST(round(${d.sql} / 3600000000.0) AS BIGINT)`),
  }),
  'unknown code has an empty label': duckdbNode({
    lookup: (operand, entries) => sql`COALESCE(${db.duckdbNodes.lookup(operand, entries)}, '')`,
  }),
}

/** Mistakes that people make in JavaScript. */
export const javascriptBugs: Readonly<Record<string, js.JavascriptOptions>> = {
  '<= written as <': javascriptFunction({ le_int: js.javascriptFunctions.lt_int }),
  'int and double compared through rounding': javascriptFunction({
    lt_int_double: js.spelled((a, b) => js.js`(Number(${a}) < ${b})`),
    le_int_double: js.spelled((a, b) => js.js`(Number(${a}) <= ${b})`),
    eq_int_double: js.spelled((a, b) => js.js`(Number(${a}) === ${b})`),
  }),
  'texts compared by UTF-16 unit': javascriptFunction({
    lt_string: js.spelled((a, b) => js.js`(${a} < ${b})`),
    le_string: js.spelled((a, b) => js.js`(${a} <= ${b})`),
    gt_string: js.spelled((a, b) => js.js`(${a} > ${b})`),
    ge_string: js.spelled((a, b) => js.js`(${a} >= ${b})`),
  }),
  'number and bigint compared strictly': javascriptFunction({ eq_int: js.spelled((a, b) => js.js`(${a} === ${b})`) }),
  'halves rounded up': javascriptFunction({ round: js.spelled((a) => js.js`finite(Math.round(${a}))`, 'finite') }),
  'ints added as doubles': javascriptFunction({ add_int: js.spelled((a, b) => js.js`(Number(${a}) + Number(${b}))`) }),
  'overflow wraps': javascriptFunction({
    mul_int: js.spelled((a, b) => js.js`BigInt.asIntN(64, BigInt(${a}) * BigInt(${b}))`),
  }),
  'non-finite results are values': javascriptFunction({ mul_double: js.spelled((a, b) => js.js`(${a} * ${b})`) }),
  'division by zero reported as non-finite': javascriptFunction({
    div_double: js.spelled((a, b) => js.js`finite(${a} / ${b})`, 'finite'),
  }),
  'UTF-16 units counted': javascriptFunction({ size_string: js.spelled((s) => js.js`${s}.length`) }),
  'lower case beyond ASCII': javascriptFunction({ lower_ascii: js.spelled((s) => js.js`${s}.toLowerCase()`) }),
  'conversion without a range': javascriptFunction({
    int_of_double: js.spelled((d) => js.js`(${d} - ${d} === 0 ? BigInt(Math.trunc(${d})) : OVERFLOW)`, 'OVERFLOW'),
  }),
  'conversion takes spaces': javascriptFunction({
    double_of_string: js.spelled((s) => js.js`finite(Number(${s}))`, 'finite'),
  }),
  'trimmed as JavaScript does': javascriptFunction({ trim: js.spelled((s) => js.js`${s}.trim()`) }),
  'first occurrence replaced': javascriptFunction({
    replace: js.spelled((s, from, to) => js.js`${s}.replace(${from}, () => ${to})`),
  }),
  'bits of 32': javascriptFunction({ bit_and_int: js.spelled((a, b) => js.js`(Number(${a}) & Number(${b}))`) }),
  'months from one': javascriptFunction({ get_month: js.spelled((t) => js.js`(date(${t}).month + 1)`, 'date') }),
  'time of day wrong before 1970': javascriptFunction({
    get_hours: js.spelled((t) => js.js`Number(BigInt(${t}) / 3600000000n % 24n)`),
  }),
  'NaN is a value': javascriptNode({ isMissing: (assignment) => js.js`(${assignment}) == null` }),
  'an absent cell is not missing': javascriptNode({
    isMissing: (assignment, t) => js.js`(${assignment}) === null || ${t} !== ${t}`,
  }),
  'inherited names are cells': javascriptNode({ cell: (row, column) => js.js`${row}[${js.jsonLiteral(column)}]` }),
  'and stops at the first error': javascriptNode({ and: (l, r, t) => js.js`((${t} = ${l}) === true ? ${r} : ${t})` }),
  'or prefers the right error': javascriptNode({
    or: (left, right, l, r) =>
      js.js`((${l} = ${left}) === true || (${r} = ${right}) === true ? true : ${r} === false ? ${l} : ${r})`,
  }),
  'error in a condition takes the else branch': javascriptNode({
    conditional: (condition, c, a, b) => js.js`((${c} = ${condition}) === true ? ${a} : ${b})`,
  }),
  'list elements compared strictly': javascriptNode({
    inList: (value, elements) => js.javascriptNodes.inList(value, elements, false),
  }),
}

/** The folder of the case that a planted bug became, in `conformance/equality/`. */
export const plantedCase = (target: string, bug: string): string =>
  `planted-${target}-${bug
    .toLowerCase()
    .replaceAll('<=', 'le')
    .replaceAll('<', 'lt')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')}`
