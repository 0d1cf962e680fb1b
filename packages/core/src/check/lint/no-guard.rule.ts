import { noGuard } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isReleased } from './production.ts'

/** Nothing that the data may not hold reaches a released model. */
export const noGuardRule: Rule = {
  name: 'no-guard',
  run: (spec, _found, report) => {
    const production = spec.release?.production
    if (isReleased(spec) && production !== undefined && spec.guard === undefined)
      report({ ...diagnose(noGuard, production.span, {}), subject: 'production' })
  },
}
