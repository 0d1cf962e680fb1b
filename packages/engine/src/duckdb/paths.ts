import { join, type Sql, sql, textLiteral } from '@plumbline/core'

/** A path as a text that names this one file: DuckDB expands `*`, `?` and `[` in file names, and a name may hold them. */
export function pathLiteral(path: string): Sql {
  return textLiteral(path.replaceAll(/[*?[]/g, (char) => `[${char}]`))
}

/** A list of such texts. */
export function pathList(paths: readonly string[]): Sql {
  return sql`[${join(paths.map(pathLiteral), sql`, `)}]`
}
