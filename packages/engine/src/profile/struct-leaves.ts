/** A value inside of a struct: the names that lead to it, and its type of DuckDB. */
export interface Leaf {
  readonly steps: readonly string[]
  readonly type: string
}

/** Structs inside of structs, at most; what is deeper stays whole. */
const DEEPEST = 8

/** The values inside of a type of DuckDB such as `STRUCT(age BIGINT, "home town" STRUCT(zip VARCHAR))`; none where it is no struct. */
export function structLeaves(type: string): readonly Leaf[] {
  const fields = fieldsOf(type)
  return fields === undefined ? [] : leavesOf(fields, [])
}

function leavesOf(
  fields: readonly (readonly [name: string, type: string])[],
  above: readonly string[],
): readonly Leaf[] {
  return fields.flatMap(([name, type]) => {
    const steps = [...above, name]
    const inner = steps.length < DEEPEST ? fieldsOf(type) : undefined
    return inner === undefined ? [{ steps, type }] : leavesOf(inner, steps)
  })
}

/** Name and type of each field; undefined where the type is no struct (a list of structs is none). */
function fieldsOf(type: string): readonly (readonly [name: string, type: string])[] | undefined {
  if (!type.startsWith('STRUCT(') || !type.endsWith(')')) return undefined
  const fields: (readonly [string, string])[] = []
  for (const part of parts(type.slice('STRUCT('.length, -1))) {
    const found = /^(?:"((?:[^"]|"")*)"|([^\s"]+)) (.*)$/s.exec(part)
    if (found === null) return undefined
    const [, quoted, plain, of] = found
    fields.push([quoted?.replaceAll('""', '"') ?? plain ?? '', of ?? ''])
  }
  return fields
}

/** Parts between the commas that stand in no brackets and no quotes. */
function parts(text: string): readonly string[] {
  const found: string[] = []
  let [depth, from, quoted] = [0, 0, false]
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '"') quoted = !quoted
    else if (quoted) continue
    else if (c === '(') depth++
    else if (c === ')') depth--
    else if (c === ',' && depth === 0) {
      found.push(text.slice(from, i).trim())
      from = i + 1
    }
  }
  return [...found, text.slice(from).trim()]
}
