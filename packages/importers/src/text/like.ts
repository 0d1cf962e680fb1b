import { ref, text } from './cel.ts'

const WILD = /[%_]/

/** A condition that a column matches a LIKE pattern: `%` is any text, `_` any character, `\` takes the next as it is. */
export function like(column: string, pattern: string): string {
  const name = ref(column)
  if (!pattern.includes('\\')) {
    const inner = pattern.replace(/^%/, '').replace(/%$/, '')
    const [before, after] = [pattern.startsWith('%'), pattern.length > 1 && pattern.endsWith('%')]
    if (!WILD.test(inner) && inner !== '') {
      if (before && after) return `${name}.contains(${text(inner)})`
      if (before) return `${name}.endsWith(${text(inner)})`
      return after ? `${name}.startsWith(${text(inner)})` : `${name} == ${text(inner)}`
    }
  }
  return `${name}.matches(${text(`(?s)^${likePattern(pattern)}$`)})`
}

/** A LIKE pattern as a regular expression of RE2, without anchors. */
export function likePattern(pattern: string): string {
  return [...pattern.matchAll(/\\[\s\S]|[\s\S]/g)]
    .map(([part]) => (part === '%' ? '.*' : part === '_' ? '.' : escaped(part.length > 1 ? part.slice(1) : part)))
    .join('')
}

/** A text that a regular expression takes as it is. */
export function escaped(plain: string): string {
  return plain.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')
}
