import type { ItemDraft } from './draft.ts'

/** A check that is not in the spec, and why. */
export const refused = (what: string, where: string, about: string, because: string): ItemDraft => ({
  what,
  where,
  about,
  clauses: [],
  differences: [],
  refused: because,
})
