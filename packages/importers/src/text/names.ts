/** ASCII letters, digits and `_` of a text in lower case, joined by `-`; at most 60 characters. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^A-Za-z0-9_]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^[_-]+|[_-]+$/g, '')
    .toLowerCase()
}

/** Names for people: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** A text as the id of a clause, which begins with a letter. */
export function clauseId(text: string): string {
  const slug = slugOf(text)
  return /^[a-z]/.test(slug) ? slug : `on-${slug}`
}
