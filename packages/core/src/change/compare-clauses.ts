import type { Clause, ClauseSeverity } from '../clause/clause.ts'
import { durationText } from '../language/literals.ts'
import { type Change, type ChangeKind, type Facet, type Order, reversed, together } from './change.ts'
import { conditionFacet, everyFacets, termFacets } from './facets/condition.ts'
import { forallFacets } from './facets/forall.ts'
import { binFacets, type Compared, modelFacets, targetFacets } from './facets/relations.ts'
import { facet, orderOfNumbers, setFacet } from './facets/sets.ts'
import { sliceFacets } from './facets/slices.ts'
import { conditionWords, termKey } from './statement.ts'

/** What became of a clause that both specs have (or of two clauses, as if the second replaced the first). */
export function compareClauses(old: Clause, now: Clause, compared: Compared): Change {
  const facets = facetsOf(old, now, compared)
  return {
    id: now.id,
    subject: 'clause',
    kind: kindOf(together(facets.map(({ order }) => order)), facets.length > 0 || wordsOf(old) !== wordsOf(now)),
    says: now.says,
    severity: { before: old.severity, after: now.severity },
    facets,
  }
}

/** The kind of change that an order amounts to. */
export function kindOf(order: Order, otherWords: boolean): ChangeKind {
  if (order === 'weaker') return 'weakened'
  if (order === 'stronger') return 'strengthened'
  if (order === 'incomparable') return 'incomparable'
  return otherWords ? 'reworded' : 'unchanged'
}

/** What is said about a clause beside what it asks. */
function wordsOf(clause: Clause): string {
  const { says, rationale, meets, hazards, origin } = clause
  return JSON.stringify([says, rationale, meets, hazards, origin, conditionWords(clause)])
}

const SEVERITIES: readonly ClauseSeverity[] = ['info', 'warn', 'block']

function facetsOf(old: Clause, now: Clause, compared: Compared): readonly Facet[] {
  if (old.form !== now.form) return facet('form', 'incomparable', old.form, now.form)
  const severity = orderOfNumbers(SEVERITIES.indexOf(old.severity), SEVERITIES.indexOf(now.severity))
  return [
    ...bodyFacets(old, now, compared),
    ...sliceFacets(old, now, compared),
    ...targetFacets(old, now, compared),
    ...modelFacets(old, now, compared),
    ...binFacets(old, now, compared),
    ...(old.allowEmpty === now.allowEmpty
      ? []
      : facet('allow_empty', now.allowEmpty ? 'weaker' : 'stronger', String(old.allowEmpty), String(now.allowEmpty))),
    ...acceptedFacets(old, now),
    ...(severity === 'same' ? [] : facet('severity', severity, old.severity, now.severity)),
    ...unenforced(old, now),
    ...linkFacets('meets', old.meets, now.meets),
    ...linkFacets('hazards', old.hazards, now.hazards),
  ]
}

/** What a clause is there for changes nothing that it asks; to lose the link should be seen all the same. */
function linkFacets(name: string, old: readonly string[], now: readonly string[]): readonly Facet[] {
  return setFacet(name, old, now).map((found) => ({ ...found, order: 'same' }))
}

/** Where results of more tools may stand for evidence, less is asked. */
function acceptedFacets({ accepts: old = [] }: Clause, { accepts: now = [] }: Clause): readonly Facet[] {
  return setFacet('accepts', old, now).map((found) => ({ ...found, order: reversed(found.order) }))
}

function unenforced(old: Clause, now: Clause): readonly Facet[] {
  if ((old.unenforced === undefined) === (now.unenforced === undefined)) return []
  return facet(
    'enforced',
    now.unenforced === undefined ? 'stronger' : 'weaker',
    old.unenforced ?? 'yes',
    now.unenforced ?? 'yes',
  )
}

function bodyFacets(old: Clause, now: Clause, compared: Compared): readonly Facet[] {
  if (old.form === 'every' && now.form === 'every')
    return [
      ...everyFacets(old, now, compared),
      ...number('mostly', old.mostly, now.mostly, (mostly) => Number(mostly)),
      ...sampleFacets(old, now),
    ]
  if ((old.form === 'must' && now.form === 'must') || (old.form === 'always' && now.form === 'always'))
    return [
      ...termFacets(old, now, compared),
      ...confidenceFacets(old, now),
      ...countingFacets(old, now),
      ...sampleFacets(old, now),
      ...anytimeFacets(old, now),
      ...windowFacets(old, now),
    ]
  if (old.form === 'forall' && now.form === 'forall') return forallFacets(old, now, compared)
  if (old.form === 'whenever' && now.form === 'whenever')
    return [
      // What triggers less often asks for less.
      ...eventFacet('whenever', old.trigger, now.trigger, compared, [old.text, now.text], reversed),
      ...eventFacet('then', old.response, now.response, compared, [old.text, now.text]),
      ...timeFacet('within', old.within, now.within),
    ]
  if (old.form === 'eventually' && now.form === 'eventually')
    return [
      ...eventFacet('eventually', old.condition, now.condition, compared, [old.text, now.text]),
      ...timeFacet('within', old.within, now.within),
    ]
  return []
}

/** Intervals that hold at every look are wider: more is asked. */
function anytimeFacets(old: Estimating, now: Estimating): readonly Facet[] {
  const [before, after] = [old.anytime === true, now.anytime === true]
  return before === after ? [] : facet('anytime', after ? 'stronger' : 'weaker', String(before), String(after))
}

type Estimating = Extract<Clause, { form: 'must' | 'always' }>

/** A number that has to hold for the population asks more than one that describes the rows. */
function confidenceFacets(old: Estimating, now: Estimating): readonly Facet[] {
  const level = number('confidence', old.confidence, now.confidence, levelOf)
  if (level.length > 0) return level
  const spoken = ({ must }: Estimating): ReadonlyMap<string, string> =>
    new Map(must.terms.map((term) => [termKey(term), term.estimates]))
  const [before, after] = [spoken(old), spoken(now)]
  const moved = [...after].find(([key, estimates]) => before.has(key) && before.get(key) !== estimates)
  if (moved === undefined) return []
  return facet('speaks of', moved[1] === 'rows' ? 'weaker' : 'stronger', before.get(moved[0]) ?? '', moved[1])
}

/** On fewer rows less is known; of all rows everything. Another size is neither more nor less than was asked. */
function sampleFacets(old: Clause, now: Clause): readonly Facet[] {
  const of = (clause: Clause): string => {
    const sample = 'sample' in clause ? clause.sample : undefined
    if (sample === undefined) return 'all rows'
    return 'rows' in sample ? `${sample.rows} rows` : `${sample.share} of the rows`
  }
  const [before, after] = [of(old), of(now)]
  if (before === after) return []
  if (before === 'all rows') return facet('sample', 'weaker', before, after)
  return facet('sample', after === 'all rows' ? 'stronger' : 'incomparable', before, after)
}

/** Rows drawn together make another interval, mostly a wider one; rows that count more or less make another number. */
function countingFacets(old: Estimating, now: Estimating): readonly Facet[] {
  return (['cluster', 'weights'] as const).flatMap((name) => {
    const of = ({ must }: Estimating): string =>
      [...new Set(must.terms.flatMap((term) => term[name] ?? []))].join(', ') || 'none'
    return of(old) === of(now) ? [] : facet(name, 'incomparable', of(old), of(now))
  })
}

/** Descriptive clauses need no interval to clear the bound: the least that can be asked. */
const levelOf = (confidence: number | 'none'): number => (confidence === 'none' ? 0 : confidence)

function number<T extends string | number>(name: string, old: T, now: T, value: (of: T) => number): readonly Facet[] {
  const order = orderOfNumbers(value(old), value(now))
  return order === 'same' ? [] : facet(name, order, String(old), String(now))
}

function windowFacets(old: Clause, now: Clause): readonly Facet[] {
  if (old.form !== 'always' || now.form !== 'always') return []
  const window =
    old.window === now.window ? [] : facet('window', 'incomparable', durationText(old.window), durationText(now.window))
  const order = reversed(orderOfNumbers(old.for, now.for))
  return [...window, ...(order === 'same' ? [] : facet('for', order, String(old.for), String(now.for)))]
}

/** More time asks less. */
function timeFacet(name: string, old: number, now: number): readonly Facet[] {
  const order = reversed(orderOfNumbers(old, now))
  return order === 'same' ? [] : facet(name, order, durationText(old), durationText(now))
}

type EventCondition = Extract<Clause, { form: 'eventually' }>['condition']

function eventFacet(
  name: string,
  old: EventCondition,
  now: EventCondition,
  { facts, port }: Compared,
  words: readonly [string, string],
  asked: (order: Order) => Order = (order) => order,
): readonly Facet[] {
  return conditionFacet(name, words, { expr: old, missing: 'fail' }, { expr: now, missing: 'fail' }, facts, {
    asked,
    ...(port === undefined ? {} : { port }),
  })
}
