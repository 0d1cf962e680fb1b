import type { ClauseSeverity } from '../clause/clause.ts'

/** How a part of the new spec stands to the same part of the old one. */
export type Order = 'same' | 'weaker' | 'stronger' | 'incomparable'

/** What became of a clause, or of a setting that acts on production. */
export type ChangeKind =
  | 'added'
  | 'removed'
  | 'weakened'
  | 'strengthened'
  /** Asks the same in other words. */
  | 'reworded'
  /** Asks something else: neither implies the other, or it could not be shown. */
  | 'incomparable'
  | 'unchanged'

/** One part of a clause that is not as it was. */
export interface Facet {
  /** `condition`, `mostly`, `missing`, `confidence`, `severity`, `slices`, `of`, `assume`, … */
  readonly name: string
  readonly order: Order
  readonly before?: string
  readonly after?: string
  /** Why it stands so, where the two texts do not say it. */
  readonly note?: string
  /** A row (or values of terms) that tells the two apart, as text. */
  readonly witness?: string
}

/** What became of one clause or setting. */
export interface Change {
  /** Id of the clause, or name of the setting: `guard.input`. */
  readonly id: string
  readonly subject: 'clause' | 'setting'
  readonly kind: ChangeKind
  readonly says?: string
  readonly severity: { readonly before?: ClauseSeverity; readonly after?: ClauseSeverity }
  readonly facets: readonly Facet[]
  /** For a removed clause: those of other ids that, together, ask at least as much. */
  readonly coveredBy?: readonly string[]
}

/** How far a version has to move. */
export type VersionMove = 'major' | 'minor' | 'patch' | 'none'

/** The versions of two specs, and whether the new one has moved as far as the changes ask for. */
export interface VersionChange {
  readonly before: string
  readonly after: string
  readonly required: VersionMove
  /** The least version that would do; absent where the old one is no semantic version. */
  readonly least?: string
  readonly enough: boolean
}

/** What changed between two specs. */
export interface SpecChange {
  readonly before: { readonly name: string; readonly version: string; readonly digest: string }
  readonly after: { readonly name: string; readonly version: string; readonly digest: string }
  /** In the order of the new spec; what was removed comes last. Unchanged ones are among them. */
  readonly changes: readonly Change[]
  readonly version: VersionChange
}

/** The order of a whole whose parts have these orders: as weak as the weakest only where no part is stronger. */
export function together(orders: readonly Order[]): Order {
  const found = new Set(orders.filter((order) => order !== 'same'))
  const [only] = found
  return only === undefined ? 'same' : found.size === 1 ? only : 'incomparable'
}

/** The order that is the other way round. */
export function reversed(order: Order): Order {
  return order === 'weaker' ? 'stronger' : order === 'stronger' ? 'weaker' : order
}
