import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located, Span } from '../../source/span.ts'
import { isTimestampText, parseDecimal } from '../literals.ts'
import { anyName, byKind, list, mapOf, record } from '../reader/collections.ts'
import { described, present, type Reader, type ReadContext, scalarOf, startOf } from '../reader/reader.ts'
import { boolean, choice, numberParam, rawText, share, text, word } from '../reader/scalars.ts'
import type { ColumnSource } from '../spec.ts'
import { coreType, describeNode, type YamlNode, type YamlScalar } from '../yaml/tree.ts'
import { columnType } from './column-type.ts'
import { missing, severity } from './common.ts'

type RangeBound = number | string | null
type Range = NonNullable<ColumnSource['range']>
type Codes = NonNullable<ColumnSource['values']>
type Code = Codes['value'][number]

const RANGE = 'a range [low, high] with null for no bound'

/** Closed bounds: numbers (`10_000`, `99%`) or timestamps; null, `-.inf` and `.inf` stand for no bound. */
export const range: Reader<Range> = {
  expects: RANGE,
  schema: {
    type: 'array',
    minItems: 2,
    maxItems: 2,
    items: { type: ['number', 'string', 'null'] },
    description: RANGE,
  },
  read: (node, context) => {
    if (node.kind === 'invalid') return undefined
    if (node.kind !== 'list' || node.items.length !== 2) {
      const empty = node.kind === 'scalar' && coreType(node) === 'null'
      const count = node.kind === 'list' ? `a list of ${node.items.length}` : describeNode(node)
      if (empty) context.report(diagnose(catalog.emptyValue, node.span, { expects: RANGE }))
      else context.report(diagnose(catalog.wrongType, startOf(node), { found: count, expects: RANGE }))
      return undefined
    }
    const [low, high] = node.items.map((item, index) => readBound(item, index === 0, context))
    if (low === undefined || high === undefined) return undefined
    return { value: [low, high], span: node.span }
  },
}

function readBound(node: YamlNode, isLow: boolean, context: ReadContext): RangeBound | undefined {
  const isNull = node.kind === 'scalar' && node.style === 'plain' && coreType(node) === 'null' && node.text !== ''
  if (isNull) return null
  const expects = 'a number, a timestamp or null'
  const scalar = scalarOf(node, { expects, types: ['integer', 'number', 'text'] }, context)
  if (scalar === undefined) return undefined
  if (isUnbounded(scalar, isLow)) return null
  const param = numberParam(scalar, expects, context)
  if (param === 'none') return undefined
  const exact = scalar.style === 'plain' ? parseDecimal(param ?? scalar.text) : undefined
  if (exact === undefined) {
    if (isTimestampText(scalar.text)) return scalar.text
    const fix = 'Write a number such as 10_000 or 99%, or a timestamp such as 2026-01-31T00:00:00Z.'
    context.report(diagnose(catalog.badLiteral, scalar.span, { text: scalar.text, expects, fix }))
    return undefined
  }
  const value = Number(exact.text)
  if (exact.integer && !Number.isSafeInteger(value)) {
    const integer = BigInt(exact.text)
    if (BigInt.asIntN(64, integer) === integer) return exact.text
  }
  if (Number.isFinite(value)) return value
  const allowed = 'a bound is at most about 1.8e308; .inf means no bound'
  context.report(diagnose(catalog.outOfRange, scalar.span, { text: scalar.text, allowed }))
  return undefined
}

function isUnbounded(scalar: YamlScalar, isLow: boolean): boolean {
  return scalar.style === 'plain' && (isLow ? /^-\.inf$/i : /^\+?\.inf$/i).test(scalar.text)
}

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
    return sameType(unique, context) ? { value: unique, span: node.span } : undefined
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

function sameType(codes: readonly Code[], context: ReadContext): boolean {
  const [first] = codes
  const other = codes.find(({ code }) => typeof code !== typeof first?.code)
  if (first === undefined || other === undefined) return true
  const words = (code: Code['code']): string => TYPE_WORDS[typeof code as keyof typeof TYPE_WORDS]
  const related = [{ message: 'the first code', span: first.span }]
  context.report(
    diagnose(catalog.mixedCodes, other.span, { first: words(first.code), other: words(other.code) }, related),
  )
  return false
}

const column = record(
  'a column contract',
  {
    type: columnType,
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
  (name, { values: read }) => {
    if (read.type === undefined) return undefined
    return {
      ...name,
      type: { value: read.type.value.type, span: read.type.span },
      optional: read.optional?.value ?? false,
      protected: read.protected?.value ?? false,
      sensitive: read.sensitive?.value ?? false,
      ...present({
        element: read.type.value.element,
        length: read.type.value.length,
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
