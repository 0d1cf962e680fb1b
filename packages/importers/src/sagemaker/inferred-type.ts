import type { ColumnType } from '@plumbline/core'
import type { ItemDraft } from '../draft/draft.ts'
import { field, type Fields } from '../text/json.ts'

const TYPES: Readonly<Record<string, ColumnType>> = { Integral: 'integer', Fractional: 'number', String: 'text' }

/** What a baseline says of the type of a feature: the column's type (`known` overrides it), and the item of the report. */
export function inferredType(
  feature: Fields,
  where: string,
  about: string,
  known: ColumnType | undefined,
): { readonly type: ColumnType; readonly item: ItemDraft } {
  const inferred = TYPES[String(field(feature, 'inferred_type'))]
  return {
    type: known ?? inferred ?? 'text',
    item: {
      what: 'inferred_type',
      where: `${where}.inferred_type`,
      about,
      clauses: [],
      differences: [],
      ...(inferred === undefined
        ? { trivial: 'No type is known, and every cell is a text.' }
        : { contracts: [`${about}.type`] }),
    },
  }
}
