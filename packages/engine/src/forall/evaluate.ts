import {
  createEvaluator,
  type EvaluationError,
  type Expr,
  type ForallClause,
  isError,
  marginOf,
  type ProgramDataset,
  type RecordValue,
  type Type,
  type Value,
} from '@plumbline/core'
import { type BoundModel, predictRecords } from '../bound-models/bound-model.ts'
import type { Evaluate, Evaluation } from '../falsify/evaluate.ts'
import type { CellValue, Input } from '../falsify/domain.ts'
import { success } from '../models/outcome.ts'
import { insideDomain, movedRecord, shiftName } from './domains.ts'

/** What the statement is evaluated with. */
export interface ForallContext {
  readonly clause: ForallClause
  readonly models: ReadonlyMap<string, BoundModel>
  readonly datasets: ReadonlyMap<string, ProgramDataset>
  readonly signal?: AbortSignal | undefined
}

/** An answer that an evaluation lacked. */
interface Question {
  readonly model: string
  readonly record: RecordValue
}

/** Stands in an evaluation for an answer not asked for yet; what comes of such an evaluation is not looked at. */
const UNANSWERED: EvaluationError = { error: 'missing' }

/** What there is instead of an answer for a record that the model cannot be asked about. */
const UNASKABLE = 'unaskable'

/** Answers of the models, by model and input cells. */
type Answers = Map<string, RecordValue | typeof UNASKABLE>

/** Decides candidates on the real runtime, many at a time: each round asks the models for all answers still lacking. */
export function forallEvaluator(context: ForallContext): Evaluate {
  return async (inputs) => {
    const locals = inputs.map((input) => localsOf(context.clause, input, context.datasets))
    const results: (Evaluation | undefined)[] = inputs.map(() => undefined)
    const answers: Answers = new Map()
    let pending = inputs.map((_, i) => i)
    while (pending.length > 0) {
      const questions: Question[] = []
      for (const i of pending) {
        const lacking: Question[] = []
        const evaluation = decide(context, locals[i] ?? new Map(), answers, lacking)
        if (lacking.length === 0) results[i] = evaluation
        else questions.push(...lacking)
      }
      const failed = await ask(context, questions, answers)
      if (failed !== undefined) return failed
      pending = pending.filter((i) => results[i] === undefined)
    }
    return success(results.map((result) => result ?? { kind: 'discarded' }))
  }
}

async function ask(context: ForallContext, questions: readonly Question[], answers: Answers) {
  for (const [name, asked] of Map.groupBy(questions, (question) => question.model)) {
    const model = boundModel(context, name)
    const records = new Map(asked.map(({ record }) => [answerKey(model, record), record]))
    const predicted = await predictRecords(model, [...records.values()], context.signal)
    if (!predicted.ok) return predicted
    for (const [i, key] of [...records.keys()].entries()) answers.set(key, predicted.value[i] ?? UNASKABLE)
  }
  return undefined
}

function answerKey(model: BoundModel, record: RecordValue): string {
  // Whole numbers are bigints, and a time holds one.
  return JSON.stringify([model.program.name, ...record.values()], (_, each: unknown) =>
    typeof each === 'bigint' ? `${each}n` : each,
  )
}

function boundModel({ models }: ForallContext, name: string): BoundModel {
  const model = models.get(name)
  if (model === undefined) throw new Error(`The model ${name} was not bound.`)
  return model
}

/** Decides one candidate by the answers there are; those it lacks are added to `lacking`, and it is then not decided. */
function decide(
  context: ForallContext,
  bound: ReadonlyMap<string, Value | null>,
  answers: Answers,
  lacking: Question[],
): Evaluation {
  const { clause, datasets } = context
  const evaluator = createEvaluator()
  const locals = new Map(bound)
  let outside = false
  const predict = (model: string, record: RecordValue): RecordValue | EvaluationError => {
    const answer = answers.get(answerKey(boundModel(context, model), record))
    if (answer === undefined) lacking.push({ model, record })
    if (answer === UNASKABLE) outside = true
    return answer === undefined || answer === UNASKABLE ? UNANSWERED : answer
  }
  const evaluate = (expr: Expr) => evaluator.evaluate(expr, { locals, predict })
  if (clause.assume !== undefined && evaluate(clause.assume) !== true) return { kind: 'discarded' }
  for (const { name, value } of clause.let) {
    const result = evaluate(value)
    if (isError(result)) return { kind: 'discarded' }
    if (
      value.type.kind === 'record' &&
      !insideDomain(datasets.get(value.type.of.split('.')[0] ?? ''), result as RecordValue)
    )
      return { kind: 'discarded' }
    locals.set(name, result)
  }
  const holds = evaluate(clause.holds)
  // What a model cannot be given is no input of it.
  if (outside) return { kind: 'discarded' }
  const margin = marginOf(clause.holds, evaluate)
  // Without a distance there is nothing to search along.
  return { kind: 'decided', violated: holds !== true, margin: Number.isFinite(margin) ? margin : undefined }
}

/** The bound variables of a candidate as the evaluator reads them. */
export function localsOf(
  clause: ForallClause,
  input: Input,
  datasets: ReadonlyMap<string, ProgramDataset>,
): ReadonlyMap<string, Value | null> {
  const locals = new Map<string, Value | null>()
  for (const { name, domain, type } of clause.binders) {
    const value = input.get(name)
    if (!(value instanceof Map) || type.kind !== 'record') {
      locals.set(name, valueOf(value as CellValue, type.kind))
      continue
    }
    const record = recordOf(value as ReadonlyMap<string, CellValue>, type.fields)
    const shift = input.get(shiftName(name))
    const near = domain.kind === 'near' && shift instanceof Map
    const moved = near ? recordOf(shift as ReadonlyMap<string, CellValue>, type.fields) : undefined
    const dataset = domain.kind === 'near' ? datasets.get(domain.relation.split('.')[0] ?? '') : undefined
    locals.set(name, moved === undefined ? record : movedRecord(dataset, record, moved))
  }
  return locals
}

function recordOf(cells: ReadonlyMap<string, CellValue>, fields: Readonly<Record<string, Type>>): RecordValue {
  return new Map([...cells].map(([column, cell]) => [column, valueOf(cell, fields[column]?.kind)]))
}

function valueOf(cell: CellValue, kind: string | undefined): Value | null {
  if (cell === null) return null
  if (kind === 'int' && typeof cell === 'number') return BigInt(cell)
  if (kind === 'timestamp' && (typeof cell === 'number' || typeof cell === 'bigint')) return { timestamp: BigInt(cell) }
  return cell
}
