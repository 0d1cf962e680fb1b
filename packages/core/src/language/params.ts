import { unknownParam } from '../diagnostics/catalog/language.ts'
import { paramMissing, paramUnit, paramValue } from '../diagnostics/catalog/params.ts'
import { unknownUnit } from '../diagnostics/catalog/units.ts'
import { diagnose } from '../diagnostics/define.ts'
import { nearestName } from '../diagnostics/suggest.ts'
import type { Located, Span } from '../source/span.ts'
import { parseUnit } from '../expr/units/unit.ts'
import { parseDecimal } from './literals.ts'
import { present, type ReadContext } from './reader/reader.ts'
import { fitsParam, paramsSection } from './sections/params.ts'
import type { Param, ParamSource } from './spec.ts'
import type { YamlNode } from './yaml/tree.ts'

/** Values for parameters that the spec declares under `params`; texts are read as what they are declared. */
export type ParamValues = Readonly<Record<string, number | string | boolean>>

/**
 * The parameters of a spec with the values that count: one given from outside, else the one in the files. Read before
 * everything else, because fields may name them.
 */
export function readParams(
  tree: YamlNode,
  given: ParamValues,
  context: ReadContext,
): ReadonlyMap<string, Param | 'lost'> {
  const entry = tree.kind === 'map' ? tree.entries.find(({ key }) => key === 'params') : undefined
  const declared = entry === undefined ? new Map<string, ParamSource>() : paramsSection.read(entry.value, context)
  const params = new Map<string, Param | 'lost'>()
  for (const param of declared?.values() ?? []) {
    const found = unitFits(param, context) ? valueOf(param, given, context) : undefined
    if (found !== undefined) params.set(param.name, { ...found, ...present({ unit: param.unit?.value }) })
    else {
      params.set(param.name, 'lost')
      context.lose()
    }
  }
  const place = entry?.keyNode.span ?? { ...tree.span, end: tree.span.start }
  for (const name of Object.keys(given))
    if (declared?.has(name) === false) reportUnknown(name, declared, place, context)
  return params
}

/** Reports a value for a parameter that is not declared. */
export function reportUnknown(
  name: string,
  declared: { readonly keys: () => Iterable<string> },
  place: Span,
  context: ReadContext,
): void {
  context.report(diagnose(unknownParam, place, { name, nearest: nearestName(name, declared.keys()) }))
}

/** Whether the unit of a parameter is one, and of a number. */
function unitFits({ name, type, unit }: ParamSource, context: ReadContext): boolean {
  if (unit === undefined) return true
  if (type === 'text' || type === 'boolean') {
    context.report(diagnose(paramUnit, unit.span, { name, type }))
    return false
  }
  const read = parseUnit(unit.value)
  if (!('problem' in read)) return true
  context.report(diagnose(unknownUnit, unit.span, { text: unit.value, problem: read.problem, near: read.near }))
  return false
}

function valueOf(
  param: ParamSource,
  given: ParamValues,
  context: ReadContext,
): Located<number | string | boolean> | undefined {
  const { name, nameSpan, default: written } = param
  // A default that does not fit is a mistake also where another value is given.
  const fits = written === undefined || fitsParam(param, written, context)
  const outside = Object.hasOwn(given, name) ? given[name] : undefined
  if (outside !== undefined) {
    const how = `--param ${name}=${outside}`
    const value = typeof outside === 'string' ? readAs(param.type, outside) : outside
    const found = value === undefined ? undefined : { value, span: written?.span ?? nameSpan }
    if (found !== undefined) return fitsParam(param, { ...found, span: nameSpan }, context, how) ? found : undefined
    const expects = param.type === 'boolean' ? 'it is true or false' : 'it is a number'
    context.report(diagnose(paramValue, nameSpan, { name, value: String(outside), expects, given: how }))
    return undefined
  }
  if (written === undefined) context.report(diagnose(paramMissing, nameSpan, { name }))
  return fits ? written : undefined
}

/** A text given from outside as a value of a type; undefined where it is none. */
function readAs(type: ParamSource['type'], text: string): number | string | boolean | undefined {
  if (type === 'text') return text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined
  const exact = parseDecimal(text.trim())
  const value = Number(exact?.text)
  return exact === undefined || !Number.isFinite(value) || (exact.integer && !Number.isSafeInteger(value))
    ? undefined
    : value
}
