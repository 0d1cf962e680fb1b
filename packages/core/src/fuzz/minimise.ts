import type { Expr } from '../expr/expr.ts'
import type { RecordValue } from '../expr/value.ts'
import { columnsOf } from '../targets/children.ts'
import { compareUnlessAborted, type Disagreement } from './compare.ts'
import type { Implementation } from './implementation.ts'
import { smallerExprs, smallerRows } from './smaller.ts'
import { smallerTogether } from './smaller-together.ts'

/** Steps at most: each makes the expression or the row simpler, so more would only polish. */
const STEPS = 80

/**
 * The simplest expression and row found on which one of the same implementations still differs from the reference. Every
 * step asks for all simpler expressions, then for all simpler rows, in one batch each, then for simpler pairs one by one,
 * and takes the first that differs. Where it is interrupted, what was the simplest so far.
 */
export async function minimise(
  found: Disagreement,
  implementations: readonly Implementation[],
  signal?: AbortSignal,
): Promise<Disagreement> {
  const differing = new Set(found.answers.filter((each) => !each.agrees).map(({ name }) => name))
  const asked = implementations.filter(({ name }) => differing.has(name))
  let best = found
  for (let step = 0; step < STEPS; step++) {
    const next =
      (await first(best, smallerExprs(best.expr), [best.row], asked, signal)) ??
      (await first(best, [best.expr], smallerRows(best.expr, best.row), asked, signal)) ??
      (await firstPair(best, asked, signal))
    if (next === undefined) break
    best = next
  }
  return withAllAnswers(best, implementations, signal)
}

/** The first pair, in the order given, on which an implementation differs. */
async function first(
  { columns }: Disagreement,
  exprs: readonly Expr[],
  rows: readonly RecordValue[],
  implementations: readonly Implementation[],
  signal: AbortSignal | undefined,
): Promise<Disagreement | undefined> {
  if (exprs.length === 0 || rows.length === 0) return undefined
  const compared = await compareUnlessAborted({ columns, exprs, rows }, implementations, signal)
  return compared?.disagreements[0]
}

async function firstPair(
  best: Disagreement,
  implementations: readonly Implementation[],
  signal: AbortSignal | undefined,
): Promise<Disagreement | undefined> {
  for (const { expr, row } of smallerTogether(best)) {
    const found = await first(best, [expr], [row], implementations, signal)
    if (found !== undefined) return found
  }
  return undefined
}

/** What all of them say of it, of the columns that it reads. */
async function withAllAnswers(
  { columns, expr, row, ...found }: Disagreement,
  implementations: readonly Implementation[],
  signal: AbortSignal | undefined,
): Promise<Disagreement> {
  const read = columnsOf(expr)
  const kept = columns.filter(({ name }) => read.has(name))
  const cells = new Map([...row].filter(([name]) => read.has(name)))
  const batch = { columns: kept, exprs: [expr], rows: [cells] }
  const compared = await compareUnlessAborted(batch, implementations, signal)
  return compared?.disagreements[0] ?? { columns: kept, expr, row: cells, ...found }
}
