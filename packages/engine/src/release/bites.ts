import type { Value } from '@plumbline/core'
import type { Row } from '../falsify/domain.ts'
import { cellOf } from './cells.ts'
import type { SpecColumn } from './columns.ts'
import { CLAUSES_IN_HEADER, clausesNamed, type Exchange, isObject, type Problem, shown } from './exchange.ts'
import { type Expected, expectedOf, type Offline, type Predicted } from './expected.ts'
import { type Reference, readRow } from './reference.ts'
import { columnsRead, inSliceFirst, ruleOf, targetsOf, type UnbittenClause } from './requests.ts'
import type { DoctoredCell, DoctoredRow, GuardBench } from './staged.ts'
import { findViolatingRow } from './violating-rows.ts'

/**
 * Whether the served guard said of a request what the reference evaluator says: who answers, which row is rejected, and
 * every clause by its id. Undefined where it did.
 */
export function guardProblem(
  { request, expected, outcome, body }: Exchange,
  reference: Reference,
): Problem | undefined {
  if (expected === undefined) return undefined
  if (!outcome.ok) return { because: `no reply: ${outcome.problem}` }
  const { status, headers } = outcome.reply
  const verdict = headers['plumbline-verdict']
  const named = clausesNamed(headers)
  const cells = { status, verdict: verdict ?? null, clauses: shown(named.join(', ')) }
  const problem = (because: string): Problem => ({ because, cells })
  const { aim } = request
  if (aim !== undefined && !named.includes(aim.clause) && expected.clauses.includes(aim.clause))
    return problem(`${aim.clause} is violated${aim.slice === undefined ? '' : ` in ${aim.slice}`} and was not named`)
  const due = outcomeOf(expected, reference)
  const differing = clausesDiffer(named, expected.clauses, reference)
  if (status !== due.status)
    return problem(`status ${status}, where ${due.status} was due${differing === undefined ? '' : `: ${differing}`}`)
  if (differing !== undefined) return problem(differing)
  if (!due.verdicts.includes(verdict ?? ''))
    return problem(`the verdict ${String(verdict)}, where ${due.verdicts[0]} was due`)
  if (expected.kind === 'rejected' && isObject(body) && body['row'] !== expected.row)
    return problem(`row ${String(shown(body['row']))} is named, where row ${expected.row} violates`)
  return undefined
}

/** How a server says an outcome. A guard with a budget that warns may flag an answer that no clause speaks against. */
function outcomeOf(
  expected: Expected,
  { planned }: Reference,
): { readonly status: number; readonly verdicts: readonly string[] } {
  switch (expected.kind) {
    case 'rejected':
      return expected.phase === 'input'
        ? { status: 400, verdicts: ['rejected'] }
        : { status: 502, verdicts: ['withheld'] }
    case 'unavailable':
      return { status: 503, verdicts: ['unavailable'] }
    case 'answered': {
      if (expected.by === 'fallback') return { status: 200, verdicts: ['fallback'] }
      if (expected.clauses.length > 0) return { status: 200, verdicts: ['flagged'] }
      const slow = planned.plan.policy.budget === undefined ? [] : ['flagged']
      return { status: 200, verdicts: ['accepted', ...slow] }
    }
  }
}

function clausesDiffer(
  named: readonly string[],
  due: readonly string[],
  { unpredictable }: Reference,
): string | undefined {
  const known = (id: string): boolean => !unpredictable.has(id)
  const surplus = named.filter(known).find((id) => !due.includes(id))
  if (surplus !== undefined) return `${surplus} is named and not violated`
  const lacking = due.filter(known).find((id) => !named.includes(id))
  return lacking === undefined || named.length >= CLAUSES_IN_HEADER
    ? undefined
    : `${lacking} is violated and was not named`
}

/** What was asked of the guard in process, before answers of our choosing. */
export interface DoctoredTest {
  readonly id: string
  readonly what: string
  readonly problem?: Problem
}

/** What the doctored tests are made from. */
export interface DoctoredRequest {
  readonly reference: Reference
  readonly bench: GuardBench
  readonly offline: Offline
  readonly outputs: readonly SpecColumn[]
  /** Rows that satisfy every clause on the input. */
  readonly valid: readonly Row[]
  readonly seed: string
}

/** Valid rows that searches on the answer start from. */
const BASES = 12

/**
 * For each clause on the answer an answer that violates it, given to the guard in process; and a model that fails. No
 * request can force a served model to violate a clause, so here alone the model is not the candidate.
 */
export async function doctoredTests(
  request: DoctoredRequest,
): Promise<{ readonly tests: readonly DoctoredTest[]; readonly unbitten: readonly UnbittenClause[] }> {
  const { reference, outputs, valid, seed } = request
  const [input] = valid
  if (input === undefined) return { tests: [], unbitten: [] }
  const tests: DoctoredTest[] = [await tested(request, 'doctored-1', 'a model that fails', input, undefined)]
  const unbitten: UnbittenClause[] = []
  const bases = await answeredBases(request)
  for (const { clause, slice } of targetsOf(reference, 'output')) {
    if (reference.unpredictable.has(clause.id)) continue
    const found = await findViolatingRow({
      clause,
      slice,
      rule: (index) => ruleOf(reference, index),
      columnsOf: (id) => columnsRead(reference, id),
      columns: outputs,
      bases: inSliceFirst(reference, clause, slice, bases),
      seed,
      judge: (row) => {
        const { judged } = judgedJoined(reference, row)
        const named = [...judged.enforced, ...judged.flagged]
        const inside = slice === undefined || reference.inSlice(clause, slice, judged.record)
        return {
          violates: named.includes(clause.id) && inside,
          others: named.filter((id) => id !== clause.id),
          record: judged.record,
        }
      },
    })
    if (!found.found) {
      unbitten.push({ clause: clause.id, slice, tried: found.tried })
      continue
    }
    const { row } = found.violating
    const where = slice === undefined ? '' : ` in ${slice}`
    tests.push(
      await tested(
        request,
        `doctored-${tests.length + 1}`,
        `an answer that violates ${clause.id}${where}`,
        inputOf(reference, row),
        answersOf(reference, row),
      ),
    )
  }
  return { tests, unbitten }
}

/** Valid inputs, each with what the model answers them, in one row. */
async function answeredBases({ reference, offline, valid }: DoctoredRequest): Promise<readonly Row[]> {
  const chosen = valid.slice(0, BASES)
  const predicted = await offline.model(chosen.map((row) => reference.judgeInput(row).record))
  return chosen.map((row, i) => {
    const answers = [...(predicted?.[i]?.answers ?? [])].map(([name, value]) => [name, cellOf(value) ?? null] as const)
    return new Map([...row, ...answers])
  })
}

function judgedJoined(reference: Reference, row: Row) {
  const { plan } = reference.planned
  const { record } = readRow([...plan.keys, ...plan.inputs], inputOf(reference, row))
  const { record: answers, wrong } = readRow(plan.outputs, row)
  const decided = reference.decide(record, answers, 'model')
  return { judged: reference.judgeOutput(record, decided, wrong) }
}

function inputOf({ planned: { plan } }: Reference, row: Row): Row {
  const names = new Set([...plan.keys, ...plan.inputs].map(({ name }) => name))
  return new Map([...row].filter(([name]) => names.has(name)))
}

function answersOf({ planned: { plan } }: Reference, row: Row): Row {
  return new Map(plan.outputs.map(({ name }) => [name, row.get(name) ?? null]))
}

/** `answers` undefined: the model fails. */
async function tested(
  { reference, bench, offline }: DoctoredRequest,
  id: string,
  what: string,
  input: Row,
  answers: Row | undefined,
): Promise<DoctoredTest> {
  const { plan } = reference.planned
  const made: Predicted | undefined = answers === undefined ? undefined : predictedOf(reference, answers)
  const { record } = reference.judgeInput(input)
  const fallback = await offline.fallback?.([record])
  const expected = await expectedOf(
    reference,
    {
      model: () => Promise.resolve(made === undefined ? undefined : [made]),
      fallback: () => Promise.resolve(fallback),
    },
    [input],
  )
  const outcome = await bench.answer(
    [Object.fromEntries(input)],
    answers === undefined ? undefined : [doctored(answers)],
    fallback?.map(({ answers: given }) =>
      doctored(new Map([...given].map(([name, value]) => [name, cellOf(value) ?? null]))),
    ),
  )
  const cells = {
    ...(answers === undefined ? {} : doctored(answers)),
    verdict: outcome.kind,
    clauses: shown(outcome.clauses.join(', ')),
  }
  const problem = (because: string): DoctoredTest => ({ id, what, problem: { because, cells } })
  if (outcome.kind !== expected.kind) return problem(`${outcome.kind}, where ${expected.kind} was due`)
  if (expected.kind === 'answered' && outcome.by !== expected.by)
    return problem(`answered by the ${String(outcome.by)}, where the ${expected.by} was due`)
  const differing = clausesDiffer(outcome.clauses, expected.clauses, reference)
  if (differing !== undefined) return problem(differing)
  const wrong =
    expected.kind === 'answered' && expected.by === 'fallback'
      ? differsFrom(expected.rows[0], outcome.rows?.[0], plan.outputs)
      : undefined
  return wrong === undefined ? { id, what } : problem(`the fallback's ${wrong} is not what its file predicts`)
}

function predictedOf({ planned: { plan } }: Reference, answers: Row): Predicted {
  const { record, wrong } = readRow(plan.outputs, answers)
  return { answers: record, wrong }
}

function doctored(row: Row): DoctoredRow {
  const cell = (value: Row extends ReadonlyMap<string, infer V> ? V : never): DoctoredCell =>
    typeof value === 'bigint' ? Number(value) : value
  return Object.fromEntries([...row].map(([name, value]) => [name, cell(value)]))
}

function differsFrom(
  expected: ReadonlyMap<string, Value | null> | undefined,
  given: Readonly<Record<string, unknown>> | undefined,
  outputs: readonly { readonly name: string }[],
): string | undefined {
  return outputs.find(({ name }) => (cellOf(expected?.get(name) ?? null) ?? null) !== (given?.[name] ?? null))?.name
}
