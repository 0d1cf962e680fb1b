import {
  acceptedColumns,
  aggregates,
  type ClassInfo,
  duckdbLiterals,
  join,
  type Literal,
  type Sql,
  sql,
  type Term,
} from '@plumbline/core'
import type { Unanswered } from '../relations/relation.ts'

/** Where a relation keeps what metrics read, as SQL valid against its `from`. */
export interface MetricCells {
  /** The model whose relation it is. */
  readonly model: string
  /** NULL where the model has no label; of a model of several classes the number of the class. */
  readonly label: Sql
  /** By model name: of this model, and of every other that answered for the same rows. */
  readonly decisions: ReadonlyMap<string, Sql>
  readonly scores: ReadonlyMap<string, Sql>
  /** The inputs of the model whose relation it is. */
  readonly inputs?: readonly string[]
  /**
   * Of requests, for estimates without labels: the condition of rows that the model answered itself, and rows before these whose labels
   * have arrived.
   */
  readonly labelFree?: { readonly own: Sql; readonly late: Sql }
  /** All outputs of the models, by model and output. */
  readonly outputs?: ReadonlyMap<string, ReadonlyMap<string, Sql>>
  /** What a regression answered. */
  readonly amounts: ReadonlyMap<string, Sql>
  /** Of a model of several classes. */
  readonly classes?: ClassCells
  /** By model name: size of the file, where it has one; whether a row is answered otherwise in another order, where that is asked. */
  readonly models?: ReadonlyMap<string, { readonly bytes?: number; readonly reordered?: Sql }>
  /** By model name: the rows that have no answer, and why. A metric over the others would speak of the easy ones. */
  readonly failures?: ReadonlyMap<string, Unanswered>
}

/** Where the answers of models of several classes stand; classes are numbered in the order of the label. */
export interface ClassCells {
  readonly codes: readonly Code[]
  /** By model name: the number of the class answered. */
  readonly answers: ReadonlyMap<string, Sql>
  /** By model name and number of the class. */
  readonly probabilities: ReadonlyMap<string, readonly (Sql | undefined)[]>
}

type Code = string | number | boolean

/** What a metric reads of a row beside its label. */
export interface TermCells {
  readonly values: readonly Sql[]
  /** A reference and a text to be compared with it. */
  readonly texts?: readonly [reference: Sql, answer: Sql]
  /** Few values, so that rows fall into few kinds. */
  readonly discrete: boolean
  /** The number of the class that the metric is asked of, against the rest. */
  readonly ofClass?: number
}

/** Rows of data alone: nobody answered. */
export const NO_ANSWERS: MetricCells = {
  model: '',
  label: sql`NULL`,
  decisions: new Map(),
  scores: new Map(),
  amounts: new Map(),
}

/**
 * The cells that a metric reads of a model's answers; undefined where the model gives none. `column` = the cell of a column, `group` = numbers
 * of its values, ascending.
 */
export function cellsOfTerm(
  term: Term,
  model: string,
  cells: MetricCells,
  column: (name: string) => Sql,
  group: (cell: Sql) => Sql,
): TermCells | undefined {
  const { needs } = aggregates[term.fn]
  const one = (cell: Sql | undefined, discrete: boolean, more: Partial<TermCells> = {}): TermCells | undefined =>
    cell === undefined ? undefined : { values: [cell], discrete, ...more }
  const named = term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
  const cellOf = (name: string): Sql => cells.outputs?.get(term.model ?? '')?.get(name) ?? column(name)
  const read = named.map(cellOf)
  if (needs === 'columns') return { values: read, discrete: acceptedColumns[term.fn]?.[0] === 'boolean' }
  if (needs === 'texts') {
    const [reference, answer] = read
    return reference === undefined || answer === undefined
      ? undefined
      : { values: [], texts: [reference, answer], discrete: false }
  }
  if (needs === 'boxes') return { values: boxCells(read, group), discrete: false }
  const inOrder = (cell: Sql | undefined, by: Sql | undefined): TermCells | undefined =>
    cell === undefined || by === undefined ? undefined : { values: [cell, group(by)], discrete: false }
  const { classes } = cells
  if (classes !== undefined) {
    if (needs === 'answer') return one(classes.answers.get(model), true)
    const probabilities = classes.probabilities.get(model) ?? []
    const [ofClass] = classesOf(term, classes.codes)
    const rest = ofClass === undefined ? {} : { ofClass }
    if (needs === 'decision') return one(classes.answers.get(model), true, rest)
    if (ofClass !== undefined && needs === 'score') return one(probabilities[ofClass], false, rest)
    const values = probabilities.filter((cell) => cell !== undefined)
    return values.length < classes.codes.length ? undefined : { values, discrete: false }
  }
  if (needs === 'decision') return one(cells.decisions.get(model), true)
  if (needs === 'score') return one(cells.scores.get(model), false)
  if (needs === 'order') {
    const ordering = cells.scores.get(model) ?? cells.amounts.get(model)
    return inOrder(ordering, read[0])
  }
  if (needs === 'ranges') return inOrder(cells.decisions.get(model), read[0])
  if (needs === 'series') return inOrder(cells.amounts.get(model), read[0])
  return needs === 'amount' ? one(cells.amounts.get(model), false) : undefined
}

/** Image, truth, class, corners and score; a true box needs no score. */
function boxCells(read: readonly Sql[], group: (cell: Sql) => Sql): readonly Sql[] {
  const [image, truth, ofClass, x1, y1, x2, y2, score] = read
  if (image === undefined || truth === undefined || ofClass === undefined || score === undefined) return []
  const corners = [x1, y1, x2, y2].filter((cell) => cell !== undefined)
  return [group(image), truth, group(ofClass), ...corners, sql`CASE WHEN ${truth} THEN 0 ELSE ${score} END`]
}

/** A number for each value of a cell, ascending and the same for equal ones; NULL for a missing cell. */
export function groupNumber(cell: Sql): Sql {
  return sql`CASE WHEN ${cell} IS NOT NULL THEN dense_rank() OVER (ORDER BY ${cell}) END`
}

/** The numbers of the classes that a metric names. */
export function classesOf(term: Term, codes: readonly Code[]): readonly number[] {
  return term.args.flatMap((arg) => (arg.kind === 'class' ? [codes.indexOf(arg.code)] : []))
}

/** The number of a cell's class; the number of classes for a code that is not declared, NULL for a missing cell. */
export function classNumber(cell: Sql, codes: readonly Code[]): Sql {
  const whens = codes.map((code, i) => sql`WHEN ${cell} = ${codeLiteral(code)} THEN ${numberLiteral(i)}`)
  return sql`CASE WHEN ${cell} IS NULL THEN NULL ${join(whens, sql` `)} ELSE ${numberLiteral(codes.length)} END`
}

/** The cells of models of several classes, from where their outputs stand. */
export function classCells(
  { all }: ClassInfo,
  models: ReadonlyMap<string, { readonly classes: ClassInfo; readonly cell: (output: string) => Sql | undefined }>,
): ClassCells {
  const codes = all.map(({ code }) => code)
  const answers = new Map<string, Sql>()
  const probabilities = new Map<string, readonly (Sql | undefined)[]>()
  for (const [name, { classes, cell }] of models) {
    const answer = classes.answer === undefined ? undefined : cell(classes.answer)
    if (answer !== undefined) answers.set(name, classNumber(answer, codes))
    const outputs = codes.map((code) => classes.all.find((other) => other.code === code)?.probability)
    probabilities.set(
      name,
      outputs.map((output) => (output === undefined ? undefined : cell(output))),
    )
  }
  return { codes, answers, probabilities }
}

const numberLiteral = (value: number): Sql =>
  duckdbLiterals.bare({ node: 'literal', type: { kind: 'int' }, value: String(value) })

function codeLiteral(code: Code): Sql {
  const literal: Literal =
    typeof code === 'number'
      ? { node: 'literal', type: { kind: 'int' }, value: String(code) }
      : typeof code === 'boolean'
        ? { node: 'literal', type: { kind: 'bool' }, value: code }
        : { node: 'literal', type: { kind: 'string' }, value: code }
  return duckdbLiterals.bare(literal)
}
