import { type RowFunctionName, rowFunctions } from '../expr/functions/row-functions.ts'
import { smtFunctions } from './smt/functions/index.ts'
import { javascriptFunctions } from './javascript/functions.ts'
import { duckdbFunctions } from './sql/duckdb/functions.ts'
import type { Nodes } from './sql/nodes.ts'
import { postgresqlFunctions } from './sql/postgresql/functions.ts'
import { postgresqlNodes } from './sql/postgresql/nodes.ts'
import { sparkFunctions } from './sql/spark/functions.ts'
import { sparkNodes } from './sql/spark/nodes.ts'
import { clickhouseFunctions } from './sql/clickhouse/functions.ts'
import { clickhouseNodes } from './sql/clickhouse/nodes.ts'
import { snowflakeFunctions } from './sql/snowflake/functions.ts'
import { snowflakeNodes } from './sql/snowflake/nodes.ts'
import { bigqueryFunctions } from './sql/bigquery/functions.ts'
import { bigqueryNodes } from './sql/bigquery/nodes.ts'
import { trinoFunctions } from './sql/trino/functions.ts'
import { trinoNodes } from './sql/trino/nodes.ts'
import type { Unsupported } from './unsupported.ts'

/** The targets that compile expressions of row scope. */
export const rowTargets = {
  duckdb: duckdbFunctions,
  postgresql: postgresqlFunctions,
  spark: sparkFunctions,
  trino: trinoFunctions,
  bigquery: bigqueryFunctions,
  snowflake: snowflakeFunctions,
  clickhouse: clickhouseFunctions,
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
      spark: answer(sparkFunctions[fn]),
      trino: answer(trinoFunctions[fn]),
      bigquery: answer(bigqueryFunctions[fn]),
      snowflake: answer(snowflakeFunctions[fn]),
      clickhouse: answer(clickhouseFunctions[fn]),
      javascript: answer(javascriptFunctions[fn]),
    },
    smt: smtFunctions[fn].kind === 'exact' ? true : smtFunctions[fn].reason,
  }))
}

/** Which targets compile `matches`, the one node that is no function and that not all of them have. */
export function matchesSupport(): Answers {
  const of = ({ matches }: Nodes): true | string => (typeof matches === 'function' ? true : matches.reason)
  return {
    duckdb: true,
    postgresql: of(postgresqlNodes),
    spark: of(sparkNodes),
    trino: of(trinoNodes),
    clickhouse: of(clickhouseNodes),
    snowflake: of(snowflakeNodes),
    bigquery: of(bigqueryNodes),
    javascript: true,
  }
}
