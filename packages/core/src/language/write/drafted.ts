/** What rows say of a clause that was drafted from them. */
export interface ClauseSupport {
  /** Rows it was decided on. */
  readonly rows: number
  /** Of a condition on rows: those that meet it. Of a number: its value. */
  readonly held: number
  readonly of: 'rows' | 'value'
  /**
   * At 95 %: of a condition on rows, the share of rows that meet it (exact, Clopper–Pearson); of a number, its bootstrap
   * percentiles.
   */
  readonly interval: readonly [low: number, high: number]
  /** Resamples in which it holds; `halves`: bounds learned from a random half, tried on the other. */
  readonly resamples: { readonly held: number; readonly of: number; readonly kind: 'bootstrap' | 'halves' }
  /** The part that was held out, tried with bounds learned without it. */
  readonly heldOut: { readonly rows: number; readonly held: number }
}

/** A clause drafted from rows, in the words of the language. */
export interface DraftedClause {
  readonly id: string
  /** A relation: the dataset, or one of its splits. */
  readonly of: string
  readonly says: string
  readonly every?: string
  readonly must?: string
  /** Such as `99.9%`. */
  readonly mostly?: string
  readonly missing?: 'pass'
  /** What the rows say; absent where the clause follows from how the table is made, and `because` says that. */
  readonly support?: ClauseSupport
  readonly because?: string
}

/** What the contracts of a column rest on. */
export interface DraftedColumn {
  /** A share of cells that may break them: bounds seen in rows are not the bounds of what may come. */
  readonly mostly?: string
  /** No range is written: too few rows tell where it ends. */
  readonly open?: true
  readonly role?: 'split'
  /** Why a person should look at it, a clause of a sentence each. */
  readonly doubts: readonly string[]
  readonly support: ClauseSupport
}

/** All that was drafted of one dataset. */
export interface Drafted {
  readonly clauses: readonly DraftedClause[]
  /** By name. */
  readonly columns: ReadonlyMap<string, DraftedColumn>
  /** Conditions by name. */
  readonly splits: ReadonlyMap<string, string>
  /** What only a person can decide of the dataset, a sentence each. */
  readonly questions: readonly string[]
}

/** The support of a clause in words, for `rationale`. */
export function supportText({ rows, held, of, interval, resamples, heldOut }: ClauseSupport): string {
  const [low, high] = interval
  const first =
    of === 'rows'
      ? `${grouped(held)} of ${grouped(rows)} rows (95 %: ${percent(low)} to ${percent(high)})`
      : `${short(held)} over ${grouped(rows)} rows (95 %: ${short(low)} to ${short(high)})`
  const again = `${resamples.held} of ${resamples.of} ${resamples.kind === 'halves' ? 'random halves' : 'resamples'}`
  const out =
    of === 'rows'
      ? `held out: ${grouped(heldOut.held)} of ${grouped(heldOut.rows)}`
      : `held out: ${short(heldOut.held)} over ${grouped(heldOut.rows)}`
  return `${first}; ${again}; ${out}.`
}

const grouped = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
const short = (value: number): string => String(Number(value.toPrecision(4)))

/** To three digits of what is lacking to 100 %, so that 99.99 % is not shown as all. */
function percent(share: number): string {
  const lacking = 100 * (1 - share)
  return lacking === 0
    ? '100 %'
    : lacking < 1
      ? `${Number((100 - Number(lacking.toPrecision(2))).toFixed(8))} %`
      : `${short(share * 100)} %`
}
