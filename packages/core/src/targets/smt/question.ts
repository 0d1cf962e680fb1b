import type { Expr } from '../../expr/expr.ts'
import type { MissingPolicy } from '../../clause/clause.ts'
import type { RecordValue } from '../../expr/value.ts'
import { walk } from '../children.ts'
import { type Cells, createCells, type SmtColumn } from './cells.ts'
import { roundingFacts } from './doubles.ts'
import { createEncoder } from './encode.ts'
import type { Encoding } from './encoding.ts'
import { double } from './numbers.ts'
import { createScript } from './script.ts'
import type { SmtQuery } from './solver.ts'
import { and, FALSE, not, or, real, render, smt, symbol, type Term, TRUE } from './term.ts'

/** What is asked of the one row that is looked for. */
export interface Demand {
  /** By which an answer names it; distinct among the demands of a question. */
  readonly name: string
  /** A condition of row scope. */
  readonly expr: Expr
  /** Rows that it speaks of, where not all: others satisfy it. A row whose condition is an error is none of them. */
  readonly within?: Expr
  /** What becomes of a row whose condition ends in the error `missing`. */
  readonly missing: MissingPolicy
  /** False: the row has to fail it. */
  readonly holds: boolean
}

/** A number column, and the value it is to be near to. */
export interface Goal {
  readonly column: string
  readonly kind: 'int' | 'double'
  /** Encoded like a literal. */
  readonly value: number | string
}

/** A question to a solver: is there a row that meets all demands? */
export interface Question {
  /** Its text; `facts` are added, and with `guided` what makes a first guess likely to be right, and `unsat` worthless. */
  query(facts: readonly Term[], guided: boolean): SmtQuery
  /**
   * Its text with a goal besides: number columns as near to values as they can be together, each distance relative to the
   * value's size; with `most`, at most so far. `null`: no demand reads one of the columns.
   */
  nearest(goals: readonly Goal[], most?: number): SmtQuery | null
  /** The row of an answer to it. */
  row(values: readonly string[]): RecordValue | undefined
  /** The demands of a core. */
  namesOf(core: readonly string[]): readonly string[]
  /** What `refine` reads. */
  readonly encoding: Encoding
  readonly cells: Cells
}

/** Whether it does more with numbers than compare them. */
function calculates(expr: Expr): boolean {
  return walk(expr).some(
    (part) =>
      part.node === 'call' &&
      !/^(lt|le|gt|ge|eq|ne)_/.test(part.fn) &&
      [part, ...part.args].some(({ type }) => type.kind === 'double'),
  )
}

const exactly = (kind: Goal['kind'], value: Goal['value']): Term =>
  kind === 'int' ? real(BigInt(value)) : double(Number(value))

/** Encodes demands on a row of the columns. A column that is not among them may hold anything of its type, or nothing. */
export function ask(demands: readonly Demand[], columns: ReadonlyMap<string, SmtColumn>, cores: boolean): Question {
  const encoding: Encoding = {
    script: createScript(),
    applications: [],
    roundings: [],
    doubles: new Set(),
    guides: [],
    loose: new Set(),
  }
  const cells = createCells(
    encoding,
    columns,
    demands.some(({ expr, within }) => calculates(expr) || (within !== undefined && calculates(within))),
  )
  const encoder = createEncoder(encoding, cells)
  const asserted = demands.map((demand) => {
    const { value, error, missing } = encoder.encode(demand.expr)
    const met = or(and(not(error), value), demand.missing === 'fail' ? FALSE : missing)
    const within = demand.within === undefined ? undefined : encoder.encode(demand.within)
    const applies = within === undefined ? TRUE : and(not(within.error), within.value)
    return demand.holds ? or(not(applies), met) : and(applies, not(met))
  })
  const label = (i: number): string => `a${i}`
  const roundings = roundingFacts(encoding).map((fact) => render(smt`(assert ${fact})`))
  const facts = [...encoding.script.lines(), ...roundings]
  const named = asserted.map((term, i) =>
    render(cores ? smt`(assert (! ${term} :named ${symbol(label(i))}))` : smt`(assert ${term})`),
  )
  return {
    query: (more, guided) => ({
      script: [
        ...facts,
        ...[...more, ...(guided ? encoding.guides : [])].map((fact) => render(smt`(assert ${fact})`)),
        ...named,
      ].join('\n'),
      named: cores ? named.map((_, i) => label(i)) : [],
      read: cells.wanted,
    }),
    nearest: (goals, most) => {
      const read = cells.wanted.length
      const distances = goals.map(({ column, kind, value }) => {
        const { value: cell } = cells.read({ node: 'column', name: column, type: { kind } })
        const number = kind === 'int' ? smt`(to_real ${cell})` : cell
        const way = encoding.script.define('Real', smt`(- ${number} ${exactly(kind, value)})`)
        return smt`(/ (ite (>= ${way} 0.0) ${way} (- ${way})) ${double(Math.max(1, Math.abs(Number(value))))})`
      })
      if (cells.wanted.length !== read) return null
      const total = distances.reduce((a, b) => smt`(+ ${a} ${b})`)
      const script = [...encoding.script.lines(), ...roundings, ...named]
      return most === undefined
        ? { script: script.join('\n'), named: [], read: cells.wanted, minimize: render(total) }
        : {
            script: [...script, render(smt`(assert (<= ${total} ${double(most)}))`)].join('\n'),
            named: [],
            read: cells.wanted,
          }
    },
    row: cells.row,
    namesOf: (core) => demands.flatMap(({ name }, i) => (core.includes(label(i)) ? [name] : [])),
    encoding,
    cells,
  }
}
