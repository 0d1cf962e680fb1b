/**
 * A text as an id: words of ASCII letters and digits joined by `-`, at most 60 characters; accents go, other scripts
 * leave nothing.
 */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll('ß', 'ss')
    .replaceAll(/\p{M}+/gu, '')
  const words = plain.toLowerCase().match(/[a-z0-9_]+/g) ?? []
  let id = ''
  for (const word of words) {
    const longer = id === '' ? word : `${id}-${word}`
    if (longer.length > 60 && id !== '') break
    id = longer.slice(0, 60)
  }
  return id
}

/** `ranks-well-young`: parts that are not empty, joined; ids begin with a letter. */
export function joinedId(...parts: readonly string[]): string {
  const id = parts.filter((part) => part !== '').join('-')
  return /^[a-z]/i.test(id) || id === '' ? id : `scenario-${id}`
}
