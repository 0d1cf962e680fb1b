import { CHECKS, type Check } from './checks.ts'

const TYPES: Readonly<Record<string, string>> = Object.fromEntries([
  ...'id customer age quantity status days_to_delivery'.split(' ').map((name) => [name, 'integer'] as const),
  ...'amount fee credit_limit balance score temperature latitude longitude'
    .split(' ')
    .map((name) => [name, 'number'] as const),
  ...'channel country product coupon'.split(' ').map((name) => [name, 'text'] as const),
  ['placed_at', 'timestamp'],
  ['returning', 'boolean'],
])

const number = (column: string, value: number): string =>
  TYPES[column] === 'integer' ? String(value) : Number.isInteger(value) ? `${value}.0` : String(value)

function clauseOf(check: Check): string {
  const { column } = check
  const share = 'mostly' in check && check.mostly !== undefined ? `, mostly: ${check.mostly * 100}%` : ''
  switch (check.kind) {
    case 'not-null':
      return `every: has(${column})${share}`
    case 'between': {
      const range = `${column} >= ${number(column, check.least)} && ${column} <= ${number(column, check.most)}`
      return `every: '${range}', missing: exclude${share}`
    }
    case 'length':
      return `every: 'size(${column}) >= ${check.least} && size(${column}) <= ${check.most}', missing: exclude`
    case 'regex':
      return `every: '${column}.matches("${check.pattern}")', missing: exclude`
    case 'in-set':
      return `every: '${column} in ${JSON.stringify(check.values)}', missing: exclude`
    case 'distinct':
      return `must: 'distinct(${column}) >= ${check.least} && distinct(${column}) <= ${check.most}'`
    case 'mean':
    case 'stdev': {
      const term = `${check.kind === 'mean' ? 'mean' : 'stddev'}(${column})`
      return `must: '${term} >= ${decimal(check.least)} && ${term} <= ${decimal(check.most)}'`
    }
  }
}

const decimal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value))

function head(file: string, splits = ''): string {
  const columns = Object.entries(TYPES).map(([name, type]) => `      ${name}: { type: ${type}, optional: true }`)
  return `plumbline: 1
system: { name: peers, version: 1.0.0 }
data:
  orders:
    source: ${file}${splits}
    columns:
${columns.join('\n')}
clauses:
`
}

/** The spec of the sixty checks; clause `c7` is the seventh (from nothing) of the list. */
export const checksSpec = (file: string): string =>
  head(file) + CHECKS.map((check, i) => `  c${i}: { of: orders, ${clauseOf(check)} }\n`).join('')

const DRIFT_NUMBERS =
  'customer age amount fee credit_limit balance score temperature latitude longitude quantity days_to_delivery'.split(
    ' ',
  )
const DRIFT_TEXTS: readonly string[] = []

/** Columns whose drift both sides measure by the Wasserstein distance in standard deviations of the reference. */
export const DRIFTING: readonly string[] = [...DRIFT_NUMBERS, ...DRIFT_TEXTS]

/** The second half of the rows against the first, column by column; numbers alone, as the peer has them. */
export const driftSpec = (file: string, half: number): string =>
  head(file, `\n    splits: { before: id < ${half}, after: id >= ${half} }`) +
  DRIFTING.map(
    (column) =>
      `  drift-${column}: { of: orders.after, must: 'wasserstein(${column}, orders.before) < 0.1', confidence: none }\n`,
  ).join('')
