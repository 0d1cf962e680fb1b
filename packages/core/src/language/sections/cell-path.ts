import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import type { Reader } from '../reader/reader.ts'
import { rawText } from '../reader/scalars.ts'
import type { CellPath } from '../spec.ts'

const EXPECTS = 'a path to a value, such as `address.city` or `items.0.price`'

/** A name; a place in an array, after a dot or in brackets (which YAML's own brackets leave no room for); or a name in quotes with its escapes. */
const STEP =
  /\.?([\p{L}_][\p{L}\p{N}_-]*)|(?:\.|\[\s*)(\d{1,6})(?:\s*\])?|\.?\[?\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(\])?/uy

/** `path` of a column: names with dots and places in brackets, as JSONPath (RFC 9535) has those that mean one value. */
export const cellPath: Reader<Located<CellPath>> = {
  expects: EXPECTS,
  schema: { type: 'string', minLength: 1, description: EXPECTS },
  read: (node, context) => {
    const written = rawText.read(node, context)
    if (written === undefined) return undefined
    const steps = stepsOf(written.value.replace(/^\$(\.|(?=\[))/, ''))
    const [column, ...more] = steps ?? []
    if (typeof column === 'string') return { value: [column, ...more], span: written.span }
    const fix =
      'Begin with the column in the data; write `["odd name"]` for a name that is not a word, and `.0` for the first of an array.'
    context.report(diagnose(catalog.badLiteral, written.span, { text: written.value, expects: EXPECTS, fix }))
    return undefined
  },
}

function stepsOf(text: string): readonly (string | number)[] | undefined {
  const steps: (string | number)[] = []
  STEP.lastIndex = 0
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex
    const found = STEP.exec(text)
    if (found === null) return undefined
    const [whole, name, place, quoted, close] = found
    // A name follows a dot, but for the first; brackets close where they open.
    if (at === 0 ? whole.startsWith('.') : name !== undefined && !whole.startsWith('.')) return undefined
    if (place !== undefined && whole.startsWith('[') !== whole.endsWith(']')) return undefined
    if (quoted !== undefined && whole.replace(/^\./, '').startsWith('[') !== (close !== undefined)) return undefined
    if (quoted !== undefined && at > 0 && !/^[.[]/.test(whole)) return undefined
    steps.push(name ?? (place === undefined ? unquoted(quoted ?? '') : Number(place)))
  }
  return steps
}

/** A path as it is read back. */
export function writtenPath(path: CellPath): string {
  const step = (each: string | number, i: number): string => {
    if (typeof each === 'number') return `[${each}]`
    if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(each)) return i === 0 ? each : `.${each}`
    return `["${each.replaceAll(/["\\]/g, '\\$&')}"]`
  }
  return path.map(step).join('')
}

/** The text in quotes of either kind; a backslash keeps the character behind it. */
const unquoted = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(.)/gu, '$1')
