import type { Spec } from '@plumbline/core'
import type { Cursor } from './cursor.ts'
import { type ColumnRef, columnIn, keysOf, nameIn, type Vocabulary } from './names.ts'
import { literalIn } from './values.ts'

const NOUNS =
  'account applicant borrower case client customer driver employee household meter order parcel patient person policyholder record request row shipment student transaction user'.split(
    ' ',
  )

const many = (noun: string): string =>
  noun === 'person' ? 'people' : /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`

/** What people call a row, in one and in many: words of the field, and the names of the datasets. */
function nounsOf(spec: Spec): { readonly one: readonly string[]; readonly many: readonly string[] } {
  const names = [...spec.data.keys()].map((name) => name.toLowerCase().replaceAll('_', ' '))
  const single = names.flatMap((name) => (/[^s]s$/.test(name) ? [name.replace(/ies$/, 'y').replace(/s$/, '')] : []))
  return { one: [...NOUNS, ...single], many: [...NOUNS.map(many), ...names] }
}

/** `patients`, `all the customers`: rows, many of them. */
export const rowsNounIn = (cursor: Cursor, { spec }: Vocabulary): string | undefined =>
  cursor.quietly(...nounsOf(spec).many)

/** `patient`: a row, one of them. */
export const rowNounIn = (cursor: Cursor, { spec }: Vocabulary): string | undefined =>
  cursor.quietly(...nounsOf(spec).one)

/** `the patient is`, `patients are`: what follows is said of a row. Whether it was read. */
export function saidOfRow(cursor: Cursor, vocabulary: Vocabulary): boolean {
  return (
    cursor.attempt(() => {
      cursor.quietly('the', 'a', 'an')
      const one = rowNounIn(cursor, vocabulary) ?? cursor.quietly('it')
      const some = one === undefined ? (rowsNounIn(cursor, vocabulary) ?? cursor.quietly('they')) : undefined
      if (one === undefined && some === undefined) return undefined
      return cursor.take(one === undefined ? 'are' : 'is')
    }) !== undefined
  )
}

/** `the patient's` before a column. */
export function possessiveIn(cursor: Cursor, { spec }: Vocabulary): void {
  cursor.attempt(() => {
    cursor.quietly('the', 'a', 'an')
    return cursor.quietly(...nounsOf(spec).one.flatMap((noun) => [`${noun}'s`, `${noun}’s`]))
  })
}

/** Rows picked by a word: `diabetic`, `elderly`, `female`; undefined where two columns have the value. */
export type Group = { readonly slice: string } | { readonly dataset: string; readonly cel: string }

/** A slice, a truth value of a row, or a value of the one category that has it; after `not` or `non-` the others. */
export function groupIn(cursor: Cursor, vocabulary: Vocabulary): Group | undefined {
  return cursor.attempt(() => {
    const isNot = cursor.quietly('not') !== undefined
    const slice = isNot ? undefined : nameIn(cursor, keysOf(vocabulary.spec.slices), 'a slice')
    if (slice !== undefined) return { slice }
    const flag = cursor.attempt(() => {
      const ref = columnIn(cursor, vocabulary)
      return ref?.column.type.value === 'boolean' ? ref : undefined
    })
    if (flag !== undefined) return { dataset: flag.dataset, cel: isNot ? `!${flag.cel}` : flag.cel }
    const [only, ...others] = valuesHere(cursor, vocabulary)
    if (only === undefined || others.length > 0) return undefined
    const value = literalIn(cursor, only, vocabulary)
    return value === undefined
      ? undefined
      : { dataset: only.dataset, cel: `${only.cel} ${isNot ? '!=' : '=='} ${value}` }
  })
}

/** The category columns that have the value that stands here. */
function valuesHere(cursor: Cursor, vocabulary: Vocabulary): readonly ColumnRef[] {
  return [...vocabulary.spec.data].flatMap(([dataset, { columns }]) =>
    [...columns.values()].flatMap((column) => {
      if (column.type.value !== 'category' || !/^\w+$/.test(column.name)) return []
      const ref = { dataset, column, cel: column.name }
      let has = false
      // Looked at and left there.
      cursor.attempt(() => {
        has = literalIn(cursor, ref, vocabulary) !== undefined
        return undefined
      })
      return has ? [ref] : []
    }),
  )
}
