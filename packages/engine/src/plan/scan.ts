import { columnsOf, identifier, join, render, type Sql, sql } from '@plumbline/core'
import type { Outcome, QueryError, QueryErrorCode } from '../duckdb/failure.ts'
import type { AggregateSql } from '../engines/plan-spelling.ts'
import type { Cell, Database, Table } from '../engines/database.ts'
import type { RelationColumn } from '../relations/relation.ts'
import { narrowed, rowFilter, type Scope, where } from './scope.ts'

/** A number asked for; read with it after the scan has run. Equal questions have one ticket. */
export interface Ticket {
  readonly key: string
}

/** One aggregate over the rows of the relation. */
interface Measure extends Ticket {
  readonly aggregate: Sql
  /** Asked where the aggregate raises because a number on the way leaves its type. */
  readonly careful?: Sql
  readonly perValue?: Sql
  readonly tellsApart?: true
  readonly columns: ReadonlySet<string>
}

/** What a measure came to. */
export type Answer = { readonly ok: true; readonly value: Cell } | { readonly ok: false; readonly error: QueryError }

/** Collects every aggregate that the clauses of one relation need, and computes them with as few scans as pay. */
export interface Scan {
  readonly scope: Scope
  /** Asks for an aggregate over the rows of the relation that reads these columns; `known` is its value, where it is. */
  ask(aggregate: Sql | AggregateSql, columns: Iterable<string>, known?: Cell): Ticket
  /** What was asked and is not yet answered, in the statements it would be computed in: the keys of the tickets, and the columns read. */
  passes(): readonly { readonly keys: ReadonlySet<string>; readonly columns: ReadonlySet<string> }[]
  /** Computes what was asked and not yet answered. */
  run(session: Database): Promise<void>
  answer(ticket: Ticket): Answer
}

/** An empty plan for a relation. */
export function scanOf(scope: Scope): Scan {
  const asked = new Map<string, Measure>()
  const answers = new Map<string, Answer>()
  // Every statement reads the columns of the split condition.
  const always = scope.relation.filter === null ? [] : [...columnsOf(scope.relation.filter)]
  const open = () => [...asked.values()].filter((measure) => !answers.has(measure.key))
  return {
    scope,
    ask(wanted, columns, known) {
      const { fast, careful, perValue, tellsApart }: AggregateSql = 'fast' in wanted ? wanted : { fast: wanted }
      const key = render(fast)
      if (known !== undefined) answers.set(key, { ok: true, value: known })
      if (!asked.has(key))
        asked.set(key, {
          key,
          aggregate: fast,
          columns: new Set([...columns, ...always]),
          ...(careful === undefined ? {} : { careful }),
          ...(perValue === undefined ? {} : { perValue }),
          ...(tellsApart === undefined ? {} : { tellsApart }),
        })
      return { key }
    },
    passes: () =>
      groups(open(), scope.relation.columnar).map((group) => ({
        keys: new Set(group.map(({ key }) => key)),
        columns: new Set(group.flatMap(({ columns }) => [...columns])),
      })),
    async run(session) {
      const all = groups(open(), scope.relation.columnar)
      // Over a small file a statement has work for one thread; each also waits for its own planning.
      const several = scope.relation.columnar && all.length > 1
      const known = several ? await session.abreast?.(all.map((group) => statementOf(scope, group))) : undefined
      for (const [at, group] of all.entries()) await compute(session, scope, group, answers, known?.[at])
    },
    answer(ticket) {
      const found = answers.get(ticket.key)
      if (found === undefined) throw new Error(`Not computed: ${ticket.key}`)
      return found
    },
  }
}

/**
 * Which measures share a statement. A table or a parsed file is cheapest in one; Parquet columns are read
 * independently, and statements over few columns cost less than one over all (measured: 0.8 of the CPU time), as long
 * as no column is read twice. So measures that share a column share a statement; `count(*)` alone reads metadata only.
 */
function groups(measures: readonly Measure[], columnar: boolean): readonly (readonly Measure[])[] {
  if (!columnar) return chunks(measures)
  const groupOf = new Map<string, Measure[]>()
  const bare: Measure[] = []
  const all = new Set<Measure[]>()
  for (const measure of measures) {
    if (measure.columns.size === 0) {
      bare.push(measure)
      continue
    }
    const joined: Measure[] = [measure]
    for (const other of new Set([...measure.columns].map((name) => groupOf.get(name)))) {
      if (other === undefined) continue
      joined.push(...other)
      all.delete(other)
    }
    all.add(joined)
    for (const each of joined) for (const name of each.columns) groupOf.set(name, joined)
  }
  return bare.length === 0 ? [...all] : [bare, ...all]
}

/**
 * Aggregates of one statement over a table at most. The engine's planning grows with their square: 3 000 at once took
 * ten times the CPU of 200 at a time, while reading a table in memory again costs little.
 */
const MOST_AGGREGATES = 200

function chunks(measures: readonly Measure[]): readonly (readonly Measure[])[] {
  const count = Math.ceil(measures.length / MOST_AGGREGATES)
  return Array.from({ length: count }, (_, i) => measures.slice(i * MOST_AGGREGATES, (i + 1) * MOST_AGGREGATES))
}

/** Failures after which no part of a statement fares better. */
const ENDED: ReadonlySet<string> = new Set<QueryErrorCode>(['interrupted', 'connection-lost'])

/** The measure as its careful spelling asks it, where there is one. */
function carefully({ careful: aggregate, ...measure }: Measure): readonly Measure[] {
  return aggregate === undefined ? [] : [{ ...measure, aggregate }]
}

/** Runs one statement; where it fails its halves are run, so that only the measure at fault is lost. */
async function compute(
  session: Database,
  scope: Scope,
  measures: readonly Measure[],
  answers: Map<string, Answer>,
  known?: Outcome<Table>,
): Promise<void> {
  // Beside others it may have had too little memory.
  const isSure = known !== undefined && (known.ok || known.error.code !== 'out-of-memory')
  const result = isSure ? known : await session.query(statementOf(scope, measures))
  if (result.ok) {
    const again: Measure[] = []
    measures.forEach((measure, i) => {
      const value = result.value.columns.get(`m${i}`)?.[0] ?? null
      answers.set(measure.key, { ok: true, value })
      if (typeof value === 'number' && !Number.isFinite(value)) again.push(...carefully(measure))
    })
    return again.length === 0 ? undefined : compute(session, scope, again, answers)
  }
  const careful = measures.length === 1 && result.error.code === 'invalid-input' ? measures.flatMap(carefully) : []
  if (careful.length > 0) return compute(session, scope, careful, answers)
  if (measures.length === 1 || ENDED.has(result.error.code)) {
    const error = await located(scope, measures, result.error)
    for (const measure of measures) answers.set(measure.key, { ok: false, error })
    return
  }
  const middle = Math.ceil(measures.length / 2)
  await compute(session, scope, measures.slice(0, middle), answers)
  await compute(session, scope, measures.slice(middle), answers)
}

/** One statement for measures, whose numbers it names m0, m1 and so on. */
function statementOf(scope: Scope, measures: readonly Measure[]): Sql {
  const { from, filter } = narrowed(
    scope,
    measures.flatMap(({ columns }) => [...columns]),
  ).relation
  // A condition on the rows has to reach the table, where an index may answer it.
  const rows = filter === null ? scope.spelling.computedOnce(from) : sql`${from}${where(scope, rowFilter())}`
  const column = grouping(scope, measures)
  const columns = measures.map(
    ({ aggregate, perValue }, i) =>
      sql`${column === undefined ? aggregate : (perValue ?? aggregate)} AS ${identifier(`m${i}`)}`,
  )
  if (column === undefined) return sql`SELECT ${join(columns, sql`, `)} FROM ${rows}`
  const { cell, misfit } = column
  const keys = misfit === undefined ? cell : sql`${cell}, ${misfit}`
  return sql`SELECT ${join(columns, sql`, `)} FROM (SELECT ${keys}, count(*) AS "alike" FROM ${rows} GROUP BY ${keys}) AS "values"`
}

/** Types of which cells that are equal are the same, so that a condition says the same of them. */
const GROUPED: ReadonlySet<string> = new Set(['int', 'bool', 'string'])

/**
 * The column whose distinct cells are asked instead of all of them: where only rows are counted, of conditions on it alone, and its
 * values are few, or would be told apart anyway for the number of distinct ones.
 */
function grouping(scope: Scope, measures: readonly Measure[]): RelationColumn | undefined {
  if (!scope.relation.columnar || measures.some(({ perValue }) => perValue === undefined)) return undefined
  const [name, ...others] = new Set(measures.flatMap(({ columns }) => [...columns]))
  const column = name === undefined || others.length > 0 ? undefined : scope.column(name)
  if (column === undefined || !GROUPED.has(column.type.kind)) return undefined
  // A bare count of cells is answered by the file.
  const asked = measures.length > 1
  const toldApart = measures.some(({ tellsApart }) => tellsApart === true)
  return asked && (column.fewValues === true || (toldApart && measures.length > 2)) ? column : undefined
}

/** The error with the place in the source that is at fault, where it is the source that is. */
async function located(scope: Scope, measures: readonly Measure[], error: QueryError): Promise<QueryError> {
  if (error.code === 'interrupted' || error.code === 'out-of-memory') return error
  const columns = new Set(measures.flatMap((measure) => [...measure.columns]))
  const fault = await scope.relation.faultIn?.(columns)
  return fault === undefined ? error : { ...error, cause: fault }
}
