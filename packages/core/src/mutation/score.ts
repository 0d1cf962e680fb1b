import type { Interval } from '../stats/estimate.ts'
import { clopperPearson } from '../stats/proportion.ts'
import type { FaultGroup } from './fault.ts'
import type { ControlResult, FaultResult, Reaction, SpecResult } from './result.ts'

/** A share of k in n, with its exact interval (Clopper-Pearson). */
export interface Rate {
  readonly k: number
  readonly n: number
  /** null where n is 0. */
  readonly value: number | null
  readonly interval: Interval
}

/** How a group of faults ended. */
export interface GroupScore {
  readonly group: FaultGroup
  readonly kills: Rate
  /** Of the kills, those by a clause that blocks: the gate would have closed. */
  readonly stopped: number
  readonly undecided: number
  /** Planted and without effect, or not planted: not counted. */
  readonly leftOut: number
}

/** A clause by what it noticed. */
export interface ClauseScore {
  readonly clause: string
  /** Faults that it was asked about. */
  readonly kills: number
  /** Faults that it alone killed. */
  readonly alone: number
  /** Controls on which it raised an alarm. */
  readonly alarms: number
}

/** The mutation score of a spec. */
export interface MutationScore {
  /** Two-sided confidence of every interval. */
  readonly level: number
  readonly groups: readonly GroupScore[]
  /** Of all planted faults in data, model and serving. */
  readonly kills: Rate
  /** Of the controls: those on which any clause raised an alarm. */
  readonly alarms: Rate
  /** Kill rate − alarm rate. Its interval joins two exact intervals at half the error each: coverage is at least `level`. */
  readonly score: { readonly value: number | null; readonly interval: Interval }
  readonly clauses: readonly ClauseScore[]
  /** Clauses without which, all left out together, every fault that is killed would be killed still. Of copies one is not among them. */
  readonly redundant: readonly string[]
  /** Clauses that raised an alarm where nothing was wrong. */
  readonly fragile: readonly string[]
}

/** Default confidence. */
const LEVEL = 0.95

/** What faults and controls come to. */
export function scoreOf(
  faults: readonly FaultResult[],
  controls: readonly ControlResult[],
  spec: readonly SpecResult[],
  level = LEVEL,
): MutationScore {
  const counted = faults.filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'failed')
  const groups = (['data', 'model', 'serving'] as const).flatMap((group): readonly GroupScore[] => {
    const all = faults.filter(({ fault }) => fault.group === group)
    const here = counted.filter(({ fault }) => fault.group === group)
    if (all.length === 0) return []
    return [
      {
        group,
        kills: rate(here.filter(isKilled).length, here.length, level),
        stopped: here.filter(({ kills }) => kills.some(({ severity }) => severity === 'block')).length,
        undecided: here.filter(({ outcome }) => outcome === 'undecided').length,
        leftOut: all.length - here.length,
      },
    ]
  })
  const made = controls.filter(({ cause }) => cause === undefined)
  const alarmed = made.filter(({ alarms }) => alarms.length > 0).length
  const killed = counted.filter(isKilled).length
  const clauses = clauseScores(counted, made)
  return {
    level,
    groups: spec.length === 0 ? groups : [...groups, specGroup(spec, level)],
    kills: rate(killed, counted.length, level),
    alarms: rate(alarmed, made.length, level),
    score: difference(killed, counted.length, alarmed, made.length, level),
    clauses,
    redundant: redundantOf(counted, clauses),
    fragile: clauses.filter(({ alarms }) => alarms > 0).map(({ clause }) => clause),
  }
}

/** Left out one by one, those with the fewest kills first and copies from the last, as long as each of their faults is killed by one that is kept. */
function redundantOf(faults: readonly FaultResult[], clauses: readonly ClauseScore[]): readonly string[] {
  const killers = faults.map(({ kills }) => new Set(kills.map(({ clause }) => clause)))
  const order = clauses.filter(({ kills }) => kills > 0).toReversed()
  const left: string[] = []
  for (const { clause } of order.toSorted((a, b) => a.kills - b.kills)) {
    const own = killers.filter((each) => each.has(clause))
    if (!own.every(({ size }) => size > 1)) continue
    for (const each of own) each.delete(clause)
    left.push(clause)
  }
  return left.toSorted()
}

const isKilled = ({ outcome }: FaultResult): boolean => outcome === 'killed'

function specGroup(spec: readonly SpecResult[], level: number): GroupScore {
  const killed = spec.filter(({ outcome }) => outcome === 'killed').length
  return { group: 'spec', kills: rate(killed, spec.length, level), stopped: killed, undecided: 0, leftOut: 0 }
}

function rate(k: number, n: number, level: number): Rate {
  return { k, n, value: n === 0 ? null : k / n, interval: n === 0 ? { low: 0, high: 1 } : clopperPearson(k, n, level) }
}

/** Bonferroni: each interval at 1 − α/2, so that both hold together at 1 − α. */
function difference(k: number, n: number, alarms: number, controls: number, level: number): MutationScore['score'] {
  if (n === 0 || controls === 0) return { value: null, interval: { low: -1, high: 1 } }
  const each = 1 - (1 - level) / 2
  const kills = clopperPearson(k, n, each)
  const raised = clopperPearson(alarms, controls, each)
  return {
    value: k / n - alarms / controls,
    interval: { low: kills.low - raised.high, high: kills.high - raised.low },
  }
}

function clauseScores(faults: readonly FaultResult[], controls: readonly ControlResult[]): readonly ClauseScore[] {
  const ids = new Set(
    [...faults.flatMap(({ kills }) => kills), ...controls.flatMap(({ alarms }) => alarms)].map(({ clause }) => clause),
  )
  const named = (reactions: readonly Reaction[]): ReadonlySet<string> => new Set(reactions.map(({ clause }) => clause))
  const killers = faults.map(({ kills }) => named(kills))
  const alarmed = controls.map(({ alarms }) => named(alarms))
  return [...ids].toSorted().map((clause) => ({
    clause,
    kills: killers.filter((each) => each.has(clause)).length,
    alone: killers.filter((each) => each.size === 1 && each.has(clause)).length,
    alarms: alarmed.filter((each) => each.has(clause)).length,
  }))
}
