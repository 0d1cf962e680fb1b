/** Faults of data: what pipelines and exports do wrong. Sources: S. Schelter et al., "Automating large-scale data quality verification" (VLDB 2018); N. Humbatova et al., ISSTA 2021. */
export type DataOperator =
  | 'null-burst'
  | 'unit-change'
  | 'category-swap'
  | 'column-shift'
  | 'duplicates'
  | 'label-flip'
  | 'label-leak'
  | 'key-overlap'
  | 'stale-partition'
  | 'slice-drop'
  | 'sampling-bias'
  | 'encoding'

/** Faults of a model: another one, or the same behind a broken pre- or post-processing. */
export type ModelOperator =
  | 'wrong-checkpoint'
  | 'threshold-shift'
  | 'feature-order'
  | 'missing-preprocessing'
  | 'constant-on-slice'
  | 'over-confident'

/** Faults between the request and the model. */
export type ServingOperator = 'skew' | 'default-fill' | 'stale-feature'

/** Faults of the spec itself: a clause that asks less, or the opposite. */
export type SpecOperator = 'relaxed-bound' | 'flipped-operator' | 'dropped-conjunct'

/** What is at fault. */
export type FaultGroup = 'data' | 'model' | 'serving' | 'spec'

interface FaultBase {
  /** Unique among the faults of a run: `null-burst accounts.age`. */
  readonly id: string
  /** In words: what went wrong, where, and how much of it. */
  readonly says: string
}

/** A fault in the rows of a dataset. */
export interface DataFault extends FaultBase {
  readonly group: 'data'
  readonly operator: DataOperator
  readonly dataset: string
  /** The column at fault, and for swaps the other one. */
  readonly columns: readonly string[]
  /** Rows are added, removed or replaced as a whole. */
  readonly wholeRows: boolean
  /** Share of the rows it touches, in (0, 1]. */
  readonly share: number
  /** Two declared codes of a category; for `slice-drop` the first one is dropped. */
  readonly codes?: readonly (string | number | boolean)[]
  /** Splits: rows of the first get into the second, or take its place. */
  readonly splits?: readonly [from: string, to: string]
}

/** A fault of the model under test, in the role `champion`. */
export interface ModelFault extends FaultBase {
  readonly group: 'model'
  readonly operator: ModelOperator
  readonly model: string
  /** Inputs at fault. */
  readonly columns: readonly string[]
  /** The model that answers instead. */
  readonly instead?: string
  /** Where it is constant: a code of the first column. */
  readonly code?: string | number | boolean
  /** Shift of the log odds, or factor on them; of an image, on its light. */
  readonly amount?: number
}

/** A fault in the inputs that a served model gets; the rows are those of a split, taken for requests. */
export interface ServingFault extends FaultBase {
  readonly group: 'serving'
  readonly operator: ServingOperator
  readonly dataset: string
  readonly columns: readonly string[]
  readonly share: number
  /** Factor on the input, for `skew`. */
  readonly amount?: number
}

/** A fault that is planted in data, in a model or in serving. */
export type Fault = DataFault | ModelFault | ServingFault

/** No fault at all: what must raise no alarm. The number names the stream of random numbers. */
export interface Control {
  readonly group: 'control'
  /**
   * `reseed`: the same data under another seed; `reorder`: the rows in another order; `resample`: rows drawn with
   * replacement, within each split, under keys of their own.
   */
  readonly operator: 'reseed' | 'reorder' | 'resample'
  readonly id: string
  readonly says: string
  readonly number: number
}
