import type { ColumnType } from '@plumbline/core'

/** A column as an importer knows it. */
export interface ColumnDraft {
  readonly type: ColumnType
  /** Whether cells may be missing. Default true: only a check that asks for cells may say otherwise. */
  readonly optional?: boolean
  readonly says?: string
  readonly unit?: string
  readonly mostly?: number
}

/** A dataset of the spec to be. */
export interface DatasetDraft {
  readonly name: string
  readonly source: string
  readonly says?: string
  readonly key?: readonly string[]
  readonly columns: ReadonlyMap<string, ColumnDraft>
}

/** A clause of the spec to be; exactly one of `every` and `must`. */
export interface ClauseDraft {
  /** The wished id: ASCII letters, digits, `-`, `_`; made unique when the spec is made. */
  readonly id: string
  readonly dataset: string
  readonly says?: string
  readonly every?: string
  readonly must?: string
  /** Only rows where this condition is true; becomes a slice. */
  readonly where?: string
  readonly mostly?: number
  readonly missing?: 'pass' | 'exclude'
  readonly allowEmpty?: true
  readonly severity?: 'block' | 'warn' | 'info'
}

/** One check of the other tool, and what it becomes. */
export interface ItemDraft {
  /** Its name there: `expect_column_values_to_be_unique`, `not_null`. */
  readonly what: string
  /** Where it stands in the file, such as `expectations[3]`. */
  readonly where: string
  /** What it is about, such as a column. */
  readonly about: string
  readonly clauses: readonly ClauseDraft[]
  /** Contracts of columns that say it instead of a clause: ids such as `rows.age.type`. */
  readonly contracts?: readonly string[]
  /** What is not the same; a sentence each. */
  readonly differences: readonly string[]
  /** Why nothing is asked: it holds for all data. */
  readonly trivial?: string
  /** Why it is not in the spec. */
  readonly refused?: string
}

/** All that an importer found in one file. */
export interface Draft {
  /** Name of the system in the spec. */
  readonly name: string
  readonly datasets: readonly DatasetDraft[]
  readonly items: readonly ItemDraft[]
  /** What was decided for the whole file, a sentence each. */
  readonly notes: readonly string[]
}
