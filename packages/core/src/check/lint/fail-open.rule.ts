import { failOpen } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'

/** What a guard could not judge does not pass as if it had. */
export const failOpenRule: Rule = {
  name: 'fail-open',
  run: (spec, _found, report) => {
    const onFailure = spec.guard?.onFailure
    if (isUnderFramework(spec) && onFailure?.value === 'open')
      report({ ...diagnose(failOpen, onFailure.span, {}), subject: 'guard' })
  },
}
