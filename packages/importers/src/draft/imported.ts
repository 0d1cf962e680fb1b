/** What became of one check. */
export type ImportOutcome =
  /** A clause asks the same. */
  | 'imported'
  /** A clause asks nearly the same: `notes` say what differs. */
  | 'changed'
  /** It holds for all data: there is nothing to ask. */
  | 'trivial'
  /** It is not in the spec: `notes` say why. */
  | 'refused'

/** One check of the other tool in the report. */
export interface ImportedItem {
  readonly what: string
  readonly where: string
  readonly about: string
  readonly outcome: ImportOutcome
  /** Ids of the clauses that ask it, contracts of columns included. */
  readonly clauses: readonly string[]
  readonly notes: readonly string[]
}

/** A spec made of another tool's file, and what became of each check in it: nothing is left out in silence. */
export interface Imported {
  /** A spec in YAML that passes `plumb check`. */
  readonly text: string
  readonly items: readonly ImportedItem[]
  /** What was decided for the whole file. */
  readonly notes: readonly string[]
}

/** A file that could not be read as its format, or whose format is not known. */
export interface ImportFailure {
  readonly code: 'unknown-format' | 'unreadable' | 'not-a-document'
  readonly message: string
  readonly why: string
  readonly fix: string
}
