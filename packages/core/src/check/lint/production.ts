import type { ClauseSource, Spec } from '../../language/spec.ts'
import { isUnderFramework } from './asked.ts'

/** Whether a spec under a framework lets versions into production: what is asked of production applies then. */
export function isReleased(spec: Spec): boolean {
  return isUnderFramework(spec) && spec.release?.production !== undefined && spec.models.has('champion')
}

/** The clauses that windows of production traffic decide. */
export function watchedClauses(spec: Spec): readonly ClauseSource[] {
  return [...spec.clauses.values()].filter(
    ({ of, body }) => (body.form === 'must' || body.form === 'always') && of.some(({ value }) => value === 'requests'),
  )
}
