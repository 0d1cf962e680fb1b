import { visible } from '../../diagnostics/visible-text.ts'
import { isPlainName } from '../../expr/parse/token.ts'

/** Names of the language that columns must not take, and those that datasets must not. */
const BUILT_IN = new Set(['requests', 'system', 'release', 'columns', 'column', 'row', 'decision'])
const TAKEN = new Set([...BUILT_IN, 'champion', 'challenger', 'all'])

/**
 * Why a column of a file cannot be declared under its name, as the end of "it …"; undefined where it can. Data may call
 * a column anything; what YAML, expressions or the language itself cannot hold is left out of a spec, and said.
 */
export function undeclarable(name: string): string | undefined {
  if (name === '') return 'has no name'
  if (BUILT_IN.has(name)) return 'has a name that the language keeps for itself'
  if (!declarableText(name)) return 'has a name with control characters, broken characters or a `${…}`'
  return name.length > 300 ? 'has a name of more than 300 characters' : undefined
}

/** True for texts that a spec can hold as a name or a code: no control or undecoded characters, no `${NAME}`. */
export function declarableText(text: string): boolean {
  return (
    !/[\p{Cc}\p{Cs}\uFFFD\u2028\u2029]/u.test(text) && !/\$\{[A-Za-z_][A-Za-z0-9_]*\}/.test(text) && text.trim() !== ''
  )
}

/** A name for the dataset from its file: letters, digits and `_`; never one of the language or of a column. */
export function datasetName(path: string, columns: ReadonlySet<string>): string {
  const stem = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.[^.]*$/, '')
  const plain = asciiWords(stem, '_').toLowerCase()
  const name = plain === '' ? 'data' : /^[0-9]/.test(plain) ? `data_${plain}` : plain
  return TAKEN.has(name) || columns.has(name) || !isPlainName(name) ? `${name}_data` : name
}

/** An id for a clause about a column, not yet in `taken`: `missing-native_country`. */
export function clauseId(prefix: string, column: string, position: number, taken: ReadonlySet<string>): string {
  const words = asciiWords(column, '_')
  const id = `${prefix}-${words}`
  return words === '' || taken.has(id) ? `${prefix}-column-${position}` : id
}

/** The ASCII letters and digits of a text; what lies between becomes `separator`. At most 60. */
export function asciiWords(text: string, separator: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^A-Za-z0-9]+/g, separator)
    .slice(0, 60)
    .replaceAll(/^[_-]+|[_-]+$/g, '')
}

/** A name as a comment may show it: on one line, nothing invisible, not too long. */
export function shown(name: string): string {
  const text = visible(name)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** A count in English, with its noun: `1 row`, `32 561 rows`. */
export function counted(count: number, noun?: string): string {
  const digits = String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
  return noun === undefined ? digits : `${digits} ${noun}${count === 1 ? '' : 's'}`
}
