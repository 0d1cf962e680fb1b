import { integerLiteral, spark, type Sql, sql } from '@plumbline/core'
import { typedCells } from '../engines/typed-cells.ts'

const { double, text } = spark.sparkLiterals

const toInt = (number: Sql): Sql => sql`CAST(${number} AS BIGINT)`
const replaced = (value: Sql, pattern: string, by: string): Sql =>
  sql`regexp_replace(${value}, ${text(pattern)}, ${text(by)})`

/** Reads the stored cells of a type of Spark as a declared column. */
export const sparkTypedCell = typedCells({
  families: [
    { pattern: /^(tinyint|smallint|int)$/, family: 'small-int' },
    { pattern: /^bigint$/, family: 'bigint' },
    { pattern: /^decimal\(/, family: 'decimal' },
    { pattern: /^(float|double)$/, family: 'float' },
    { pattern: /^boolean$/, family: 'boolean' },
    { pattern: /^(string|char\(\d+\)|varchar\(\d+\))$/, family: 'text' },
    // Texts are equal and ordered by code point, whatever the collation of their column says.
    {
      pattern: /^(string|char\(\d+\)|varchar\(\d+\)) collate /,
      family: 'text',
      read: (stored) => sql`(${stored} COLLATE UTF8_BINARY)`,
    },
    { pattern: /^(date|timestamp|timestamp_ntz)$/, family: 'time' },
  ],
  types: { int: sql`BIGINT`, double: sql`DOUBLE`, bool: sql`BOOLEAN`, time: sql`TIMESTAMP` },
  double,
  whole: (value) => (value < 0n ? sql`-${integerLiteral(-value, 'L')}` : integerLiteral(value, 'L')),
  text,
  isNan: (number) => sql`isnan(${number})`,
  trimmed: (raw) => sql`btrim(${raw}, ${text(' \t\n\r\f\v')})`,
  matches: (value, pattern) => sql`${value} RLIKE ${text(pattern)}`,
  intOfText: spark.intOfText,
  doubleOfText: spark.doubleOfText,
  toInt,
  isWhole: {
    decimal: (raw) => sql`${raw} >= -9223372036854775808 AND ${raw} <= 9223372036854775807 AND ${raw} = floor(${raw})`,
    double: (number, int) => sql`${number} = CAST(${int} AS DOUBLE)`,
  },
  asText: (raw, family) => (family === 'text' ? raw : sql`CAST(${raw} AS STRING)`),
  instant: (raw) => sql`CAST(${raw} AS TIMESTAMP)`,
  instantOfText(word) {
    // An offset of hours and minutes is read with a colon between them only.
    const colon = replaced(word, '([+-][0-9]{2})([0-9]{2})$', '$1:$2')
    return sql`try_cast(${replaced(colon, '(:[0-9.]+[+-][0-9]{2})$', '$1:00')} AS TIMESTAMP)`
  },
  arrays: {
    int: { from: /^array<(tinyint|smallint|int|bigint)>$/, type: sql`ARRAY<BIGINT>` },
    double: { from: /^array<(tinyint|smallint|int|float|double)>$/, type: sql`ARRAY<DOUBLE>` },
    bool: { from: /^array<boolean>$/, type: sql`ARRAY<BOOLEAN>` },
    string: { from: /^array<string>$/, type: sql`ARRAY<STRING>` },
  },
  complete(raw, cast, floats) {
    const plain = sql`array_size(array_compact(${raw})) = array_size(${raw})`
    return floats ? sql`${plain} AND NOT array_contains(${cast}, double('NaN'))` : plain
  },
})
