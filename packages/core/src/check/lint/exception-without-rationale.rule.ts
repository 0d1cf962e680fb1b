import { exceptionWithoutRationale } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'
import { blocks } from './metrics.ts'

/** Rows that need not satisfy what blocks have a reason. */
export const exceptionWithoutRationaleRule: Rule = {
  name: 'exception-without-rationale',
  run: (spec, _found, report) => {
    if (!isUnderFramework(spec)) return
    for (const clause of spec.clauses.values()) {
      const { mostly, rationale } = clause
      if (mostly === undefined || rationale !== undefined || !blocks(clause)) continue
      report({
        ...diagnose(exceptionWithoutRationale, mostly.span, { what: clause.name, mostly: Number(mostly.value) }),
        subject: clause.name,
      })
    }
    for (const { name, columns } of spec.data.values())
      for (const { mostly, rationale, severity, name: column } of columns.values()) {
        if (mostly === undefined || rationale !== undefined || (severity?.value ?? 'block') !== 'block') continue
        const what = `${name}.${column}`
        report({
          ...diagnose(exceptionWithoutRationale, mostly.span, { what, mostly: Number(mostly.value) }),
          subject: what,
        })
      }
  },
}
