import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestWord } from '../../diagnostics/synonyms.ts'
import type { ColumnType, ElementType } from '../../expr/type.ts'
import type { Located } from '../../source/span.ts'
import { type Reader, scalarOf } from '../reader/reader.ts'

/** A column's type as it is written: of a list also what it holds, and of a vector how much. */
export interface DeclaredType {
  readonly type: ColumnType
  readonly element?: ElementType
  readonly length?: number
}

const ELEMENTS: readonly ElementType[] = ['integer', 'number', 'boolean', 'text', 'timestamp']
const SCALARS = ['integer', 'number', 'boolean', 'category', 'text', 'timestamp', 'image'] as const
const NAMES: ReadonlyMap<string, DeclaredType> = new Map<string, DeclaredType>([
  ...SCALARS.map((type) => [type, { type }] as const),
  ...ELEMENTS.map((element) => [`list(${element})`, { type: 'list', element }] as const),
])
const KNOWN = [...NAMES.keys(), 'vector(384)']
/** The same, as people are told: lists and vectors by their form. */
const SHOWN = [...SCALARS, `list(${ELEMENTS.join(' | ')})`, 'vector(n)']
const MOST_ELEMENTS = 65_536
const VECTOR = /^vector\((\d{1,9})\)$/

/** Column types: the scalar ones, `list(number)` and its kin, and `vector(n)`: a list of so many numbers. */
export const columnType: Reader<Located<DeclaredType>> = {
  expects: `one of ${SHOWN.join(', ')}`,
  schema: { anyOf: [{ enum: [...NAMES.keys()] }, { type: 'string', pattern: '^vector\\([1-9][0-9]*\\)$' }] },
  read: (node, context) => {
    const scalar = scalarOf(
      node,
      { expects: 'a column type', types: ['text', 'integer', 'number', 'boolean'] },
      context,
    )
    if (scalar === undefined) return undefined
    const { span } = scalar
    const written = scalar.text.replaceAll(/\s+/g, '')
    const named = NAMES.get(written)
    if (named !== undefined) return { value: named, span }
    const length = Number(VECTOR.exec(written)?.[1] ?? 0)
    if (length >= 1 && length <= MOST_ELEMENTS) return { value: { type: 'list', element: 'number', length }, span }
    const nearest = written.startsWith('vector')
      ? 'vector(384)'
      : /^(list|array)/.test(written)
        ? 'list(number)'
        : nearestWord(scalar.text, KNOWN)
    context.report(
      diagnose(catalog.notOneOf, span, { text: scalar.text, what: 'a column type', known: SHOWN, nearest }),
    )
    return undefined
  },
}
