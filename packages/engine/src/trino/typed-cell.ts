import { type Sql, sql, trino } from '@plumbline/core'
import { typedCells } from '../engines/typed-cells.ts'

const { double, text } = trino.trinoLiterals

/** The text of a stored value, as messages show it; of what has no cast to a text, as JSON. */
export const trinoText = (stored: Sql, sourceType: string): Sql =>
  /^(json|array|map|row)/.test(sourceType) ? sql`json_format(CAST(${stored} AS JSON))` : sql`CAST(${stored} AS VARCHAR)`

const replaced = (value: Sql, pattern: string, by: string): Sql =>
  sql`regexp_replace(${value}, ${text(pattern)}, ${text(by)})`

/** Reads the stored cells of a type of Trino as a declared column. */
export const trinoTypedCell = typedCells({
  families: [
    { pattern: /^(tinyint|smallint|integer)$/, family: 'small-int' },
    { pattern: /^bigint$/, family: 'bigint' },
    { pattern: /^decimal\(/, family: 'decimal' },
    { pattern: /^(real|double)$/, family: 'float' },
    { pattern: /^boolean$/, family: 'boolean' },
    { pattern: /^varchar(\(\d+\))?$/, family: 'text' },
    { pattern: /^(char\(\d+\)|uuid|json)$/, family: 'text', read: trinoText },
    { pattern: /^(date|timestamp\(\d+\))$/, family: 'time' },
    { pattern: /^timestamp\(\d+\) with time zone$/, family: 'zoned' },
  ],
  types: { int: sql`BIGINT`, double: sql`DOUBLE`, bool: sql`BOOLEAN`, time: sql`TIMESTAMP(6)` },
  double,
  whole: (value) => trino.literal({ node: 'literal', type: { kind: 'int' }, value: String(value) }),
  text,
  isNan: (number) => sql`is_nan(${number})`,
  trimmed: (raw) => sql`trim(BOTH ${text(' \t\n\r\f\v')} FROM ${raw})`,
  matches: (value, pattern) => sql`regexp_like(${value}, ${text(pattern)})`,
  intOfText: trino.intOfText,
  doubleOfText: trino.doubleOfText,
  toInt: (number) => sql`try_cast(${number} AS BIGINT)`,
  isWhole: {
    decimal: (raw) => sql`${raw} = floor(${raw})`,
    double: (number) => sql`${number} = floor(${number})`,
  },
  asText: (raw) => sql`CAST(${raw} AS VARCHAR)`,
  instant: (raw, family) =>
    family === 'time' ? sql`CAST(${raw} AS TIMESTAMP(6))` : sql`CAST(${raw} AT TIME ZONE 'UTC' AS TIMESTAMP(6))`,
  instantOfText(text) {
    // A cast reads a day, and a time with or without an offset ` +02:00` behind it.
    const word = replaced(replaced(text, '^([0-9-]{10})T', '$1 '), 'Z$', '+00:00')
    const colon = replaced(word, '(:[0-9.]+[+-][0-9]{2})([0-9]{2})$', '$1:$2')
    const spelled = replaced(replaced(colon, '(:[0-9.]+[+-][0-9]{2})$', '$1:00'), '([+-][0-9]{2}:[0-9]{2})$', ' $1')
    return sql`CAST(try_cast(${spelled} AS TIMESTAMP(6) WITH TIME ZONE) AT TIME ZONE 'UTC' AS TIMESTAMP(6))`
  },
  arrays: {
    int: { from: /^array\((tinyint|smallint|integer|bigint)\)$/, type: sql`ARRAY(BIGINT)` },
    double: { from: /^array\((tinyint|smallint|integer|real|double)\)$/, type: sql`ARRAY(DOUBLE)` },
    bool: { from: /^array\(boolean\)$/, type: sql`ARRAY(BOOLEAN)` },
    string: { from: /^array\(varchar(\(\d+\))?\)$/, type: sql`ARRAY(VARCHAR)` },
  },
  complete(_, cast, floats) {
    const missing = floats ? sql`"one" IS NULL OR is_nan("one")` : sql`"one" IS NULL`
    return sql`none_match(${cast}, "one" -> ${missing})`
  },
})
