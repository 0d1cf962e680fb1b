import {
  type Host,
  identifier,
  type Program,
  type ProgramColumn,
  type Sql,
  sql,
  type UntestedPair,
} from '@plumbline/core'
import { openSession, type Session } from '../duckdb/session.ts'
import { type Read, unreadable, found } from '../relations/failure.ts'
import { scopeOf } from '../plan/scope.ts'
import { dataCatalog } from '../relations/data-catalog.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { requestsReader } from '../requests/open-requests.ts'

/** Where pairs are looked for. */
export interface PairsRequest {
  readonly program: Program
  readonly root: string
  readonly host: Host
  /** The log of requests; where it holds none, the rows of the model's data set stand for traffic. */
  readonly log: string
  readonly signal?: AbortSignal
}

/** Whole numbers with at most so many values are taken value by value. */
const FEW = 16
/** Pairs that are told, the frequent ones first. */
const MOST = 50

/**
 * Pairs of values of two inputs that occur in traffic and in no row of what the model is tested on. Inputs with declared values, truth
 * values and integers of a narrow range take part; others have no two values alike. Source: E. Lanus et al.,
 * "Combinatorial Testing Metrics for Machine Learning" (2021): set difference of covered combinations.
 */
export async function untestedPairs(request: PairsRequest): Promise<Read<readonly UntestedPair[]>> {
  const { program, signal } = request
  const model = program.models.find(({ name }) => name === 'champion')
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  const tested = testedSplit(program)
  if (model === undefined || dataset === undefined || tested === undefined) return found([])
  const session = await openSession(signal === undefined ? {} : { signal })
  if (!session.ok) return unreadable('engine-failed', session.error.cause)
  try {
    const catalog = dataCatalog({ program, root: request.root, session: session.value })
    const own = await catalog.resolve(tested)
    if (!own.ok) return own
    const traffic = await trafficOf(request, session.value, catalog.resolve(dataset.name))
    if (!traffic.ok) return traffic
    const inputs = dataset.columns.filter((column) => model.input.includes(column.name) && isNarrow(column))
    return await differences(session.value, inputs, traffic.value, own.value)
  } finally {
    session.value.close()
  }
}

/** The split that most clauses ask the champion about. */
function testedSplit({ relations, clauses }: Program): string | undefined {
  const count = (name: string): number =>
    clauses.filter(({ of }) => of.some(({ relation }) => relation === name)).length
  const [most] = relations
    .flatMap((each) => (each.kind === 'model' && each.model === 'champion' && each.split !== undefined ? [each] : []))
    .toSorted((a, b) => count(b.name) - count(a.name))
  return most === undefined ? undefined : `${most.dataset}.${most.split}`
}

async function trafficOf(
  { program, host, root, log }: PairsRequest,
  session: Session,
  otherwise: Promise<Read<OpenRelation>>,
): Promise<Read<OpenRelation>> {
  const stat = await host.files.stat(log)
  if (stat.ok && stat.value !== undefined) {
    const opened = await requestsReader({ host, session, program, root, directory: log }).open({
      now: host.clock.now() * 1000,
      withoutLabels: true,
    })
    if (opened.ok && opened.value.summary.rows > 0)
      return found({ ...opened.value.relation({ served: false, labelled: false }), name: 'requests' })
  }
  return otherwise
}

function isNarrow({ values, type, low, high }: ProgramColumn): boolean {
  if (values !== undefined || type.kind === 'bool') return true
  if (type.kind !== 'int' || low === undefined || high === undefined) return false
  return Number(high) - Number(low) < FEW
}

async function differences(
  session: Session,
  inputs: readonly ProgramColumn[],
  traffic: OpenRelation,
  tested: OpenRelation,
): Promise<Read<readonly UntestedPair[]>> {
  const pairs: UntestedPair[] = []
  const [all, own] = [rowsOf(traffic), rowsOf(tested)]
  for (const [i, a] of inputs.entries())
    for (const b of inputs.slice(i + 1)) {
      const [left, right] = [cellsOf(traffic, a, b), cellsOf(tested, a, b)]
      if (left === undefined || right === undefined) continue
      const read = await session.query(
        sql`SELECT "a", "b", "n", "of" FROM (SELECT ${left.a} AS "a", ${left.b} AS "b", count(*) AS "n", sum(count(*)) OVER () AS "of" FROM ${all}
          WHERE ${left.a} IS NOT NULL AND ${left.b} IS NOT NULL GROUP BY 1, 2) t
          WHERE NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT ${right.a} AS "x", ${right.b} AS "y" FROM ${own}) o WHERE o."x" = t."a" AND o."y" = t."b")
          ORDER BY "n" DESC, 1, 2 LIMIT 50`,
      )
      if (!read.ok) return unreadable('engine-failed', read.error.cause)
      const column = (name: string) => read.value.columns.get(name) ?? []
      for (let row = 0; row < read.value.rows; row++)
        pairs.push({
          columns: [a.name, b.name],
          values: [String(column('a')[row]), String(column('b')[row])],
          share: Number(column('n')[row]) / Number(column('of')[row]),
          seenIn: traffic.name,
          testedIn: tested.name,
        })
    }
  return found(pairs.toSorted((x, y) => y.share - x.share).slice(0, MOST))
}

function rowsOf(relation: OpenRelation): Sql {
  if (relation.filter === null) return sql`${relation.from} AS ${identifier('r')}`
  return sql`(SELECT * FROM ${relation.from} WHERE ${scopeOf(relation).value(relation.filter)}) AS ${identifier('r')}`
}

function cellsOf(
  relation: OpenRelation,
  a: ProgramColumn,
  b: ProgramColumn,
): { readonly a: Sql; readonly b: Sql } | undefined {
  const [left, right] = [relation.columns.get(a.name), relation.columns.get(b.name)]
  return left === undefined || right === undefined ? undefined : { a: left.cell, b: right.cell }
}
