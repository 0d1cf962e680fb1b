import {
  createEvaluator,
  type Expr,
  type ForallClause,
  isError,
  type Program,
  type ProgramDataset,
  type RecordValue,
  type Value,
  walk,
} from '@plumbline/core'
import type { CaseArray, CaseCell, CaseRow, UnnamedCase } from '@plumbline/core/cases'
import { insideDomain } from '../forall/domains.ts'
import { cellOf, readCell } from '../release/cells.ts'
import type { SpecColumn } from '../release/columns.ts'
import { type ArrayOptions, type Factor, rowsOver } from './arrays.ts'
import { columnsOfDataset, NO_CELL } from './columns.ts'
import { partitionOf } from './partitions.ts'
import { cellsOf, recordOf } from './satisfies.ts'

type Locals = ReadonlyMap<string, Value | null>

/**
 * Cases of a `forall` clause: related inputs from a covering array over the columns that its models and conditions read, the bound
 * scalars among the factors; what it assumes, and that every record bound by `let` lies in its domain, are the conditions.
 */
export function relationCases(
  program: Program,
  clause: ForallClause,
  options: ArrayOptions,
): { readonly cases: readonly UnnamedCase[]; readonly array: CaseArray } | string {
  if (clause.mostly !== undefined) return 'it speaks of a share of inputs: one input decides nothing'
  if (clause.binders.some(({ domain }) => domain.kind === 'rows' || domain.kind === 'near'))
    return 'it ranges over actual rows, which `plumb test` has and a committed file has not'
  const known = new Set(
    program.datasets.flatMap(({ name }) => columnsOfDataset(program, name).map((each) => each.name)),
  )
  const declared = new Set(program.datasets.flatMap(({ columns }) => columns.map(({ name }) => name)))
  if ([...columnsReadBy(program, clause)].some((name) => declared.has(name) && !known.has(name))) return NO_CELL
  const binders = clause.binders.map((binder) => binderOf(program, clause, binder))
  const factors = binders.flatMap(({ factors: own }) => own)
  const datasets = new Map(program.datasets.map((dataset) => [dataset.name, dataset]))
  const exprs = [...(clause.assume === undefined ? [] : [clause.assume]), ...clause.let.map(({ value }) => value)]
  const names = new Set(exprs.flatMap((expr) => readsOf(expr, binders)))
  const localsOf = (cells: ReadonlyMap<string, CaseCell>): Locals => new Map(binders.map((each) => each.bind(cells)))
  const made = rowsOver(
    factors,
    names.size === 0
      ? []
      : [{ factors: [...names], allows: (cells) => boundBy(clause, localsOf(cells), datasets) !== undefined }],
    options,
  )
  if (typeof made === 'string') return made
  const cases = made.rows.flatMap((row, i): readonly UnnamedCase[] => {
    const bound = boundBy(clause, localsOf(row), datasets)
    const inputs = bound === undefined ? undefined : inputsOf(program, bound)
    if (inputs === undefined) return []
    const what = `inputs ${i + 1} of ${made.rows.length}`
    return [{ kind: 'relation', clause: clause.id, reason: 'combination', what, inputs }]
  })
  return { cases, array: { clauses: [clause.id], ...made.array } }
}

interface Bound {
  readonly name: string
  readonly factors: readonly Factor[]
  /** What its factors hold; those that are not there are left out of the record. */
  readonly bind: (cells: ReadonlyMap<string, CaseCell>) => readonly [string, Value | null]
}

/** `x.age`, or `s` for a bound scalar. */
const factorName = (binder: string, column: string): string => `${binder}.${column}`

function binderOf(program: Program, clause: ForallClause, { name, domain }: ForallClause['binders'][number]): Bound {
  const dataset = 'dataset' in domain ? domain.dataset : domain.relation
  const all = columnsOfDataset(program, dataset)
  const conditions = [clause.holds, ...(clause.assume === undefined ? [] : [clause.assume])]
  if (domain.kind === 'column') {
    const [column] = all.filter((each) => each.name === domain.column)
    const values = column === undefined ? ([null] as const) : partitionOf(column, conditions, true)
    return {
      name,
      factors: [{ name, values }],
      bind: (cells) => [name, column === undefined ? null : valueOf(column, cells.get(name) ?? null)],
    }
  }
  const replaced = new Set(clause.let.flatMap(({ value }) => walk(value).flatMap(replacedBy)))
  const read = columnsReadBy(program, clause)
  const columns = all.filter((column) => read.has(column.name))
  return {
    name,
    // Of a column that the clause moves, each value counts.
    factors: columns.map((column) => ({
      name: factorName(name, column.name),
      values: partitionOf(column, conditions, replaced.has(column.name)),
    })),
    bind: (cells) => [
      name,
      recordOf(
        columns,
        Object.fromEntries(
          columns.flatMap((column) => {
            const cell = cells.get(factorName(name, column.name))
            return cell === undefined ? [] : [[column.name, cell] as const]
          }),
        ),
      ),
    ],
  }
}

const replacedBy = (expr: Expr): readonly string[] => (expr.node === 'with' ? expr.fields.map(({ name }) => name) : [])

const valueOf = (column: SpecColumn, cell: CaseCell): Value | null => {
  const read = readCell(column.kind, cell)
  return read.kind === 'value' ? read.value : null
}

/** Columns that the clause names, and the inputs of the models that it asks. */
function columnsReadBy(program: Program, clause: ForallClause): ReadonlySet<string> {
  const exprs = [
    clause.holds,
    ...(clause.assume === undefined ? [] : [clause.assume]),
    ...clause.let.map(({ value }) => value),
  ]
  const nodes = exprs.flatMap(walk)
  const models = new Set(nodes.flatMap((node) => (node.node === 'predict' ? [node.model] : [])))
  return new Set([
    ...program.models.flatMap(({ name, input }) => (models.has(name) ? input : [])),
    ...nodes.flatMap((node) => (node.node === 'field' ? [node.name] : node.node === 'with' ? replacedBy(node) : [])),
  ])
}

/** Factors that an expression reads or replaces, of whichever record. */
function readsOf(expr: Expr, binders: readonly Bound[]): readonly string[] {
  const nodes = walk(expr)
  const columns = new Set(nodes.flatMap((node) => (node.node === 'field' ? [node.name] : replacedBy(node))))
  const locals = new Set(nodes.flatMap((node) => (node.node === 'local' ? [node.name] : [])))
  return binders.flatMap(({ name, factors }) =>
    factors.flatMap((factor) =>
      factor.name === name
        ? locals.has(name)
          ? [name]
          : []
        : columns.has(factor.name.slice(name.length + 1))
          ? [factor.name]
          : [],
    ),
  )
}

/** The bound variables with those of `let`; undefined where the clause does not speak of them. */
function boundBy(
  clause: ForallClause,
  given: Locals,
  datasets: ReadonlyMap<string, ProgramDataset>,
): Locals | undefined {
  const evaluator = createEvaluator()
  const locals = new Map(given)
  if (clause.assume !== undefined && evaluator.evaluate(clause.assume, { locals }) !== true) return undefined
  for (const { name, value } of clause.let) {
    const result = evaluator.evaluate(value, { locals })
    if (isError(result)) return undefined
    if (value.type.kind === 'record') {
      const dataset = datasets.get(value.type.of.split('.')[0] ?? '')
      if (!insideDomain(dataset, result as RecordValue)) return undefined
    }
    locals.set(name, result)
  }
  return locals
}

function inputsOf(program: Program, locals: Locals): Readonly<Record<string, CaseRow | CaseCell>> | undefined {
  const inputs: Record<string, CaseRow | CaseCell> = {}
  for (const [name, value] of locals) {
    const written = value instanceof Map ? cellsOf(everyColumn(program), value as RecordValue) : cellOf(value)
    if (written === undefined || typeof written === 'bigint') return undefined
    inputs[name] = written
  }
  return inputs
}

/** Columns by name: records hold cells of one dataset, and its columns are told apart by their names. */
function everyColumn(program: Program): readonly SpecColumn[] {
  const found = new Map(
    program.datasets.flatMap(({ name }) => columnsOfDataset(program, name).map((each) => [each.name, each])),
  )
  return [...found.values()]
}
