import { digestOf } from '../evidence/digest.ts'

/** A cell as JSON holds it: int and timestamp (microseconds) as numbers of at most 2^53 − 1; null = missing. */
export type CaseCell = number | string | boolean | null

/** A row by column name. */
export type CaseRow = Readonly<Record<string, CaseCell>>

/** Why a case was made: the edge of a domain or condition, a value of each part of a domain, or a combination of parts. */
export type CaseReason = 'boundary' | 'partition' | 'combination'

interface CaseBase {
  /** Sixteen hexadecimal digits of the digest of what it asks: the same question has the same id, in whatever order. */
  readonly id: string
  readonly clause: string
  readonly reason: CaseReason
  /** In words: what is particular about it. */
  readonly what: string
}

/** The clause on one row of a dataset: whether the row satisfies it. */
export interface RowCase extends CaseBase {
  readonly kind: 'row'
  readonly dataset: string
  /** The cells that the clause reads; the others are those of the dataset's base row (`CaseSet.bases`). */
  readonly row: CaseRow
  readonly satisfied: boolean
}

/** The clause on a model's answer to one row, which must satisfy it. */
export interface AnswerCase extends CaseBase {
  readonly kind: 'answer'
  readonly model: string
  readonly row: CaseRow
}

/** What must hold of a model's answers to related rows: the bound variables of a `forall` clause, `let` included. */
export interface RelationCase extends CaseBase {
  readonly kind: 'relation'
  readonly inputs: Readonly<Record<string, CaseRow | CaseCell>>
}

/** A test case; each belongs to one clause. */
export type TestCase = RowCase | AnswerCase | RelationCase

/** A case that has no id yet. */
export type UnnamedCase = Unnamed<RowCase> | Unnamed<AnswerCase> | Unnamed<RelationCase>
type Unnamed<T> = Omit<T, 'id'>

/** The case with its id, which covers what is asked and not the words about it. */
export function nameCase(unnamed: UnnamedCase): TestCase {
  const { what: _what, reason: _reason, ...asked } = unnamed
  return { id: digestOf(asked).slice('sha256:'.length, 'sha256:'.length + 16), ...unnamed }
}
