import { noRollback } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { blocks } from './metrics.ts'
import { isReleased, watchedClauses } from './production.ts'

/** A version that turns out to be bad goes out again. */
export const noRollbackRule: Rule = {
  name: 'no-rollback',
  run: (spec, _found, report) => {
    const production = spec.release?.production
    if (!isReleased(spec) || production === undefined || production.rollback.length > 0) return
    const [clause] = watchedClauses(spec).filter(blocks)
    report({ ...diagnose(noRollback, production.span, { clause: clause?.name }), subject: 'production' })
  },
}
