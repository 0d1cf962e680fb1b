import type { Diagnostic, Related } from '../../diagnostics/diagnostic.ts'
import type { Param, Spec } from '../../language/spec.ts'
import type { SourceSet } from '../../source/source-file.ts'

/**
 * Findings about expressions, with the places where the parameters that stand in them have their values: a number in the
 * wrong unit is often put right there.
 */
export function withParamPlaces({ params }: Spec, sources: SourceSet): (finding: Diagnostic) => Diagnostic {
  if (params.size === 0) return (finding) => finding
  return (finding) => {
    if (!finding.code.startsWith('expr/')) return finding
    const { file, start, end } = finding.span
    const source = [sources.main, ...sources.others].find(({ path }) => path === file)?.text ?? ''
    const written = source.slice(start, end).replaceAll(TEXT, '')
    const places = [...new Set(written.match(/\w+/g))].flatMap((name): Related[] => {
      const param = params.get(name)
      return param === undefined
        ? []
        : [{ message: `the parameter \`${name}\` is ${shownValue(param)}`, span: param.span }]
    })
    return places.length === 0 ? finding : { ...finding, related: [...finding.related, ...places] }
  }
}

/** What stands in quotes names no parameter. */
const TEXT = /"[^"]*"|'[^']*'/g

function shownValue({ value, unit }: Param): string {
  const text = typeof value === 'string' ? `the text '${value}'` : String(value)
  return unit === undefined ? text : `${text} ${unit}`
}
