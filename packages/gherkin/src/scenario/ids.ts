import { digestBytes } from '@plumbline/core'

/**
 * A text as an id: words of ASCII letters and digits joined by `-`, at most 60 characters; accents go. A text in other scripts,
 * of which nothing would be left, becomes a mark of its own: `u` and the first six digits of its SHA-256.
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
  return id === '' && /[\p{L}\p{N}]/u.test(text) ? markOf(text) : id
}

/** The mark of a text: the same for one text, another for nearly every other. */
function markOf(text: string): string {
  const digest = digestBytes(text.normalize('NFC'))
  return `u${digest.slice('sha256:'.length, 'sha256:'.length + 6)}`
}

/** Whether nothing of a text can be read in its id. */
export const isMarked = (text: string): boolean => text !== '' && slug(text) === markOf(text)

/** `ranks-well-young`: parts that are not empty, joined; ids begin with a letter. */
export function joinedId(...parts: readonly string[]): string {
  const id = parts.filter((part) => part !== '').join('-')
  return /^[a-z]/i.test(id) || id === '' ? id : `scenario-${id}`
}
