import type { Clause } from '../clause/clause.ts'
import type { Evidence, Statement } from '../evidence/evidence.ts'
import type { FaultResult, ControlResult } from '../mutation/result.ts'
import type { Answer } from './answers.ts'

/**
 * How much is known of a clause. Each level has all that the ones before it have.
 * 0 typed: it compiles. 1 executed: current evidence measured it on real rows, or proved it. 2 not vacuous: on every
 * relation and slice there was something to decide, and some row meets its premise. 3 two-sided: as it stands it was seen
 * satisfied, and violated, by evidence or by a planted fault. 4 kills: it noticed a planted fault, and raised no alarm on a control. 5 powered: a repetition on as many
 * fresh rows would be decided again with a probability of at least 80 %; what describes its rows exactly has no such question.
 */
export type AdequacyLevel = 0 | 1 | 2 | 3 | 4 | 5

/** The name of each level. */
export const LEVEL_NAMES = ['typed', 'executed', 'not vacuous', 'two-sided', 'kills', 'powered'] as const

/** A clause with its level, and what the next one asks for. */
export interface ClauseAdequacy {
  readonly clause: string
  readonly level: AdequacyLevel
  /** In words; absent at the last level. */
  readonly next?: string
}

/** What a mutation run measured, as far as levels read it. */
export interface MutationEvidence {
  readonly faults: readonly Pick<FaultResult, 'outcome' | 'kills'>[]
  readonly controls: readonly Pick<ControlResult, 'alarms'>[]
}

/**
 * Levels of all clauses. `history` is all evidence, current or not: that a clause, as it stands, was ever violated shows that it
 * can be. `unmet`: ids of clauses whose premise no row at hand meets.
 */
export function adequacyOf(
  clauses: readonly Clause[],
  answers: readonly Answer[],
  history: readonly Evidence[],
  mutation: MutationEvidence | undefined,
  unmet: ReadonlySet<string> = new Set(),
): readonly ClauseAdequacy[] {
  const byClause = Map.groupBy(answers, ({ instance }) => instance.clause.id)
  const named = (reactions: readonly { readonly clause: string }[]): readonly string[] =>
    reactions.map(({ clause }) => clause)
  const kills = new Set(mutation?.faults.flatMap((fault) => named(fault.kills)))
  const alarms = new Set(mutation?.controls.flatMap((control) => named(control.alarms)))
  // A clause of the same id that asked something else shows nothing of this one.
  const digests = new Map(clauses.map(({ id, digest }) => [id, digest]))
  const own = history.filter(({ statement }) => statement.digests.clause === digests.get(statement.clause))
  const seen = (verdict: Statement['verdict']): ReadonlySet<string> =>
    new Set(own.filter(({ statement }) => statement.verdict === verdict).map(({ statement }) => statement.clause))
  const [violated, satisfied] = [seen('violated'), seen('satisfied')]
  return clauses.map(({ id }): ClauseAdequacy => {
    const asked = byClause.get(id) ?? []
    const current = asked.flatMap(({ evidence }) => (evidence === undefined ? [] : [evidence.statement]))
    const steps: readonly (readonly [boolean, string])[] = [
      [current.some(wasMeasured), 'current evidence: run `plumb test`, or watch production'],
      [
        !unmet.has(id) &&
          asked
            .filter(({ instance }) => instance.stage !== 'runtime' || current.length === 0)
            .every(({ evidence }) => (evidence === undefined ? false : hasRows(evidence.statement))),
        unmet.has(id)
          ? 'rows that meet its premise: of none it asks anything'
          : 'rows to decide on, in every relation and slice it is asked of',
      ],
      [
        satisfied.has(id) && (violated.has(id) || kills.has(id)),
        'to be seen violated once: by evidence, or by a fault of `plumb mutate`',
      ],
      [
        kills.has(id) && !alarms.has(id),
        alarms.has(id) ? 'to raise no alarm where nothing is wrong' : 'to notice a planted fault',
      ],
      [current.every(isPowered), 'more rows, or a bound farther from what is measured'],
    ]
    const held = steps.findIndex(([holds]) => !holds)
    const level = (held < 0 ? 5 : held) as AdequacyLevel
    const next = steps[level]?.[1]
    return { clause: id, level, ...(next === undefined ? {} : { next }) }
  })
}

function wasMeasured({ verdict, method }: Statement): boolean {
  return verdict !== 'error' && verdict !== 'skipped' && method !== 'none'
}

/** A proof speaks of all inputs; everything else of rows, or of inputs that were tried. */
function hasRows(statement: Statement): boolean {
  if (statement.verdict === 'skipped') return statement.reason === 'no-champion'
  if (statement.verdict === 'error') return false
  if (statement.method.startsWith('proof:')) return true
  return (statement.n ?? 0) > 0 || (statement.tried ?? 0) > (statement.discarded ?? 0)
}

/** (z at 97.5 % + z at 80 %) / z at 97.5 %: the margin in half-widths of a 95 % interval at which 8 in 10 repetitions decide. */
const HALF_WIDTHS = (1.959964 + 0.841621) / 1.959964

function isPowered(statement: Statement): boolean {
  if (statement.verdict === 'skipped') return statement.reason === 'no-champion'
  if (statement.verdict !== 'satisfied' && statement.verdict !== 'violated') return false
  return (statement.comparisons ?? []).every(({ margin }) => {
    const { value, interval } = margin
    if (interval === undefined || value === null) return true
    const facing = value > 0 ? value - interval.low : interval.high - value
    return Math.abs(value) >= HALF_WIDTHS * facing
  })
}

/** How many clauses are at each level, from 0 to 5. */
export function histogramOf(all: readonly ClauseAdequacy[]): readonly number[] {
  return LEVEL_NAMES.map((_, level) => all.filter((each) => each.level === level).length)
}
