import type { Column } from '../../expr/expr.ts'
import type { ColumnInfo } from '../../expr/environment.ts'
import { DOUBLE } from '../../expr/type.ts'
import { type RecordValue, type Value } from '../../expr/value.ts'
import { type Answer, readAnswer, readNumber } from './answer.ts'
import { type Encoded, type Encoding, scalarKind, sortOf } from './encoding.ts'
import { nearest } from './float64.ts'
import { rangeOf } from './functions/applied.ts'
import { double } from './numbers.ts'
import { and, equal, FALSE, implies, integer, not, or, render, smt, type Term, TRUE, truth } from './term.ts'
import { readText, textTerm } from './text.ts'

/** What is taken for granted of a column; a column of the program is one. */
export type SmtColumn = Pick<ColumnInfo, 'name' | 'type'> & {
  /** Absent or true: a cell may be missing. */
  readonly optional?: boolean
  readonly values?: ColumnInfo['values']
  /** Encoded like literals. */
  readonly low?: number | string
  readonly high?: number | string
}

/** The cells of one row in a script. */
export interface Cells {
  /** A column as an expression reads it: a missing cell is the error `missing`. */
  read(column: Column): Encoded
  /** Terms whose values make the row, in order. */
  readonly wanted: readonly string[]
  /** The columns of numbers read so far, as float64. */
  readonly doubles: readonly Column[]
  /** The row of a solver's answer; undefined where a value in it is none that a cell can have. */
  row(values: readonly string[]): RecordValue | undefined
}

/**
 * The cells of a relation's columns; only those that are read are declared. A column not among them may hold anything. Unless
 * `limited`, a number may lie beyond the greatest float64: where numbers are only compared that costs nothing but a long number.
 */
export function createCells(encoding: Encoding, columns: ReadonlyMap<string, SmtColumn>, limited: boolean): Cells {
  const { script } = encoding
  const known = new Map<
    string,
    { readonly encoded: Encoded; readonly kind: NonNullable<ReturnType<typeof scalarKind>> }
  >()
  return {
    read: ({ name, type }) => {
      const before = known.get(name)
      if (before !== undefined) return before.encoded
      const kind = scalarKind(type)
      if (kind === undefined) throw new Error(`${kind} is no cell's kind.`)
      const column = columns.get(name)
      const cell = script.declare('c', sortOf(kind))
      const missing = column?.optional === false ? FALSE : script.declare('m', 'Bool')
      const range = rangeOf(kind, cell)
      if (range !== undefined && (kind !== 'double' || limited)) script.assert(range)
      if (column !== undefined) {
        const domain = domainOf(column, cell)
        if (domain !== TRUE) script.assert(implies(not(missing), domain))
      }
      if (kind === 'double') encoding.doubles.add(cell)
      const finite = kind === 'double' && Number.isFinite(bound(column?.low)) && Number.isFinite(bound(column?.high))
      const encoded = { value: cell, error: missing, missing, ...(finite ? { finite } : {}) }
      known.set(name, { encoded, kind })
      return encoded
    },
    get wanted() {
      return [...known.values()].flatMap(({ encoded }) => [render(encoded.value), render(encoded.missing)])
    },
    get doubles() {
      return [...known].flatMap(([name, { kind }]): readonly Column[] =>
        kind === 'double' ? [{ node: 'column', name, type: DOUBLE }] : [],
      )
    },
    row: (values) => {
      const row = new Map<string, Value | null>()
      let at = 0
      for (const [name, { kind }] of known) {
        const [cell, missing] = [values[at] ?? '', values[at + 1]]
        at += 2
        if (missing === 'true') row.set(name, null)
        else {
          const read = readCell(kind, cell)
          if (read === undefined) return undefined
          row.set(name, read)
        }
      }
      return row
    },
  }
}

const bound = (value: number | string | undefined): number => (value === undefined ? Number.NaN : Number(value))

/** The declared range and values. */
function domainOf({ type, low, high, values }: SmtColumn, cell: Term): Term {
  const limit = (value: number | string): Term =>
    type.kind === 'double' ? double(Number(value)) : integer(BigInt(value))
  const facts: Term[] = []
  if (low !== undefined) facts.push(smt`(<= ${limit(low)} ${cell})`)
  if (high !== undefined) facts.push(smt`(<= ${cell} ${limit(high)})`)
  if (values !== undefined && values.length > 0) {
    const codes = values.map(({ code }) => {
      if (typeof code === 'boolean') return truth(code)
      if (typeof code === 'string') return type.kind === 'string' ? textTerm(code) : integer(BigInt(code))
      return type.kind === 'double' ? double(code) : integer(BigInt(code))
    })
    // A code that SMT-LIB cannot write leaves the column open.
    if (codes.every((code) => code !== undefined)) facts.push(or(...codes.map((code) => equal(cell, code))))
  }
  return and(...facts)
}

function readCell(kind: string, text: string): Value | undefined {
  if (kind === 'string') return readText(text)
  if (kind === 'bool') return text === 'true' ? true : text === 'false' ? false : undefined
  const answer: Answer | undefined = readAnswer(text)
  const number = answer === undefined ? undefined : readNumber(answer)
  if (number === undefined) return undefined
  if (kind === 'double') {
    if (number.denominator === 1n && number.numerator === 2n ** 1024n) return Number.POSITIVE_INFINITY
    if (number.denominator === 1n && number.numerator === -(2n ** 1024n)) return Number.NEGATIVE_INFINITY
    const near = nearest(number)
    return Number.isFinite(near) ? near : undefined
  }
  const { numerator, denominator } = number
  if (numerator % denominator !== 0n) return undefined
  const whole = numerator / denominator
  if (kind === 'timestamp') return { timestamp: whole }
  return kind === 'duration' ? { duration: whole } : whole
}
