import type { ProgramRetrain } from '../../clause/production.ts'
import type { Program } from '../../clause/program.ts'
import { durationText } from '../../language/literals.ts'
import { type Change, type Facet, reversed } from '../change.ts'
import { facet, orderOfNumbers, setFacet } from '../facets/sets.ts'
import { setting } from './setting.ts'

/** What asks for a challenger, and how often one may be made. Rarer is weaker. */
export function retrainChanges({ retrain: old }: Program, { retrain: now }: Program): readonly Change[] {
  return [
    ...setting('pipeline.retrain.when', setFacet('when', causes(old), causes(now))),
    ...(old === undefined || now === undefined
      ? []
      : [
          ...setting('pipeline.retrain.schedule', pause('schedule', old.schedule, now.schedule)),
          ...setting('pipeline.retrain.cooldown', pause('cooldown', old.cooldown, now.cooldown)),
          ...setting('pipeline.retrain.budget', budgetFacets(old, now)),
        ]),
  ]
}

function causes(retrain: ProgramRetrain | undefined): readonly string[] {
  if (retrain === undefined) return []
  return [
    ...retrain.when,
    ...(retrain.newData ? ['new-data'] : []),
    ...(retrain.schedule === undefined ? [] : ['schedule']),
  ]
}

/** A longer pause; where one of the two has none, `when` says so. */
function pause(name: string, old: number | undefined, now: number | undefined): readonly Facet[] {
  if (old === undefined || now === undefined) return []
  return facet(name, reversed(orderOfNumbers(old, now)), durationText(old), durationText(now))
}

function budgetFacets({ budget: old }: ProgramRetrain, { budget: now }: ProgramRetrain): readonly Facet[] {
  const text = (budget: ProgramRetrain['budget']): string =>
    budget === undefined ? 'none' : `${budget.count} in ${durationText(budget.per)}`
  const rate = (budget: ProgramRetrain['budget']): number =>
    budget === undefined ? Infinity : budget.count / budget.per
  const order = orderOfNumbers(rate(old), rate(now))
  return facet('budget', order === 'same' && text(old) !== text(now) ? 'incomparable' : order, text(old), text(now))
}
