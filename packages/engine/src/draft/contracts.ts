import { type DraftedColumn, floatLiteral, sql, stats } from '@plumbline/core'
import type { Amount, Overview } from './overview.ts'
import type { ValueCounts } from './questions/categories.ts'
import { RESAMPLES } from './resamples.ts'
import type { DraftRows } from './rows.ts'
import { mostlyText, roundBounds, stabilityOf } from './stable-range.ts'
import { type GroupSums, ROWS, type SumIndex, type SumList } from './sums.ts'

/** Cells that lie outside what the learned part shows, by place of the column. */
export type Outside = ReadonlyMap<number, SumIndex>

/** Asks for the cells outside the bounds that the learned part alone would give. */
export function outsideLearned({ amounts }: Overview, sums: SumList): Outside {
  const outside = new Map<number, SumIndex>()
  for (const [index, { column, learnedLow, learnedHigh }] of amounts) {
    if (!Number.isFinite(learnedLow) || !Number.isFinite(learnedHigh)) continue
    const [low, high] = roundBounds(column.profile.type, learnedLow, learnedHigh)
    const x = sql`CAST(${column.cell} AS DOUBLE)`
    outside.set(index, sums.count(sql`${x} < ${floatLiteral(low)} OR ${x} > ${floatLiteral(high)}`))
  }
  return outside
}

/** More than this may not lie outside, or there is no bound to speak of. */
const MOST_OUTSIDE = 0.1

/** What the contracts of each column rest on. */
export function contractsOf(
  rows: DraftRows,
  overview: Overview,
  values: readonly ValueCounts[],
  outside: Outside,
  sums: GroupSums,
): ReadonlyMap<string, DraftedColumn> {
  const counts = new Map(values.map((each) => [each.column.index, each]))
  return new Map(
    rows.columns.map((column): [string, DraftedColumn] => {
      const amount = overview.amounts.get(column.index)
      const listed = counts.get(column.index)
      const drafted =
        amount !== undefined
          ? rangeContract(amount, rows.profile.rows, outside.get(column.index), sums)
          : listed !== undefined
            ? valuesContract(listed, sums)
            : plainContract(sums)
      return [column.profile.name, drafted]
    }),
  )
}

function rangeContract(amount: Amount, rows: number, outside: SumIndex | undefined, sums: GroupSums): DraftedColumn {
  const cells = rows - amount.column.profile.missing
  const { draws, held, tolerance } = stabilityOf(amount, cells)
  const base = plainContract(sums)
  if (tolerance > MOST_OUTSIDE)
    return {
      ...base,
      open: true,
      doubts: [`${cells} rows do not tell where its range ends (seen: ${ends(amount)})`],
    }
  const beyond = outside === undefined ? 0 : sums.heldOut(outside)
  const heldOut = sums.heldOut(ROWS)
  return {
    doubts: tolerance > 0 ? ['its range is what was seen; what may it be?'] : [],
    ...(tolerance > 0 ? { mostly: mostlyText(tolerance) } : {}),
    support: {
      ...base.support,
      resamples: { held: tolerance > 0 ? draws : held, of: draws, kind: 'halves' },
      heldOut: { rows: heldOut, held: heldOut - beyond },
    },
  }
}

const ends = ({ lows, highs }: Amount): string => `${lows[0]} … ${highs[0]}`

/**
 * A value that a new table has and this one has not is the rarer the more often the rarest were seen: the share of unseen
 * values is about that of the values seen once (I. J. Good, Biometrika 40 (1953)).
 */
function valuesContract({ values }: ValueCounts, sums: GroupSums): DraftedColumn {
  const base = plainContract(sums)
  const seen = values.map(({ rows }) => ({ all: sums.all(rows), learned: sums.learned(rows), out: sums.heldOut(rows) }))
  const [once, twice] = [1, 2].map((times) => seen.filter(({ all }) => all === times).length) as [number, number]
  const unseen = seen.filter(({ learned }) => learned === 0).reduce((sum, { out }) => sum + out, 0)
  const rare = once > 0 || twice > 0
  const tolerance = rare ? (5 * (once + 1) + 2 * twice) / sums.all(ROWS) : 0
  return {
    doubts: rare ? ['are these all the values there can be? some came once or twice'] : [],
    ...(rare ? { mostly: mostlyText(Math.min(tolerance, MOST_OUTSIDE)) } : {}),
    support: {
      ...base.support,
      heldOut: { rows: base.support.heldOut.rows, held: base.support.heldOut.rows - unseen },
    },
  }
}

/** Types and gaps: every row was read, so that they hold in all of them. */
function plainContract(sums: GroupSums): DraftedColumn {
  const rows = sums.all(ROWS)
  const heldOut = sums.heldOut(ROWS)
  return {
    doubts: [],
    support: {
      rows,
      held: rows,
      of: 'rows',
      interval: [1 - stats.zeroFailuresUpperBound(rows, 0.95), 1],
      resamples: { held: RESAMPLES, of: RESAMPLES, kind: 'bootstrap' },
      heldOut: { rows: heldOut, held: heldOut },
    },
  }
}
