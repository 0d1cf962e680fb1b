export * from './create-solver.ts'
export type { ChildMessage, ChildQuestion } from './messages.ts'
export { type Child, type StartChild, startChild } from './start-child.ts'
export * from './smt-implementation.ts'
