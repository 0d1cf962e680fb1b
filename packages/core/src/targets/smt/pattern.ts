import { OPERATION, type PatternProgram, patternProgram } from '../../expr/pattern/program.ts'
import { characters, join, render, smt, type Term } from './term.ts'
import { smtPoint } from './text.ts'

/** Largest automaton and longest expression that are written out; beyond, a pattern stays open. */
const MAX_STATES = 400
const MAX_LENGTH = 40_000

const EMPTY: Term = smt`(str.to_re "")`
const ANY: Term = smt`re.allchar`
const ALL: Term = smt`re.all`

/**
 * The texts that a search for a pattern of RE2 succeeds in, as an SMT-LIB regular language; undefined where it becomes too
 * large, or tells apart characters that SMT-LIB has not. Anchors and word boundaries look at the characters on both sides:
 * each state of the automaton remembers the kind of the one before and guesses that of the one after. The language is read
 * off by eliminating states (Brzozowski and McCluskey 1963).
 */
export function patternLanguage(pattern: string): Term | undefined {
  const program = patternProgram(pattern)
  const ranges = classRanges(program)
  return ranges === undefined ? undefined : eliminate(automaton(program, ranges))
}

/**
 * Kinds of places between characters: 0 another character, 1 newline, 2 word character, 3 an end of the text; 4 stands for
 * any, where the pattern does not look.
 */
type Kind = 0 | 1 | 2 | 3 | 4
const END: Kind = 3
const UNSEEN: Kind = 4
const FLAG = { lineBegins: 1, lineEnds: 2, textBegins: 4, textEnds: 8, boundary: 16, none: 32 } as const
const BACKWARD = FLAG.lineBegins | FLAG.textBegins | FLAG.boundary | FLAG.none
const FORWARD = FLAG.lineEnds | FLAG.textEnds | FLAG.boundary | FLAG.none

/** First and last character, as SMT-LIB has them. */
type Range = readonly [number, number]

/** The ranges of each class of characters. */
function classRanges({ bounds, classes, kinds }: PatternProgram): readonly (readonly Range[])[] | undefined {
  const ranges: Range[][] = kinds.map(() => [])
  for (const [i, first] of bounds.entries()) {
    const last = (bounds[i + 1] ?? 0x110000) - 1
    // Just before the last of Unicode is just before the last of SMT-LIB.
    const [low, high] = [smtPoint(first), last === 0x10fffe ? 0x2fffe : smtPoint(last)]
    if (low === undefined || high === undefined) return undefined
    ranges[classes[i] ?? 0]?.push([low, high])
  }
  return ranges
}

/** One character of the ranges; undefined for none. */
function oneOf(ranges: readonly Range[]): Term | undefined {
  const merged: [number, number][] = []
  for (const [low, high] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && last[1] + 1 >= low) last[1] = Math.max(last[1], high)
    else merged.push([low, high])
  }
  return merged.length === 0 ? undefined : union(merged.map(rangeTerm))
}

function rangeTerm([low, high]: Range): Term {
  if (low === 0 && high === 0x2ffff) return ANY
  if (low === high) return smt`(str.to_re ${characters([low])})`
  return smt`(re.range ${characters([low])} ${characters([high])})`
}

function union(terms: readonly Term[]): Term {
  const [first, ...rest] = [...new Map(terms.map((term) => [render(term), term])).values()]
  if (first === undefined) return smt`re.none`
  return rest.length === 0 ? first : smt`(re.union ${join([first, ...rest])})`
}

/** Edges between numbered states, by from and to; 0 begins, 1 accepts. */
interface Automaton {
  readonly states: number
  readonly edges: Map<number, Map<number, Term[]>>
}

function automaton(program: PatternProgram, ranges: readonly (readonly Range[])[]): Automaton | undefined {
  const flags = program.code.reduce(
    (all, op, i) => (i % 3 === 0 && op === OPERATION.look ? all | (program.code[i + 1] ?? 0) : all),
    0,
  )
  const lines = (flags & (FLAG.lineBegins | FLAG.lineEnds)) !== 0
  const words = (flags & (FLAG.boundary | FLAG.none)) !== 0
  const kindOf = (index: number): Kind => {
    const kind = program.kinds[index]
    return kind === 1 && lines ? 1 : kind === 2 && words ? 2 : 0
  }
  const kinds = [...new Set(ranges.map((_, i) => kindOf(i)))]
  const behind = (kind: Kind): Kind => ((flags & BACKWARD) === 0 ? UNSEEN : kind)
  const ahead: readonly Kind[] = (flags & FORWARD) === 0 ? [UNSEEN] : [...kinds, END]
  const numbers = new Map<string, number>()
  const open: (readonly [pc: number, before: Kind, next: Kind])[] = []
  const edges = new Map<number, Map<number, Term[]>>()
  const stateOf = (pc: number, before: Kind, next: Kind): number => {
    const key = `${pc} ${before} ${next}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    const made = numbers.size + 2
    numbers.set(key, made)
    open.push([pc, before, next])
    return made
  }
  const edge = (from: number, to: number, by: Term): void => {
    const row = edges.get(from) ?? new Map<number, Term[]>()
    edges.set(from, row)
    row.set(to, [...(row.get(to) ?? []), by])
  }
  /** The characters of a set (all without one) that are of one kind. */
  const ofKind = (set: string | undefined, kind: Kind): Term | undefined =>
    oneOf(ranges.flatMap((each, i) => ((set?.[i] ?? '1') === '1' && kindOf(i) === kind ? each : [])))
  const read = (from: number, set: string | undefined, next: Kind, to: number): void => {
    for (const kind of next === UNSEEN ? kinds : next === END ? [] : [next]) {
      const by = ofKind(set, kind)
      if (by !== undefined) for (const then of ahead) edge(from, stateOf(to, behind(kind), then), by)
    }
  }
  const SEARCH = -1
  for (const next of ahead) edge(0, stateOf(SEARCH, behind(END), next), EMPTY)
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (numbers.size > MAX_STATES) return undefined
    const [pc, before, next] = state
    const at = stateOf(pc, before, next)
    if (pc === SEARCH) {
      edge(at, stateOf(program.start, before, next), EMPTY)
      if (!program.anchored) read(at, undefined, next, SEARCH)
      continue
    }
    const [op = 0, first = 0, second = 0] = program.code.slice(3 * pc, 3 * pc + 3)
    if (op === OPERATION.split) {
      edge(at, stateOf(first, before, next), EMPTY)
      if (second !== first) edge(at, stateOf(second, before, next), EMPTY)
    } else if (op === OPERATION.look) {
      if ((first & ~holds(before, next)) === 0) edge(at, stateOf(second, before, next), EMPTY)
    } else if (op === OPERATION.char) read(at, program.sets[first], next, second)
    else if (op === OPERATION.match) {
      const rest = ofKind(undefined, next)
      if (next === UNSEEN) edge(at, 1, ALL)
      else if (next === END) edge(at, 1, EMPTY)
      else if (rest !== undefined) edge(at, 1, smt`(re.++ ${rest} re.all)`)
    }
  }
  return { states: numbers.size + 2, edges }
}

/** The flags that hold between two characters of these kinds. */
function holds(before: Kind, next: Kind): number {
  const boundary = (before === 2) !== (next === 2)
  return (
    (before === END || before === 1 ? FLAG.lineBegins : 0) |
    (next === END || next === 1 ? FLAG.lineEnds : 0) |
    (before === END ? FLAG.textBegins : 0) |
    (next === END ? FLAG.textEnds : 0) |
    (boundary ? FLAG.boundary : FLAG.none)
  )
}

/** Takes one state after another out, that with the fewest ways through it first. */
function eliminate(made: Automaton | undefined): Term | undefined {
  if (made === undefined) return undefined
  const ways = new Map<number, Map<number, Term>>()
  const into = new Map<number, Set<number>>()
  const add = (from: number, to: number, by: Term): void => {
    const row = ways.get(from) ?? new Map<number, Term>()
    ways.set(from, row)
    const known = row.get(to)
    row.set(to, known === undefined ? by : union([known, by]))
    into.set(to, (into.get(to) ?? new Set()).add(from))
  }
  for (const [from, row] of made.edges) for (const [to, by] of row) add(from, to, union(by))
  const left = new Set(Array.from({ length: made.states - 2 }, (_, i) => i + 2))
  const cost = (state: number): number => (into.get(state)?.size ?? 0) * (ways.get(state)?.size ?? 0)
  while (left.size > 0) {
    const state = [...left].reduce((best, each) => (cost(each) < cost(best) ? each : best))
    left.delete(state)
    const row = ways.get(state) ?? new Map<number, Term>()
    const self = row.get(state)
    const loop = self === undefined ? EMPTY : smt`(re.* ${self})`
    for (const from of into.get(state) ?? []) {
      const by = from === state ? undefined : ways.get(from)?.get(state)
      if (by === undefined) continue
      for (const [to, on] of row) if (to !== state) add(from, to, sequence([by, loop, on]))
      ways.get(from)?.delete(state)
    }
    for (const to of row.keys()) into.get(to)?.delete(state)
    ways.delete(state)
    into.delete(state)
    const longest = Math.max(
      0,
      ...[...ways.values()].flatMap((each) => [...each.values()].map((w) => render(w).length)),
    )
    if (longest > MAX_LENGTH) return undefined
  }
  return ways.get(0)?.get(1) ?? smt`re.none`
}

function sequence(terms: readonly Term[]): Term {
  const parts = terms.filter((term) => term !== EMPTY)
  const [first, ...rest] = parts
  if (first === undefined) return EMPTY
  return rest.length === 0 ? first : smt`(re.++ ${join(parts)})`
}
