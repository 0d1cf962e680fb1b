import { isMissing, presentReader, type ReadPresent, UNSAFE, type WRONG_TYPE } from './cell.ts'
import type { RowFindings } from './clauses.ts'
import type { Cell, GuardClause, GuardColumn, GuardPlan, Row } from './plan.ts'
import type { Violation } from './violation.ts'

/** A row under construction. */
export type OpenRow = { [column: string]: Cell }

/** Makes empty rows that inherit nothing: a column may be called `constructor` or `__proto__`. */
export function rowMaker(): new () => OpenRow {
  // An object with a null prototype would be a slow dictionary; instances of a function without one are not.
  const Made = function () {} as unknown as new () => OpenRow
  Object.defineProperty(Made, 'prototype', { value: Object.create(null) as object })
  return Made
}

/** What reading fields needs of a column. */
interface Field {
  readonly name: string
  /** Every object inherits something of this name. */
  readonly inherited: boolean
  readonly read: ReadPresent
  /** The clause that asks for the type, where there is one. */
  readonly clause?: GuardClause
}

/** Reads the fields of `from` into `row`; a cell that cannot be read is missing there. Returns how many fields hold anything. */
export type ReadFields = (from: object, row: OpenRow, into: RowFindings, refused: Violation[]) => number

/** Binds the columns to read. What no clause speaks of (an integer that may be rounded) goes to `refused`. */
export function fieldReader(plan: GuardPlan, columns: readonly GuardColumn[]): ReadFields {
  const typed = new Map<string, GuardClause>()
  for (const clause of plan.clauses) if (clause.condition.kind === 'type') typed.set(clause.condition.column, clause)
  const fields = columns.map(({ name, kind }): Field => {
    const clause = typed.get(name)
    const inherited = name in Object.prototype
    return { name, inherited, read: presentReader(kind), ...(clause === undefined ? {} : { clause }) }
  })
  return (from, row, into, refused) => {
    const prototype: unknown = Object.getPrototypeOf(from)
    const plain = prototype === Object.prototype || prototype === null
    let found = 0
    for (const field of fields) {
      const { name } = field
      // Asking a plain object for a name that objects do not inherit is several times faster than `hasOwn`.
      const own = (plain && !field.inherited) || Object.hasOwn(from, name)
      const value = own ? (from as Readonly<Record<string, unknown>>)[name] : undefined
      if (value !== undefined) found++
      const cell = isMissing(value) ? null : field.read(value)
      if (typeof cell === 'symbol') {
        row[name] = null
        misfit(field, cell, into, refused)
      } else row[name] = cell
    }
    return found
  }
}

function misfit(
  { name, clause }: Field,
  cell: typeof WRONG_TYPE | typeof UNSAFE,
  into: RowFindings,
  refused: Violation[],
): void {
  if (cell === UNSAFE) refused.push({ kind: 'unsafe-integer', column: name })
  else if (clause === undefined) refused.push({ kind: 'type', column: name })
  else
    (clause.effect === 'enforce' ? into.enforced : into.flagged).push({
      kind: 'type',
      column: name,
      clause: clause.id,
    })
}

/** Fields that are none of the columns. */
export function unknownFields(from: object, row: Row): readonly Violation[] {
  return Object.keys(from)
    .filter((field) => !Object.hasOwn(row, field))
    .map((field) => ({ kind: 'unknown-field', field }))
}
