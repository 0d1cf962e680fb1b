import { type RowFunctionName, rowFunctions } from '../expr/functions/row-functions.ts'
import { smtFunctions } from './smt/functions/index.ts'
import { javascriptFunctions } from './javascript/functions.ts'
import { duckdbFunctions } from './sql/duckdb/functions.ts'
import { postgresqlFunctions } from './sql/postgresql/functions.ts'
import { postgresqlNodes } from './sql/postgresql/nodes.ts'
import type { Unsupported } from './unsupported.ts'

/** The targets that compile expressions of row scope. */
export const rowTargets = {
  duckdb: duckdbFunctions,
  postgresql: postgresqlFunctions,
  javascript: javascriptFunctions,
} as const

/** What each target answers: `true`, or the reason why not. */
export type Answers = Readonly<Record<keyof typeof rowTargets, true | string>>

/** One line of the support table: a function, and each target's answer. */
export interface SupportRow {
  readonly fn: RowFunctionName
  /** As it is written in CEL: `+`, `math.round`, `startsWith`. */
  readonly written: string
  readonly targets: Answers
  /** SMT-LIB serves proofs, and compiles no clause: `true` = exactly, else what it leaves open. */
  readonly smt: true | string
}

const answer = (entry: { readonly kind: 'spelling' } | Unsupported): true | string =>
  entry.kind === 'spelling' ? true : entry.reason

/** Every function of row scope against every target; the reference page of the documentation is made from it. */
export function supportTable(): readonly SupportRow[] {
  return (Object.keys(rowFunctions) as RowFunctionName[]).map((fn) => ({
    fn,
    written: rowFunctions[fn].syntax.name,
    targets: {
      duckdb: answer(duckdbFunctions[fn]),
      postgresql: answer(postgresqlFunctions[fn]),
      javascript: answer(javascriptFunctions[fn]),
    },
    smt: smtFunctions[fn].kind === 'exact' ? true : smtFunctions[fn].reason,
  }))
}

/** Which targets compile `matches`, the one node that is no function and that not all of them have. */
export function matchesSupport(): Answers {
  const { matches } = postgresqlNodes
  return { duckdb: true, postgresql: typeof matches === 'function' ? true : matches.reason, javascript: true }
}
