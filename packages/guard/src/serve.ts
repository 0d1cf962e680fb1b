import type { Budget } from './budget.ts'
import type { Guard, Rejection, RequestFacts } from './guard.ts'
import type { Row } from './plan.ts'
import type { Finding } from './violation.ts'

/** A model in process, or a client of one: rows of inputs in, a record of outputs for each row out. */
export type Answerer = (
  rows: readonly Row[],
  signal: AbortSignal | undefined,
) => Promise<readonly unknown[]> | readonly unknown[]

/** Who answers a request. */
export interface ServeOptions {
  readonly model: Answerer
  /** The model that the plan names as its fallback; needed where it names one. */
  readonly fallback?: Answerer
  readonly facts?: RequestFacts
  /** The facts where the fallback answers; default: `facts`. */
  readonly fallbackFacts?: RequestFacts
  readonly signal?: AbortSignal
}

/** How a request ends. `inputs`: its rows as they were read, where all of them were. */
export type Answer =
  | {
      readonly kind: 'answered'
      readonly by: 'model' | 'fallback'
      readonly inputs: readonly Row[]
      /** Outputs and `decision` of each row. */
      readonly rows: readonly Row[]
      readonly findings: readonly Finding[]
    }
  | (Rejection & { readonly phase: 'input'; readonly inputs?: undefined })
  | (Rejection & { readonly phase: 'output'; readonly inputs: readonly Row[] })
  /** Nobody could answer (over HTTP: 503). `cause` is for the log, not for the caller. */
  | {
      readonly kind: 'unavailable'
      readonly reason: 'model-failed' | 'fallback-failed' | 'fallback-violates' | 'over-budget'
      readonly cause?: unknown
      readonly inputs?: readonly Row[]
      readonly findings: readonly Finding[]
    }

/**
 * One request from rows to answer under the policies of the plan: input clauses, model, output clauses, and the fallback
 * where they ask for it or where the model fails. The fallback's answer is held to the output clauses, too.
 */
export async function serve(guard: Guard, rows: readonly unknown[], options: ServeOptions): Promise<Answer> {
  const budget = guard.startBudget()
  const input = guard.checkInput(rows, budget)
  if (input.kind === 'rejected') return outOfTime(input) ? overBudget(input.findings) : { ...input, phase: 'input' }
  const before = input.findings
  const inputs = input.rows
  if (input.by === 'fallback') return fallBack(guard, inputs, options, budget, before)
  const outputs = await ask(options.model, inputs, options.signal, budget)
  if ('cause' in outputs) {
    if (guard.plan.policy.fallback !== undefined) return fallBack(guard, inputs, options, budget, before)
    return { kind: 'unavailable', reason: 'model-failed', cause: outputs.cause, inputs, findings: before }
  }
  const checked = guard.checkOutput(inputs, outputs.rows, { budget, ...factsOf(options.facts) })
  const findings = joined(before, checked.findings)
  if (checked.kind === 'fallback') return fallBack(guard, inputs, options, budget, findings)
  if (checked.kind === 'rejected')
    return outOfTime(checked) ? overBudget(findings, inputs) : { ...checked, phase: 'output', inputs, findings }
  return { kind: 'answered', by: 'model', inputs, rows: checked.rows, findings }
}

async function fallBack(
  guard: Guard,
  inputs: readonly Row[],
  options: ServeOptions,
  budget: Budget,
  before: readonly Finding[],
): Promise<Answer> {
  const { fallback } = guard.plan.policy
  const answerer: Answerer =
    fallback?.kind === 'value'
      ? (asked) => asked.map(() => Object.fromEntries(fallback.outputs.map(({ name, value }) => [name, value])))
      : (options.fallback ?? (() => Promise.reject(new TypeError('No fallback was given.'))))
  const outputs = await ask(answerer, inputs, options.signal, budget)
  if ('cause' in outputs)
    return { kind: 'unavailable', reason: 'fallback-failed', cause: outputs.cause, inputs, findings: before }
  const facts = options.fallbackFacts ?? options.facts
  const checked = guard.checkOutput(inputs, outputs.rows, { by: 'fallback', budget, ...factsOf(facts) })
  const findings = joined(before, checked.findings)
  if (checked.kind === 'accepted') return { kind: 'answered', by: 'fallback', inputs, rows: checked.rows, findings }
  if (checked.kind === 'rejected' && outOfTime(checked)) return overBudget(findings, inputs)
  return { kind: 'unavailable', reason: 'fallback-violates', inputs, findings }
}

/** A request that ran out of the guard's time was judged by nobody: that is no fault of its sender. */
const outOfTime = ({ violations }: Rejection): boolean => violations.some(({ kind }) => kind === 'unchecked')

const overBudget = (findings: readonly Finding[], inputs?: readonly Row[]): Answer => ({
  kind: 'unavailable',
  reason: 'over-budget',
  findings,
  ...(inputs === undefined ? {} : { inputs }),
})

const joined = (before: readonly Finding[], after: readonly Finding[]): readonly Finding[] =>
  before.length === 0 ? after : after.length === 0 ? before : [...before, ...after]

const factsOf = (facts: RequestFacts | undefined): { facts?: RequestFacts } => (facts === undefined ? {} : { facts })

type Asked = { readonly rows: readonly unknown[] } | { readonly cause: unknown }

/** Asks someone else; their time is not the guard's, and their failure is a value. */
async function ask(
  answerer: Answerer,
  rows: readonly Row[],
  signal: AbortSignal | undefined,
  budget: Budget,
): Promise<Asked> {
  budget.pause()
  try {
    const answered = await answerer(rows, signal)
    return Array.isArray(answered) ? { rows: answered } : { cause: new TypeError('The model did not answer rows.') }
  } catch (cause) {
    return { cause }
  } finally {
    budget.resume()
  }
}
