import type { Program, ProgramColumn } from '../clause/program.ts'
import type { ScalarKind } from '../expr/type.ts'
import type { RecordValue } from '../expr/value.ts'
import { createRandom } from '../stats/prng.ts'
import { borderBetween } from './border.ts'
import { compareUnlessAborted, type Disagreement, type Tally } from './compare.ts'
import { constantsByColumn } from './constants.ts'
import type { Implementation, RowColumn } from './implementation.ts'
import { minimise } from './minimise.ts'
import { type Question, questionsOf } from './questions.ts'
import { type GeneratedRow, generateRows } from './rows.ts'

/** How a spec is fuzzed. */
export interface FuzzRequest {
  readonly program: Program
  readonly implementations: readonly Implementation[]
  /** Rows that each expression is asked on, borders apart. */
  readonly rows: number
  /** The same seed gives the same rows. */
  readonly seed: string
  /** Only expressions that these clauses ask; all where it is absent. */
  readonly clauses?: ReadonlySet<string>
  readonly signal?: AbortSignal
  /** Pairs compared so far, of about how many. */
  readonly onProgress?: (done: number, of: number) => void
}

/** An expression of the spec, and what it was asked. */
export interface FuzzedQuestion {
  readonly question: Question
  readonly pairs: number
  /** Pairs on which it ends in an error: what is compared there is which one. */
  readonly errors: number
  /** By name of the implementation: how many pairs it was asked, and why it was not, if it cannot be. */
  readonly by: Readonly<Record<string, FuzzedBy>>
}

/** What one implementation was asked. */
export interface FuzzedBy {
  readonly pairs: number
  /** Pairs that it was asked and did not decide, where there are any. */
  readonly undecided?: number
  readonly refused?: string
}

/** What came of it. */
export interface FuzzReport {
  readonly questions: readonly FuzzedQuestion[]
  readonly skipped: readonly { readonly clause: string; readonly reason: string }[]
  readonly pairs: number
  readonly rows: number
  /** Rows with at least one hostile cell. */
  readonly hostile: number
  /** Minimised, each expression at most once. */
  readonly disagreements: readonly { readonly question: Question; readonly found: Disagreement }[]
  readonly interrupted: boolean
}

/** Expressions asked in one batch, and rows of one batch. */
const MOST_EXPRESSIONS = 40
const ROWS = 200

interface Group {
  readonly questions: readonly Question[]
  readonly columns: readonly ProgramColumn[]
  readonly rows: Generator<GeneratedRow, never>
}

/**
 * Asks every expression of a spec of every implementation, on rows drawn from the declared columns, on hostile ones and
 * on the borders where conditions change. Rounds go over all expressions, so that an interruption leaves none unasked.
 */
export async function fuzzProgram(request: FuzzRequest): Promise<FuzzReport> {
  const { program, implementations, clauses, signal } = request
  const all = questionsOf(program)
  const wanted = (name: string): boolean => clauses === undefined || clauses.has(name)
  const questions = all.questions.filter(({ asked }) => asked.some(wanted))
  const groups = groupsOf(questions, request.seed)
  const tallies = new Map<Question, Tally>()
  const differing = new Map<Question, Disagreement>()
  const counts = { pairs: 0, rows: 0, hostile: 0 }
  for (let first = 0; first < request.rows; first += ROWS) {
    for (const { questions: asked, columns, rows: generator } of groups) {
      const drawn = Array.from({ length: Math.min(ROWS, request.rows - first) }, () => generator.next().value)
      const rows = [...drawn.map(({ cells }) => cells), ...bordersOf(asked, drawn)]
      const exprs = asked.map(({ expr }) => expr)
      const batch = { columns: columns.map(rowColumn), exprs, rows }
      const found = await compareUnlessAborted(batch, implementations, signal)
      if (found === undefined) break
      for (const [i, question] of asked.entries()) {
        tallies.set(question, added(tallies.get(question), found.tallies[i]))
        const other = found.disagreements.find(({ expr }) => expr === question.expr)
        if (other !== undefined && !differing.has(question)) differing.set(question, other)
      }
      counts.pairs += exprs.length * rows.length
      counts.rows += rows.length
      counts.hostile += drawn.filter(({ hostile }) => hostile).length
      request.onProgress?.(counts.pairs, questions.length * request.rows)
    }
    if (signal?.aborted === true) break
  }
  const disagreements: FuzzReport['disagreements'][number][] = []
  for (const [question, found] of differing)
    disagreements.push({ question, found: await minimise(found, implementations, signal) })
  return {
    questions: questions.map((question) => fuzzed(question, tallies.get(question), implementations)),
    skipped: all.skipped.filter(({ clause }) => wanted(clause)),
    ...counts,
    disagreements,
    interrupted: signal?.aborted === true,
  }
}

const rowColumn = ({ name, type }: ProgramColumn): RowColumn =>
  type.kind === 'list'
    ? { name, kind: type.element.kind as ScalarKind, list: true }
    : { name, kind: type.kind === 'image' ? 'string' : (type.kind as ScalarKind) }

/** Expressions on one dataset together, so that a database reads one table for many of them. */
function groupsOf(questions: readonly Question[], seed: string): readonly Group[] {
  const groups: Group[] = []
  const relations = Map.groupBy(questions, ({ relation, columns }) => `${relation} ${columns.length === 0}`)
  for (const [relation, of] of relations) {
    for (let first = 0; first < of.length; first += MOST_EXPRESSIONS) {
      const part = of.slice(first, first + MOST_EXPRESSIONS)
      const columns = [
        ...new Map(part.flatMap((question) => question.columns).map((each) => [each.name, each])).values(),
      ]
      const constants = constantsByColumn(part.map(({ expr }) => expr))
      const random = createRandom(seed, `rows of ${relation} from ${first}`)
      groups.push({ questions: part, columns, rows: generateRows(random, columns, constants) })
    }
  }
  return groups
}

/** For each condition the two rows next to where it changes, between the first two drawn rows that differ. */
function bordersOf(questions: readonly Question[], drawn: readonly GeneratedRow[]): readonly RecordValue[] {
  const [first, ...others] = drawn.slice(0, 6).map(({ cells }) => cells)
  if (first === undefined) return []
  return questions.flatMap(({ expr }) => {
    if (expr.type.kind !== 'bool') return []
    for (const other of others) {
      const border = borderBetween(expr, first, other)
      if (border.length > 0) return border
    }
    return []
  })
}

function added(before: Tally | undefined, more: Tally | undefined): Tally {
  const [a, b] = [before ?? NOTHING, more ?? NOTHING]
  return {
    pairs: a.pairs + b.pairs,
    errors: a.errors + b.errors,
    asked: sums(a.asked, b.asked),
    undecided: sums(a.undecided, b.undecided),
  }
}

function sums(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]))
}

const NOTHING: Tally = { pairs: 0, errors: 0, asked: {}, undecided: {} }

function fuzzed(
  question: Question,
  { pairs, errors, asked, undecided }: Tally = NOTHING,
  implementations: readonly Implementation[],
): FuzzedQuestion {
  const by = implementations.map(({ name, refuses }) => {
    const refused = refuses(question.expr)
    const open = undecided[name] ?? 0
    const more = { ...(open === 0 ? {} : { undecided: open }), ...(refused === undefined ? {} : { refused }) }
    return [name, { pairs: asked[name] ?? 0, ...more }] as const
  })
  return { question, pairs, errors, by: Object.fromEntries(by) }
}
