import type { Program } from '../../clause/program.ts'
import type { Change, Facet } from '../change.ts'
import { facet, orderOfNumbers, setFacet } from '../facets/sets.ts'
import { setting } from './setting.ts'

/** From what asks least to what asks most; a spec that names no class asks nothing. */
const CLASSES: readonly (string | undefined)[] = [undefined, 'minimal', 'limited', 'high', 'unacceptable']

/** What a spec says it is and has to answer for: its class of risk, frameworks, requirements, and hazards with their controls. */
export function aboutChanges({ about: old }: Program, { about: now }: Program): readonly Change[] {
  const risk = orderOfNumbers(CLASSES.indexOf(old.risk), CLASSES.indexOf(now.risk))
  return [
    ...setting('system.risk', facet('risk', risk, old.risk ?? 'none', now.risk ?? 'none')),
    ...setting('system.frameworks', setFacet('frameworks', old.frameworks, now.frameworks)),
    ...setting('system.use', useFacets(old, now)),
    // They may waive from the next promotion on: a reviewer should see who.
    ...setting('system.owners', asWords(setFacet('owners', ownersOf(old), ownersOf(now)))),
    ...named('requirements', old.requirements, now.requirements, (before, after) =>
      facet('text', 'same', textOf(before), textOf(after)),
    ),
    ...named('hazards', old.hazards, now.hazards, (before, after) => [
      ...facet('says', 'same', before.says, after.says),
      // A graver hazard asks for more, but in words of the author's own.
      ...facet('severity', 'same', before.severity ?? 'none', after.severity ?? 'none'),
      ...setFacet('controls', before.controls, after.controls),
    ]),
  ]
}

/** A use that is excluded no more is a promise less; in other words it may be the same one. */
function useFacets(old: Program['about'], now: Program['about']): readonly Facet[] {
  const excluded = setFacet('excluded', old.excludedUse, now.excludedUse)
  return [
    ...(excluded.some(({ order }) => order === 'incomparable') ? asWords(excluded) : excluded),
    ...asWords(setFacet('intended', old.intendedUse, now.intendedUse)),
  ]
}

const ownersOf = ({ owners }: Program['about']): readonly string[] =>
  owners.map(({ name, contact }) => (contact === undefined ? name : `${name} (${contact})`))

const asWords = (facets: readonly Facet[]): readonly Facet[] => facets.map((found) => ({ ...found, order: 'same' }))

const textOf = ({ says, text }: Program['about']['requirements'][number]): string => text ?? says

/** Entries by id: one less asks less, one more asks more. */
function named<T extends { readonly id: string; readonly says: string }>(
  section: string,
  old: readonly T[],
  now: readonly T[],
  differences: (before: T, after: T) => readonly Facet[],
): readonly Change[] {
  const after = new Map(now.map((entry) => [entry.id, entry]))
  const before = new Set(old.map(({ id }) => id))
  return [
    ...old.flatMap((entry) => {
      const kept = after.get(entry.id)
      const facets = kept === undefined ? facet('entry', 'weaker', entry.says, 'none') : differences(entry, kept)
      return setting(`${section}.${entry.id}`, facets)
    }),
    ...now
      .filter(({ id }) => !before.has(id))
      .flatMap(({ id, says }) => setting(`${section}.${id}`, facet('entry', 'stronger', 'none', says))),
  ]
}
