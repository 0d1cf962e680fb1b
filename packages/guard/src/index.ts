export type { Budget } from './budget.ts'
export {
  createGuard,
  type Guard,
  type GuardOptions,
  type InputVerdict,
  type OutputVerdict,
  type Rejection,
  type RequestFacts,
  type RowVerdict,
} from './guard.ts'
export { type JsonLimits, type JsonProblem, type JsonReading, parseJson } from './parse-json.ts'
export type * from './plan.ts'
export { type Answer, type Answerer, serve, type ServeOptions } from './serve.ts'
export { clausesOf, type Finding, type Violation } from './violation.ts'
