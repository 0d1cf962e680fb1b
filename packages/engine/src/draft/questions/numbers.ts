import { columnText, type Sql, sql, floatLiteral } from '@plumbline/core'
import type { NumberCandidate } from '../candidate.ts'
import type { Amount, Pair } from '../overview.ts'
import { ROWS, type SumList } from '../sums.ts'

/** Below so many distinct values a column is no amount that a mean tells of. */
const FEW = 3

/** Mean, spread and middle of an amount: each is moved by a fault that the others may not show. */
export function amountQuestions(amount: Amount, sums: SumList): readonly NumberCandidate[] {
  const { column, mean, deviation, deciles } = amount
  const { name, distinct } = column.profile
  if (distinct < FEW || !(deviation > 0)) return []
  const cell = column.cell
  // Around the mean, so that squares do not cancel.
  const moved = sql`(CAST(${cell} AS DOUBLE) - ${floatLiteral(mean)})`
  const present = sums.count(sql`${cell} IS NOT NULL`)
  const first = sums.add(moved)
  const second = sums.add(sql`${moved} * ${moved}`)
  const base = { kind: 'number', columns: [column.index], sides: 'both' } as const
  const term = columnText(name)
  const questions: NumberCandidate[] = [
    {
      ...base,
      id: 'mean',
      says: 'the mean of',
      term: `mean(${term})`,
      value: (sum) => (sum(present) > 0 ? mean + sum(first) / sum(present) : undefined),
      least: () => deviation / 10,
    },
    {
      ...base,
      id: 'spread',
      says: 'the standard deviation of',
      term: `stddev(${term})`,
      value: (sum) => {
        const n = sum(present)
        if (n < 2) return undefined
        const variance = (sum(second) - sum(first) ** 2 / n) / (n - 1)
        return variance > 0 ? Math.sqrt(variance) : undefined
      },
      least: (value) => value / 10,
      domain: [0, Infinity],
    },
  ]
  const middle = deciles[4]
  if (middle !== undefined && distinct >= 10) questions.push(middleQuestion(amount, middle, sums))
  return questions
}

function middleQuestion({ column }: Amount, middle: number, sums: SumList): NumberCandidate {
  const whole = column.profile.type === 'integer'
  const at = whole ? Math.floor(middle) : Number(middle.toPrecision(3))
  const below: Sql = sql`CAST(${column.cell} AS DOUBLE) <= ${floatLiteral(at)}`
  const share = sums.count(below)
  return {
    kind: 'number',
    id: 'middle',
    columns: [column.index],
    says: `the share of rows up to ${at} in`,
    term: `share(${columnText(column.profile.name)} <= ${whole ? String(at) : decimal(at)})`,
    value: (sum) => (sum(ROWS) > 0 ? sum(share) / sum(ROWS) : undefined),
    least: () => 0.03,
    sides: 'both',
    domain: [0, 1],
  }
}

const decimal = (value: number): string => {
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** |r| from which two columns are said to go together. */
const STRONG = 0.4
/** Correlations that are asked for, the strongest first. */
const MOST = 20

/** The strongest correlations: rows whose cells come from different rows break them, and nothing else. */
export function correlationQuestions(pairs: readonly Pair[], sums: SumList): readonly NumberCandidate[] {
  return pairs
    .filter(({ r, both }) => r !== undefined && Math.abs(r) >= STRONG && Math.abs(r) < 1 - 1e-9 && both >= 30)
    .toSorted((one, other) => Math.abs(other.r ?? 0) - Math.abs(one.r ?? 0))
    .slice(0, MOST)
    .map(({ a, b, r = 0 }): NumberCandidate => {
      const x = standardized(a)
      const y = standardized(b)
      const both = (term: Sql): Sql =>
        sql`CASE WHEN ${a.column.cell} IS NOT NULL AND ${b.column.cell} IS NOT NULL THEN ${term} END`
      const [n, sx, sy, sxx, syy, sxy] = [
        sums.count(sql`${a.column.cell} IS NOT NULL AND ${b.column.cell} IS NOT NULL`),
        ...[x, y, sql`${x} * ${x}`, sql`${y} * ${y}`, sql`${x} * ${y}`].map((term) => sums.add(both(term))),
      ] as [number, number, number, number, number, number]
      return {
        kind: 'number',
        id: 'together',
        columns: [a.column.index, b.column.index],
        says: 'the correlation of',
        term: `correlation(${columnText(a.column.profile.name)}, ${columnText(b.column.profile.name)})`,
        value: (sum) => {
          const rows = sum(n)
          const cov = sum(sxy) - (sum(sx) * sum(sy)) / rows
          const [vx, vy] = [sum(sxx) - sum(sx) ** 2 / rows, sum(syy) - sum(sy) ** 2 / rows]
          return rows > 3 && vx > 0 && vy > 0 ? cov / Math.sqrt(vx * vy) : undefined
        },
        least: () => 0.05,
        sides: r > 0 ? 'above' : 'below',
        domain: [-1, 1],
      }
    })
}

const standardized = ({ column, mean, deviation }: Amount): Sql =>
  sql`((CAST(${column.cell} AS DOUBLE) - ${floatLiteral(mean)}) / ${floatLiteral(deviation)})`
