/** Rows that are drawn, and their name: `all rows`, a split, a file. */
export interface PictureSide {
  readonly label: string
  readonly rows: number
}

/** One bar: rows now, and before where there is something to compare with. */
export interface Bin {
  readonly label: string
  /** Rows in it, ≥ 0. */
  readonly count: number
  readonly before?: number
}

/** What there is to say of a column on one side. */
export interface ColumnSide {
  readonly missing: number
  /** Of numbers, over finite cells: mean, standard deviation, and least, quartiles, greatest. */
  readonly summary?: {
    readonly mean: number
    readonly deviation: number
    readonly five: readonly [number, number, number, number, number]
  }
}

/** A column for drawing. */
export interface ColumnPicture {
  readonly column: string
  readonly now: ColumnSide
  readonly before?: ColumnSide
  readonly bins: readonly Bin[]
  /** Share of rows in 0 … 1 that would have to move to another bar to be like before. */
  readonly moved?: number
}

/** A dataset for drawing; structurally what the engine measures. */
export interface DatasetPicture {
  readonly relation: string
  readonly now: PictureSide
  readonly before?: PictureSide
  readonly columns: readonly ColumnPicture[]
  /** Pearson's r; null where a column does not vary. */
  readonly correlations?: { readonly columns: readonly string[]; readonly r: readonly (readonly (number | null)[])[] }
  /** Which columns are missing together, the commonest first; no names = complete rows. */
  readonly gaps: readonly { readonly columns: readonly string[]; readonly rows: number }[]
}
