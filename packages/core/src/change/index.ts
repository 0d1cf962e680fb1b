export * from './change.ts'
export * from './compare-specs.ts'
export { compareClauses } from './compare-clauses.ts'
export type { ImplicationPort, Implied } from './condition/compare-conditions.ts'
