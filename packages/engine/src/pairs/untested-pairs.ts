import {
  type Host,
  identifier,
  join,
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
import { type ValueClasses, valueClasses } from './classes-of-values.ts'

/** Where pairs are looked for. */
export interface PairsRequest {
  readonly program: Program
  readonly root: string
  readonly host: Host
  /** The log of requests; where it holds none, the rows of the model's data set stand for traffic. */
  readonly log: string
  readonly signal?: AbortSignal
}

/** Columns that are compared, the first of the model's inputs: their pairs grow as the square. */
const MOST_INPUTS = 60
/** Tables of this session alone. */
const [SEEN, TESTED] = [identifier('pairs_seen'), identifier('pairs_tested')]
/** Pairs that are told, the frequent ones first. */
const MOST = 50

/**
 * Pairs of values of two inputs that occur in traffic and in no row of what the model is tested on. Values are
 * told apart as far as their column has few of them, numbers in bins, texts by the frequent ones (`valueClasses`). Source: E. Lanus et al.,
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
    const inputs = dataset.columns.filter(({ name }) => model.input.includes(name))
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

/** A column that is compared, with its classes. */
interface Input {
  readonly column: string
  readonly classes: ValueClasses
  /** Its codes in both tables. */
  readonly name: Sql
}

/** The classes of all inputs, of the rows of both sides, in two small tables. */
async function differences(
  session: Session,
  columns: readonly ProgramColumn[],
  traffic: OpenRelation,
  tested: OpenRelation,
): Promise<Read<readonly UntestedPair[]>> {
  const [all, own] = [rowsOf(traffic), rowsOf(tested)]
  const inputs: (Input & { readonly there: Sql; readonly here: Sql })[] = []
  for (const column of columns) {
    const there = traffic.columns.get(column.name)?.cell
    const here = tested.columns.get(column.name)?.cell
    if (there === undefined || here === undefined || inputs.length >= MOST_INPUTS) continue
    const classes = await valueClasses(session, column, there, all)
    if (!classes.ok) return classes
    const name = identifier(`c${inputs.length}`)
    if (classes.value !== undefined) inputs.push({ column: column.name, classes: classes.value, name, there, here })
  }
  const codes = (side: 'there' | 'here'): Sql =>
    join(
      inputs.map((input) => sql`${input.classes.code(input[side])} AS ${input.name}`),
      sql`, `,
    )
  if (inputs.length < 2) return found([])
  const tables = [
    sql`CREATE OR REPLACE TEMP TABLE ${SEEN} AS SELECT ${codes('there')} FROM ${all}`,
    sql`CREATE OR REPLACE TEMP TABLE ${TESTED} AS SELECT ${codes('here')} FROM ${own}`,
  ]
  for (const table of tables) {
    const made = await session.query(table)
    if (!made.ok) return unreadable('engine-failed', made.error.cause)
  }
  const pairs: UntestedPair[] = []
  for (const [i, a] of inputs.entries())
    for (const b of inputs.slice(i + 1)) {
      const read = await difference(session, a, b)
      if (!read.ok) return read
      for (const { told, share } of read.value)
        pairs.push({ conditions: told, share, seenIn: traffic.name, testedIn: tested.name })
    }
  return found(pairs.toSorted((x, y) => y.share - x.share).slice(0, MOST))
}

async function difference(
  session: Session,
  a: Input,
  b: Input,
): Promise<Read<readonly { readonly told: readonly [string, string]; readonly share: number }[]>> {
  const read = await session.query(
    sql`SELECT "a", "b", "n", "of" FROM (SELECT ${a.name} AS "a", ${b.name} AS "b", count(*) AS "n", sum(count(*)) OVER () AS "of" FROM ${SEEN}
      WHERE ${a.name} IS NOT NULL AND ${b.name} IS NOT NULL GROUP BY 1, 2) t
      WHERE NOT EXISTS (SELECT 1 FROM ${TESTED} o WHERE o.${a.name} = t."a" AND o.${b.name} = t."b")
      ORDER BY "n" DESC, 1, 2 LIMIT 50`,
  )
  if (!read.ok) return unreadable('engine-failed', read.error.cause)
  const column = (name: string) => read.value.columns.get(name) ?? []
  return found(
    Array.from({ length: read.value.rows }, (_, row) => ({
      told: [a.classes.told(column('a')[row]), b.classes.told(column('b')[row])] as const,
      share: Number(column('n')[row]) / Number(column('of')[row]),
    })),
  )
}

function rowsOf(relation: OpenRelation): Sql {
  if (relation.filter === null) return sql`${relation.from} AS ${identifier('r')}`
  return sql`(SELECT * FROM ${relation.from} WHERE ${scopeOf(relation).value(relation.filter)}) AS ${identifier('r')}`
}
