import { columnText, type DataProfile, type DraftedClause, roundRows } from '@plumbline/core'
import type { Splits } from './splits.ts'

/** Below so many rows resamples say nothing: types, values and gaps are all that is drafted. */
export const ENOUGH = 50

/** Clauses about the table as a whole. */
export function tableClauses({ rows, keys, copies, columns }: DataProfile, dataset: string): readonly DraftedClause[] {
  const clauses: DraftedClause[] = [
    {
      id: 'enough-rows',
      of: dataset,
      says: 'The data does not shrink.',
      must: `count() >= ${roundRows(rows)}`,
      because: `Nine tenths of the ${rows} rows there were.`,
    },
  ]
  if (copies !== 0 || keys.length > 0 || columns.length === 0 || columns.length > 64 || rows < ENOUGH) return clauses
  const names = columns.map(({ name }) => columnText(name)).join(', ')
  clauses.push({
    id: 'no-copies',
    of: dataset,
    says: 'No row is a copy of another one.',
    must: `duplicates(${names}) == 0`,
    because: `There was none among ${rows} rows, hence none in any part of them.`,
  })
  return clauses
}

/** Clauses between the splits that a column tells apart. */
export function splitClauses(
  { keys, rows }: DataProfile,
  dataset: string,
  splits: Splits | undefined,
): readonly DraftedClause[] {
  if (splits === undefined || rows < ENOUGH || !splits.conditions.has('train')) return []
  const [key] = keys
  const others = [...splits.conditions.keys()].filter((name) => name !== 'train')
  return others.flatMap((other): DraftedClause[] => [
    {
      id: `${other}-like-train`,
      of: `${dataset}.${other}`,
      says: `The rows of ${other} look like those of train.`,
      must: `max_over(columns, psi(column, ${dataset}.train)) < 0.1`,
      because: 'Decided on all rows of both; its interval comes from resamples of both.',
    },
    ...(key === undefined
      ? []
      : [
          {
            id: `${other}-apart-from-train`,
            of: dataset,
            says: `No row is in both train and ${other}.`,
            must: `overlap(${dataset}.train, ${dataset}.${other}, ${columnText(key)}) == 0`,
            because: `There was none among ${rows} rows, hence none in any part of them.`,
          },
        ]),
  ])
}
