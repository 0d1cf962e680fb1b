import {
  type Counterexample,
  formatTimestamp,
  type ForallClause,
  type Measured,
  type Program,
  type RecordValue,
  stats,
  type Value,
} from '@plumbline/core'
import type { Finding } from '../statement.ts'
import type { BoundModel } from '../bound-models/bound-model.ts'
import { falsify, type FalsifyResult } from '../falsify/falsify.ts'
import { spaceOf, type Variable } from '../falsify/domain.ts'
import { failureReason } from '../models/failure-reason.ts'
import { type EngineFailure, failure, type Outcome, success } from '../models/outcome.ts'
import { splitThresholds } from '../proofs/thresholds.ts'
import { answersFor } from './answers.ts'
import { type RowsOf, variablesOf } from './domains.ts'
import { forallEvaluator, localsOf } from './evaluate.ts'
import { atLeastShare } from '../plan/exact.ts'
import { sampleShare } from './sample-share.ts'
import { attemptProof, type ProofAttempt } from './prove.ts'
import { provable } from './provable.ts'

/** What a `forall` clause is decided on. */
export interface ForallRequest {
  readonly program: Program
  readonly clause: ForallClause
  readonly models: ReadonlyMap<string, BoundModel>
  readonly rowsOf: RowsOf
  /** Names the random stream: clause, data and model digests. */
  readonly seed: string
  /** Candidates to try at most (default 20 000; over actual rows all of them, up to 500 000). */
  readonly budget?: number
  readonly signal?: AbortSignal | undefined
}

/** Candidates tried of a domain that cannot be tried to its end. */
const DEFAULT_BUDGET = 20_000
/** Actual rows beyond this are searched like a domain, and a pass is then `not-proved`. */
const EXHAUSTIBLE = 500_000
/** Draws that measure a share to about a hundredth (the half-width of a 95 % interval at one half). */
const DEFAULT_DRAWS = 10_000
/** Confidence of what draws allow to say of the whole domain. */
const LEVEL = 0.95
const NOTHING_COUNTED = { missing: 0, excluded: 0, unassigned_rows: 0 } as const

/** Decides a `forall`: by proof from the model's file, else by exhaustion, else by search. */
export async function decideForall(request: ForallRequest): Promise<Finding> {
  const { clause } = request
  const statement = provable(clause)
  const model = statement === undefined ? undefined : request.models.get(statement.model)
  const attempt: ProofAttempt | undefined =
    statement === undefined || model === undefined ? undefined : attemptProof(statement, model)
  if (attempt?.kind === 'proved') {
    return {
      verdict: 'satisfied',
      method: `proof:${attempt.proof.method}`,
      n: 0,
      measured: null,
      ...NOTHING_COUNTED,
      proof: attempt.proof,
      tried: 0,
      discarded: 0,
    }
  }
  if (rangesOverNothing(request)) return nothing(clause, { tried: 0, discarded: 0 })
  return clause.mostly === undefined
    ? fromSearch(request, await search(request), whyNoProof(attempt, request.models))
    : decideMostly(request, clause.mostly)
}

/** Whether a relation whose rows are the quantifier, or its measure, has none. */
function rangesOverNothing({ clause, rowsOf }: ForallRequest): boolean {
  const relations = clause.binders.flatMap(({ domain }) => ('relation' in domain ? [domain.relation] : []))
  const measure = clause.over === undefined || clause.over === 'uniform' ? [] : [clause.over]
  return [...relations, ...measure].some((relation) => rowsOf(relation).length === 0)
}

/** What a statement about no input at all comes to: never vacuously satisfied, unless the clause allows it. */
function nothing(
  clause: ForallClause,
  { tried, discarded }: { readonly tried: number; readonly discarded: number },
): Finding {
  const counts = { n: 0, measured: null, ...NOTHING_COUNTED, tried, discarded }
  return clause.allowEmpty
    ? { verdict: 'satisfied', method: 'exhaustion', ...counts }
    : { verdict: 'inconclusive', reason: 'empty-relation', method: 'exhaustion', ...counts }
}

/** What is searched or sampled: the variables, and how a candidate is decided. */
function problemOf({ program, clause, models, rowsOf, signal }: ForallRequest) {
  const columns = new Set([...models.values()].flatMap((m) => m.program.input))
  visitFields(clause, (name) => columns.add(name))
  const interesting = new Map<string, readonly number[]>()
  for (const model of models.values()) {
    if (!model.graph.ok) continue
    for (const [column, thresholds] of splitThresholds(model.graph.value, model.program.input))
      interesting.set(column, thresholds)
  }
  return {
    variables: variablesOf(program, clause.binders, columns, interesting, rowsOf),
    evaluate: forallEvaluator({ clause, models, datasets: new Map(program.datasets.map((d) => [d.name, d])), signal }),
  }
}

/** Actual rows are the whole quantifier: they are tried to the end, where that can be afforded. */
function budgetOf(variables: readonly Variable[]): number {
  const space = variables.some((variable) => variable.kind === 'row') ? spaceOf(variables) : undefined
  if (space === undefined || typeof space === 'string' || space.size > EXHAUSTIBLE) return DEFAULT_BUDGET
  return Math.max(DEFAULT_BUDGET, space.size)
}

function search(request: ForallRequest): Promise<FalsifyResult> {
  const { clause, seed, signal } = request
  const problem = problemOf(request)
  return falsify({
    ...problem,
    random: stats.createRandom(seed, `forall:${clause.id}`),
    budget: request.budget ?? budgetOf(problem.variables),
    level: LEVEL,
    signal,
  })
}

/** Decides a share of inputs on all of them, where they are few, else on independent draws alone, with an exact interval; a search would only find violations. */
async function decideMostly(request: ForallRequest, mostly: string): Promise<Finding> {
  const { clause, seed, signal, rowsOf } = request
  const over = clause.over ?? 'uniform'
  const { variables, evaluate } = problemOf(request)
  // By how much a `near` record is moved is a variable of its own, and has no rows.
  const declared = new Set(clause.binders.filter((b) => b.domain.kind === 'declared').map((b) => b.name))
  const measured =
    over === 'uniform'
      ? variables
      : variables.map((v): Variable => (declared.has(v.name) ? { kind: 'row', name: v.name, rows: rowsOf(over) } : v))
  const drawn = await sampleShare({
    variables: measured,
    evaluate,
    random: stats.createRandom(seed, `mostly:${clause.id}`),
    draws: request.budget ?? DEFAULT_DRAWS,
    signal,
  })
  if (!drawn.ok) return failedFinding(drawn.error)
  const { held, decided, discarded, whole } = drawn.value
  const method = `${whole ? 'exhaustion' : 'sampling'}:${over}`
  const counts = {
    n: decided,
    measured: decided === 0 ? null : held / decided,
    ...NOTHING_COUNTED,
    tried: decided,
    discarded,
  }
  if (signal?.aborted === true) return { verdict: 'skipped', reason: 'interrupted', method: 'none' }
  if (decided === 0) return { verdict: 'inconclusive', reason: 'empty-relation', method, ...counts }
  if (whole) return { verdict: atLeastShare(held, decided, mostly) ? 'satisfied' : 'violated', method, ...counts }
  const { low, high } = stats.clopperPearson(held, decided, LEVEL)
  const bounded = { ...counts, upper_bound: { value: 1 - low, level: LEVEL } }
  if (low >= Number(mostly)) return { verdict: 'satisfied', method, ...bounded }
  if (high < Number(mostly)) return { verdict: 'violated', method, ...bounded }
  return { verdict: 'inconclusive', reason: 'interval-straddles-bound', method, ...bounded }
}

/** Why nothing was proved; a person who expected a proof learns here what to change. */
function whyNoProof(attempt: ProofAttempt | undefined, models: ForallRequest['models']): string {
  for (const { graph } of models.values())
    if (!graph.ok && graph.error.code === 'engine/no-graph') return graph.error.message
  return attempt?.kind === 'refused' ? attempt.why : 'no rule covers a statement of this form'
}

async function fromSearch(request: ForallRequest, result: FalsifyResult, cause: string): Promise<Finding> {
  const { tried, discarded } = result
  const counts = { n: tried, measured: null, ...NOTHING_COUNTED, tried, discarded }
  switch (result.kind) {
    case 'counterexample': {
      const counterexample = await replayed(request, result)
      return counterexample.ok
        ? { verdict: 'violated', method: 'falsification', ...counts, counterexample: counterexample.value }
        : failedFinding(counterexample.error)
    }
    case 'none': {
      // A domain of actual rows that was tried to the end is decided; so is a finite declared one.
      if (result.exhausted && tried === 0) return nothing(request.clause, result)
      if (result.exhausted) return { verdict: 'satisfied', method: 'exhaustion', ...counts }
      const bound =
        result.upperBound === undefined
          ? {}
          : { upper_bound: { value: result.upperBound.value, level: result.upperBound.level } }
      return {
        verdict: 'inconclusive',
        reason: 'not-proved',
        cause,
        method: 'falsification',
        ...counts,
        ...bound,
      }
    }
    case 'interrupted':
      return { verdict: 'skipped', reason: 'interrupted', method: 'none' }
    case 'error':
      return failedFinding(result.error)
  }
}

function failedFinding(error: EngineFailure): Finding {
  if (error.code === 'engine/interrupted') return { verdict: 'skipped', reason: 'interrupted', method: 'none' }
  return { verdict: 'error', reason: failureReason(error), cause: error.message, method: 'none' }
}

/** Runs the counterexample once more, alone, and writes down what the models answered. */
async function replayed(
  request: ForallRequest,
  found: Extract<FalsifyResult, { kind: 'counterexample' }>,
): Promise<Outcome<Counterexample>> {
  const { clause, program, models, signal } = request
  const datasets = new Map(program.datasets.map((d) => [d.name, d]))
  const evaluate = forallEvaluator({ clause, models, datasets, signal })
  const again = await evaluate([found.input])
  if (!again.ok) return again
  if (again.value[0]?.kind === 'decided' && !again.value[0].violated)
    return failure(
      'engine/model-nondeterministic',
      'A counterexample was found, and the model answered it otherwise when asked again. A statement about all inputs needs a function.',
    )
  const locals = localsOf(clause, found.input, datasets)
  const answers = await answersFor(clause, models, locals, signal)
  return success({ bindings: bindingsOf(locals), answers, shrinkSteps: found.shrinkSteps })
}

function bindingsOf(locals: ReadonlyMap<string, Value | null>): Counterexample['bindings'] {
  return Object.fromEntries(
    [...locals].map(([name, value]) => [
      name,
      value instanceof Map
        ? Object.fromEntries([...(value as RecordValue)].map(([column, cell]) => [column, shown(cell)]))
        : shown(value),
    ]),
  )
}

/** A cell as evidence shows it: safe integers as numbers. */
function shown(value: Value | null): Measured {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value === null || typeof value !== 'object') return value
  if ('timestamp' in value) return formatTimestamp(value.timestamp)
  return null
}

function visitFields(value: unknown, see: (name: string) => void): void {
  if (Array.isArray(value)) for (const item of value) visitFields(item, see)
  else if (typeof value === 'object' && value !== null) {
    const node = value as {
      readonly node?: string
      readonly name?: string
      readonly operand?: { readonly node?: string }
      readonly fields?: unknown
    }
    if (node.node === 'field' && node.operand?.node !== 'predict' && node.name !== undefined) see(node.name)
    for (const item of Object.values(value)) visitFields(item, see)
  }
}
