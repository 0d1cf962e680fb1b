import * as catalog from '../../diagnostics/catalog/params.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located, Span } from '../../source/span.ts'
import { byKind, identifier, list, mapOf, record } from '../reader/collections.ts'
import { present, type Reader, type ReadContext, transform } from '../reader/reader.ts'
import { choice, plainValue, text, word } from '../reader/scalars.ts'
import type { ParamSource } from '../spec.ts'
import { range } from './range.ts'

type Declared = Omit<ParamSource, 'name' | 'nameSpan' | 'span'>

const typed: Reader<Declared> = transform(
  record(
    'a parameter',
    {
      type: choice('a type of a parameter', ['integer', 'number', 'boolean', 'text'] as const),
      default: plainValue,
      range,
      values: list(plainValue),
      unit: word,
      says: text,
    },
    { required: ['type'] },
  ),
  ({ values: read }) =>
    read.type && {
      type: read.type.value,
      ...present({
        default: read.default,
        range: read.range,
        values: read.values,
        unit: read.unit,
        says: read.says?.value,
      }),
    },
)

const plain: Reader<Declared> = transform(plainValue, (found) => ({ type: typeOf(found.value), default: found }))

/** `params`: named values of the spec, each a plain value or a declaration with its type. */
export const paramsSection: Reader<ReadonlyMap<string, ParamSource>> = mapOf(
  identifier('a parameter'),
  byKind('a value, or { type: …, default: … }', { scalar: plain, map: typed }),
  (name, declared) => ({ ...name, ...declared }),
)

/** The type of a value that is declared without one: a whole number may become any number. */
function typeOf(value: number | string | boolean): ParamSource['type'] {
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text'
}

/**
 * Whether a value fits the declaration of its parameter; reported at `place` where it does not. `given` says how it came,
 * where that is in no file.
 */
export function fitsParam(
  declared: ParamSource,
  { value, span }: Located<number | string | boolean>,
  context: ReadContext,
  given?: string,
): boolean {
  const related = declaredAt(declared, span)
  const refuse = (expects: string): false => {
    const parameters = { name: declared.name, value: String(value), expects, given }
    context.report(diagnose(catalog.paramValue, span, parameters, related))
    return false
  }
  switch (declared.type) {
    case 'text':
      if (typeof value !== 'string') return refuse('it is a text; put it in quotes')
      break
    case 'boolean':
      if (typeof value !== 'boolean') return refuse('it is true or false')
      break
    default:
      if (typeof value !== 'number')
        return refuse(declared.type === 'integer' ? 'it is a whole number' : 'it is a number')
      if (declared.type === 'integer' && !Number.isSafeInteger(value)) return refuse('it is a whole number')
      if (!within(value, declared.range?.value)) return refuse(`it is ${boundsText(declared.range?.value)}`)
  }
  const { values } = declared
  if (values === undefined || values.some((one) => one.value === value)) return true
  return refuse(`it is one of ${values.map((one) => String(one.value)).join(', ')}`)
}

function declaredAt({ nameSpan }: ParamSource, span: Span): readonly { message: string; span: Span }[] {
  const here = nameSpan.file === span.file && Math.abs(nameSpan.start - span.start) < 200
  return here ? [] : [{ message: 'it is declared here', span: nameSpan }]
}

type Bounds = readonly [low: number | string | null, high: number | string | null]

function within(value: number, [low, high]: Bounds = [null, null]): boolean {
  return (low === null || value >= Number(low)) && (high === null || value <= Number(high))
}

function boundsText([low, high]: Bounds = [null, null]): string {
  if (low === null) return `at most ${high}`
  return high === null ? `at least ${low}` : `from ${low} to ${high}`
}
