import type { ColumnInfo } from '../../packages/core/src/expr/environment.ts'
import type { Type } from '../../packages/core/src/expr/type.ts'

/** A condition on one row, in three spellings that mean the same on rows without missing cells. */
export interface BenchClause {
  /** In this language. */
  readonly every: string
  /** In CEL as the peers read it: int literals beside ints only. */
  readonly cel: string
}

/** What specs mostly say: bounds, arithmetic of both kinds, lists, texts, missing cells. */
export const CLAUSES: readonly BenchClause[] = [
  { every: 'bill <= 2.0 * limit', cel: 'bill <= 2.0 * limit' },
  { every: 'age >= 18 && age + tenure < 150', cel: 'age >= 18 && age + tenure < 150' },
  { every: 'amount / income < 0.5 || income < 1_000.0', cel: 'amount / income < 0.5 || income < 1000.0' },
  { every: 'delay0 * 3 - delay1 <= 40', cel: 'delay0 * 3 - delay1 <= 40' },
  { every: 'term in [12, 24, 36, 48, 60]', cel: 'term in [12, 24, 36, 48, 60]' },
  {
    every: 'country in ["DE", "FR", "IT"] && size(purpose) <= 40',
    cel: 'country in ["DE", "FR", "IT"] && size(purpose) <= 40',
  },
  { every: 'has(bonus) ? bonus * 0.01 + rate < 30.5 : rate < 20.0', cel: 'bonus * 0.01 + rate < 30.5' },
  {
    every: 'math.abs(bill - amount) <= limit || purpose.startsWith("re")',
    cel: 'bill - amount <= limit && amount - bill <= limit || purpose.startsWith("re")',
  },
]

const KINDS = {
  bill: 'double',
  limit: 'double',
  amount: 'double',
  income: 'double',
  bonus: 'double',
  rate: 'double',
  age: 'int',
  tenure: 'int',
  delay0: 'int',
  delay1: 'int',
  term: 'int',
  country: 'string',
  purpose: 'string',
} as const satisfies Readonly<Record<string, Type['kind']>>

/** A row as a service has it, parsed from JSON; ints are whole numbers. */
export type BenchRow = { -readonly [K in keyof typeof KINDS]: (typeof KINDS)[K] extends 'string' ? string : number }

/** Columns of whole numbers. */
export const INTS: ReadonlySet<string> = new Set(
  Object.entries(KINDS).flatMap(([name, kind]) => (kind === 'int' ? [name] : [])),
)

const COLUMN_TYPES = { double: 'number', int: 'integer', string: 'text' } as const

/** The columns as the checker knows them. */
export const COLUMNS: readonly ColumnInfo[] = Object.entries(KINDS).map(([name, kind]) => ({
  name,
  columnType: COLUMN_TYPES[kind],
  type: { kind },
  optional: name === 'bonus',
}))

/** Rows of whole cells; about nine in ten satisfy each clause. */
export function makeRows(count: number): readonly BenchRow[] {
  return Array.from(
    { length: count },
    (_, i): BenchRow => ({
      bill: ((i * 7919) % 20_000) + 0.25,
      limit: 1_000 + ((i * 31) % 9_000),
      amount: (i * 13) % 700,
      income: 900 + ((i * 101) % 5_000) + 0.5,
      bonus: (i * 3) % 1_500,
      rate: (i % 190) / 10,
      age: 17 + (i % 70),
      tenure: i % 45,
      delay0: (i % 14) - 2,
      delay1: (i % 9) - 2,
      term: [12, 24, 36, 48, 60, 18][i % 6] ?? 12,
      country: ['DE', 'FR', 'IT', 'ES'][i % 4] ?? 'DE',
      purpose: ['renovation', 'car', 'a purpose of some more words', 'school'][i % 4] ?? 'car',
    }),
  )
}
