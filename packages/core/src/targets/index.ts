/** The DuckDB target; a namespace, because every target has the same names. */
export * as duckdb from './sql/duckdb/index.ts'
/** The JavaScript target. */
export * as javascript from './javascript/index.ts'
export { javascriptSupport } from './javascript/compile.ts'
export { duckdbSupport } from './sql/duckdb/compile.ts'
export * from './sql/sql.ts'
export { columnsOf } from './children.ts'
export * from './errors.ts'
export * from './support.ts'
export type { Support, Unsupported } from './unsupported.ts'
