import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located, Span } from '../../source/span.ts'
import { anyName, byKind, list, mapOf, record } from '../reader/collections.ts'
import { described, present, type Reader, type ReadContext, scalarOf, startOf } from '../reader/reader.ts'
import { boolean, choice, rawText, share, text, word } from '../reader/scalars.ts'
import type { ColumnSource } from '../spec.ts'
import { coreType, describeNode, type YamlNode } from '../yaml/tree.ts'
import { cellPath } from './cell-path.ts'
import { columnType } from './column-type.ts'
import { missing, severity } from './common.ts'
import { boundsInUnit, range } from './range.ts'
import { columnFormat } from './time-format.ts'

type Codes = NonNullable<ColumnSource['values']>
type Code = Codes['value'][number]

const CODES = 'a list of codes, or a map of codes to labels'

/** `values`: a list of codes or a map of codes to labels; all codes of one type (integer, true/false or text). */
export const values: Reader<Codes> = {
  expects: CODES,
  schema: {
    anyOf: [
      { type: 'array', items: { type: ['string', 'integer', 'boolean'] }, minItems: 1 },
      { type: 'object', additionalProperties: rawText.schema, minProperties: 1 },
    ],
    description: CODES,
  },
  read: (node, context) => {
    if (node.kind === 'invalid') return undefined
    if (node.kind === 'scalar' || (node.kind === 'list' ? node.items : node.entries).length === 0) {
      const empty = node.kind !== 'scalar' || coreType(node) === 'null'
      if (empty) context.report(diagnose(catalog.emptyValue, startOf(node), { expects: CODES }))
      else context.report(diagnose(catalog.wrongType, node.span, { found: describeNode(node), expects: CODES }))
      return undefined
    }
    const codes: Code[] = []
    if (node.kind === 'list')
      for (const item of node.items) {
        const code = readCode(item, context)
        if (code !== undefined) codes.push(code)
      }
    else
      for (const entry of node.entries) {
        const code = readCode(entry.keyNode, context)
        const label = rawText.read(entry.value, context)
        if (code !== undefined) codes.push({ ...code, ...present({ label: label?.value }) })
      }
    const unique = distinctCodes(codes, context)
    return { value: sameType(unique, context), span: node.span }
  },
}

/** One code of a category: an integer, true/false or a text. */
export const code: Reader<Located<Code['code']>> = {
  expects: 'an integer, true/false or a text',
  schema: { type: ['string', 'integer', 'boolean'] },
  read: (node, context) => {
    if (node.kind === 'invalid') return undefined
    const read = readCode(node, context)
    return read && { value: read.code, span: read.span }
  },
}

function readCode(node: YamlNode, context: ReadContext): Code | undefined {
  const types = ['text', 'integer', 'boolean'] as const
  const scalar = scalarOf(node, { expects: 'an integer, true/false or a text', types, emptyText: true }, context)
  if (scalar === undefined) return undefined
  const type = coreType(scalar)
  const { span } = scalar
  if (type === 'boolean') return { code: scalar.text.toLowerCase() === 'true', span }
  if (type === 'text') return { code: scalar.text, span }
  const value = Number(scalar.text)
  if (Number.isSafeInteger(value)) return { code: value, span }
  const allowed = 'integer codes go up to ±(2^53 − 1)'
  context.report(diagnose(catalog.outOfRange, span, { text: scalar.text, allowed }))
  return undefined
}

/** Codes that differ only in spelling (`1` and `01`) are the same code twice. */
function distinctCodes(codes: readonly Code[], context: ReadContext): readonly Code[] {
  const seen = new Map<Code['code'], Span>()
  return codes.filter(({ code, span }) => {
    const first = seen.get(code)
    if (first === undefined) {
      seen.set(code, span)
      return true
    }
    const related = [{ message: 'it already stands here', span: first }]
    context.report(diagnose(catalog.duplicateCode, span, { code: String(code) }, related))
    return false
  })
}

const TYPE_WORDS = { string: 'text', number: 'an integer', boolean: 'true/false' } as const

/** The codes of the type of the first; others are reported. */
function sameType(codes: readonly Code[], context: ReadContext): readonly Code[] {
  const [first] = codes
  const other = codes.find(({ code }) => typeof code !== typeof first?.code)
  if (first === undefined || other === undefined) return codes
  const words = (code: Code['code']): string => TYPE_WORDS[typeof code as keyof typeof TYPE_WORDS]
  const related = [{ message: 'the first code', span: first.span }]
  context.report(
    diagnose(catalog.mixedCodes, other.span, { first: words(first.code), other: words(other.code) }, related),
  )
  return codes.filter(({ code }) => typeof code === typeof first.code)
}

const column = record(
  'a column contract',
  {
    type: columnType,
    path: cellPath,
    format: columnFormat,
    unit: word,
    range,
    values,
    optional: boolean,
    role: choice('a role of a column', ['key', 'label', 'split'] as const),
    protected: boolean,
    sensitive: boolean,
    mostly: share,
    severity,
    missing,
    rationale: text,
    says: text,
    origin: word,
  },
  { required: ['type'] },
)

/** The columns of a dataset: each a contract. */
export const columns: Reader<ReadonlyMap<string, ColumnSource>> = mapOf(
  anyName('a column'),
  described('a column contract', column),
  (name, { values: read }, context) => {
    if (read.type === undefined) return undefined
    boundsInUnit(read.range, read.unit?.value, context)
    return {
      ...name,
      type: { value: read.type.value.type, span: read.type.span },
      optional: read.optional?.value ?? false,
      protected: read.protected?.value ?? false,
      sensitive: read.sensitive?.value ?? false,
      ...present({
        element: read.type.value.element,
        length: read.type.value.length,
        path: read.path,
        format: read.format,
        unit: read.unit,
        range: read.range,
        values: read.values,
        role: read.role,
        mostly: read.mostly,
        severity: read.severity,
        missing: read.missing,
        rationale: read.rationale?.value,
        says: read.says?.value,
        origin: read.origin?.value,
      }),
    }
  },
)

/** Texts as they are written, for `null_values`. */
export const rawTexts: Reader<readonly Located<string>[]> = byKind('a list of texts', {
  scalar: list(rawText),
  list: list(rawText),
})
