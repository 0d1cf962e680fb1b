import {
  type Program,
  type ProgramColumn,
  type ProgramDataset,
  type ProgramModel,
  sourceText,
} from '../../clause/program.ts'
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
      old.name === 'challenger' ? [] : setting(`models.${old.name}.outputs`, outputFacets(old, now)),
    ),
  ]
}

function datasetChanges(old: ProgramDataset, now: ProgramDataset): readonly Change[] {
  return [
    ...setting(`data.${old.name}.source`, different('source', sourceText(old.source), sourceText(now.source))),
    ...setting(`data.${old.name}.time`, different('time', old.time, now.time)),
    ...pairs(old.columns, now.columns).flatMap(([a, b]) =>
      setting(`data.${old.name}.${a.name}`, [
        ...different('unit', a.unit, b.unit),
        ...(a.protected === b.protected
          ? []
          : facet('protected', b.protected ? 'stronger' : 'weaker', String(a.protected), String(b.protected))),
      ]),
    ),
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
