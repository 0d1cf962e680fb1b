import type { Asked } from './asked.ts'

/** Demands divided into groups that share no column: what one group asks is no matter to another. */
export function groupsOf(asked: readonly Asked[]): readonly (readonly Asked[])[] {
  const left = new Set(asked)
  const groups: Asked[][] = []
  for (const each of asked) {
    if (!left.has(each)) continue
    const group = [
      each,
      ...connected(
        each.columns,
        [...left].filter((other) => other !== each),
      ),
    ]
    for (const member of group) left.delete(member)
    groups.push(group)
  }
  return groups
}

/** Demands that read one of the columns, or share one with those that do. */
export function connected(columns: ReadonlySet<string>, others: readonly Asked[]): readonly Asked[] {
  const reached = new Set(columns)
  const found = new Set<Asked>()
  for (let size = -1; size !== found.size; ) {
    size = found.size
    for (const other of others) {
      if (found.has(other) || ![...other.columns].some((name) => reached.has(name))) continue
      found.add(other)
      for (const name of other.columns) reached.add(name)
    }
  }
  return others.filter((other) => found.has(other))
}
