import { integerLiteral, type Sql, sql, stats, type Term } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import type { Cell, Database } from '../engines/database.ts'
import { argumentExpr, askRowTerm, columnsOfTerm, infiniteRows } from '../plan/row-terms.ts'
import { binnedTerm, comparedTerm } from '../plan/distance-terms.ts'
import { isSketched, RANK_SEED, type Sketch, sketchOf, sketchValue } from '../plan/sketch-terms.ts'
import type { Scan, Ticket } from '../plan/scan.ts'
import { masked, type RowFilter, rowFilter, where } from '../plan/scope.ts'
import { type BinsRest, mergeBins } from './bins-state.ts'
import {
  countsOf,
  MOST_NUMBERS,
  type KeptNumbers,
  mergeNumbers,
  needsNumbers,
  type NumberKeeper,
  quantileOf,
} from './counted-numbers.ts'
import type { KeyHashes } from './key-hashes.ts'

/** A whole number of any size as decimal text, or another cell. */
export type KeptCell = null | boolean | number | string | { readonly int: string }

/** What a term came to beside counts; each kind has one way to be merged. */
export type TermRest =
  | { readonly kind: 'none' }
  /** A sum of whole numbers, exact. */
  | { readonly kind: 'whole'; readonly sum: string }
  | { readonly kind: 'sum'; readonly sum: number }
  /** Null where there is no cell. */
  | { readonly kind: 'least' | 'greatest'; readonly cell: KeptCell }
  /** `whole`: the exact sum, of whole numbers. */
  | { readonly kind: 'moments'; readonly moments: stats.Moments; readonly whole?: string }
  | { readonly kind: 'co-moments'; readonly moments: stats.CoMoments }
  /** The distinct cells, where they are few. */
  | { readonly kind: 'set'; readonly cells: readonly KeptCell[] }
  /** Base64. */
  | { readonly kind: 'registers'; readonly registers: string }
  | { readonly kind: 'log-histogram'; readonly histogram: stats.LogHistogram }
  | { readonly kind: 'ranks'; readonly sketch: stats.RankSketch }
  /** Hashes of what is to be distinct, a file for each part. */
  | { readonly kind: 'keys'; readonly files: readonly KeyHashes[] }
  | BinsRest

/** What a part of the rows says of one term. */
export interface TermState {
  /** Rows by the names that the term's own reader uses (`rows`, `present`, …). */
  readonly counts: Readonly<Record<string, number>>
  readonly rest: TermRest
  /** Where it is read from the numbers themselves, or its interval is. */
  readonly numbers?: KeptNumbers
  /** Those of the relation that is compared with, where it lies in the same files. */
  readonly compared?: KeptNumbers
}

/** Terms whose parts can be merged. */
const MERGED = new Set([
  'count',
  'present',
  'null_share',
  'share',
  'distinct',
  'sum',
  'min',
  'max',
  'mean',
  'variance',
  'stddev',
  'correlation',
  'duplicates',
  'median',
  'quantile',
])

/** Whether parts of the rows say what the term is on all of them. */
export function isMergeable(term: Term): boolean {
  return term.model === undefined && (MERGED.has(term.fn) || isSketched(term) || comparedTerm(term) !== undefined)
}

/** The kinds of state that a term can have. */
export function kindsOf(term: Term): readonly TermRest['kind'][] {
  if (binnedTerm(term) !== undefined) return ['bins', 'none']
  switch (term.fn) {
    case 'approx_distinct':
      return ['registers']
    case 'approx_quantile':
      return ['log-histogram']
    case 'approx_quantile_by_rank':
      return ['ranks']
    case 'distinct':
      return ['set']
    case 'duplicates':
      return ['keys']
    case 'sum':
      return ['whole', 'sum']
    case 'min':
      return ['least']
    case 'max':
      return ['greatest']
    case 'mean':
    case 'variance':
    case 'stddev':
      return ['moments']
    case 'correlation':
      return ['co-moments']
    default:
      return ['none']
  }
}

/** Names under which counts of rows are asked: they add up. */
const COUNTS = new Set(['rows', 'present', 'holding', 'missing', 'broken', 'infinite'])

/** Distinct cells that are kept of one file at most. */
export const MOST_CELLS = 1000

/** A term put into the scan of a part; `read` gives undefined where a number on the way left float64, or cells are too many to be kept. */
export interface TermStateAsk {
  read(session: Database): Promise<TermState | undefined>
}

/** Asks the scan of a part for what merging needs of a term. */
export function askTermState(scan: Scan, term: Term, slice: RowFilter, keeper: NumberKeeper): TermStateAsk {
  if (isSketched(term)) return { read: (session) => keptSketch(session, scan, term, slice) }
  const tickets = { ...askCounts(scan, term, slice), ...askMore(scan, term, slice) }
  const several = needsNumbers(term) || term.fn === 'distinct' ? askSeveral(scan, term, slice) : undefined
  return {
    async read(session) {
      const counts: Record<string, number> = {}
      const cells: Record<string, Cell> = {}
      for (const [name, ticket] of Object.entries(tickets)) {
        const answer = scan.answer(ticket)
        if (!answer.ok) return undefined
        if (COUNTS.has(name)) counts[name] = Number(answer.value ?? 0)
        else cells[name] = answer.value
      }
      const about = several === undefined ? undefined : scan.answer(several)
      const most = term.fn === 'distinct' ? MOST_CELLS : MOST_NUMBERS
      if (about !== undefined && (!about.ok || Number(about.value) > 2 * most)) return undefined
      const rest = term.fn === 'distinct' ? await setOf(session, scan, term, slice) : restOf(term, cells, counts)
      if (rest === undefined || !needsNumbers(term)) return rest && { counts, rest }
      const { filter, expr } = numberIn(scan, term, slice)
      const numbers = await keeper.keep(scan.scope, filter, scan.scope.value(expr), expr.type)
      return numbers && { counts, rest, numbers }
    },
  }
}

/** The first argument of a term, and the rows on which it is read. */
const numberIn = ({ scope }: Scan, term: Term, slice: RowFilter) => ({
  filter: rowFilter(...slice.conditions, term.where),
  expr: argumentExpr(scope, term.args[0]),
})

/** About how many values are distinct: where they are far too many to be kept, none is read. */
function askSeveral(scan: Scan, term: Term, slice: RowFilter): Ticket {
  const { filter, expr } = numberIn(scan, term, slice)
  const value = masked(scan.scope, filter, scan.scope.value(expr))
  const several = sql`approx_count_distinct(${value})`
  return scan.ask({ fast: several, perValue: several }, [...columnsOfTerm(term), ...slice.columns])
}

/** What the term's own reader asks, but for what states hold in their own way. */
function askCounts(scan: Scan, term: Term, slice: RowFilter): Readonly<Record<string, Ticket>> {
  const isHeld = ['mean', 'variance', 'stddev', 'correlation', 'median', 'quantile', 'distinct'].includes(term.fn)
  const given = new Map<Ticket, Parameters<Scan['ask']>>()
  const later: Scan['ask'] = (...asked) => {
    const ticket = { key: '' }
    given.set(ticket, asked)
    return ticket
  }
  const asked = askRowTerm(isHeld ? { ...scan, ask: later } : scan, term, slice)
  if (asked === undefined) throw new Error(`${term.fn} is not merged.`)
  if (!isHeld) return asked.tickets
  return Object.fromEntries(
    Object.entries(asked.tickets).flatMap(([name, ticket]) => {
      const question = given.get(ticket)
      return COUNTS.has(name) && question !== undefined ? [[name, scan.ask(...question)]] : []
    }),
  )
}

async function keptSketch(
  session: Database,
  { scope }: Scan,
  term: Term,
  slice: RowFilter,
): Promise<TermState | undefined> {
  const sketch = await sketchOf(session, scope, term, slice)
  if (!sketch.ok) return undefined
  const { value } = sketch
  if (value.kind === 'registers') {
    const registers = Buffer.from(value.registers).toString('base64')
    return { counts: {}, rest: { kind: 'registers', registers } }
  }
  if (value.kind === 'ranks') return { counts: {}, rest: value }
  const bins = value.histogram.above.length + value.histogram.below.length
  return bins > stats.MOST_BINS ? undefined : { counts: {}, rest: value }
}

/** The sketch of a state. */
function sketchIn(rest: TermRest): Sketch | undefined {
  if (rest.kind === 'log-histogram' || rest.kind === 'ranks') return rest
  if (rest.kind !== 'registers') return undefined
  return { kind: 'registers', registers: new Uint8Array(Buffer.from(rest.registers, 'base64')) }
}

async function setOf(session: Database, { scope }: Scan, term: Term, slice: RowFilter): Promise<TermRest | undefined> {
  const filter = rowFilter(...slice.conditions, term.where)
  const cell = scope.value(argumentExpr(scope, term.args[0]))
  const found = await session.query(
    sql`SELECT DISTINCT ${cell} AS "v" FROM ${scope.relation.from}${where(scope, filter, sql`(${cell}) IS NOT NULL`)} LIMIT ${integerLiteral(BigInt(MOST_CELLS + 1))}`,
  )
  if (!found.ok || found.value.rows > MOST_CELLS) return undefined
  return { kind: 'set', cells: (found.value.columns.get('v') ?? []).map(keptCell) }
}

function askMore(scan: Scan, term: Term, slice: RowFilter): Readonly<Record<string, Ticket>> {
  const { scope } = scan
  if (!['mean', 'variance', 'stddev', 'correlation'].includes(term.fn)) return {}
  const filter = rowFilter(...slice.conditions, term.where)
  const columns = [...columnsOfTerm(term), ...slice.columns]
  const numbers = term.args.slice(0, term.fn === 'correlation' ? 2 : 1).map((argument) => {
    const expr = argumentExpr(scope, argument)
    const value = masked(scope, filter, scope.value(expr))
    const finite =
      expr.type.kind === 'double' && !scope.isFinite(expr) ? sql`CASE WHEN isfinite(${value}) THEN ${value} END` : value
    return { expr, finite, value }
  })
  const [x, y] = numbers
  if (x === undefined) return {}
  const ask = (aggregate: Sql) => scan.ask(aggregate, columns)
  const infinite = infiniteRows(
    scope,
    numbers.map(({ expr }) => expr),
    numbers.map(({ value }) => value),
  )
  // The moments are of finite numbers; an infinite mean is not merged at all.
  const beyond = infinite === undefined ? {} : { infinite: ask(infinite) }
  const moments = (name: string, value: Sql): Record<string, Ticket> => ({
    [`${name}n`]: ask(sql`count(${value})`),
    [`${name}sum`]: ask(sql`sum(CAST(${value} AS DOUBLE))`),
    [`${name}spread`]: ask(sql`var_samp(${value})`),
    [`${name}least`]: ask(sql`min(CAST(${value} AS DOUBLE))`),
    [`${name}greatest`]: ask(sql`max(CAST(${value} AS DOUBLE))`),
  })
  if (y === undefined) {
    const whole = x.expr.type.kind === 'int' ? { whole: ask(scope.spelling.sum(x.value, x.expr.type).fast) } : {}
    return { ...moments('x', x.finite), ...whole, ...beyond }
  }
  const both = (value: Sql) =>
    sql`CASE WHEN (${x.finite}) IS NOT NULL AND (${y.finite}) IS NOT NULL THEN CAST(${value} AS DOUBLE) END`
  const [bothX, bothY] = [both(x.finite), both(y.finite)]
  return {
    ...moments('x', bothX),
    ...moments('y', bothY),
    together: ask(sql`covar_samp(${bothX}, ${bothY})`),
    ...beyond,
  }
}

function restOf(
  term: Term,
  cells: Readonly<Record<string, Cell>>,
  { infinite }: Readonly<Record<string, number>>,
): TermRest | undefined {
  const { value = null } = cells
  switch (term.fn) {
    case 'sum':
      if (typeof value === 'bigint' || value === null) return { kind: 'whole', sum: String(value ?? 0n) }
      return typeof value === 'number' && Number.isFinite(value) ? { kind: 'sum', sum: value } : undefined
    case 'min':
    case 'max':
      return { kind: term.fn === 'min' ? 'least' : 'greatest', cell: keptCell(value) }
    case 'mean': {
      // An infinite cell makes the mean infinite, or none; of which kind is not kept.
      return Number(infinite ?? 0) > 0 ? undefined : spreadOf(cells)
    }
    case 'variance':
    case 'stddev':
      return spreadOf(cells)
    case 'correlation': {
      const [x, y] = [momentsOf(cells, 'x'), momentsOf(cells, 'y')]
      const products = Number(cells['together'] ?? 0) * Math.max(0, (x?.n ?? 0) - 1)
      if (x === undefined || y === undefined || !Number.isFinite(products)) return undefined
      return { kind: 'co-moments', moments: { x, y, products } }
    }
    default:
      return { kind: 'none' }
  }
}

function spreadOf(cells: Readonly<Record<string, Cell>>): TermRest | undefined {
  const moments = momentsOf(cells, 'x')
  if (moments === undefined) return undefined
  const { whole } = cells
  return { kind: 'moments', moments, ...(typeof whole === 'bigint' ? { whole: String(whole) } : {}) }
}

function momentsOf(cells: Readonly<Record<string, Cell>>, of: 'x' | 'y'): stats.Moments | undefined {
  const n = Number(cells[`${of}n`] ?? 0)
  if (n === 0) return stats.NO_MOMENTS
  const at = (name: string) => Number(cells[`${of}${name}`] ?? 0)
  const moments = {
    n,
    sum: at('sum'),
    squares: at('spread') * (n - 1),
    least: at('least'),
    greatest: at('greatest'),
  }
  return areFinite(moments) ? moments : undefined
}

const keptCell = (cell: Cell): KeptCell => (typeof cell === 'bigint' ? { int: String(cell) } : cell)
/** Equal for equal cells of one column. */
export const cellKey = (kept: KeptCell): string =>
  kept !== null && typeof kept === 'object' ? kept.int : String(kept === 0 ? 0 : kept)
const cellOf = (kept: KeptCell): Cell => (kept !== null && typeof kept === 'object' ? BigInt(kept.int) : kept)

/** Two parts as one; undefined where they are not of one kind, or leave float64 together. Associative and commutative. */
export function mergeTermStates(a: TermState, b: TermState): TermState | undefined {
  const rest = mergeRest(a.rest, b.rest)
  if (rest === undefined) return undefined
  const names = new Set([...Object.keys(a.counts), ...Object.keys(b.counts)])
  const counts = Object.fromEntries([...names].map((name) => [name, (a.counts[name] ?? 0) + (b.counts[name] ?? 0)]))
  const [numbers, compared] = [together(a.numbers, b.numbers), together(a.compared, b.compared)]
  if (numbers === null || compared === null) return undefined
  return { counts, rest, ...(numbers && { numbers }), ...(compared && { compared }) }
}

/** Null where only one of two parts has its numbers. */
function together(a: KeptNumbers | undefined, b: KeptNumbers | undefined): KeptNumbers | undefined | null {
  if (a === undefined || b === undefined) return a === b ? undefined : null
  return mergeNumbers(a, b)
}

const added = (a: string, b: string): string => String(BigInt(a) + BigInt(b))

function mergeRest(a: TermRest, b: TermRest): TermRest | undefined {
  // A sum of no cell says nothing of its type.
  if (a.kind === 'whole' && a.sum === '0' && b.kind === 'sum') return b
  if (b.kind === 'whole' && b.sum === '0' && a.kind === 'sum') return a
  if (a.kind === 'none' && b.kind === 'none') return a
  if (a.kind === 'whole' && b.kind === 'whole') return { kind: 'whole', sum: added(a.sum, b.sum) }
  if (a.kind === 'sum' && b.kind === 'sum') {
    const sum = a.sum + b.sum
    return Number.isFinite(sum) ? { kind: 'sum', sum } : undefined
  }
  if ((a.kind === 'least' || a.kind === 'greatest') && b.kind === a.kind)
    return { kind: a.kind, cell: outer(a.kind, a.cell, b.cell) }
  if (a.kind === 'moments' && b.kind === 'moments') {
    const wholes = [a.whole, b.whole].filter((whole) => whole !== undefined)
    const moments = stats.mergeMoments(a.moments, b.moments)
    if (!areFinite(moments)) return undefined
    return { kind: 'moments', moments, ...(wholes.length === 0 ? {} : { whole: wholes.reduce(added) }) }
  }
  if (a.kind === 'co-moments' && b.kind === 'co-moments') {
    const moments = stats.mergeCoMoments(a.moments, b.moments)
    const isWithin = areFinite(moments.x) && areFinite(moments.y) && Number.isFinite(moments.products)
    return isWithin ? { kind: 'co-moments', moments } : undefined
  }
  if (a.kind === 'log-histogram' && b.kind === 'log-histogram')
    return { kind: a.kind, histogram: stats.mergeLogHistograms(a.histogram, b.histogram) }
  if (a.kind === 'registers' && b.kind === 'registers') {
    const [x, y] = [sketchIn(a), sketchIn(b)]
    if (x?.kind !== 'registers' || y?.kind !== 'registers') return undefined
    const both = stats.mergeRegisters(x.registers, y.registers)
    return { kind: a.kind, registers: Buffer.from(both).toString('base64') }
  }
  if (a.kind === 'ranks' && b.kind === 'ranks') {
    const sketch = stats.mergeRankSketches(a.sketch, b.sketch, RANK_SEED)
    return stats.rankError(sketch) <= stats.RANK_ERROR ? { kind: 'ranks', sketch } : undefined
  }
  if (a.kind === 'bins' && b.kind === 'bins') return mergeBins(a, b)
  if (a.kind === 'keys' && b.kind === 'keys')
    return { kind: 'keys', files: [...a.files, ...b.files].sort((x, y) => (x.digest < y.digest ? -1 : 1)) }
  if (a.kind === 'set' && b.kind === 'set') return { kind: 'set', cells: union(a.cells, b.cells) }
  return undefined
}

/** Whether moments lie within float64; those of no number do. */
const areFinite = (moments: stats.Moments): boolean => moments.n === 0 || Object.values(moments).every(Number.isFinite)

function union(a: readonly KeptCell[], b: readonly KeptCell[]): readonly KeptCell[] {
  const all = new Map([...a, ...b].map((cell) => [cellKey(cell), cell]))
  // In an order of their own, so that the order of the parts makes no difference.
  return [...all].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, cell]) => cell)
}

function outer(side: 'least' | 'greatest', a: KeptCell, b: KeptCell): KeptCell {
  if (a === null || b === null) return a ?? b
  const isLess = isBefore(cellOf(a), cellOf(b))
  return isLess === (side === 'least') ? a : b
}

/** The order of the engine: texts by their bytes in UTF-8. */
function isBefore(a: Cell, b: Cell): boolean {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
  return (a as number) < (b as number)
}

/** The value of a term that is read from a sketch, or from hashes that all differ; undefined for any other. */
export function sketchedTerm(term: Term, { rest }: TermState): TermOutcome | undefined {
  // Where any were alike, all rows were read.
  if (rest.kind === 'keys') return { ok: true, value: { term, value: 0, missing: 0 } }
  const sketch = sketchIn(rest)
  return sketch === undefined ? undefined : { ok: true, value: { term, value: sketchValue(term, sketch), missing: 0 } }
}

/** What the term's own reader (`RowTermAsk.finish`) reads. */
export function valuesOf(term: Term, { counts, rest, numbers }: TermState): Readonly<Record<string, Cell>> {
  const n = counts['present'] ?? 0
  const none = (value: number | undefined): number | null => value ?? null
  switch (rest.kind) {
    case 'none': {
      if (numbers === undefined) return counts
      const argument = term.args[1]
      const q = term.fn === 'quantile' && argument?.kind === 'value' ? argument.value : 0.5
      return { ...counts, value: quantileOf(countsOf(numbers), q) }
    }
    case 'registers':
    case 'log-histogram':
    case 'ranks':
    case 'keys':
    case 'bins':
      return counts
    case 'whole':
      return { ...counts, value: n === 0 ? null : BigInt(rest.sum) }
    case 'sum':
      return { ...counts, value: n === 0 ? null : rest.sum }
    case 'least':
    case 'greatest':
      return { ...counts, value: cellOf(rest.cell) }
    case 'moments': {
      const variance = stats.varianceOf(rest.moments)
      const sd = variance === undefined ? undefined : Math.sqrt(variance)
      if (term.fn === 'mean') {
        const mean = rest.whole === undefined ? stats.meanOf(rest.moments) : Number(BigInt(rest.whole)) / n
        return { ...counts, value: n === 0 ? null : mean, sd: none(sd) }
      }
      return { ...counts, value: none(term.fn === 'variance' ? variance : sd) }
    }
    case 'set':
      return { ...counts, distinct: rest.cells.length }
    case 'co-moments':
      return { ...counts, value: none(stats.correlationOf(rest.moments)) }
  }
}
