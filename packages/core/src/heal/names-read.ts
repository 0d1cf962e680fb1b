import type { Clause } from '../clause/clause.ts'

/** Parts of a clause that are about it, and the types of expressions, which list every column of a record. */
const ABOUT = new Set([
  'type',
  'id',
  'says',
  'place',
  'rationale',
  'owner',
  'digest',
  'meets',
  'hazards',
  'text',
  'of',
  'models',
])

/** Every name that the condition and the slices of a clause mention: columns, fields, groups, functions. */
export function namesRead(clause: Clause): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string') names.add(value)
    else if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value)) if (!ABOUT.has(key)) visit(part)
  }
  visit(clause)
  return names
}
