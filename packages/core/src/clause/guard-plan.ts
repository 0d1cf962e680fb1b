import type { Expr } from '../expr/expr.ts'
import type { ScalarKind } from '../expr/type.ts'
import { columnsOf } from '../targets/children.ts'
import { javascriptSupport } from '../targets/javascript/compile.ts'
import { compileConstant, compileEvaluators } from '../targets/javascript/module.ts'
import type { Clause, EveryClause } from './clause.ts'
import type { Program, ProgramColumn, ProgramGuard, ProgramModel } from './program.ts'

/** The type a guarded cell has: the CEL kind of its column. */
export type GuardCellKind = Exclude<ScalarKind, 'duration'>

/** A field of a request, or an output. */
export interface GuardColumn {
  readonly name: string
  readonly kind: GuardCellKind
}

/** A condition: the index of a generated function, or that the cell of a column has its type. */
export type GuardCondition =
  | { readonly kind: 'rule'; readonly rule: number }
  | { readonly kind: 'type'; readonly column: string }

/** A clause as it is enforced on one row. */
export interface GuardClause {
  readonly id: string
  readonly digest: string
  /** `input` when it reads fields of the request only. */
  readonly phase: 'input' | 'output'
  /** `flag` for clauses with `mostly` or of a lower severity than `block`. */
  readonly effect: 'enforce' | 'flag'
  readonly condition: GuardCondition
  /** Whether a condition that ends in the error `missing` is forgiven. */
  readonly forgivesMissing: boolean
  /** Rows it is asked of: those of any of these slices; absent = all. A slice whose condition is an error is not the row's. */
  readonly slices?: readonly { readonly name: string; readonly rule: number }[]
}

/** Who answers instead of the model. */
export type GuardFallback =
  | { readonly kind: 'model'; readonly model: string; readonly decision?: number }
  | {
      readonly kind: 'value'
      readonly outputs: readonly { readonly name: string; readonly value: number | string | boolean }[]
      readonly decision?: number
    }

/** All that a guard needs beside the generated functions. Plain JSON. */
export interface GuardPlan {
  readonly format: 'plumbline/guard-plan/1'
  readonly spec: { readonly name: string; readonly version: string; readonly digest: string }
  /** Role of the guarded model. */
  readonly model: string
  /** Fields a request may have: the key of the rows, then the inputs of the model in their order. */
  readonly keys: readonly GuardColumn[]
  readonly inputs: readonly GuardColumn[]
  readonly outputs: readonly GuardColumn[]
  /** Index of the function that decides; absent where the model has no decision. */
  readonly decision?: number
  /** Fields of the request that clauses on the answer, or a decision, read. */
  readonly carried: readonly string[]
  readonly clauses: readonly GuardClause[]
  readonly policy: Omit<ProgramGuard, 'fallback'> & { readonly fallback?: GuardFallback }
  /** Clauses on `requests` that no single request can answer, and why: they are left to the monitor. */
  readonly notEnforced: readonly { readonly id: string; readonly reason: string }[]
}

/** A plan, and the expressions its rules stand for, in their order. */
export interface PlannedGuard {
  readonly plan: GuardPlan
  readonly rules: readonly Expr[]
}

/** Known of a request when it is answered, beside its fields and the outputs. */
const KNOWN_AT_ANSWER = ['decision', '_request_id', '_at', '_model']

/**
 * Program → what is enforced per request: the `every` clauses that name `requests`. Undefined without a champion, since
 * there is then nothing to stand in front of. Pure.
 */
export function guardPlan(program: Program): PlannedGuard | undefined {
  const model = program.models.find(({ name }) => name === 'champion')
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  if (model === undefined || dataset === undefined) return undefined
  const rules: Expr[] = []
  const rule = (expr: Expr): number => rules.push(expr) - 1
  const column = (name: string): ProgramColumn | undefined => dataset.columns.find((each) => each.name === name)
  const fields = (names: readonly string[]): readonly GuardColumn[] =>
    names.flatMap((name) => guardColumn(column(name)) ?? [])
  const keys = fields(dataset.key.filter((name) => !model.input.includes(name)))
  const inputs = fields(model.input)
  const outputs = model.outputs.flatMap((output) => guardColumn(output) ?? [])
  const decision = decisionRule(model, rule)
  const input = new Set([...keys, ...inputs].map(({ name }) => name))
  const answered = new Set([...input, ...outputs.map(({ name }) => name), ...KNOWN_AT_ANSWER])
  if (decision === undefined) answered.delete('decision')
  const clauses: GuardClause[] = []
  const notEnforced: { id: string; reason: string }[] = []
  for (const clause of program.clauses) {
    if (!clause.of.some(({ relation }) => relation === 'requests')) continue
    const reason = obstacle(clause, answered)
    if (reason !== undefined) notEnforced.push({ id: clause.id, reason })
    else clauses.push(guardClause(clause as EveryClause, input, rule))
  }
  const policy = policyOf(program, decision, rule)
  const late = [decision, policy.fallback?.decision, ...clauses.flatMap((clause) => rulesAtAnswer(clause))]
  const read = new Set(late.flatMap((index) => [...columnsOfRule(rules, index)]))
  const plan: GuardPlan = {
    format: 'plumbline/guard-plan/1',
    spec: program.spec,
    model: model.name,
    keys,
    inputs,
    outputs,
    ...(decision === undefined ? {} : { decision }),
    carried: [...input].filter((name) => read.has(name)),
    clauses,
    policy,
    notEnforced,
  }
  return { plan, rules }
}

/**
 * The text of an ES module without imports that exports `evaluate` (the generated functions), `plan`, and `inputHolds` and
 * `outputHolds`: whether every rule of a phase is true on a row, which is all that most requests need.
 */
export function guardModule({ plan, rules }: PlannedGuard): string {
  const conditions = (phase: GuardClause['phase']): readonly number[] =>
    plan.clauses.flatMap((clause) =>
      clause.phase === phase && clause.condition.kind === 'rule' ? [clause.condition.rule] : [],
    )
  const head = '// Generated by Plumbline from a specification: change that, not this file.\n'
  return `${head}${compileEvaluators(rules, { inputHolds: conditions('input'), outputHolds: conditions('output') })}\n${compileConstant('plan', plan)}`
}

/** The rules that are asked when the answer is there. */
function rulesAtAnswer({ phase, condition, slices = [] }: GuardClause): readonly number[] {
  if (phase === 'input') return []
  return [...(condition.kind === 'rule' ? [condition.rule] : []), ...slices.map(({ rule }) => rule)]
}

function columnsOfRule(rules: readonly Expr[], index: number | undefined): ReadonlySet<string> {
  const expr = index === undefined ? undefined : rules[index]
  return expr === undefined ? new Set() : columnsOf(expr)
}

function guardColumn(column: ProgramColumn | undefined): GuardColumn | undefined {
  if (column === undefined) return undefined
  const { kind } = column.type
  return kind === 'int' || kind === 'double' || kind === 'string' || kind === 'bool' || kind === 'timestamp'
    ? { name: column.name, kind }
    : undefined
}

/** A decision that JavaScript cannot say is left out; clauses that read it are then not enforced, and say so. */
function decisionRule(model: ProgramModel, rule: (expr: Expr) => number): number | undefined {
  const expr = model.decision?.expr
  return expr !== undefined && javascriptSupport(expr).supported ? rule(expr) : undefined
}

function policyOf(program: Program, decision: number | undefined, rule: (expr: Expr) => number): GuardPlan['policy'] {
  const { fallback, ...declared } = program.guard ?? { input: 'reject', output: 'reject', onFailure: 'closed' }
  if (fallback === undefined) return declared
  const other = fallback.kind === 'model' ? program.models.find(({ name }) => name === fallback.model) : undefined
  const own = other === undefined ? decision : decisionRule(other, rule)
  return { ...declared, fallback: { ...fallback, ...(own === undefined ? {} : { decision: own }) } }
}

/** Conditions of an `every` clause that are expressions. */
function conditionsOf(clause: EveryClause): readonly Expr[] {
  const own = clause.condition.kind === 'expr' ? [clause.condition.expr] : []
  return [...own, ...clause.slices.flatMap(({ condition }) => (condition === null ? [] : [condition]))]
}

/** Columns a clause reads, those of its slices included. */
function columnsRead(clause: EveryClause): ReadonlySet<string> {
  const own = clause.condition.kind === 'castable' ? [clause.condition.column] : []
  return new Set([...own, ...conditionsOf(clause).flatMap((expr) => [...columnsOf(expr)])])
}

/** Why no single request can answer the clause. */
function obstacle(clause: Clause, answered: ReadonlySet<string>): string | undefined {
  if (clause.unenforced !== undefined) return clause.unenforced
  if (clause.form !== 'every') return `a clause of the form \`${clause.form}\` speaks of many requests`
  if (clause.condition.kind === 'unique-key' || clause.condition.kind === 'disjoint-splits')
    return 'the condition speaks of many rows'
  for (const expr of conditionsOf(clause)) {
    const support = javascriptSupport(expr)
    if (!support.supported) return support.reason
  }
  const late = [...columnsRead(clause)].find((name) => !answered.has(name))
  return late === undefined ? undefined : `\`${late}\` is not known when the request is answered`
}

function guardClause(clause: EveryClause, input: ReadonlySet<string>, rule: (expr: Expr) => number): GuardClause {
  const { condition } = clause
  const slices = clause.slices.flatMap((slice) =>
    slice.condition === null ? [] : [{ name: slice.name, rule: rule(slice.condition) }],
  )
  return {
    id: clause.id,
    digest: clause.digest,
    phase: [...columnsRead(clause)].every((name) => input.has(name)) ? 'input' : 'output',
    effect: clause.severity === 'block' && Number(clause.mostly) === 1 ? 'enforce' : 'flag',
    condition:
      condition.kind === 'expr'
        ? { kind: 'rule', rule: rule(condition.expr) }
        : { kind: 'type', column: condition.kind === 'castable' ? condition.column : '' },
    forgivesMissing: clause.missing !== 'fail',
    // A clause asked of all rows, too, is violated by a row of a slice exactly when it is violated by the row.
    ...(slices.length < clause.slices.length ? {} : { slices }),
  }
}
