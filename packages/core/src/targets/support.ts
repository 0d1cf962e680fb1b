import { type RowFunctionName, rowFunctions } from '../expr/functions/row-functions.ts'
import { javascriptFunctions } from './javascript/functions.ts'
import { duckdbFunctions } from './sql/duckdb/functions.ts'
import type { Unsupported } from './unsupported.ts'

/** The targets that compile expressions of row scope. */
export const rowTargets = { duckdb: duckdbFunctions, javascript: javascriptFunctions } as const

/** One line of the support table: a function, and each target's answer (`true`, or the reason why not). */
export interface SupportRow {
  readonly fn: RowFunctionName
  /** As it is written in CEL: `+`, `math.round`, `startsWith`. */
  readonly written: string
  readonly targets: Readonly<Record<keyof typeof rowTargets, true | string>>
}

const answer = (entry: { readonly kind: 'spelling' } | Unsupported): true | string =>
  entry.kind === 'spelling' ? true : entry.reason

/** Every function of row scope against every target; the reference page of the documentation is made from it. */
export function supportTable(): readonly SupportRow[] {
  return (Object.keys(rowFunctions) as RowFunctionName[]).map((fn) => ({
    fn,
    written: rowFunctions[fn].syntax.name,
    targets: { duckdb: answer(duckdbFunctions[fn]), javascript: answer(javascriptFunctions[fn]) },
  }))
}
