import { cellFunctions, type RowFunctionName, rowFunctions } from './row-functions.ts'
import type { RowFunction } from './row-function.ts'

/** How a function is written. */
export type SyntaxKind = RowFunction['syntax']['kind']

/** A row of the table with its name. */
export type Overload = readonly [RowFunctionName, RowFunction]

const table = Object.entries(rowFunctions) as unknown as readonly Overload[]
/** Rows by how they are written and by name: a name of its own would have to be joined, and hashed, for every call. */
type Rows = Readonly<Record<SyntaxKind, ReadonlyMap<string, readonly Overload[]>>>

const rowsOf = (rows: readonly Overload[]): Rows => {
  const found = { operator: new Map(), global: new Map(), method: new Map() } satisfies Record<
    SyntaxKind,
    Map<string, Overload[]>
  >
  for (const overload of rows) {
    const { kind, name } = overload[1].syntax
    const same = found[kind].get(name)
    if (same === undefined) found[kind].set(name, [overload])
    else same.push(overload)
  }
  return found
}

const all = rowsOf(table)
const ofCells = rowsOf(table.filter(([fn]) => Object.hasOwn(cellFunctions, fn)))

/** All rows of the function table with this spelling. */
export function overloads(kind: SyntaxKind, name: string): readonly Overload[] {
  return all[kind].get(name) ?? NO_ROWS
}

/** Those of single cells among them. */
export function cellOverloads(kind: SyntaxKind, name: string): readonly Overload[] {
  return ofCells[kind].get(name) ?? NO_ROWS
}

const NO_ROWS: readonly Overload[] = []

/** Every spelling of a kind, for suggestions. */
export function spellings(kind: SyntaxKind): readonly string[] {
  return [...all[kind].keys()]
}
