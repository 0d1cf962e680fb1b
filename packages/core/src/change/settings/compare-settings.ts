import type { EnvironmentName, ProgramMonitor } from '../../clause/production.ts'
import type { Program, ProgramGuard } from '../../clause/program.ts'
import { durationText } from '../../language/literals.ts'
import { type Change, type Facet, type Order, reversed } from '../change.ts'
import { facet, orderOfNumbers, setFacet } from '../facets/sets.ts'
import { aboutChanges } from './about.ts'
import { dataChanges } from './data.ts'
import { retrainChanges } from './retrain.ts'
import { setting } from './setting.ts'

/** What became of the settings: what acts on production, where rows come from, what the spec has to answer for. Unchanged ones are left out. */
export function compareSettings(before: Program, after: Program): readonly Change[] {
  return [
    ...guardChanges(before.guard, after.guard),
    ...monitorChanges(before.monitor, after.monitor),
    ...(['staging', 'production'] as const).flatMap((name) => releaseChanges(name, before, after)),
    ...retrainChanges(before, after),
    ...dataChanges(before, after),
    ...aboutChanges(before, after),
    ...setting('spec.enforced', setFacet('closes production', before.unenforced, after.unenforced).map(reworded)),
  ]
}

/** What is not enforced yet closes production whatever it says: to leave it out weakens nothing that held. */
const reworded = (found: Facet): Facet => ({ ...found, order: 'same' })

const ACTIONS = ['flag', 'fallback', 'reject'] as const

function guardChanges(old: ProgramGuard | undefined, now: ProgramGuard | undefined): readonly Change[] {
  if (old === undefined || now === undefined) {
    if (old === now) return []
    return setting(
      'guard',
      facet(
        'guard',
        now === undefined ? 'weaker' : 'stronger',
        old === undefined ? 'none' : 'there',
        now === undefined ? 'none' : 'there',
      ),
    )
  }
  const action = (side: 'input' | 'output'): readonly Change[] => {
    const order = orderOfNumbers(ACTIONS.indexOf(old[side]), ACTIONS.indexOf(now[side]))
    return order === 'same' ? [] : setting(`guard.${side}`, facet('on_violation', order, old[side], now[side]))
  }
  return [
    ...action('input'),
    ...action('output'),
    ...(old.onFailure === now.onFailure
      ? []
      : setting(
          'guard.on_failure',
          facet('on_failure', now.onFailure === 'open' ? 'weaker' : 'stronger', old.onFailure, now.onFailure),
        )),
    ...setting('guard.fallback', fallbackFacets(old, now)),
    ...setting('guard.budget', budgetFacets(old, now)),
  ]
}

function fallbackFacets(old: ProgramGuard, now: ProgramGuard): readonly Facet[] {
  const text = ({ fallback }: ProgramGuard): string =>
    fallback === undefined ? 'none' : fallback.kind === 'model' ? fallback.model : JSON.stringify(fallback.outputs)
  return text(old) === text(now)
    ? []
    : facet(
        'fallback',
        now.fallback === undefined ? 'weaker' : old.fallback === undefined ? 'stronger' : 'incomparable',
        text(old),
        text(now),
      )
}

function budgetFacets({ budget: old }: ProgramGuard, { budget: now }: ProgramGuard): readonly Facet[] {
  if (old === undefined || now === undefined) {
    if (old === now) return []
    return facet(
      'added_latency_p99',
      now === undefined ? 'weaker' : 'stronger',
      old === undefined ? 'none' : durationText(old.micros),
      now === undefined ? 'none' : durationText(now.micros),
    )
  }
  const order = reversed(orderOfNumbers(old.micros, now.micros))
  const severities = ['info', 'warn', 'block']
  const severity = orderOfNumbers(severities.indexOf(old.severity), severities.indexOf(now.severity))
  return [
    ...(order === 'same' ? [] : facet('added_latency_p99', order, durationText(old.micros), durationText(now.micros))),
    ...(severity === 'same' ? [] : facet('severity', severity, old.severity, now.severity)),
  ]
}

function monitorChanges(old: ProgramMonitor | undefined, now: ProgramMonitor | undefined): readonly Change[] {
  if (old === undefined || now === undefined) {
    if (old === now) return []
    return setting(
      'monitor',
      facet(
        'monitor',
        now === undefined ? 'weaker' : 'stronger',
        old === undefined ? 'none' : 'there',
        now === undefined ? 'none' : 'there',
      ),
    )
  }
  const differs = (name: string, order: Order, a: string, b: string): readonly Change[] =>
    a === b ? [] : setting(`monitor.${name}`, facet(name, order, a, b))
  const alerts = ({ alerts: list }: ProgramMonitor): readonly string[] =>
    list.map(({ kind, url, severity, when }) =>
      [kind, url ?? '', severity ?? 'all', (when ?? ['all']).join(' ')].join(' '),
    )
  return [
    ...differs('windows', 'incomparable', windowsText(old), windowsText(now)),
    // A window of fewer rows than these decides nothing.
    ...differs(
      'min_rows',
      reversed(orderOfNumbers(old.minRows, now.minRows)),
      String(old.minRows),
      String(now.minRows),
    ),
    ...differs('lateness', 'incomparable', durationText(old.lateness), durationText(now.lateness)),
    ...setting('monitor.alerts', setFacet('alerts', alerts(old), alerts(now))),
    ...setting('monitor.labels', labelFacets(old, now)),
  ]
}

const windowsText = ({ windows }: ProgramMonitor): string => windows.map(durationText).join(', ')

function labelFacets({ labels: old }: ProgramMonitor, { labels: now }: ProgramMonitor): readonly Facet[] {
  if (old === undefined || now === undefined) {
    if (old === now) return []
    return facet('labels', now === undefined ? 'weaker' : 'stronger', old?.source ?? 'none', now?.source ?? 'none')
  }
  const share = orderOfNumbers(Number(old.minShare), Number(now.minShare))
  return [
    ...(share === 'same' ? [] : facet('min_share', share, old.minShare, now.minShare)),
    ...(old.within === now.within
      ? []
      : facet('within', 'incomparable', durationText(old.within), durationText(now.within))),
    ...(old.source === now.source ? [] : facet('source', 'incomparable', old.source, now.source)),
    ...(JSON.stringify(old.join) === JSON.stringify(now.join)
      ? []
      : facet('join', 'incomparable', old.join.join(', '), now.join.join(', '))),
  ]
}

function releaseChanges(name: EnvironmentName, before: Program, after: Program): readonly Change[] {
  const [old, now] = [before.release[name], after.release[name]]
  return [
    ...setting(`release.${name}.requires`, setFacet('requires', old.requires, now.requires)),
    ...setting(`release.${name}.rollback`, setFacet('rollback', old.rollback, now.rollback)),
  ]
}
