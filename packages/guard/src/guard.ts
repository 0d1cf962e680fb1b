import { bindClauses, functionOf, type RowFindings } from './clauses.ts'
import type { Cell, Evaluate, GuardAction, GuardPlan, GuardRules, Row } from './plan.ts'
import { fieldReader, type OpenRow, rowMaker, unknownFields } from './read-row.ts'
import { startBudget, type Budget } from './budget.ts'
import { clausesOf, type Finding, type Violation } from './violation.ts'

/** What a guard may be given besides its rules. */
export interface GuardOptions {
  /** A clock in milliseconds that never goes back; default `performance.now`. */
  readonly now?: () => number
}

/** The first row of a batch that is not let through, and why. */
export interface Rejection {
  readonly kind: 'rejected'
  readonly row: number
  readonly violations: readonly Violation[]
  /** Ids of the violated clauses; what no clause speaks of (an unknown field) is in `violations` only. */
  readonly clauses: readonly string[]
  readonly findings: readonly Finding[]
}

/** What the guard says of the rows of a request. */
export type InputVerdict =
  /** `by`: who is to answer. Rows are read and typed: pass these on, not what came. */
  | {
      readonly kind: 'accepted'
      readonly by: 'model' | 'fallback'
      readonly rows: readonly Row[]
      readonly findings: readonly Finding[]
    }
  | Rejection

/** What the guard says of the answer to a request. */
export type OutputVerdict =
  /** Rows of outputs, with `decision` where the model has one (null where it has no value). */
  | { readonly kind: 'accepted'; readonly rows: readonly Row[]; readonly findings: readonly Finding[] }
  /** The answer is not to be given; the fallback is to be asked. */
  | { readonly kind: 'fallback'; readonly findings: readonly Finding[] }
  | Rejection

/** What is known of a request beside its fields: the columns `_request_id`, `_at` (microseconds) and `_model`. */
export interface RequestFacts {
  readonly id?: string
  readonly at?: number | bigint
  readonly model?: string
}

/** Every violation of one row, whatever the policy does about it. */
export interface RowVerdict {
  readonly enforced: readonly Violation[]
  readonly flagged: readonly Violation[]
  /** What cannot be let through under any policy: not a row, an unknown field, an integer that may be rounded. */
  readonly refused: readonly Violation[]
  /** The row as it was read; absent when it is not a row. */
  readonly row?: Row
}

/** Enforces the clauses of one spec. It holds no state of requests, and throws for no request. */
export interface Guard {
  readonly plan: GuardPlan
  /** The input clauses of one row. */
  judgeInput(row: unknown): RowVerdict
  /** The output clauses of one answered row; `by` says whose decision applies. */
  judgeOutput(input: Row, outputs: unknown, facts?: RequestFacts, by?: 'model' | 'fallback'): RowVerdict
  /** Input clauses and policy for a batch; one rejected row rejects the batch. */
  checkInput(rows: readonly unknown[], budget?: Budget): InputVerdict
  /** Output clauses and policy for the answers to the rows of an accepted batch. A fallback's answer has no further fallback. */
  checkOutput(
    inputs: readonly Row[],
    outputs: readonly unknown[],
    options?: { readonly facts?: RequestFacts; readonly by?: 'model' | 'fallback'; readonly budget?: Budget },
  ): OutputVerdict
  /** The time of the guard's own that one request has; share it between the checks of a request. */
  startBudget(): Budget
}

/** Makes a guard of what `plumb guard` generated. Throws only where plan and functions do not belong together. */
export function createGuard(rules: GuardRules, options: GuardOptions = {}): Guard {
  const { plan, evaluate } = rules
  if (plan.format !== 'plumbline/guard-plan/1')
    throw new TypeError('The guard plan has another format than this guard.')
  const MadeRow = rowMaker()
  const columns = [...plan.keys, ...plan.inputs]
  const readInput = fieldReader(plan, columns)
  const readOutput = fieldReader(plan, plan.outputs)
  const askInput = bindClauses(rules, 'input')
  const askOutput = bindClauses(rules, 'output')
  const decide = decisions(evaluate, plan)
  const now = options.now ?? (() => performance.now())
  const { policy } = plan

  const judgeInput = (value: unknown, ask = true): RowVerdict => {
    const into: RowFindings = { enforced: [], flagged: [] }
    const refused: Violation[] = []
    if (!isRecord(value)) return { ...into, refused: [{ kind: 'not-a-row' }] }
    const row = new MadeRow()
    const found = readInput(value, row, into, refused)
    if (Object.keys(value).length !== found) refused.push(...unknownFields(value, row))
    if (ask) askInput(row, into)
    return { enforced: into.enforced, flagged: into.flagged, refused, row }
  }

  const judgeOutput: (...args: [...Parameters<Guard['judgeOutput']>, ask?: boolean]) => RowVerdict = (
    input,
    outputs,
    facts = {},
    by = 'model',
    ask = true,
  ) => {
    const into: RowFindings = { enforced: [], flagged: [] }
    const refused: Violation[] = []
    if (!isRecord(outputs)) return { ...into, refused: [{ kind: 'not-a-row' }] }
    const answer: OpenRow = new MadeRow()
    // What an answer has beside its outputs is not passed on.
    readOutput(outputs, answer, into, refused)
    const row: OpenRow = new MadeRow()
    for (const name of plan.carried) row[name] = input[name] ?? null
    for (const { name } of plan.outputs) row[name] = answer[name] ?? null
    row['_request_id'] = facts.id ?? null
    row['_at'] = facts.at ?? null
    row['_model'] = facts.model ?? null
    const decision = decide[by]
    if (decision !== undefined) {
      const value = decision(row)
      answer['decision'] = row['decision'] = typeof value === 'object' ? null : value
    }
    if (ask) askOutput(row, into)
    return { enforced: into.enforced, flagged: into.flagged, refused, row: answer }
  }

  return {
    plan,
    judgeInput: (row) => judgeInput(row),
    judgeOutput: (input, outputs, facts, by) => judgeOutput(input, outputs, facts, by),
    startBudget: () => startBudget(policy.budget, now),
    checkInput: (values, budget = startBudget(policy.budget, now)) => {
      const findings: Finding[] = []
      const rows: Row[] = []
      let by: 'model' | 'fallback' = 'model'
      for (const [i, value] of values.entries()) {
        const ask = inTime(i, budget, plan, findings)
        if (ask === 'rejected') return outOfTime(i, findings)
        const judged = judgeInput(value, ask)
        const verdict = settle(i, judged, policy.input, findings)
        if (verdict !== undefined) return verdict
        if (judged.enforced.length > 0 && policy.input === 'fallback') by = 'fallback'
        if (judged.row !== undefined) rows.push(judged.row)
      }
      return { kind: 'accepted', by, rows, findings: withBudget(budget, findings) }
    },
    checkOutput: (inputs, outputs, { facts = {}, by = 'model', budget = startBudget(policy.budget, now) } = {}) => {
      const findings: Finding[] = []
      if (outputs.length !== inputs.length) return wrongCount(inputs.length, outputs.length, by, plan)
      const action = by === 'fallback' && policy.output === 'fallback' ? 'reject' : policy.output
      const rows: Row[] = []
      for (const [i, input] of inputs.entries()) {
        const ask = inTime(i, budget, plan, findings)
        if (ask === 'rejected') return outOfTime(i, findings)
        const judged = judgeOutput(input, outputs[i], facts, by, ask)
        const bad = [...judged.refused, ...judged.enforced]
        if (bad.length > 0 && action === 'fallback') {
          findings.push(...[...bad, ...judged.flagged].map((violation) => finding(i, bad, violation)))
          return { kind: 'fallback', findings }
        }
        const verdict = settle(i, judged, action, findings)
        if (verdict !== undefined) return verdict
        if (judged.row !== undefined) rows.push(judged.row)
      }
      return { kind: 'accepted', rows, findings: withBudget(budget, findings) }
    },
  }
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const finding = (row: number, bad: readonly Violation[], violation: Violation): Finding => ({
  row,
  action: bad.includes(violation) ? 'fallback' : 'flag',
  violation,
})

/** Notes what a row violates; a rejection where the policy, or what cannot be let through, asks for one. */
function settle(row: number, judged: RowVerdict, policy: GuardAction, findings: Finding[]): Rejection | undefined {
  const { enforced, flagged, refused } = judged
  if (enforced.length + flagged.length + refused.length === 0) return undefined
  for (const violation of flagged) findings.push({ row, action: 'flag', violation })
  const rejecting = refused.length > 0 || policy === 'reject' ? [...refused, ...enforced] : []
  if (rejecting.length === 0) {
    for (const violation of enforced) findings.push({ row, action: policy, violation })
    return undefined
  }
  for (const violation of rejecting) findings.push({ row, action: 'reject', violation })
  return { kind: 'rejected', row, violations: rejecting, clauses: clausesOf(rejecting), findings }
}

/** Whether the clauses of the row are asked; where the time is up, an open guard lets the row through and says so. */
function inTime(row: number, budget: Budget, plan: GuardPlan, findings: Finding[]): boolean | 'rejected' {
  if (!budget.spent(row)) return true
  if (plan.policy.budget?.severity !== 'block') return true
  if (plan.policy.onFailure === 'closed') return 'rejected'
  findings.push({ row, action: 'flag', violation: { kind: 'unchecked', reason: 'over-budget' } })
  return false
}

function outOfTime(row: number, findings: readonly Finding[]): Rejection {
  const violation: Violation = { kind: 'unchecked', reason: 'over-budget' }
  return {
    kind: 'rejected',
    row,
    violations: [violation],
    clauses: [],
    findings: [...findings, { row, action: 'reject', violation }],
  }
}

/** A budget that only warns is noted once, when all was checked. */
function withBudget(budget: Budget, findings: readonly Finding[]): readonly Finding[] {
  return budget.warns() ? [...findings, { row: 0, action: 'flag', violation: { kind: 'slow' } }] : findings
}

function wrongCount(expected: number, found: number, by: 'model' | 'fallback', { policy }: GuardPlan): OutputVerdict {
  const violation: Violation = { kind: 'row-count', expected, found }
  const action = by === 'model' && policy.output === 'fallback' ? 'fallback' : 'reject'
  const findings: readonly Finding[] = [{ row: 0, action, violation }]
  return action === 'fallback'
    ? { kind: 'fallback', findings }
    : { kind: 'rejected', row: 0, violations: [violation], clauses: [], findings }
}

/** The decision of whoever answers. */
function decisions(
  evaluate: readonly Evaluate[],
  { decision, policy }: GuardPlan,
): Readonly<Record<'model' | 'fallback', ((row: Row) => Cell | { readonly error: string }) | undefined>> {
  const bound = (rule: number | undefined) => (rule === undefined ? undefined : functionOf(evaluate, rule))
  return { model: bound(decision), fallback: bound(policy.fallback?.decision) }
}
