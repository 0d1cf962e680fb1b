import { noLatencyBound } from '../../diagnostics/catalog/lint-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { measured } from './asked.ts'
import { functionsOf } from './metrics.ts'
import { isReleased } from './production.ts'

/** How long an answer may take is said before anybody waits for one. */
export const noLatencyBoundRule: Rule = {
  name: 'no-latency-bound',
  run: (spec, _found, report) => {
    const production = spec.release?.production
    if (!isReleased(spec) || production === undefined || spec.guard?.budget !== undefined) return
    if ([...spec.clauses.values()].some((clause) => functionsOf(measured(clause)).has('latency_ms'))) return
    report({ ...diagnose(noLatencyBound, production.span, {}), subject: 'production' })
  },
}
