export * from './implies.ts'
export * from './satisfiable.ts'
export {
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
