import type { Program } from '../clause/program.ts'
import { type Asking, satisfiable } from '../deep/satisfiable.ts'
import type { Type } from '../expr/type.ts'
import { ask, type Demand, type SmtColumn } from '../targets/smt/index.ts'
import { walk } from '../targets/children.ts'
import type { SpecChange } from './change.ts'
import { compareSpecs } from './compare-specs.ts'
import type { Condition, ImplicationAnswer } from './condition/compare-conditions.ts'
import { exprKey, type Facts } from './condition/leaves.ts'
import { canBeTried } from './condition/tried-rows.ts'

/** Answers change what is asked next only where one clause is compared with several: this is more than that takes. */
const MOST_ROUNDS = 4
/** Implications asked of a solver in one comparison: a spec that was rewritten as a whole must not take minutes. */
const MOST_QUESTIONS = 300

interface Question {
  readonly premise: Condition
  readonly conclusion: Condition
  readonly facts: Facts
}

/**
 * `compareSpecs` with a solver for the implications that bounds leave open. The comparison is synchronous and a solver is
 * not: so it is run to find what is open, that is asked, and it is run again with the answers.
 */
export async function compareSpecsWithSolver(before: Program, after: Program, asking: Asking): Promise<SpecChange> {
  const answers = new Map<string, ImplicationAnswer>()
  const held = blockingRanges([before, after])
  let left = MOST_QUESTIONS
  let refusal: string | undefined
  for (let round = 0; ; round++) {
    const open = new Map<string, Question>()
    const change = compareSpecs(before, after, (premise, conclusion, facts) => {
      const key = exprKey([premise, conclusion])
      const known = answers.get(key)
      if (known === undefined) open.set(key, { premise, conclusion, facts })
      return known ?? { implied: 'unknown' }
    })
    if (open.size === 0 || round === MOST_ROUNDS) return change
    for (const [key, question] of open) {
      const answer: ImplicationAnswer =
        left-- > 0
          ? await decided(question, held, asking)
          : { ...UNKNOWN, note: refusal ?? 'too many were to be asked' }
      answers.set(key, answer)
      if (answer.note !== NOT_INSTALLED) continue
      // One that is not there is not there for the others.
      refusal = NOT_INSTALLED
      left = 0
    }
  }
}

const UNKNOWN: ImplicationAnswer = { implied: 'unknown' }
const NOT_INSTALLED = 'z3 could look further and is not installed (npm install z3-solver)'

/** Why a solver has no answer, for people. */
function whyOpen(reason: string): string {
  if (reason.startsWith('not-installed')) return NOT_INSTALLED
  return reason.startsWith('timeout') ? 'z3 had no answer in its time' : reason
}

/** Asks of all rows first, then of those within ranges that are asked for anyway. */
async function decided(question: Question, held: ReadonlySet<string>, asking: Asking): Promise<ImplicationAnswer> {
  const { premise, conclusion, facts } = question
  const columns = columnsIn([premise, conclusion])
  if ([...columns.values()].some(({ kind }) => !SCALARS.has(kind))) return UNKNOWN
  const certain = domainOf(columns, facts, (name) => facts(name).certain === true)
  const first = await implied(question, certain, asking)
  if (first.implied === 'proved') return first
  const within = domainOf(columns, facts, (name) => facts(name).certain === true || held.has(name))
  if (within.size === certain.size) return first
  const second = await implied(question, within, asking)
  return second.implied === 'proved' ? { ...second, note: 'within the declared ranges, which block too' } : first
}

/**
 * No row does worse where none passes the premise and not the conclusion, and none is left out under the premise and fails
 * the conclusion. A row without a cell that the evaluator needs tells nothing.
 */
async function implied(
  { premise, conclusion }: Question,
  columns: ReadonlyMap<string, SmtColumn>,
  asking: Asking,
): Promise<ImplicationAnswer> {
  const levels = [countsAs(premise, conclusion, 'exclude'), countsAs(premise, conclusion, 'pass')]
  const distinct = JSON.stringify(levels[0]) === JSON.stringify(levels[1]) ? levels.slice(1) : levels
  for (const demands of distinct) {
    const answer =
      canBeTried(premise.expr) && canBeTried(conclusion.expr)
        ? await satisfiable(demands, columns, asking)
        : await onlyProof(demands, columns, asking)
    if (answer.kind === 'satisfiable') return { implied: 'refuted', row: answer.row }
    if (answer.kind === 'unknown') return { implied: 'unknown', note: whyOpen(answer.reason) }
  }
  return { implied: 'proved' }
}

/** The row that is looked for: at least as good as `least` under the premise, and not under the conclusion. */
function countsAs(premise: Condition, conclusion: Condition, least: 'exclude' | 'pass'): readonly Demand[] {
  const demand = (name: string, { expr, missing }: Condition, holds: boolean): Demand => ({
    name,
    expr,
    missing: missing === 'pass' || missing === least ? 'pass' : 'fail',
    holds,
  })
  return [demand('premise', premise, true), demand('conclusion', conclusion, false)]
}

/** Where a model is asked, no row can be evaluated: what was found to be impossible is so all the same. */
async function onlyProof(demands: readonly Demand[], columns: ReadonlyMap<string, SmtColumn>, asking: Asking) {
  const answer = await asking.solver.check(ask(demands, columns, false).query([], false), asking.limits)
  if (answer.kind === 'unsat') return { kind: 'unsatisfiable' } as const
  const reason = answer.kind === 'sat' ? 'it depends on what the model answers' : `${answer.reason}: ${answer.detail}`
  return { kind: 'unknown', reason } as const
}

const SCALARS: ReadonlySet<Type['kind']> = new Set(['bool', 'int', 'double', 'string', 'timestamp', 'duration'])

function columnsIn(conditions: readonly Condition[]): ReadonlyMap<string, Type> {
  const parts = conditions.flatMap(({ expr }) => [...walk(expr)])
  return new Map(parts.flatMap((part) => (part.node === 'column' ? [[part.name, part.type] as const] : [])))
}

/** What is taken for granted of those columns that `known` names. */
function domainOf(
  columns: ReadonlyMap<string, Type>,
  facts: Facts,
  known: (name: string) => boolean,
): ReadonlyMap<string, SmtColumn> {
  const found = new Map<string, SmtColumn>()
  for (const [name, type] of columns) {
    if (!known(name) || (type.kind !== 'int' && type.kind !== 'double')) continue
    const { nullable, low, high } = facts(name)
    const usable = (bound: number | undefined): bound is number =>
      bound !== undefined && (type.kind === 'double' || Number.isSafeInteger(bound))
    found.set(name, {
      name,
      type,
      optional: nullable,
      ...(usable(low) ? { low } : {}),
      ...(usable(high) ? { high } : {}),
    })
  }
  return found
}

/** Columns whose declared range blocks wherever a column of that name is declared, in both specs: a row beyond it fails anyway. */
function blockingRanges(programs: readonly Program[]): ReadonlySet<string> {
  const held = new Map<string, boolean>()
  for (const { clauses, datasets, models } of programs) {
    const blocking = new Set(
      clauses.flatMap((clause) =>
        clause.form === 'every' && clause.severity === 'block' && clause.mostly === '1' ? [clause.id] : [],
      ),
    )
    const owners = [
      ...datasets.map(({ name, columns }) => ({ name, columns })),
      ...models.map(({ name, outputs }) => ({ name, columns: outputs })),
    ]
    for (const { name: owner, columns } of owners)
      for (const { name } of columns) held.set(name, held.get(name) !== false && blocking.has(`${owner}.${name}.range`))
  }
  return new Set([...held].flatMap(([name, blocks]) => (blocks ? [name] : [])))
}
