import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { caseOf } from '../../../packages/core/src/fuzz/case.ts'
import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { compareAll, describeDisagreement, type Disagreement, shrink, type Targets } from '../compare.ts'
import { openDuckdb } from '../duckdb.ts'
import { createExpressionGenerator, grammars } from '../expressions.ts'
import { generateGroup } from '../group.ts'
import { openPostgresql } from '../postgresql/runner.ts'
import type { PostgresqlServer } from '../postgresql/server.ts'

/** What one run compares. */
export interface PairRequest {
  readonly seed: string
  readonly grammar: keyof typeof grammars
  /** Pairs that DuckDB is to be asked. */
  readonly pairs: number
  /** Pairs that PostgreSQL is to be asked, of the first ones. */
  readonly postgresqlPairs: number
  readonly server: PostgresqlServer | undefined
}

/** What came of it. Shares are in [0, 1]. */
export interface PairRun {
  readonly seed: string
  readonly grammar: string
  readonly pairs: number
  /** By name of the implementation. */
  readonly asked: Readonly<Record<string, number>>
  readonly expressions: number
  readonly functions: number
  /** Rows with at least one hostile cell, of all rows. */
  readonly hostile: number
  /** Pairs whose answer is an error, of all pairs. */
  readonly errors: number
  readonly disagreements: number
  readonly seconds: number
}

const SIZE = { expressions: 50, rows: 40 }
/** Disagreements of a run that are minimised; more of them are mostly the same. */
const KEPT = 10

/** Compares generated pairs on all targets; what differs is minimised, printed and kept. */
export async function comparePairs(request: PairRequest): Promise<PairRun> {
  const began = performance.now()
  const random = createRandom(request.seed, `campaign ${request.grammar}`)
  const generator = createExpressionGenerator(random, grammars[request.grammar])
  const duckdb = await openDuckdb(1)
  const postgresql = request.server === undefined ? undefined : await openPostgresql(request.server)
  const distinct = new Set<string>()
  const asked = new Map<string, number>()
  const found: Disagreement[] = []
  const counts = { pairs: 0, rows: 0, hostile: 0, errors: 0 }
  while (counts.pairs < request.pairs) {
    const { exprs, rows } = generateGroup(random, generator, distinct, SIZE)
    const more = postgresql !== undefined && (asked.get('postgresql') ?? 0) < request.postgresqlPairs
    const targets: Targets = { duckdb, margin: true, ...(more ? { postgresql } : {}) }
    const compared = await compareAll(exprs, rows, targets)
    counts.pairs += compared.pairs
    counts.errors += compared.errors
    counts.rows += rows.length
    counts.hostile += rows.filter(({ hostile }) => hostile).length
    for (const [name, pairs] of compared.asked) asked.set(name, (asked.get(name) ?? 0) + pairs)
    for (const each of compared.disagreements) {
      if (found.length < KEPT) keep(await shrink(each, targets), targets)
      found.push(each)
    }
  }
  duckdb.close()
  await postgresql?.close()
  return {
    seed: request.seed,
    grammar: request.grammar,
    pairs: counts.pairs,
    asked: Object.fromEntries(asked),
    expressions: distinct.size,
    functions: generator.coverage.functions.size,
    hostile: rounded(counts.hostile / counts.rows),
    errors: rounded(counts.errors / counts.pairs),
    disagreements: found.length,
    seconds: Math.round((performance.now() - began) / 1000),
  }
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000

function keep(least: Disagreement, targets: Targets): void {
  process.stderr.write(`${describeDisagreement(least, targets)}\n`)
  const { name, case: made } = caseOf(least)
  const folder = fileURLToPath(new URL(`../../equality/${name}/`, import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/case.json`, `${JSON.stringify(made, null, 2)}\n`)
}
