import { type Change, type Facet, together } from '../change.ts'
import { kindOf } from '../compare-clauses.ts'

/** The change of a setting whose parts are these; none where nothing differs. */
export function setting(id: string, facets: readonly Facet[]): readonly Change[] {
  if (facets.length === 0) return []
  return [
    { id, subject: 'setting', kind: kindOf(together(facets.map(({ order }) => order)), true), severity: {}, facets },
  ]
}
