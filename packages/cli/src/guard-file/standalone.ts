import { guardModule, type PlannedGuard } from '@plumbline/core'
import { GUARD_RUNTIME } from './runtime.generated.ts'

/**
 * The text of an ES module that imports nothing and exports the spec's `guard`, `plan`, `evaluate`, and the guard
 * package's `serve`, `parseJson`, `clausesOf` and `createGuard`.
 */
export function standaloneGuard(planned: PlannedGuard): string {
  return `${guardModule(planned)}
${GUARD_RUNTIME}

export const { createGuard, serve, parseJson, clausesOf } = plumblineGuard
export const guard = createGuard({ evaluate, plan, inputHolds, outputHolds })
`
}
