import { unusedSlice } from '../../diagnostics/catalog/lint.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework, names } from './asked.ts'

/** A slice that is declared is looked at. */
export const unusedSliceRule: Rule = {
  name: 'unused-slice',
  run: (spec, _names, report) => {
    if (!isUnderFramework(spec)) return
    const used = [...spec.clauses.values()].flatMap(({ slices }) =>
      slices.flatMap(({ value }) => (value.kind === 'named' ? [value.name] : [])),
    )
    for (const [slice, { span }] of spec.slices) {
      if (used.some((name) => name === slice || names(name, slice))) continue
      report({ ...diagnose(unusedSlice, span, { slice }), subject: slice })
    }
  },
}
