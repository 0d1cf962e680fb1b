import { cellFunctions, type RowFunctionName, rowFunctions } from './row-functions.ts'
import type { RowFunction } from './row-function.ts'

/** How a function is written. */
export type SyntaxKind = RowFunction['syntax']['kind']

/** A row of the table with its name. */
export type Overload = readonly [RowFunctionName, RowFunction]

const table = Object.entries(rowFunctions) as unknown as readonly Overload[]
const byName: ReadonlyMap<string, readonly Overload[]> = Map.groupBy(
  table,
  ([, row]) => `${row.syntax.kind} ${row.syntax.name}`,
)

const cellsByName: ReadonlyMap<string, readonly Overload[]> = new Map(
  [...byName].map(([name, rows]) => [name, rows.filter(([fn]) => Object.hasOwn(cellFunctions, fn))]),
)

const cellOperators: ReadonlyMap<string, readonly Overload[]> = new Map(
  [...cellsByName].flatMap(([key, rows]) =>
    key.startsWith('operator ') ? [[key.slice('operator '.length), rows]] : [],
  ),
)

/** All rows of the function table with this spelling. */
export function overloads(kind: SyntaxKind, name: string): readonly Overload[] {
  return byName.get(`${kind} ${name}`) ?? NO_ROWS
}

/** Those of single cells among them. */
export function cellOverloads(kind: SyntaxKind, name: string): readonly Overload[] {
  return (kind === 'operator' ? cellOperators.get(name) : cellsByName.get(`${kind} ${name}`)) ?? NO_ROWS
}

const NO_ROWS: readonly Overload[] = []

/** Every spelling of a kind, for suggestions. */
export function spellings(kind: SyntaxKind): readonly string[] {
  return [...byName.keys()].filter((key) => key.startsWith(`${kind} `)).map((key) => key.slice(kind.length + 1))
}
