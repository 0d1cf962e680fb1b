import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { printExpr } from '../../packages/core/src/expr/print/typed.ts'
import type { ScalarKind } from '../../packages/core/src/expr/type.ts'
import { answerText } from '../../packages/core/src/fuzz/answer.ts'
import { caseOf } from '../../packages/core/src/fuzz/case.ts'
import { compare, type Disagreement } from '../../packages/core/src/fuzz/compare.ts'
import type { Implementation, RowColumn } from '../../packages/core/src/fuzz/implementation.ts'
import { marginImplementation } from '../../packages/core/src/fuzz/margin.ts'
import { minimise } from '../../packages/core/src/fuzz/minimise.ts'
import type { GeneratedRow } from '../../packages/core/src/fuzz/rows.ts'
import type { JavascriptOptions } from '../../packages/core/src/targets/javascript/index.ts'
import type { DuckdbTables } from '../../packages/engine/src/fuzz/duckdb.ts'
import { nodeJavascript } from '../../packages/engine/src/fuzz/javascript.ts'
import type { PostgresqlTables } from '../../packages/engine/src/fuzz/postgresql.ts'
import type { SparkTables } from '../../packages/engine/src/fuzz/spark.ts'
import type { SparkRunner } from '../spark/runner.ts'
import type { DuckdbRunner } from './duckdb.ts'
import type { PostgresqlRunner } from './postgresql/runner.ts'
import { schema } from './schema.ts'

export type { Disagreement } from '../../packages/core/src/fuzz/compare.ts'

/** What is compared with the reference: a target may be left out, or given other tables, in which a test plants a bug. */
export interface Targets {
  readonly duckdb?: DuckdbRunner
  readonly javascript?: false
  readonly margin?: true
  readonly duckdbTables?: DuckdbTables
  readonly javascriptTables?: JavascriptOptions
  readonly postgresql?: PostgresqlRunner
  readonly postgresqlTables?: PostgresqlTables
  readonly spark?: SparkRunner
  readonly sparkTables?: SparkTables
  /** Databases that are asked as they are. */
  readonly others?: readonly Implementation[]
}

/** The outcome of a comparison. */
export interface Comparison {
  readonly pairs: number
  /** Pairs by name of the implementation that was asked. */
  readonly asked: ReadonlyMap<string, number>
  readonly errors: number
  readonly disagreements: readonly Disagreement[]
}

/** The implementations that are asked. */
export function implementationsOf(targets: Targets): readonly Implementation[] {
  return [
    ...(targets.javascript === false ? [] : [nodeJavascript(targets.javascriptTables)]),
    ...(targets.duckdb === undefined ? [] : [targets.duckdb.with(targets.duckdbTables)]),
    ...(targets.postgresql === undefined ? [] : [targets.postgresql.with(targets.postgresqlTables)]),
    ...(targets.spark === undefined ? [] : [targets.spark.with(targets.sparkTables)]),
    ...(targets.others ?? []),
    ...(targets.margin === true ? [marginImplementation()] : []),
  ]
}

/** The columns of the generated relation, as implementations are given them. */
export const columns: readonly RowColumn[] = schema.map(({ name, type }) =>
  type.kind === 'list'
    ? { name, kind: type.element.kind as ScalarKind, list: true }
    : { name, kind: type.kind as ScalarKind },
)

/** Compares every expression on every row. */
export async function compareAll(
  exprs: readonly Expr[],
  rows: readonly GeneratedRow[],
  targets: Targets,
): Promise<Comparison> {
  const cells = rows.map((row) => row.cells)
  const { tallies, disagreements } = await compare({ columns, exprs, rows: cells }, implementationsOf(targets))
  const asked = new Map<string, number>()
  for (const tally of tallies)
    for (const [name, pairs] of Object.entries(tally.asked)) asked.set(name, (asked.get(name) ?? 0) + pairs)
  const total = (count: (of: (typeof tallies)[number]) => number) => tallies.reduce((sum, of) => sum + count(of), 0)
  return { pairs: total(({ pairs }) => pairs), asked, errors: total(({ errors }) => errors), disagreements }
}

/** The simplest expression and row on which the same target still differs. */
export const shrink = (found: Disagreement, targets: Targets): Promise<Disagreement> =>
  minimise(found, implementationsOf(targets))

/** All that is needed to see the bug: expression, cells, answers, the code, and the case that keeps it. */
export function describeDisagreement(found: Disagreement, targets: Targets): string {
  const implementations = implementationsOf(targets)
  const codes = found.answers.map(({ name, answer, agrees }) => {
    const code = implementations.find((each) => each.name === name)?.code(found.expr) ?? ''
    return `  ${name.padEnd(11)} ${answerText(answer)}${agrees ? '' : `   ${code}`}`
  })
  return [
    `expression  ${printExpr(found.expr)}`,
    `  reference   ${answerText(found.reference)}`,
    ...codes,
    `  case        ${JSON.stringify(caseOf(found))}`,
  ].join('\n')
}
