import { noFallback } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isReleased } from './production.ts'

/** Where an answer is withheld, there is another. */
export const noFallbackRule: Rule = {
  name: 'no-fallback',
  run: (spec, _found, report) => {
    const { guard } = spec
    if (!isReleased(spec) || guard === undefined || guard.fallback !== undefined) return
    if (guard.output?.value === 'flag') return
    report({ ...diagnose(noFallback, guard.span, {}), subject: 'guard' })
  },
}
