import { identifier, join, sql, stats } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import type { QueryError } from '../duckdb/failure.ts'
import type { Cell } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { GroupRequest } from './group-terms.ts'
import { other } from './other-relation.ts'
import { columnExpr, failedTerm } from './row-terms.ts'
import { rowFilter, type Scope, where } from './scope.ts'

/** Elements of a list that are looked at; those behind them say little that these do not. */
const MOST_ELEMENTS = 512

/** Cells of a column of one relation. */
type Cells = Float64Array | readonly Cell[]

interface Side {
  readonly rows: number
  readonly columns: readonly Cells[]
}

/** `classifier_auc(reference, column, …)`: can a classifier tell the relation's rows from those of another by these columns? */
export async function measureClassifier(request: GroupRequest): Promise<TermOutcome> {
  const { scope, term } = request
  const [relation] = term.args
  if (relation?.kind !== 'relation') throw new Error('classifier_auc takes a relation and columns.')
  const names = term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
  const found = await other(request, relation.relation, names)
  if ('failed' in found) return found.failed
  const sides: Side[] = []
  for (const asked of [found.scope, scope]) {
    const side = await cellsOf(request, asked, names)
    if ('error' in side) return failedTerm(failureReason(side.error), `${term.expression}: ${side.error.cause}`)
    sides.push(side)
  }
  const [reference, window] = sides as [Side, Side]
  const undefinedFor = (reason: stats.UndefinedReason): TermOutcome => ({
    ok: true,
    value: { term, value: null, missing: 0, estimate: stats.undefinedEstimate(reason) },
  })
  if (reference.rows === 0 || window.rows === 0) return undefinedFor('empty')
  const columns = names.flatMap((name, i) =>
    domainColumns(scope, name, [reference.columns[i] ?? [], window.columns[i] ?? []]),
  )
  const rows: stats.DomainRows = { columns, reference: reference.rows, rows: reference.rows + window.rows }
  const scored = stats.domainScores(rows, request.random())
  if (scored === undefined) return undefinedFor('too-few-rows')
  const estimate = stats.aucEstimate(scored.labels, scored.scores)
  const value = estimate.kind === 'estimate' ? estimate.value : null
  return { ok: true, value: { term, value, missing: 0, ...(term.estimates === 'rows' ? {} : { estimate }) } }
}

/** All cells come from one statement: rows of two need not stand in one order. */
async function cellsOf(
  { session, slice, term }: GroupRequest,
  scope: Scope,
  names: readonly string[],
): Promise<Side | { readonly error: QueryError }> {
  const from = sql` FROM ${scope.relation.from}${where(scope, rowFilter(...slice.conditions, term.where))}`
  const database = scope.relation.database ?? session
  const cells = names.map((name) => {
    const expr = columnExpr(scope, name)
    const value = scope.value(expr)
    return kindOf(scope, name) === 'number' ? scope.spelling.asDouble(value, expr.type) : value
  })
  if (names.every((name) => kindOf(scope, name) === 'number')) {
    const read = await database.numbers(sql`SELECT ${join(cells, sql`, `)}${from}`)
    if (!read.ok) return { error: read.error }
    return { rows: read.value[0]?.length ?? 0, columns: read.value }
  }
  const named = cells.map((cell, i) => sql`${cell} AS ${identifier(`v${i}`)}`)
  const read = await database.query(sql`SELECT ${join(named, sql`, `)}${from}`)
  if (!read.ok) return { error: read.error }
  return { rows: read.value.rows, columns: names.map((_, i) => read.value.columns.get(`v${i}`) ?? []) }
}

type Kind = stats.DomainColumn['kind'] | 'vector'

function kindOf(scope: Scope, name: string): Kind {
  const { type } = scope.column(name)
  switch (type.kind) {
    case 'list':
      return type.element.kind === 'string' || type.element.kind === 'timestamp' ? 'text' : 'vector'
    case 'int':
    case 'double':
      return scope.relation.declared.get(name)?.columnType === 'category' ? 'category' : 'number'
    case 'string':
      return scope.relation.declared.get(name)?.columnType === 'category' ? 'category' : 'text'
    default:
      return 'category'
  }
}

/** What a classifier reads of a column, the rows of the reference first; of a list its length and each of its first elements. */
function domainColumns(scope: Scope, name: string, sides: readonly Cells[]): readonly stats.DomainColumn[] {
  const cells = sides.flatMap((side) => Array.from(side))
  const texts = (): (string | null)[] => cells.map((cell) => (cell === null ? null : String(cell)))
  const kind = kindOf(scope, name)
  switch (kind) {
    case 'number':
      return [{ kind, values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) }]
    case 'category':
    case 'text':
      return [{ kind, values: texts() }]
    case 'vector': {
      const lists = texts().map((text) => (text === null ? null : numbersOf(text)))
      const longest = Math.min(
        MOST_ELEMENTS,
        lists.reduce((most, list) => Math.max(most, list?.length ?? 0), 0),
      )
      const size = Float64Array.from(lists, (list) => list?.length ?? Number.NaN)
      const elements = Array.from({ length: longest }, (_, at) =>
        Float64Array.from(lists, (list) => list?.[at] ?? Number.NaN),
      )
      return [size, ...elements].map((values) => ({ kind: 'number', values }))
    }
  }
}

/** The numbers (or truth values) of a list as `listText` writes it. */
const numbersOf = (text: string): readonly number[] =>
  text === '[]'
    ? []
    : text
        .slice(1, -1)
        .split(', ')
        .map((each) => (each === 'true' ? 1 : each === 'false' ? 0 : Number(each)))
