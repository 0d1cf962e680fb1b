import { columnsOf, type EveryClause, type Program, type ProgramModel } from '@plumbline/core'
import type { CaseArray, CaseOmission, UnnamedCase } from '@plumbline/core/cases'
import { type ArrayOptions, type FactorCondition, rowsOver } from './arrays.ts'
import { columnsOfDataset, NO_CELL } from './columns.ts'
import { partitionOf } from './partitions.ts'
import { readsOnly } from './row-cases.ts'
import { answerNames, recordOf, rowClauses, satisfies } from './satisfies.ts'

/** Cases of clauses on a model's answers: each is asked of every row of one covering array over the model's inputs. */
export function answerCases(
  program: Program,
  model: ProgramModel,
  options: ArrayOptions,
): { readonly cases: readonly UnnamedCase[]; readonly array?: CaseArray; readonly omitted: readonly CaseOmission[] } {
  const clauses = clausesOnAnswers(program, model)
  if (clauses.length === 0) return { cases: [], omitted: [] }
  const columns = columnsOfDataset(program, model.from).filter(({ name }) => model.input.includes(name))
  if (columns.length < model.input.length)
    return { cases: [], omitted: clauses.map(({ id }) => ({ clause: id, why: NO_CELL })) }
  const inputs = new Set(model.input)
  // What no request may be is no question either: clauses that every row has to satisfy are conditions of the array.
  const conditions = rowClauses(program).filter(
    (clause) => mustHold(program, clause, model) && readsOnly(clause, inputs),
  )
  const exprs = [...conditions, ...clauses].flatMap(({ condition }) =>
    condition.kind === 'expr' ? [condition.expr] : [],
  )
  const made = rowsOver(
    columns.map((column) => ({ name: column.name, values: partitionOf(column, exprs, false) })),
    conditions.map(
      (clause): FactorCondition => ({
        factors: factorsOf(clause),
        allows: (cells) => satisfies(clause, recordOf(columns, Object.fromEntries(cells))),
      }),
    ),
    options,
  )
  if (typeof made === 'string') return { cases: [], omitted: clauses.map(({ id }) => ({ clause: id, why: made })) }
  const cases = clauses.flatMap((clause) =>
    made.rows.map(
      (row, i): UnnamedCase => ({
        kind: 'answer',
        clause: clause.id,
        reason: 'combination',
        what: `row ${i + 1} of ${made.rows.length}`,
        model: model.name,
        row: Object.fromEntries(row),
      }),
    ),
  )
  return { cases, array: { clauses: clauses.map(({ id }) => id), ...made.array }, omitted: [] }
}

/** Clauses on rows that read what only the model's answer has, and of the data only its inputs. */
export function clausesOnAnswers(program: Program, model: ProgramModel): readonly EveryClause[] {
  const answers = answerNames(model)
  const known = new Set([...model.input, ...answers])
  return rowClauses(program).filter(
    (clause) =>
      clause.condition.kind === 'expr' &&
      answers.some((name) => clause.condition.kind === 'expr' && columnsOf(clause.condition.expr).has(name)) &&
      readsOnly(clause, known) &&
      // A share of rows may fail it: one answer decides nothing.
      clause.mostly === '1' &&
      clause.of.some(({ relation }) => isOf(program, relation, model)),
  )
}

function isOf(program: Program, relation: string, model: ProgramModel): boolean {
  const found = program.relations.find(({ name }) => name === relation)
  if (found?.kind === 'model') return found.model === model.name
  return found?.kind === 'requests' && model.name === 'champion'
}

function mustHold(program: Program, clause: EveryClause, model: ProgramModel): boolean {
  if (clause.mostly !== '1' || clause.severity !== 'block') return false
  return clause.of.some(({ relation }) => {
    const found = program.relations.find(({ name }) => name === relation)
    return (
      (found?.kind === 'data' && found.dataset === model.from) ||
      (found?.kind === 'requests' && model.name === 'champion')
    )
  })
}

function factorsOf({ condition, slices }: EveryClause): readonly string[] {
  const exprs = [
    ...(condition.kind === 'expr' ? [condition.expr] : []),
    ...slices.flatMap((slice) => slice.condition ?? []),
  ]
  return exprs.flatMap((expr) => [...columnsOf(expr)])
}
