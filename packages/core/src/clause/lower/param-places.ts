import { unknownColumn, unknownName } from '../../diagnostics/catalog/expr.ts'
import type { Diagnostic, Related } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { Param, Spec } from '../../language/spec.ts'
import type { SourceSet } from '../../source/source-file.ts'

/**
 * Findings about expressions, with the places where the parameters that stand in them have their values: a number in the
 * wrong unit is often put right there. A name that stands for nothing may be a mistyped one.
 */
export function withParamPlaces({ params }: Spec, sources: SourceSet): (finding: Diagnostic) => Diagnostic {
  if (params.size === 0) return (finding) => finding
  return (finding) => {
    if (!finding.code.startsWith('expr/')) return finding
    const { file, start, end } = finding.span
    const source = [sources.main, ...sources.others].find(({ path }) => path === file)?.text ?? ''
    const written = source.slice(start, end).replaceAll(TEXT, '')
    const meant =
      UNKNOWN.has(finding.code) && finding.replacement === undefined ? nearestName(written, params.keys()) : undefined
    if (meant !== undefined)
      return {
        ...finding,
        fix: `Did you mean the parameter \`${meant}\`?`,
        replacement: { wrong: written, right: meant },
      }
    const places = [...new Set(written.match(/\w+/g))].flatMap((name): Related[] => {
      const param = params.get(name)
      return param === undefined
        ? []
        : [{ message: `the parameter \`${name}\` is ${shownValue(param)}`, span: param.span }]
    })
    return places.length === 0 ? finding : { ...finding, related: [...finding.related, ...places] }
  }
}

/** Codes of findings about names that stand for nothing. */
const UNKNOWN: ReadonlySet<string> = new Set([unknownColumn.code, unknownName.code])

/** What stands in quotes names no parameter. */
const TEXT = /"[^"]*"|'[^']*'/g

function shownValue({ value, unit }: Param): string {
  const text = typeof value === 'string' ? `the text '${value}'` : String(value)
  return unit === undefined ? text : `${text} ${unit}`
}
