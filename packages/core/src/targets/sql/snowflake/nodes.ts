import { unsupported } from '../../unsupported.ts'
import { type Nodes, standardNodes } from '../nodes.ts'
import { sql } from '../sql.ts'
import { finite } from './floats.ts'
import { snowflakeLiterals } from './literals.ts'

/** How Snowflake says the nodes that are not functions. Each is an expression that is NULL where the node is an error. */
export type SnowflakeNodes = Nodes

/** The nodes. Lists are refused before (`compile.ts`). */
export const snowflakeNodes: SnowflakeNodes = {
  ...standardNodes(snowflakeLiterals, sql`CAST(NULL AS VARCHAR)`),
  matches: unsupported(
    'Snowflake has no RE2: its regular expressions are those of POSIX, which differ in what they match',
  ),
  truths: (list) => list,
  decide: (_, truths) => truths,
  firstNotZero: (numbers) => numbers,
  finite,
}
