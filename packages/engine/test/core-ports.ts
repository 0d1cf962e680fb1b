// The part of core that the log of requests uses, so that a process that is started a hundred times starts fast.
export * from '../../core/src/evidence/canonical-json.ts'
export * from '../../core/src/evidence/digest.ts'
export * from '../../core/src/host.ts'
export * from '../../core/src/targets/sql/sql.ts'
export { compileRow, duckdbLiterals, endsInMissing } from '../../core/src/targets/sql/duckdb/index.ts'
