import { printExpr } from '../../packages/core/src/expr/print/typed.ts'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { children, columnsOf, walk } from '../../packages/core/src/targets/children.ts'
import {
  javascriptSupport,
  type JavascriptOptions,
  compileRow as javascriptRow,
  renderJs,
} from '../../packages/core/src/targets/javascript/index.ts'
import { compileRow as duckdbRow, type DuckdbOptions } from '../../packages/core/src/targets/sql/duckdb/index.ts'
import { identifier, render } from '../../packages/core/src/targets/sql/sql.ts'
import {
  compileRow as postgresqlRow,
  type PostgresqlOptions,
} from '../../packages/core/src/targets/sql/postgresql/index.ts'
import type { DuckdbRunner } from './duckdb.ts'
import { javascriptAnswers } from './javascript.ts'
import { agrees, agreesWithSql, type Outcome, type SqlOutcome, show } from './outcome.ts'
import type { PostgresqlRunner } from './postgresql/runner.ts'
import { referenceAnswers } from './reference.ts'
import type { GeneratedRow } from './rows.ts'

/** What is compared with the reference: a target may be left out, or given other tables, in which a test plants a bug. */
export interface Targets {
  readonly duckdb?: DuckdbRunner
  readonly javascript?: false
  readonly duckdbTables?: Pick<DuckdbOptions, 'functions' | 'nodes'>
  readonly javascriptTables?: JavascriptOptions
  /** Only of expressions and rows that PostgreSQL can hold. */
  readonly postgresql?: PostgresqlRunner
  readonly postgresqlTables?: Pick<PostgresqlOptions, 'functions' | 'nodes'>
}

/** One (expression, row) pair on which not all agree. */
export interface Disagreement {
  readonly expr: Expr
  readonly row: GeneratedRow
  readonly reference: Outcome
  /** Undefined where the target cannot express it, or was left out. */
  readonly javascript: Outcome | undefined
  readonly duckdb: SqlOutcome | undefined
  readonly postgresql: SqlOutcome | undefined
}

/** The outcome of a comparison. */
export interface Comparison {
  readonly pairs: number
  /** Pairs that JavaScript could express, too. */
  readonly threeWay: number
  readonly errors: number
  readonly disagreements: readonly Disagreement[]
}

/** Compares every expression on every row. */
export async function compareAll(
  exprs: readonly Expr[],
  rows: readonly GeneratedRow[],
  targets: Targets,
): Promise<Comparison> {
  const reference = exprs.map((expr) => referenceAnswers(expr, rows))
  const expressible = targets.javascript === false ? [] : exprs.filter((expr) => javascriptSupport(expr).supported)
  const javascript = new Map<Expr, readonly Outcome[]>()
  const answered = await javascriptAnswers(expressible, rows, targets.javascriptTables)
  expressible.forEach((expr, i) => javascript.set(expr, answered[i] ?? []))
  const duckdb = await targets.duckdb?.answers(exprs, rows, targets.duckdbTables)
  const postgresql = await targets.postgresql?.answers(exprs, rows, targets.postgresqlTables)
  const queriedOf = (answers: readonly (readonly SqlOutcome[])[] | undefined, i: number, k: number) =>
    answers === undefined ? undefined : (answers[i]?.[k] ?? { broken: 'no answer' })
  const disagreements: Disagreement[] = []
  let errors = 0
  exprs.forEach((expr, i) => {
    rows.forEach((row, k) => {
      const expected = reference[i]?.[k] ?? { broken: 'no answer' }
      if ('error' in expected) errors++
      const generated = javascript.get(expr)?.[k]
      const queried = [queriedOf(duckdb, i, k), queriedOf(postgresql, i, k)] as const
      const agreed = generated === undefined || agrees(expected, generated)
      if (agreed && queried.every((answer) => answer === undefined || agreesWithSql(expected, answer))) return
      const [ofDuckdb, ofPostgresql] = queried
      disagreements.push({
        expr,
        row,
        reference: expected,
        javascript: generated,
        duckdb: ofDuckdb,
        postgresql: ofPostgresql,
      })
    })
  })
  return { pairs: exprs.length * rows.length, threeWay: expressible.length * rows.length, errors, disagreements }
}

/** The smallest subexpression that still disagrees on the same row. */
export async function shrink(found: Disagreement, targets: Targets): Promise<Disagreement> {
  // A part that reads a variable of what is around it means nothing by itself.
  const parts = children(found.expr).filter(
    (part) => part.node !== 'literal' && part.type.kind !== 'list' && walk(part).every((node) => node.node !== 'local'),
  )
  if (parts.length === 0) return found
  const { disagreements } = await compareAll(parts, [found.row], targets)
  const [first] = disagreements
  return first === undefined ? found : shrink(first, targets)
}

/** All that is needed to see the bug: expression, the cells it reads, the answers, and the code. */
export function describeDisagreement(found: Disagreement, targets: Targets): string {
  const cells = [...columnsOf(found.expr)].map((name) => {
    const cell = found.row.cells.get(name) ?? null
    return `    ${JSON.stringify(name)} = ${JSON.stringify(cell, (_, part) => (typeof part === 'bigint' ? `${part}n` : typeof part === 'number' ? String(part) : part))}`
  })
  const generated =
    found.javascript === undefined
      ? 'not expressible'
      : renderJs(javascriptRow(found.expr, targets.javascriptTables).fn)
  const queried = (name: string, answer: SqlOutcome | undefined, code: () => string): readonly string[] =>
    answer === undefined ? [] : [`  ${name.padEnd(11)} ${show(answer)}   ${code()}`]
  return [
    `expression  ${printExpr(found.expr)}`,
    ...cells,
    `  reference   ${show(found.reference)}`,
    `  javascript  ${found.javascript === undefined ? '–' : show(found.javascript)}   ${generated}`,
    ...queried('duckdb', found.duckdb, () =>
      render(duckdbRow(found.expr, { ...targets.duckdbTables, column: identifier }).value),
    ),
    ...queried('postgresql', found.postgresql, () =>
      render(postgresqlRow(found.expr, { ...targets.postgresqlTables, column: identifier }).value),
    ),
    `  tree        ${JSON.stringify(found.expr)}`,
  ].join('\n')
}
