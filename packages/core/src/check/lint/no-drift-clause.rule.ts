import { noDriftClause } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { measured } from './asked.ts'
import { functionsOf, isDistance } from './metrics.ts'
import { isReleased, watchedClauses } from './production.ts'

/** What production asks is compared with what the model was tested on. */
export const noDriftClauseRule: Rule = {
  name: 'no-drift-clause',
  run: (spec, found, report) => {
    const production = spec.release?.production
    if (!isReleased(spec) || production === undefined) return
    if (watchedClauses(spec).some((clause) => [...functionsOf(measured(clause))].some(isDistance))) return
    const dataset = found.models.get('champion')?.from ?? 'accounts'
    report({ ...diagnose(noDriftClause, production.span, { dataset }), subject: 'production' })
  },
}
