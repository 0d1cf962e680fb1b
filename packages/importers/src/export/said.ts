import type { ClauseFacts } from './fact.ts'

/** A clause in the words of another tool: what is written, and what is not the same; or why it is not there. */
export type Said<T> = { readonly items: readonly T[]; readonly notes: readonly string[] } | { readonly refused: string }

/** The same as the clause. */
export const same = <T>(...items: readonly T[]): Said<T> => ({ items, notes: [] })

/** Nearly the same. */
export const nearly = <T>(note: string, ...items: readonly T[]): Said<T> => ({ items, notes: [note] })

/** Not there. */
export const refused = (because: string): { readonly refused: string } => ({ refused: because })

/** All parts of a clause, or none: a clause that is half there would pass for the whole. */
export function together<T>(parts: readonly Said<T>[]): Said<T> {
  const items: T[] = []
  const notes: string[] = []
  for (const part of parts) {
    if ('refused' in part) return part
    items.push(...part.items)
    notes.push(...part.notes)
  }
  return { items, notes: [...new Set(notes)] }
}

/** What every tool that leaves missing cells out of its shares differs in. */
export function ofShares({ mostly, passing, required }: ClauseFacts): readonly string[] {
  return mostly < 1 && (passing || required.length > 0)
    ? ['Missing cells are left out of the share; here they count as rows.']
    : []
}
