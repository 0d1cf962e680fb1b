import { createHash } from 'node:crypto'
import { canonicalJson, isDigest, parseCanonical } from '@plumbline/core'
import { packed, unpacked } from './packed-numbers.ts'
import { isKeyHashes, isTermState } from './read-term-state.ts'
import type { KeyHashes } from './key-hashes.ts'
import type { TermState } from './term-state.ts'

/** What a part of the rows says of one `every` instance. */
export interface EveryState {
  readonly form: 'every'
  readonly rows: number
  readonly failing: number
  readonly missing: number
  readonly excluded: number
  readonly unassigned: number
  /**
   * Its failing rows, the first or the worst of them too: a Parquet file by its SHA-256. Absent where none fails, or none may be kept; `later`
   * where files before it have as many as are ever shown of rows that are tolerated.
   */
  readonly shown?: { readonly rows: 'first' | 'worst'; readonly digest: string } | { readonly rows: 'later' }
  /** Of a key: the hashes of the keys that are there whole. Absent where they are not kept. */
  readonly keys?: KeyHashes
}

/** What a part of the rows says of one `must` instance. */
export interface MustState {
  readonly form: 'must'
  readonly rows: number
  readonly unassigned: number
  /** In the order of the clause; null where the part alone does not say. */
  readonly terms: readonly (TermState | null)[]
}

/** What one file of a source came to. Canonical JSON of it is an evidence part: named by what it was measured on, with a digest of its own. */
export interface PartitionState {
  readonly schema: 'plumbline/partition-state/1'
  /** SHA-256 of the file's bytes, and what its folders say. */
  readonly partition: string
  /** The digest of how files are read: columns, options, splits, version of the tool. */
  readonly reading: string
  /** What has to be alike in all files of the source. */
  readonly shape: string
  /** Columns in the file, in its order. */
  readonly present: readonly string[]
  readonly undeclared: readonly string[]
  /** How it was found to be written. */
  readonly said: readonly string[]
  /** Rows in the file. */
  readonly rows: number
  /** By the name of the question. */
  readonly answers: Readonly<Record<string, EveryState | MustState>>
}

/** The hashes of keys that a state names, each with the question that they answer. */
export function hashesOf({
  answers,
}: PartitionState): readonly { readonly question: string; readonly digest: string }[] {
  return Object.entries(answers).flatMap(([name, answer]) => {
    if (answer.form === 'every')
      return answer.keys === undefined ? [] : [{ question: keyQuestion(name), ...answer.keys }]
    return answer.terms.flatMap((term, i) =>
      term?.rest.kind === 'keys' ? term.rest.files.map((each) => ({ question: keyQuestion(name, i), ...each })) : [],
    )
  })
}

/** What is known as the question whether the keys of a clause, or of one of its terms, are distinct. */
export const keyQuestion = (question: string, term?: number): string => JSON.stringify([question, term ?? null])

/** The bytes of a state: its digest, and a line with its canonical JSON. */
export function writtenState(state: PartitionState): string {
  const text = canonicalJson(packed(state))
  return `${sha256(text)}\n${text}\n`
}

/**
 * A state from bytes that anybody may have written; undefined unless they are a digest, the canonical JSON it is of, and a state of this
 * partition and reading. That nobody wrote another state with its right digest is not said: who may write `.plumb` may.
 */
export function readState(bytes: Uint8Array, partition: string, reading: string): PartitionState | undefined {
  if (bytes.length > MOST_BYTES) return undefined
  const text = new TextDecoder().decode(bytes)
  const end = text.indexOf('\n')
  const body = text.slice(end + 1, -1)
  if (end < 0 || !text.endsWith('\n') || sha256(body) !== text.slice(0, end)) return undefined
  const parsed = parseCanonical(body)
  const state = parsed.ok ? unpacked(parsed.value) : undefined
  if (!isState(state)) return undefined
  return state.partition === partition && state.reading === reading ? state : undefined
}

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** States are far smaller: a hundred thousand answers. */
const MOST_BYTES = 64 * 2 ** 20

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string')

function isState(value: unknown): value is PartitionState {
  if (!isRecord(value) || value['schema'] !== 'plumbline/partition-state/1') return false
  const { partition, reading, shape, present, undeclared, said, rows, answers } = value
  if (![partition, reading, shape].every((each) => typeof each === 'string')) return false
  if (![present, undeclared, said].every(isTexts) || !isCount(rows) || !isRecord(answers)) return false
  return Object.values(answers).every(isAnswer)
}

function isAnswer(value: unknown): value is EveryState | MustState {
  if (!isRecord(value) || !isCount(value['rows']) || !isCount(value['unassigned'])) return false
  const { form, terms, failing, missing, excluded, shown, keys } = value
  if (form === 'must') return Array.isArray(terms) && terms.every((term) => term === null || isTermState(term))
  if (form !== 'every' || ![failing, missing, excluded].every(isCount)) return false
  if ((failing as number) > value['rows'] || (keys !== undefined && !isKeyHashes(keys))) return false
  if (shown === undefined) return true
  if (!isRecord(shown)) return false
  if (shown['rows'] === 'later') return Object.keys(shown).length === 1
  return (shown['rows'] === 'first' || shown['rows'] === 'worst') && isDigest(shown['digest'])
}
