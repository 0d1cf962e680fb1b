import type { Expr } from '../expr/expr.ts'
import type { RecordValue } from '../expr/value.ts'
import { agrees, type RowAnswer } from './answer.ts'
import type { Batch, Implementation, RowColumn } from './implementation.ts'
import { referenceAnswers } from './reference.ts'

/** An expression and a row on which an implementation differs from the reference. */
export interface Disagreement {
  readonly columns: readonly RowColumn[]
  readonly expr: Expr
  readonly row: RecordValue
  readonly reference: RowAnswer
  /** Of each implementation that could be asked, in their order. */
  readonly answers: readonly { readonly name: string; readonly answer: RowAnswer; readonly agrees: boolean }[]
}

/** How often an expression was asked. */
export interface Tally {
  readonly pairs: number
  /** Pairs on which the reference gives an error. */
  readonly errors: number
  /** By name of the implementation: pairs that it answered. */
  readonly asked: Readonly<Record<string, number>>
  /** By name: pairs that it was asked and did not decide; none for most. */
  readonly undecided: Readonly<Record<string, number>>
}

/** What came of a comparison. */
export interface Compared {
  /** Of each expression, in their order. */
  readonly tallies: readonly Tally[]
  readonly disagreements: readonly Disagreement[]
}

interface Told {
  readonly implementation: Implementation
  /** Places of the expressions and of the rows that it could be asked. */
  readonly exprs: readonly number[]
  readonly rows: readonly number[]
  readonly answers: readonly (readonly RowAnswer[])[]
}

const NO_ANSWER: RowAnswer = { broken: 'no answer' }

/** Asks every implementation for every expression on every row, where it can be asked, and compares with the reference. */
export async function compare(batch: Batch, implementations: readonly Implementation[]): Promise<Compared> {
  const { columns, exprs, rows } = batch
  const told: Told[] = []
  for (const implementation of implementations) told.push(await ask(batch, implementation))
  const disagreements: Disagreement[] = []
  const tallies = exprs.map((expr, i): Tally => {
    const reference = referenceAnswers(expr, rows)
    const answered = told.flatMap(({ implementation, ...at }) => {
      const place = at.exprs.indexOf(i)
      if (place < 0) return []
      const byRow = new Map(at.rows.map((row, k) => [row, at.answers[place]?.[k] ?? NO_ANSWER]))
      return [{ implementation, byRow }]
    })
    rows.forEach((row, k) => {
      const expected = reference[k] ?? NO_ANSWER
      const answers = answered.flatMap(({ implementation: { name, errors }, byRow }) => {
        const answer = byRow.get(k)
        if (answer === undefined || 'open' in answer) return []
        return [{ name, answer, agrees: agrees(expected, answer, errors) }]
      })
      if ('broken' in expected || answers.some((each) => !each.agrees))
        disagreements.push({ columns, expr, row, reference: expected, answers })
    })
    return {
      pairs: rows.length,
      errors: reference.filter((answer) => 'error' in answer).length,
      asked: countsOf(answered, (answer) => !('open' in answer)),
      undecided: countsOf(answered, (answer) => 'open' in answer && answer.open === 'not decided'),
    }
  })
  return { tallies, disagreements }
}

/** The same, or undefined where it was interrupted: what a database then says, or raises, is no answer. */
export async function compareUnlessAborted(
  batch: Batch,
  implementations: readonly Implementation[],
  signal: AbortSignal | undefined,
): Promise<Compared | undefined> {
  if (signal?.aborted === true) return undefined
  try {
    const found = await compare(batch, implementations)
    return isAborted(signal) ? undefined : found
  } catch (cause) {
    if (isAborted(signal)) return undefined
    throw cause
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

function countsOf(
  answered: readonly { readonly implementation: Implementation; readonly byRow: ReadonlyMap<number, RowAnswer> }[],
  counts: (answer: RowAnswer) => boolean,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    answered.map(({ implementation, byRow }) => [implementation.name, [...byRow.values()].filter(counts).length]),
  )
}

async function ask({ columns, exprs, rows }: Batch, implementation: Implementation): Promise<Told> {
  const fitting = placesOf(exprs, (expr) => implementation.refuses(expr) === undefined)
  const held = placesOf(rows, (row) => holds(row, implementation))
  const asked = fitting.length > 0 && held.length > 0
  const batch = { columns, exprs: itemsAt(exprs, fitting), rows: itemsAt(rows, held) }
  const answers = asked ? await implementation.answers(batch) : []
  return { implementation, exprs: asked ? fitting : [], rows: held, answers }
}

const placesOf = <T>(items: readonly T[], test: (item: T) => boolean): readonly number[] =>
  items.flatMap((item, i) => (test(item) ? [i] : []))
const itemsAt = <T>(items: readonly T[], places: readonly number[]): readonly T[] => places.map((i) => items[i] as T)

function holds(row: RecordValue, implementation: Implementation): boolean {
  return [...row.values()].every((cell) => cell === null || implementation.cannotHold(cell) === undefined)
}
