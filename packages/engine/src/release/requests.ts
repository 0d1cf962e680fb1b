import { type GuardClause, type Program, stats } from '@plumbline/core'
import type { Row } from '../falsify/domain.ts'
import { inputColumns } from './columns.ts'
import { malformedBodies } from './malformed.ts'
import { columnsOfClause, readRow, type Reference } from './reference.ts'
import type { StagedCall } from './staged.ts'
import { drawValidRows, edgeRows, isValid, type RowSource } from './valid-rows.ts'
import { findViolatingRow } from './violating-rows.ts'
import { fitsMatrix, type Layout, wireRequest, wireText } from './wire.ts'

/** An actual row of the data: where it stands, and its cells as a request has them. */
export interface RealRow {
  /** From 1. */
  readonly position: number
  readonly row: Row
}

/** Why a request was made. */
export type RequestKind = 'real' | 'valid' | 'boundary' | 'violation' | 'malformed'

/** One generated request. */
export interface ReleaseRequest {
  /** Sent as its `id`, and named by witnesses. */
  readonly id: string
  readonly kind: RequestKind
  /** What it tries, in words. */
  readonly what: string
  readonly call: Pick<StagedCall, 'body'>
  /** Empty where the body is no request. */
  readonly rows: readonly Row[]
  /** Where its rows stand in the data; absent where they were made. */
  readonly positions?: readonly number[]
  /** Columns that were chosen on purpose. */
  readonly columns?: readonly string[]
  /** The clause it is made to violate, and the slice it does so in. */
  readonly aim?: { readonly clause: string; readonly slice: string | undefined }
}

/** A clause on the input for which no violating request was found. */
export interface UnbittenClause {
  readonly clause: string
  readonly slice: string | undefined
  readonly tried: number
}

/** All that is sent to the staged candidate, in its order. */
export interface ReleaseRequests {
  readonly requests: readonly ReleaseRequest[]
  /** Clauses on the input that no request could be made to violate. */
  readonly unbitten: readonly UnbittenClause[]
  /** Rows that satisfy every clause on the input: bases of further searches, and what load is made of. */
  readonly valid: readonly Row[]
}

/** How many of what are made. */
export interface RequestCounts {
  /** Actual rows; all of them where there are fewer. */
  readonly real: number
  /** Drawn valid rows. */
  readonly valid: number
  /** Rows of a batch. */
  readonly batch: number
  /** Actual rows sent one by one; the others go in batches. */
  readonly single: number
}

/** Cells of a batch at most. */
const MOST_CELLS = 20_000

/** Defaults: under a second of requests to a small model. */
export const REQUEST_COUNTS: RequestCounts = { real: 1000, valid: 240, batch: 50, single: 100 }

/**
 * Generates what a staged candidate is asked: actual rows and drawn ones, alone and in batches, in every layout; the
 * edges of each column; for each clause on the input a row that violates it, alone and inside a batch; and bodies that
 * are no requests. Equal seeds give equal requests.
 */
export async function generateRequests(
  program: Program,
  reference: Reference,
  real: readonly RealRow[],
  seed: string,
  counts: RequestCounts = REQUEST_COUNTS,
): Promise<ReleaseRequests> {
  const { plan } = reference.planned
  const rows = real.map(({ row }) => row)
  // A server reads at most a MiB, so wide rows travel in smaller batches.
  const batch = Math.max(1, Math.min(counts.batch, Math.floor(MOST_CELLS / plan.inputs.length)))
  const source: RowSource = { columns: inputColumns(program, plan, rows), reference, real: rows }
  const drawn = drawValidRows(source, counts.valid, stats.createRandom(seed, 'release:valid'))
  const valid = [...rows.filter((row) => isValid(reference, row)), ...drawn]
  const made: ReleaseRequest[] = []
  const add = (
    kind: RequestKind,
    what: string,
    sent: readonly Row[],
    more: Pick<ReleaseRequest, 'positions' | 'columns' | 'aim'> & { readonly layout?: Layout } = {},
  ): void => {
    const { layout, ...rest } = more
    const id = `${kind}-${made.length + 1}`
    made.push({
      id,
      kind,
      what,
      call: { body: wireText(wireRequest(plan, id, sent, layout)) },
      rows: sent,
      ...rest,
    })
  }

  addReal(reference, real, { ...counts, batch }, add)
  for (const row of drawn.slice(0, drawn.length >> 1)) add('valid', 'a row of the declared domain', [row])
  for (const rest of chunks(drawn.slice(drawn.length >> 1), batch))
    add('valid', `a batch of ${rest.length} drawn rows`, rest)
  for (const [row, other] of pairs(valid)) {
    for (const layout of layoutsOf(reference))
      add(
        'valid',
        `two rows laid out as ${layout}`,
        [row, other].map((each) => inputsOnly(reference, each)),
        { layout },
      )
  }
  for (const { row, column, value } of edgeRows(source, valid.slice(0, 8)))
    add('boundary', `${column} = ${JSON.stringify(value)}`, [row], { columns: [column] })

  const unbitten: UnbittenClause[] = []
  const bases = valid.length > 0 ? [...drawn.slice(0, 6), ...valid] : rows
  for (const { clause, slice } of targetsOf(reference, 'input')) {
    const found = await findViolatingRow({
      clause,
      slice,
      rule: (index) => ruleOf(reference, index),
      columnsOf: (id) => columnsRead(reference, id),
      columns: source.columns,
      bases: inSliceFirst(reference, clause, slice, bases),
      seed,
      judge: (row, changed) => judgeFor(reference, clause, slice, row, changed),
    })
    if (!found.found) {
      unbitten.push({ clause: clause.id, slice, tried: found.tried })
      continue
    }
    const { row, changed } = found.violating
    const aim = { clause: clause.id, slice }
    const where = slice === undefined ? '' : ` in ${slice}`
    add('violation', `violates ${clause.id}${where}`, [row], { aim, columns: changed })
    const first = valid[0]
    // A wrong type gives its whole tensor another datatype: such a row travels alone.
    if (first !== undefined && clause.condition.kind !== 'type')
      add('violation', `the second of three rows violates ${clause.id}${where}`, [first, row, first], {
        aim,
        columns: changed,
      })
  }
  const template = valid[0] ?? rows[0]
  for (const { what, body } of template === undefined ? [] : malformedBodies(plan, template))
    made.push({ id: `malformed-${made.length + 1}`, kind: 'malformed', what, call: { body }, rows: [] })
  return { requests: made, unbitten, valid }
}

/** Each clause of a phase with each of its slices; a clause on the type of a cell is asked once. */
export function targetsOf(
  { planned: { plan } }: Reference,
  phase: GuardClause['phase'],
): readonly { readonly clause: GuardClause; readonly slice: string | undefined }[] {
  return plan.clauses
    .filter((clause) => clause.phase === phase)
    .flatMap((clause) => {
      const whole = clause.slices === undefined || clause.condition.kind === 'type'
      const slices = whole ? [undefined] : (clause.slices?.map(({ name }) => name) ?? [])
      return slices.map((slice) => ({ clause, slice }))
    })
}

/** The expression of a rule of the plan. */
export function ruleOf({ planned }: Reference, index: number) {
  const rule = planned.rules[index]
  if (rule === undefined) throw new Error(`The plan has no rule ${index}.`)
  return rule
}

/** Columns that a clause of the plan reads, by its id. */
export function columnsRead(reference: Reference, id: string): readonly string[] {
  const clause = reference.planned.plan.clauses.find((each) => each.id === id)
  return clause === undefined ? [] : columnsOfClause(clause, (index) => ruleOf(reference, index))
}

/** Rows of the slice come first: from those one change is enough. */
export function inSliceFirst(
  reference: Reference,
  clause: GuardClause,
  slice: string | undefined,
  bases: readonly Row[],
): readonly Row[] {
  if (slice === undefined) return bases
  const { keys, inputs } = reference.planned.plan
  const inside = bases.filter((row) => reference.inSlice(clause, slice, readRow([...keys, ...inputs], row).record))
  return inside.length === 0 ? bases : inside
}

function judgeFor(
  reference: Reference,
  clause: GuardClause,
  slice: string | undefined,
  row: Row,
  changed: readonly string[],
) {
  // Only clauses that the change may concern, and the one in question: all of them for each try would not end.
  const judged = reference.judgeInput(row, [...changed, ...columnsRead(reference, clause.id)])
  const named = [...judged.enforced, ...judged.flagged]
  // An id names the clause in any of its slices; only where it is named the slice has to be looked at.
  const violates =
    !judged.refused &&
    named.includes(clause.id) &&
    (slice === undefined || reference.violates(clause, slice, judged.record, new Set()))
  return { violates, others: named.filter((id) => id !== clause.id), record: judged.record }
}

type Add = (
  kind: RequestKind,
  what: string,
  rows: readonly Row[],
  more?: Pick<ReleaseRequest, 'positions' | 'columns' | 'aim'>,
) => void

/** A row that would reject its batch goes alone; of the others some do, too. */
function addReal(reference: Reference, real: readonly RealRow[], counts: RequestCounts, add: Add): void {
  const stops = (row: Row): boolean => {
    const { refused, enforced } = reference.judgeInput(row)
    return refused || enforced.length > 0
  }
  const passing = real.filter(({ row }) => !stops(row))
  const alone = [...real.filter(({ row }) => stops(row)), ...passing.slice(0, counts.single)]
  for (const { row, position } of alone) add('real', `row ${position} of the data`, [row], { positions: [position] })
  for (const batch of chunks(passing.slice(counts.single), counts.batch))
    add(
      'real',
      `a batch of ${batch.length} rows of the data`,
      batch.map(({ row }) => row),
      { positions: batch.map(({ position }) => position) },
    )
}

function layoutsOf({ planned: { plan } }: Reference): readonly Layout[] {
  return fitsMatrix(plan) ? ['tall-columns', 'matrix', 'nested-matrix'] : ['tall-columns']
}

function inputsOnly({ planned: { plan } }: Reference, row: Row): Row {
  return new Map(plan.inputs.map(({ name }) => [name, row.get(name) ?? null]))
}

/** The first and the last row, where there are two. */
function pairs(rows: readonly Row[]): readonly (readonly [Row, Row])[] {
  const [first] = rows
  const last = rows.at(-1)
  return first === undefined || last === undefined || rows.length < 2 ? [] : [[first, last]]
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}
