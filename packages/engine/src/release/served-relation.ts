import {
  type GuardCellKind,
  identifier,
  type Program,
  type ProgramColumn,
  type Sql,
  sql,
  type Type,
} from '@plumbline/core'
import type { LoadedColumn, Session } from '../duckdb/session.ts'
import type { CellValue } from '../falsify/domain.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { OpenRelation, RelationColumn } from '../relations/relation.ts'
import { type Exchange, outputsOf } from './exchange.ts'
import type { Reference } from './reference.ts'
import { isValid } from './valid-rows.ts'

/** What the relation `release` is made of. */
export interface ServedRequest {
  readonly program: Program
  readonly session: Session
  readonly reference: Reference
  readonly exchanges: readonly Exchange[]
  readonly digests: Readonly<Record<string, string>>
  readonly models: Readonly<Record<string, string>>
}

interface ServedColumn {
  readonly name: string
  readonly kind: GuardCellKind
  readonly type: Type
  readonly declared?: ProgramColumn
}

interface ServedRow {
  readonly sent: ReadonlyMap<string, CellValue>
  readonly served: Readonly<Record<string, unknown>>
}

/**
 * The served rows: actual ones, and made ones that no clause on the input speaks against (a row made to break a clause
 * says nothing about the candidate), with the candidate's answers to them.
 */
export async function servedRelation(request: ServedRequest): Promise<Read<OpenRelation>> {
  const { program, session, reference, digests, models } = request
  const { plan } = reference.planned
  const columns = columnsOf(program, reference)
  const rows = request.exchanges.flatMap((exchange) => servedRows(exchange, reference, models[plan.model] ?? null))
  const loaded: LoadedColumn[] = [
    { name: 'row', type: 'bigint', values: BigInt64Array.from(rows, (_, i) => BigInt(i + 1)) },
    ...columns.map(
      ({ name, kind }, i): LoadedColumn => ({
        name: `c${i}`,
        type: LOADED[kind],
        values: rows.map(({ sent, served }) =>
          loadable(kind, Object.hasOwn(served, name) ? served[name] : sent.get(name)),
        ),
      }),
    ),
  ]
  const made = await session.load(TABLE, loaded)
  if (!made.ok) return unreadable('source-unreadable', made.error.cause)
  const opened = columns.map(
    ({ name, kind, type }, i): RelationColumn => ({ name, type, cell: cellOf(kind, identifier(`c${i}`)) }),
  )
  return found({
    name: 'release',
    from: identifier(TABLE),
    numbered: identifier(TABLE),
    columnar: false,
    columns: new Map(opened.map((column) => [column.name, column])),
    failures: new Map(),
    filter: null,
    key: plan.keys.map(({ name }) => name),
    declared: new Map(
      columns.flatMap(({ name, declared }) => (declared === undefined ? [] : [[name, declared] as const])),
    ),
    digests,
    models,
  })
}

const TABLE = 'release_rows'
const LOADED = { int: 'bigint', timestamp: 'bigint', double: 'double', bool: 'boolean', string: 'text' } as const

const cellOf = (kind: GuardCellKind, column: Sql): Sql =>
  kind === 'timestamp' ? sql`make_timestamp(${column})` : column

function columnsOf(program: Program, { planned: { plan } }: Reference): readonly ServedColumn[] {
  const model = program.models.find(({ name }) => name === plan.model)
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  const declared = [...(dataset?.columns ?? []), ...(model?.outputs ?? [])]
  const named = [...plan.keys, ...plan.inputs, ...plan.outputs].flatMap(({ name, kind }): readonly ServedColumn[] => {
    const own = declared.find((column) => column.name === name)
    return own === undefined ? [] : [{ name, kind, type: own.type, declared: own }]
  })
  const decision: ServedColumn = { name: 'decision', kind: 'bool', type: { kind: 'bool' } }
  const text = (name: string): ServedColumn => ({ name, kind: 'string', type: { kind: 'string' } })
  const at: ServedColumn = { name: '_at', kind: 'timestamp', type: { kind: 'timestamp' } }
  return [
    ...named,
    ...(plan.decision === undefined ? [] : [decision]),
    at,
    text('_request_id'),
    text('_model'),
    text('_guard'),
  ]
}

function servedRows(
  { request, outcome, body }: Exchange,
  reference: Reference,
  model: string | null,
): readonly ServedRow[] {
  if (request.kind === 'violation' || request.kind === 'malformed' || !outcome.ok || outcome.reply.status !== 200)
    return []
  const outputs = outputsOf(body)
  if (outputs === undefined) return []
  const { headers } = outcome.reply
  return request.rows.flatMap((sent, row): readonly ServedRow[] => {
    if (request.kind !== 'real' && !isValid(reference, sent)) return []
    const answers = [...outputs].map(([name, tensor]): readonly [string, unknown] => {
      const { data } = tensor as { readonly data?: unknown }
      return [name, Array.isArray(data) ? (data as readonly unknown[])[row] : null]
    })
    const known = {
      _at: answeredAt(headers),
      _request_id: request.id,
      _model: model,
      _guard: headers['plumbline-verdict'] ?? null,
    }
    return [{ sent, served: { ...Object.fromEntries(answers), ...known } }]
  })
}

/** Microseconds since 1970, to the second: when the server says it answered. */
function answeredAt({ date }: Readonly<Record<string, string>>): number | null {
  const millis = Date.parse(date ?? '')
  return Number.isNaN(millis) ? null : millis * 1000
}

/** A cell as its column is loaded; what does not have its type is missing, which `release.contract` reports. */
function loadable(kind: GuardCellKind, cell: unknown): number | bigint | boolean | string | null {
  switch (kind) {
    case 'int':
    case 'timestamp':
      return typeof cell === 'number' && Number.isSafeInteger(cell) ? BigInt(cell) : null
    case 'double':
      return typeof cell === 'number' ? cell : null
    case 'bool':
      return typeof cell === 'boolean' ? cell : cell === 0 || cell === 1 ? cell === 1 : null
    case 'string':
      return typeof cell === 'string' ? cell : null
  }
}
