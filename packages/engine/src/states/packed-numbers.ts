import type { KeptNumbers } from './counted-numbers.ts'
import type { MustState, PartitionState } from './partition-state.ts'
import type { TermState } from './term-state.ts'

/** A term's state as it is written: numbers by their place in the file's table of them. */
export interface PackedTerm extends Omit<TermState, 'numbers' | 'compared'> {
  readonly numbers?: number
  readonly compared?: number
}

/** A state as it is written: numbers that several terms are read from stand there once. */
export interface PackedState extends Omit<PartitionState, 'answers'> {
  readonly numbers?: readonly KeptNumbers[]
  readonly answers: Readonly<
    Record<
      string,
      | Exclude<PartitionState['answers'][string], MustState>
      | (Omit<MustState, 'terms'> & { readonly terms: readonly (PackedTerm | null)[] })
    >
  >
}

/** A state as it is written. */
export function packed(state: PartitionState): PackedState {
  const table = new Map<string, number>()
  const numbers: KeptNumbers[] = []
  const placeOf = (kept: KeptNumbers): number => {
    const key = JSON.stringify(kept)
    const known = table.get(key) ?? numbers.push(kept) - 1
    table.set(key, known)
    return known
  }
  const term = (own: TermState | null): PackedTerm | null => {
    if (own === null) return null
    const { numbers: kept, compared, ...rest } = own
    return {
      ...rest,
      ...(kept === undefined ? {} : { numbers: placeOf(kept) }),
      ...(compared === undefined ? {} : { compared: placeOf(compared) }),
    }
  }
  const answers = Object.fromEntries(
    Object.entries(state.answers).map(([name, answer]) => [
      name,
      answer.form === 'must' ? { ...answer, terms: answer.terms.map(term) } : answer,
    ]),
  )
  return { ...state, answers, ...(numbers.length === 0 ? {} : { numbers }) }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What was written, with its numbers in their places; whether it is a state is for `isState` to say. A place that is none in the table leaves
 * the place itself there, which is no state.
 */
export function unpacked(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value['answers'])) return value
  const { numbers = [], ...state } = value
  if (!Array.isArray(numbers)) return undefined
  const term = (own: unknown): unknown => {
    if (!isRecord(own)) return own
    const placed = (name: string) => {
      const at = own[name]
      return at === undefined ? {} : { [name]: (Number.isInteger(at) ? numbers[at as number] : undefined) ?? at }
    }
    return { ...own, ...placed('numbers'), ...placed('compared') }
  }
  const answers = Object.entries(value['answers']).map(([name, answer]): readonly [string, unknown] => [
    name,
    isRecord(answer) && Array.isArray(answer['terms']) ? { ...answer, terms: answer['terms'].map(term) } : answer,
  ])
  return { ...state, answers: Object.fromEntries(answers) }
}
