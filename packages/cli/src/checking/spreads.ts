import { type Expr, type MustClause, type Program, type Statement, type Term } from '@plumbline/core'
import { lossDifference, rowLoss, type RowsAtHand, type Spread, spreadKey } from '@plumbline/core/power'
import { columnsOfData, dataOf } from './relations.ts'

/** Marks the terms that measure how numbers spread, and around which mean. */
const [DEVIATION, MEAN] = ['stddev of ', 'mean of ']

/** Terms for the spread of each number whose mean a clause asks of the rows of a relation, and of losses of answers that are columns of it. */
export function spreadTerms(program: Program, relation: string): readonly Term[] {
  const terms = program.clauses.flatMap((clause) => {
    if (clause.form !== 'must') return []
    return clause.of.flatMap((of): readonly Term[] => {
      if (dataOf(program, of.relation) !== relation) return []
      const weights = clause.must.terms.flatMap((term) => weightTerms(program, relation, term))
      if (of.stage === 'data') return [...weights, ...clause.must.terms.filter(isOfNumbers).flatMap(meanTerms)]
      return [...weights, ...lossesIn(program, clause, of.relation).flatMap((expr) => spreadOfExpr(expr))]
    })
  })
  return [...new Map(terms.map((term) => [term.expression, term])).values()]
}

/** The spreads that a statement measured, by `spreadKey`. */
export function spreadsOf(statement: Statement, rows: number): ReadonlyMap<string, Spread> {
  const terms = 'terms' in statement ? (statement.terms ?? []) : []
  const means = new Map(terms.map(({ expression, value }) => [expression, value]))
  return new Map(
    terms.flatMap(({ expression, value, missing }): readonly [string, Spread][] => {
      if (!expression.startsWith(DEVIATION)) return []
      const key = expression.slice(DEVIATION.length)
      const mean = means.get(`${MEAN}${key}`)
      const deviation = typeof value === 'number' ? { deviation: value } : {}
      return [[key, { rows: rows - missing, ...deviation, ...(typeof mean === 'number' ? { mean } : {}) }]]
    }),
  )
}

/** What was measured of the losses that a clause asks of a relation. */
export function lossesAt(
  program: Program,
  relation: string,
  spreads: ReadonlyMap<string, Spread> | undefined,
): Pick<RowsAtHand, 'losses' | 'differences'> {
  const at = (expr: Expr | undefined): Spread | undefined =>
    expr === undefined ? undefined : spreads?.get(spreadKey(expr))
  return {
    losses: (term) => at(lossOf(program, relation, term)),
    differences: (left, right) => at(differenceOf(program, relation, left, right)),
  }
}

/** A number of the rows whose spread says how it varies, or of how many of them it is. */
const isOfNumbers = ({ fn, args: [of] }: Term): boolean =>
  ['mean', 'sum', 'stddev', 'variance', 'median', 'quantile'].includes(fn) &&
  (of?.kind === 'column' || (of?.kind === 'expr' && (of.expr.type.kind === 'int' || of.expr.type.kind === 'double')))

/** How the weights of rows spread. */
function weightTerms(program: Program, relation: string, { weights }: Term): readonly Term[] {
  const column = columnsOfData(program, relation).find(({ name }) => name === weights)
  if (column === undefined) return []
  const expr = { node: 'column', name: column.name, type: column.type } as const
  return spreadOfExpr(expr, spreadKey(column.name))
}

const isPlain = ({ where, cluster, weights }: Term): boolean =>
  [where, cluster, weights].every((each) => each === undefined)

function meanTerms(term: Term): readonly Term[] {
  const [of] = term.args
  if (of?.kind !== 'column' && of?.kind !== 'expr') return []
  const key = spreadKey(of.kind === 'column' ? of.name : of.expr)
  const { args, type } = term
  const [number] = args
  if (number === undefined) return []
  return [{ fn: 'stddev', args: [number], type, estimates: 'rows', expression: `${DEVIATION}${key}` }]
}

function spreadOfExpr(expr: Expr, key = spreadKey(expr)): readonly Term[] {
  const term = { args: [{ kind: 'expr', expr }], type: expr.type, estimates: 'rows' } as const
  return [
    { ...term, fn: 'stddev', expression: `${DEVIATION}${key}` },
    { ...term, fn: 'mean', expression: `${MEAN}${key}` },
  ]
}

/** Losses of rows that a clause's metrics are means of, and what those of two models differ by. */
function lossesIn(program: Program, { must }: MustClause, relation: string): readonly Expr[] {
  const plain = must.terms.filter(isPlain)
  return plain
    .flatMap((term, i) => [
      lossOf(program, relation, term) ?? [],
      ...plain.map((other, j) => (i === j ? [] : (differenceOf(program, relation, term, other) ?? []))),
    ])
    .flat()
}

function differenceOf(program: Program, relation: string, left: Term, right: Term): Expr | undefined {
  if (left.fn !== right.fn) return undefined
  const [one, other] = [lossOf(program, relation, left), lossOf(program, relation, right)]
  return one === undefined || other === undefined ? undefined : lossDifference(one, other)
}

/** The loss of a row, where the answers of the term's model are a column of the rows. */
function lossOf(program: Program, name: string, term: Term): Expr | undefined {
  const relation = program.relations.find((each) => each.name === name)
  if (relation?.kind !== 'model') return undefined
  const model = program.models.find((each) => each.name === (term.model ?? relation.model))
  const dataset = program.datasets.find((each) => each.name === relation.dataset)
  if (model?.runner?.kind !== 'column' || model.amount === undefined) return undefined
  const column = (wanted: string | undefined) => {
    const found = dataset?.columns.find((each) => each.name === wanted)
    return found === undefined ? undefined : ({ node: 'column', name: found.name, type: found.type } as const)
  }
  const [label, predicted] = [
    column(model.label ?? dataset?.label),
    column(model.runner.columns[model.amount] ?? model.amount),
  ]
  return label === undefined || predicted === undefined ? undefined : rowLoss(term, label, predicted)
}
