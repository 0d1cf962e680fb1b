import type { ColumnType } from '@plumbline/core'
import { datasetName } from '../draft/assemble.ts'
import type { DatasetDraft } from '../draft/draft.ts'

/** A contract in the making. */
export interface Contract {
  readonly dataset: string
  readonly columns: Map<string, ColumnType>
  readonly others: Map<string, DatasetDraft>
  /** The rows that the contract is about, in SQL. */
  readonly filter?: string
}

/** The dataset of a qualified name: its last part. */
export const nameOf = (qualified: string): string => datasetName(qualified.slice(qualified.lastIndexOf('/') + 1))
