import type { Expr, Literal } from '../expr/expr.ts'
import { patternProblem } from '../expr/pattern/problem.ts'
import { literalOf, literalValue, type RecordValue, type Value } from '../expr/value.ts'
import { children, columnsOf, walk } from '../targets/children.ts'
import { rewritten } from './rewrite.ts'

const SCALARS: ReadonlySet<string> = new Set(['bool', 'int', 'double', 'string', 'timestamp', 'duration'])

/** Simpler expressions that may still show the same: parts of it, then the whole with less in it. */
export function smallerExprs(expr: Expr): readonly Expr[] {
  const parts = walk(expr).slice(1).filter(standsAlone)
  return [...parts.toSorted((a, b) => walk(a).length - walk(b).length), ...rewritten(expr, simplerNodes)]
}

/** A part that reads a variable of what is around it means nothing by itself; a leaf shows nothing. */
function standsAlone(part: Expr): boolean {
  return (
    part.node !== 'literal' &&
    SCALARS.has(part.type.kind) &&
    walk(part).every(({ node }) => node !== 'local' && node !== 'list')
  )
}

/** What may stand in the place of a node: a part of the same kind, or itself with a shorter list, pattern or constant. */
function simplerNodes(node: Expr): readonly Expr[] {
  const parts = children(node).filter((part) => part.type.kind === node.type.kind && part.node !== 'local')
  switch (node.node) {
    case 'literal':
      return simplerLiterals(node)
    case 'in-list':
      return [...parts, ...withoutOne(node.elements).map((elements) => ({ ...node, elements }))]
    case 'lookup':
      return [...parts, ...withoutOne(node.entries).map((entries) => ({ ...node, entries }))]
    case 'list':
      return withoutOne(node.args).map((args) => ({ ...node, args }))
    case 'matches':
      return [...parts, ...simplerPatterns(node.pattern).map((pattern) => ({ ...node, pattern }))]
    case 'bind':
      return walk(node.body).some((part) => part.node === 'local' && part.name === node.name) ? parts : [node.body]
    default:
      return parts
  }
}

const withoutOne = <T>(items: readonly T[]): readonly (readonly T[])[] => items.map((_, i) => items.toSpliced(i, 1))

function simplerPatterns(pattern: string): readonly string[] {
  const characters = [...pattern]
  return withoutOne(characters)
    .map((rest) => rest.join(''))
    .filter((shorter) => patternProblem(shorter) === undefined)
}

function simplerLiterals(literal: Literal): readonly Literal[] {
  const value = literalValue(literal)
  return value === null ? [] : simplerCells(value).map((simpler) => literalOf(literal.type, simpler))
}

/** Rows in which one cell is simpler; what the expression does not read is left out at once. */
export function smallerRows(expr: Expr, row: RecordValue): readonly RecordValue[] {
  const read = columnsOf(expr)
  const kept = new Map([...row].filter(([name]) => read.has(name)))
  const first = kept.size < row.size ? [kept] : []
  const simpler = [...kept].flatMap(([name, cell]) =>
    cell === null ? [] : simplerCells(cell).map((other) => new Map([...kept, [name, other]])),
  )
  return [...first, ...simpler]
}

/** Simpler values of the same kind, the simplest first. */
export function simplerCells(cell: Value): readonly Value[] {
  if (typeof cell === 'bigint') return simplerInts(cell)
  if (typeof cell === 'number') return simplerDoubles(cell)
  if (typeof cell === 'string') return simplerTexts(cell)
  if (cell === true) return [false]
  if (typeof cell !== 'object') return []
  if ('timestamp' in cell) return simplerTimes(cell.timestamp as bigint).map((timestamp) => ({ timestamp }))
  if ('list' in cell) {
    const elements = cell.list as readonly Value[]
    const simpler = elements.flatMap((each, i) => simplerCells(each).map((other) => elements.with(i, other)))
    return [...withoutOne(elements), ...simpler].map((list) => ({ list }))
  }
  if ('duration' in cell) return simplerTimes(cell.duration as bigint).map((duration) => ({ duration }))
  return []
}

const size = (value: bigint): bigint => (value < 0n ? -value : value)

function simplerInts(value: bigint): readonly bigint[] {
  const candidates = [
    0n,
    1n,
    -1n,
    2n,
    10n,
    value / 1_000_000n,
    value / 10n,
    value / 2n,
    value < 0n ? value + 1n : value - 1n,
  ]
  return unique(candidates).filter((other) => size(other) < size(value))
}

/** Whole days and seconds are simpler than what lies between. */
function simplerTimes(value: bigint): readonly bigint[] {
  const rounded = [86_400_000_000n, 3_600_000_000n, 1_000_000n].map((unit) => (value / unit) * unit)
  return unique([...simplerInts(value), ...rounded]).filter((other) => size(other) < size(value))
}

const digits = (value: number): number => String(value).replace(/^-/, '').length

function simplerDoubles(value: number): readonly number[] {
  if (Number.isNaN(value)) return []
  const whole = Math.trunc(value)
  const candidates = [
    0,
    1,
    -1,
    0.5,
    2,
    10,
    whole,
    Number(value.toPrecision(2)),
    Number(value.toPrecision(6)),
    value / 2,
  ]
  return unique(candidates).filter((other) => !Object.is(other, value) && digits(other) < digits(value))
}

function simplerTexts(text: string): readonly string[] {
  const characters = [...text]
  const middle = characters.length >> 1
  const halves = [characters.slice(0, middle), characters.slice(middle)]
  const shorter = [...halves, ...(characters.length <= 24 ? withoutOne(characters) : [])].map((rest) => rest.join(''))
  const plain = characters.length === 1 && text > 'a' ? ['a'] : []
  return unique(['', ...plain, ...shorter]).filter((other) => other !== text)
}

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)]
