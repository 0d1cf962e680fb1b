import * as catalog from '../../diagnostics/catalog/language.ts'
import { paramType } from '../../diagnostics/catalog/params.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { parseUnit, sameUnit } from '../../expr/units/unit.ts'
import { isTimestampText, parseDecimal } from '../literals.ts'
import { type Reader, type ReadContext, scalarOf, startOf } from '../reader/reader.ts'
import { numberParam } from '../reader/scalars.ts'
import type { Bounds } from '../spec.ts'
import { coreType, describeNode, type YamlNode, type YamlScalar } from '../yaml/tree.ts'

type RangeBound = number | string | null

const RANGE = 'a range [low, high] with null for no bound'

/** Closed bounds: numbers (`10_000`, `99%`) or timestamps; null, `-.inf` and `.inf` stand for no bound. */
export const range: Reader<Bounds> = {
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
      else
        context.report(
          diagnose(catalog.wrongType, startOf(node), { found: count, expects: RANGE, ...rangeMeant(node) }),
        )
      return undefined
    }
    const [low, high] = node.items.map((item, index) => readBound(item, index === 0, context))
    if (low === undefined || high === undefined) return undefined
    const params = node.items.flatMap((item) => boundParam(item, context))
    return { value: [low, high], span: node.span, ...(params.length > 0 && { params }) }
  },
}

/** `[0,5, 300]` with a decimal comma, and `0-120`. */
function rangeMeant(node: YamlNode): { readonly fix?: string } {
  if (node.kind === 'list' && node.items.length > 2)
    return { fix: 'A comma separates the two bounds: write fractions with a point, such as [0.5, 300].' }
  const found = node.kind === 'scalar' ? /^(-?[\d_.]+) *(?:-|–|\.\.+|to|,) *(-?[\d_.]+)$/.exec(node.text) : null
  return found === null ? {} : { fix: `Write [${found[1]}, ${found[2]}].` }
}

/** The parameter in a unit that a bound names. */
function boundParam(node: YamlNode, context: ReadContext): NonNullable<Bounds['params']> {
  const param = node.kind === 'scalar' && node.style === 'plain' ? context.params.get(node.text) : undefined
  if (node.kind !== 'scalar' || param === undefined || param === 'lost' || param.unit === undefined) return []
  return [{ name: node.text, unit: param.unit, span: node.span, declared: param.span }]
}

/** Reports bounds that are parameters in another unit than what they bound. */
export function boundsInUnit(range: Bounds | undefined, unit: string | undefined, context: ReadContext): void {
  // What has no unit goes with any.
  if (range?.params === undefined || unit === undefined) return
  const wanted = parseUnit(unit)
  for (const { name, unit: found, span, declared } of range.params) {
    const given = parseUnit(found)
    if ('problem' in wanted || 'problem' in given || sameUnit(wanted, given)) continue
    const related = [{ message: 'its value stands here', span: declared }]
    const parameters = { name, found: `in ${found}`, expects: `a bound in ${unit}` }
    context.report(diagnose(paramType, span, parameters, related))
  }
}

function readBound(node: YamlNode, isLow: boolean, context: ReadContext): RangeBound | undefined {
  const isNull = node.kind === 'scalar' && node.style === 'plain' && coreType(node) === 'null' && node.text !== ''
  if (isNull) return null
  const expects = 'a number, a timestamp or null'
  const scalar = scalarOf(node, { expects, types: ['integer', 'number', 'text'] }, context)
  if (scalar === undefined) return undefined
  if (isUnbounded(scalar, isLow)) return null
  const param = numberParam(scalar, expects, context, true)
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
