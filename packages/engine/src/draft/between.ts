import { asciiWords, columnText, type DraftedClause, type DraftPart } from '@plumbline/core'

/** Clauses between the datasets of a draft, to be decided on them: references, and tables that should look alike. */
export function betweenParts(parts: readonly DraftPart[]): readonly DraftedClause[] {
  return parts.flatMap((part) =>
    parts.flatMap((other) => (part === other ? [] : [...references(part, other), ...likeness(part, other)])),
  )
}

/** Columns named like the key of another table, of its type, that are no key themselves. */
function references(part: DraftPart, other: DraftPart): readonly DraftedClause[] {
  const [key] = other.profile.keys
  const target = other.profile.columns.find(({ name }) => name === key)
  if (key === undefined || target === undefined) return []
  return part.profile.columns
    .filter(
      ({ name, type }) => type === target.type && name !== part.profile.keys[0] && refersTo(name, key, other.dataset),
    )
    .map(({ name }) => ({
      id: `reference-${part.dataset}-${asciiWords(name, '_') || 'column'}`,
      of: part.dataset,
      says: `Every ${name} is found among those of ${other.dataset}.`,
      must: `orphans(${columnText(name)}, ${other.dataset}, ${columnText(key)}) == 0`,
      because: `All of ${part.profile.rows} rows refer to one of ${other.profile.rows}; so do those of any part of them.`,
    }))
}

function refersTo(name: string, key: string, dataset: string): boolean {
  const plain = name.toLowerCase()
  const one = dataset.toLowerCase().replace(/s$/, '')
  return plain === key.toLowerCase()
    ? plain !== 'id'
    : [`${one}_id`, `${one}id`, `${one}_${key.toLowerCase()}`].includes(plain)
}

/** Tables of the same columns, the later named beside the earlier. */
function likeness(part: DraftPart, other: DraftPart): readonly DraftedClause[] {
  const names = new Set(other.profile.columns.map(({ name, type }) => `${type} ${name}`))
  const same =
    part.profile.columns.length === names.size &&
    part.profile.columns.every(({ name, type }) => names.has(`${type} ${name}`))
  if (!same || part.dataset < other.dataset === part.profile.rows <= other.profile.rows) return []
  return [
    {
      id: `${part.dataset}-like-${other.dataset}`,
      of: part.dataset,
      says: `The rows of ${part.dataset} look like those of ${other.dataset}.`,
      must: `max_over(columns, psi(column, ${other.dataset})) < 0.2`,
      because: 'Decided on all rows of both; its interval comes from resamples of both.',
    },
  ]
}
