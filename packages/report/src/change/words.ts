import type { Change, ChangeKind, Facet, SpecChange } from '@plumbline/core/change'

/** The order in which changes are shown: what is lost first. */
export const CHANGE_KINDS: readonly ChangeKind[] = [
  'removed',
  'weakened',
  'incomparable',
  'strengthened',
  'added',
  'reworded',
  'unchanged',
]

/** The sign before a change. */
export const changeSign: Readonly<Record<ChangeKind, string>> = {
  removed: '−',
  weakened: '▼',
  incomparable: '≠',
  strengthened: '▲',
  added: '+',
  reworded: '~',
  unchanged: '=',
}

/** Changes by kind, in the order they are shown; kinds without any are left out. */
export function changesByKind({ changes }: SpecChange): readonly (readonly [ChangeKind, readonly Change[]])[] {
  return CHANGE_KINDS.flatMap((kind) => {
    const found = changes.filter((change) => change.kind === kind)
    return found.length === 0 ? [] : [[kind, found] as const]
  })
}

/** How many of each kind: `1 weakened, 2 added, 40 unchanged`. */
export function changeCounts(change: SpecChange): string {
  return changesByKind(change)
    .map(([kind, { length }]) => `${length} ${kind}`)
    .join(', ')
}

/** One part that changed: `mostly: 0.99 → 0.95 (weaker)`. */
export function facetText({ name, order, before, after, note }: Facet): string {
  const moved = before === after ? (after ?? '') : `${before ?? 'none'} → ${after ?? 'none'}`
  const why = note === undefined ? '' : `; ${note}`
  return `${name}: ${moved} (${order === 'same' ? 'asks the same' : order}${why})`
}

/** What a change means beside its parts: what covers a removed clause, what a lower severity does. */
export function changeNote({ kind, coveredBy, severity, says }: Change): string | undefined {
  if (kind === 'removed' && coveredBy !== undefined)
    return `${coveredBy.map((id) => `\`${id}\``).join(' and ')} ${coveredBy.length === 1 ? 'asks' : 'ask'} at least as much`
  if (kind === 'removed')
    return severity.before === 'block' ? `nothing asks any more: ${says ?? ''}` : `did not block: ${says ?? ''}`
  return kind === 'added' ? says : undefined
}

/** What is to be said of the version: `the version must move to 2.0.0 at least (major); it is 1.2.0`. */
export function versionText({ version }: SpecChange): string {
  const { before, after, required, least, enough } = version
  if (required === 'none') return `Nothing asks for another version than ${after}.`
  if (enough) return `The version moved from ${before} to ${after}; ${required} was needed.`
  if (least === undefined)
    return `The version before, ${before}, is no semantic version, so how far it must move cannot be said (${required}).`
  return `The version must be ${least} or later (${required}); it is ${after}.`
}
