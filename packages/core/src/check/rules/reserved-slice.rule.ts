import { reservedSlice } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from './rule.ts'

/** `all` is the slice of every row. */
export const reservedSliceRule: Rule = {
  name: 'reserved-slice',
  run: (spec, _names, report) => {
    const all = spec.slices.get('all')
    if (all !== undefined) report(diagnose(reservedSlice, all.span, {}))
  },
}
