import { expect } from 'vitest'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import type { RowFunctionName } from '../../packages/core/src/expr/functions/row-functions.ts'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { walk } from '../../packages/core/src/targets/children.ts'
import type { Support } from '../../packages/core/src/targets/unsupported.ts'
import { compareAll, describeDisagreement, type Disagreement, shrink } from './compare.ts'
import { createExpressionGenerator } from './expressions.ts'
import { generateGroup } from './group.ts'

type Row = ReturnType<typeof generateGroup>['rows'][number]

/** Who is asked what of generated expressions and rows. */
export interface GeneratedPairs {
  readonly seed: string
  /** Tells the random numbers of one test from those of another with the same seed. */
  readonly stream: string
  /** Each of about 1 200 pairs. */
  readonly groups: number
  readonly targets: Parameters<typeof compareAll>[2]
  /** What a database can be asked: all that is generated, but what `maybeRefused` says of. */
  readonly support?: (expr: Expr) => Support
  readonly maybeRefused?: (expr: Expr) => boolean
  /** An expression, or a row, as the database can hold it. */
  readonly exprOf?: (expr: Expr) => Expr
  readonly rowOf?: (row: Row) => Row
}

/** Holds targets to the reference evaluator, values and errors; the smallest cases of a disagreement are its message. */
export async function agreeOnGeneratedPairs({
  seed,
  stream,
  groups,
  targets,
  support = () => ({ supported: true }),
  maybeRefused = () => false,
  exprOf = (expr) => expr,
  rowOf = (row) => row,
}: GeneratedPairs) {
  const random = createRandom(seed, stream)
  const generator = createExpressionGenerator(random)
  const distinct = new Set<string>()
  const disagreements: Disagreement[] = []
  const totals = { pairs: 0, threeWay: 0, errors: 0, rows: 0, hostile: 0 }
  const functions = new Map<RowFunctionName, number>()
  for (let group = 0; group < groups; group++) {
    const made = generateGroup(random, generator, distinct)
    const exprs = made.exprs.map(exprOf)
    expect(exprs.filter((expr) => !support(expr).supported && !maybeRefused(expr))).toEqual([])
    for (const node of exprs.flatMap((expr) => [...walk(expr)]))
      if (node.node === 'call') functions.set(node.fn, (functions.get(node.fn) ?? 0) + 1)
    const found = await compareAll(exprs, made.rows.map(rowOf), targets)
    totals.pairs += found.pairs
    totals.threeWay += found.asked.get('javascript') ?? 0
    totals.errors += found.errors
    totals.rows += made.rows.length
    totals.hostile += made.rows.filter((row) => row.hostile).length
    disagreements.push(...found.disagreements)
  }
  const shown = new Set<string>()
  for (const found of disagreements.slice(0, 40)) {
    if (shown.size === 10) break
    shown.add(describeDisagreement(await shrink(found, targets), targets))
  }
  expect(`${disagreements.length} disagreements (seed ${seed})\n${[...shown].join('\n\n')}`).toBe(
    `0 disagreements (seed ${seed})\n`,
  )
  // Neither all errors nor none: a comparison of nothing but `missing` would prove little.
  expect(totals.errors / totals.pairs).toBeGreaterThan(0.1)
  expect(totals.errors / totals.pairs).toBeLessThan(0.6)
  return { totals, functions, distinct, coverage: generator.coverage }
}

/** Every function that a dialect spells has been asked. */
export function everyFunctionAsked(
  spelled: Readonly<Record<RowFunctionName, { readonly kind: string }>>,
  asked: ReadonlyMap<RowFunctionName, number>,
): void {
  for (const [name, { kind }] of Object.entries(spelled))
    if (kind === 'spelling') expect(asked.get(name as RowFunctionName) ?? 0, name).toBeGreaterThanOrEqual(1)
}
