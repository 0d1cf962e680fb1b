const PART = /"((?:[^"]|"")+)"|([^."\s][^."]*)/y

/**
 * The names in `table`, `schema.table` or `database.schema.table`, exactly as they are, case included; a name that holds a
 * dot, a quote or a space at its ends stands in double quotes, in which a quote is doubled. Undefined where it is no such text.
 */
export function tableNames(text: string): readonly string[] | undefined {
  const names: string[] = []
  const part = new RegExp(PART)
  for (let at = 0; ; at++) {
    part.lastIndex = at
    const found = part.exec(text)
    const name = found?.[1]?.replaceAll('""', '"') ?? found?.[2]
    if (name === undefined || name.includes('\0') || names.push(name) > 3) return undefined
    at = part.lastIndex
    if (at === text.length) return names
    if (text[at] !== '.') return undefined
  }
}
