import type { EveryClause, MustClause } from '../../clause/clause.ts'
import type { Program, ProgramRelation } from '../../clause/program.ts'
import type { Expr } from '../../expr/expr.ts'
import type { Term } from '../../expr/must.ts'
import { BOOL } from '../../expr/type.ts'
import { columnsOf } from '../../targets/children.ts'
import { layersOf } from '../asked.ts'
import type { Instance } from '../instance.ts'
import { oncePer } from '../once-per.ts'
import { conjuncts, isNumber, rowBound } from './bounds.ts'
import { dividingColumns } from './divisions.ts'
import { both, createFormula, type Formula, literal } from './formula.ts'
import { givenOfPart, partsAsked } from './given-of-parts.ts'
import {
  argument,
  beside,
  cellsOf,
  keyOf,
  type Measurements,
  partsOf,
  readingOf,
  rowsOf,
  subjectOf,
} from './measured.ts'
import { orderOfRows } from './row-orders.ts'

/**
 * What blocking clauses on each row (column contracts among them) say of the numbers that instances read: bounds of the least
 * and greatest value, cells that are there, shares of rows.
 */
export function givenOf(program: Program, relation: ProgramRelation, asked: readonly Instance[]): readonly Instance[] {
  const like = asked[0]?.clause
  if (like === undefined) return []
  const clauses = blockingRows(program)(relation)
  if (clauses.length === 0) return []
  const { populations } = readingOf(asked)
  const known = givenKnown(program)(relation)
  const inParts = partsAsked(clauses, populations)
  const dividing = dividingColumns(new Map([...populations, ...inParts.map(({ part }) => [part.key, part] as const)]))
  const ofParts = inParts.flatMap((each) => givenOfPart(each, like))
  const ofMeasured = [...populations.values()].flatMap((population) => {
    const divided = population.whole ? dividing : NOTHING
    // Questions come in hundreds, and differ in a clause or two.
    const key = [population.key, ...divided, '', ...population.terms.keys()].join('\0')
    const before = known.get(key)
    if (before !== undefined) return before
    const said = saidOf(population, like, divided)
    const given = clauses.flatMap((clause) => {
      // Of requests, a clause on each counts all, and what is measured counts those that were served.
      const own = relation.kind !== 'requests' && clause.of.some((of) => of.relation === relation.name)
      return clause.slices.some(({ condition }) => covers(condition, population))
        ? said(clause, own && clause.slices.some(({ condition }) => isOf(condition, population)))
        : []
    })
    known.set(key, given)
    return given
  })
  return [...ofMeasured, ...ofParts]
}

const NOTHING: ReadonlySet<string> = new Set()

/** What is given of a population and what is measured of it, by what that is. */
const givenKnown = oncePer((_program: Program) =>
  oncePer((_relation: ProgramRelation) => new Map<string, readonly Instance[]>()),
)

/** Clauses on each row of a relation that block. */
const blockingRows = oncePer((program: Program) =>
  oncePer((relation: ProgramRelation): readonly EveryClause[] => {
    const layers = layersOf(relation) ?? NOTHING
    return program.clauses.filter(
      (clause): clause is EveryClause =>
        clause.form === 'every' &&
        clause.condition.kind === 'expr' &&
        clause.severity === 'block' &&
        clause.unenforced === undefined &&
        clause.of.some((of) => layers.has(of.relation)),
    )
  }),
)

const covers = (condition: Expr | null, { conditions }: Measurements): boolean =>
  condition === null || conditions.some((each) => keyOf(each) === keyOf(condition))

const isOf = (condition: Expr | null, { conditions }: Measurements): boolean =>
  condition === null
    ? conditions.length === 0
    : conditions.length === 1 && covers(condition, { conditions } as Measurements)

/** What a clause says of the numbers of a population; `exactly`: its rows are those that the clause counts. */
function saidOf(population: Measurements, like: MustClause, dividing: ReadonlySet<string>) {
  const terms = [...population.terms.values()].map(({ term }) => term)
  const subjects = new Set(terms.flatMap((term) => (term.fn === 'share' ? [] : [subjectOf(term), ...partsOf(term)])))
  const shared = new Set([...dividing, ...terms.flatMap((term) => (term.fn === 'share' ? conditionColumns(term) : []))])
  const cells = new Set([...shared, ...subjects])
  return (clause: EveryClause, exactly: boolean): readonly Instance[] => {
    if (clause.condition.kind !== 'expr') return []
    const { expr } = clause.condition
    const whole = Number(clause.mostly) === 1
    const found: Instance[] = []
    const add = (needs: string, movable: boolean, write: (formula: Formula) => Expr): void => {
      const formula = createFormula()
      const condition = write(formula)
      found.push(formula.instance(condition, like, clause.id, { given: { by: clause, needs, movable } }))
    }
    const inCells = (subject: Expr): string => cellsOf(population.key, keyOf(subject))
    for (const part of whole ? conjuncts(expr) : []) {
      const bound = rowBound(part)
      if (bound !== undefined && cells.has(keyOf(bound.subject))) {
        for (const fn of bound.op === '=='
          ? (['min', 'max'] as const)
          : ([bound.op.startsWith('<') ? 'max' : 'min'] as const))
          add(inCells(bound.subject), true, (formula) =>
            formula.compare(formula.number(beside(population, fn, argument(bound.subject))), bound.op, bound.literal),
          )
      }
      if (part.node === 'in-list' && isNumber(part.operand) && cells.has(keyOf(part.operand))) {
        const values = part.elements.map(({ value }) => Number(value))
        if (values.length > 0 && values.every(Number.isFinite))
          add(inCells(part.operand), false, (formula) => {
            const at = (fn: Term['fn']) => formula.number(beside(population, fn, argument(part.operand)))
            return both(
              formula.compare(at('min'), '>=', literal(Math.min(...values))),
              formula.compare(at('max'), '<=', literal(Math.max(...values))),
            )
          })
      }
      if (part.node === 'in-list' && part.operand.node === 'column' && subjects.has(part.operand.name)) {
        const { name } = part.operand
        add(rowsOf(''), false, (formula) =>
          formula.compare(
            formula.number(beside(population, 'distinct', [{ kind: 'column', name }])),
            '<=',
            literal(new Set(part.elements.map(({ value }) => value)).size),
          ),
        )
      }
      if (clause.missing === 'fail')
        for (const { movable, write } of orderOfRows(population, part)) add(rowsOf(population.key), movable, write)
      const present = presentIn(part, clause)
      if (present !== undefined && (cells.has(present) || (dividing.has(present) && part.node === 'is-missing')))
        add(rowsOf(population.key), false, (formula) =>
          formula.compare(
            formula.number(beside(population, 'null_share', [{ kind: 'column', name: present }])),
            '<=',
            literal(0),
          ),
        )
    }
    // Of a column that divides the rows, what says which values there are.
    const divides = expr.node === 'in-list' && expr.operand.node === 'column' && dividing.has(expr.operand.name)
    if (divides || [...columnsOf(expr)].some((name) => shared.has(name))) {
      const share = (formula: Formula, of: Expr) =>
        formula.number(beside(population, 'share', [{ kind: 'expr', expr: of }]))
      // A row whose condition is an error is not true, and fails unless the clause says otherwise.
      if (clause.missing === 'fail' && (whole || exactly))
        add(rowsOf(population.key), false, (formula) =>
          formula.compare(share(formula, expr), '>=', literal(Number(clause.mostly))),
        )
      else if (whole)
        add(rowsOf(population.key), false, (formula) =>
          formula.compare(share(formula, { node: 'call', fn: 'not', type: BOOL, args: [expr] }), '<=', literal(0)),
        )
    }
    return found
  }
}

/** The column whose cell has to be there for a part of a clause's condition: it is asked for, or compared where a missing cell fails. */
export function presentIn(part: Expr, { missing }: EveryClause): string | undefined {
  if (part.node === 'is-missing') return part.negated && part.operand.node === 'column' ? part.operand.name : undefined
  const read = part.node === 'in-list' ? part.operand : rowBound(part)?.subject
  return missing === 'fail' && read?.node === 'column' ? read.name : undefined
}

function conditionColumns({ args: [first] }: Term): readonly string[] {
  return first?.kind === 'expr' ? [...columnsOf(first.expr)] : []
}
