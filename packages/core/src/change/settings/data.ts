import {
  type Program,
  type ProgramColumn,
  type ProgramDataset,
  type ProgramModel,
  type ProgramSource,
  sourceText,
} from '../../clause/program.ts'
import { canonicalJson } from '../../evidence/canonical-json.ts'
import type { Change, Facet } from '../change.ts'
import { facet } from '../facets/sets.ts'
import { setting } from './setting.ts'

/**
 * Where rows and answers come from. The words of a clause stay, and its evidence is about something else: another file, another
 * unit of a column, another place in the model's answer.
 */
export function dataChanges(before: Program, after: Program): readonly Change[] {
  return [
    ...pairs(before.datasets, after.datasets).flatMap(([old, now]) => datasetChanges(old, now)),
    // The challenger answers as the champion does.
    ...pairs(before.models, after.models).flatMap(([old, now]) =>
      old.name === 'challenger'
        ? []
        : [
            ...setting(`models.${old.name}.input`, inputFacets(old, now)),
            ...setting(`models.${old.name}.outputs`, outputFacets(old, now)),
          ],
    ),
    ...pairs(before.models, after.models).flatMap(([old, now]) =>
      old.name === 'challenger'
        ? []
        : setting(`models.${old.name}`, different('runner', runnerText(old), runnerText(now))),
    ),
  ]
}

function datasetChanges(old: ProgramDataset, now: ProgramDataset): readonly Change[] {
  return [
    ...setting(`data.${old.name}.source`, sourceFacets(old.source, now.source)),
    ...setting(`data.${old.name}.time`, different('time', old.time, now.time)),
    ...pairs(old.columns, now.columns).flatMap(([a, b]) =>
      setting(`data.${old.name}.${a.name}`, [
        ...different('unit', a.unit, b.unit),
        ...different('path', pathText(a), pathText(b)),
        ...different('format', a.format, b.format),
        ...(a.protected === b.protected
          ? []
          : facet('protected', b.protected ? 'stronger' : 'weaker', String(a.protected), String(b.protected))),
        ...(a.sensitive === b.sensitive
          ? []
          : facet(
              'sensitive',
              b.sensitive ? 'stronger' : 'weaker',
              String(a.sensitive ?? false),
              String(b.sensitive ?? false),
            )),
      ]),
    ),
  ]
}

const pathText = ({ path }: ProgramColumn): string | undefined =>
  path === undefined ? undefined : JSON.stringify(path)

/** Where rows are; and whether what they are has a digest, without which nothing opens production. */
function sourceFacets(old: ProgramSource, now: ProgramSource): readonly Facet[] {
  const address = (source: ProgramSource): string | undefined =>
    'engine' in source ? source.engine.address : undefined
  const pinned = (source: ProgramSource): boolean => !('engine' in source) || source.pinned
  return [
    ...different('source', sourceText(old), sourceText(now)),
    ...different('address', address(old), address(now)),
    ...(pinned(old) === pinned(now)
      ? []
      : facet('pinned', pinned(now) ? 'stronger' : 'weaker', String(pinned(old)), String(pinned(now)))),
  ]
}

/** What answers where it is no file of this process. Where a model's own file lies is no part of it: its digest is. */
const runnerText = ({ runner }: ProgramModel): string | undefined =>
  runner === undefined ? undefined : canonicalJson(runner)

/**
 * How a row is given to the model: the order in which one tensor holds its columns, how images become numbers, whose answers
 * it reads. What columns there are is no part of it: a version that reads others is another version.
 */
function inputFacets(old: ProgramModel, now: ProgramModel): readonly Facet[] {
  const both = (own: ProgramModel, other: ProgramModel): string =>
    own.input.filter((name) => other.input.includes(name)).join(', ')
  const text = (part: object | undefined): string | undefined => (part === undefined ? undefined : canonicalJson(part))
  return [
    ...different('order', both(old, now), both(now, old)),
    ...different('pixels', text(old.pixels), text(now.pixels)),
    ...different('judges', text(old.judges), text(now.judges)),
  ]
}

/** Where in the model's answer an output stands. */
function outputFacets(old: ProgramModel, now: ProgramModel): readonly Facet[] {
  return pairs(old.outputs, now.outputs).flatMap(([a, b]) => different(`place of ${a.name}`, placeOf(a), placeOf(b)))
}

function placeOf({ tensor, index }: ProgramColumn): string | undefined {
  if (tensor === undefined && index === undefined) return undefined
  return `${tensor ?? 'its tensor'}${index === undefined ? '' : `[${index}]`}`
}

const different = (name: string, old: string | undefined, now: string | undefined): readonly Facet[] =>
  old === now ? [] : facet(name, 'incomparable', old ?? 'none', now ?? 'none')

/** Entries of one name in both lists. */
function pairs<T extends { readonly name: string }>(
  old: readonly T[],
  now: readonly T[],
): readonly (readonly [T, T])[] {
  const after = new Map(now.map((entry) => [entry.name, entry]))
  return old.flatMap((entry) => {
    const kept = after.get(entry.name)
    return kept === undefined ? [] : [[entry, kept] as const]
  })
}
