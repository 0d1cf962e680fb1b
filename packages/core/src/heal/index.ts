export type { ColumnEvidence, SampleTable } from './evidence.ts'
export { type HealProposal, proposePatch } from './propose-patch.ts'
export { type Protection, protectionOf } from './protected-clauses.ts'
export { type Became, type SchemaChange, schemaChanges } from './schema-changes.ts'
