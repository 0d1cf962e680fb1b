import { render, type Sql } from '../sql.ts'

/** A text literal, or a name as the builder quotes it; what stands between them has no quotes. */
const QUOTED = /'(?:[^'\\]|\\[\s\S])*'|"((?:[^"]|"")*)"/g

/** The text to hand to Spark, where a name stands between backticks, and what stands between double quotes is a text. */
export function renderSpark(fragment: Sql): string {
  return render(fragment).replaceAll(QUOTED, (quoted, name: string | undefined) =>
    name === undefined ? quoted : `\`${name.replaceAll('""', '"').replaceAll('`', '``')}\``,
  )
}
