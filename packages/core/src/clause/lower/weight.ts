/** Values that the clauses of a spec may hold, all together; those of an ordinary clause are a few hundred. */
export const MOST_VALUES = 4_000_000

/** How many values a lowered clause holds; a long text counts as several. As many have to be digested and kept. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return 1 + (value.length >> 5)
  if (typeof value !== 'object' || value === null) return 1
  let weight = 1
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) weight += weightOf(value[i])
  else for (const key in value) weight += weightOf((value as Readonly<Record<string, unknown>>)[key])
  return weight
}
