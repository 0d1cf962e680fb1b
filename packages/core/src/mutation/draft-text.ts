import type { ProgramColumn, ProgramDataset } from '../clause/program.ts'
import type { Draft } from './propose.ts'

/** Other columns that one is held against, at most. */
export const MOST_OTHERS = 3

/** Makes a draft of an id, words and a number. */
export type Must = (id: string, says: string, term: string) => Draft

/** How a column goes with others: what is exchanged or mixed up may keep its own shares. */
export function bonds(dataset: ProgramDataset, column: ProgramColumn, must: Must): readonly Draft[] {
  const own = asNumber(column)
  if (own === undefined) return []
  return dataset.columns
    .filter(({ name, role }) => name !== column.name && (role === undefined || role === 'label'))
    .toSorted((a, b) => Number(b.role === 'label') - Number(a.role === 'label'))
    .flatMap((other) => {
      const theirs = other.values === undefined ? asNumber(other) : undefined
      return theirs === undefined ? [] : [{ other, theirs }]
    })
    .slice(0, MOST_OTHERS)
    .map(({ other, theirs }) =>
      must(
        `${column.name}-goes-with-${other.name}`,
        `${column.name} goes with ${other.name} as it did.`,
        `correlation(${own}, ${theirs})`,
      ),
    )
}

/** A column as a number: a truth value is 1 or 0, a category whether it is its first code. */
export function asNumber(column: ProgramColumn): string | undefined {
  const { type, values } = column
  const cell = columnText(column)
  const [first] = values ?? []
  if (first !== undefined) return `${cell} == ${codeText(first.code)} ? 1.0 : 0.0`
  if (type.kind === 'bool') return `${cell} ? 1.0 : 0.0`
  return type.kind === 'int' || type.kind === 'double' ? cell : undefined
}

/** Whether a name can stand in an expression as it is. */
export const isWord = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)

/** A column as an expression. */
export function columnText({ name }: ProgramColumn): string {
  return isWord(name) ? name : `row[${JSON.stringify(name)}]`
}

/** A code as an expression. */
export const codeText = (code: string | number | boolean): string =>
  typeof code === 'string' ? JSON.stringify(code) : String(code)

/** An id of a clause from names of columns, whatever they are. Dots are for the clauses that contracts stand for. */
export function slug(text: string): string {
  return text.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '')
}
