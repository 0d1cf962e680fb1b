import { shadowedName } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Span } from '../../source/span.ts'
import type { Rule } from './rule.ts'

const BUILT_IN = new Map([
  ['requests', 'the built-in relation of production traffic'],
  ['system', 'the built-in event stream'],
  ['release', 'the built-in checks of a release'],
  ['columns', 'the built-in list of columns'],
  ['column', 'the variable of `max_over`'],
  ['row', 'the built-in name of the current row'],
  ['decision', 'the built-in decision of a model'],
])

/** One name, one meaning: datasets, models, slices and built-ins share a namespace; columns must not take a built-in. */
export const shadowedNameRule: Rule = {
  name: 'shadowed-name',
  run: (spec, _names, report) => {
    const seen = new Map<string, { readonly what: string; readonly span?: Span }>(
      [...BUILT_IN].map(([name, what]) => [name, { what }]),
    )
    const claim = (name: string, what: string, span: Span): void => {
      const first = seen.get(name)
      if (first === undefined) seen.set(name, { what, span })
      else {
        const related =
          first.span === undefined ? [] : [{ message: `${first.what} is declared here`, span: first.span }]
        report(diagnose(shadowedName, span, { name, first: first.what, second: what }, related))
      }
    }
    for (const [name, d] of spec.data) claim(name, `the dataset \`${name}\``, d.nameSpan)
    for (const [name, m] of spec.models) claim(name, `the model \`${name}\``, m.nameSpan)
    for (const [name, e] of spec.slices) claim(name, `the slice \`${name}\``, e.span)
    for (const dataset of spec.data.values()) {
      for (const [name, column] of dataset.columns) {
        const taken = BUILT_IN.get(name)
        if (taken !== undefined)
          report(diagnose(shadowedName, column.nameSpan, { name, first: taken, second: `the column \`${name}\`` }))
      }
    }
  },
}
