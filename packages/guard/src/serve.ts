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
  readonly signal?: AbortSignal
}

/** How a request ends. */
export type Answer =
  | {
      readonly kind: 'answered'
      readonly by: 'model' | 'fallback'
      /** Outputs and `decision` of each row. */
      readonly rows: readonly Row[]
      readonly findings: readonly Finding[]
    }
  | (Rejection & { readonly phase: 'input' | 'output' })
  /** Nobody could answer (over HTTP: 503). `cause` is for the log, not for the caller. */
  | {
      readonly kind: 'unavailable'
      readonly reason: 'model-failed' | 'fallback-failed' | 'fallback-violates'
      readonly cause?: unknown
      readonly findings: readonly Finding[]
    }

/**
 * One request from rows to answer under the policies of the plan: input clauses, model, output clauses, and the fallback
 * where they ask for it or where the model fails. The fallback's answer is held to the output clauses, too.
 */
export async function serve(guard: Guard, rows: readonly unknown[], options: ServeOptions): Promise<Answer> {
  const budget = guard.startBudget()
  const input = guard.checkInput(rows, budget)
  if (input.kind === 'rejected') return { ...input, phase: 'input' }
  const before = input.findings
  if (input.by === 'fallback') return fallBack(guard, input.rows, options, budget, before)
  const outputs = await ask(options.model, input.rows, options.signal, budget)
  if ('cause' in outputs) {
    if (guard.plan.policy.fallback !== undefined) return fallBack(guard, input.rows, options, budget, before)
    return { kind: 'unavailable', reason: 'model-failed', cause: outputs.cause, findings: before }
  }
  const checked = guard.checkOutput(input.rows, outputs.rows, { budget, ...factsOf(options) })
  const findings = [...before, ...checked.findings]
  if (checked.kind === 'fallback') return fallBack(guard, input.rows, options, budget, findings)
  if (checked.kind === 'rejected') return { ...checked, phase: 'output', findings }
  return { kind: 'answered', by: 'model', rows: checked.rows, findings }
}

async function fallBack(
  guard: Guard,
  rows: readonly Row[],
  options: ServeOptions,
  budget: Budget,
  before: readonly Finding[],
): Promise<Answer> {
  const { fallback } = guard.plan.policy
  const answerer: Answerer =
    fallback?.kind === 'value'
      ? (asked) => asked.map(() => Object.fromEntries(fallback.outputs.map(({ name, value }) => [name, value])))
      : (options.fallback ?? (() => Promise.reject(new TypeError('No fallback was given.'))))
  const outputs = await ask(answerer, rows, options.signal, budget)
  if ('cause' in outputs)
    return { kind: 'unavailable', reason: 'fallback-failed', cause: outputs.cause, findings: before }
  const checked = guard.checkOutput(rows, outputs.rows, { by: 'fallback', budget, ...factsOf(options) })
  const findings = [...before, ...checked.findings]
  return checked.kind === 'accepted'
    ? { kind: 'answered', by: 'fallback', rows: checked.rows, findings }
    : { kind: 'unavailable', reason: 'fallback-violates', findings }
}

const factsOf = ({ facts }: ServeOptions): { facts?: RequestFacts } => (facts === undefined ? {} : { facts })

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
