export { type Asked, askedBy } from './asked.ts'
export * from './analyse.ts'
export * from './conditions.ts'
export { premiseOf } from './superfluous.ts'
export * from './findings.ts'
export * from './implied-metrics.ts'
export * from './implies.ts'
export * from './metrics.ts'
export * from './minimal.ts'
export * from './populations.ts'
export * from './repair/condition-repair.ts'
export type { Move, Repair } from './repair/repair.ts'
export * from './satisfiable.ts'
export { findRow } from './search.ts'
export {
  ask,
  type Demand,
  readCore,
  readValues,
  type SmtColumn,
  type SmtQuery,
  type Solver,
  type SolverAnswer,
  type SolverFailure,
  type SolverLimits,
} from '../targets/smt/index.ts'
