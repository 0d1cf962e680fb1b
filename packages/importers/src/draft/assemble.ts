import { compile, hasErrors, isPlainName, type Program, undeclarable, visible } from '@plumbline/core'
import { Document } from 'yaml'
import type { ClauseDraft, DatasetDraft, Draft, ItemDraft } from './draft.ts'
import type { Imported, ImportedItem } from './imported.ts'
import { slugOf } from '../text/names.ts'

/** A clause with its final id. */
interface Placed {
  readonly id: string
  readonly draft: ClauseDraft
}

/** Slices by condition. */
type Slices = ReadonlyMap<string, string>

/**
 * The spec of a draft. It compiles: a clause that does not (a pattern that RE2 has not, a comparison of texts with
 * numbers) is taken out and its check reported as refused, with the finding of the compiler as the reason.
 */
export function assemble(found: Draft): Imported {
  const { draft, notes } = declarable(found)
  const ids = new Set<string>()
  const placed = draft.items.map((item) =>
    item.clauses.map((clause): Placed => ({ id: freeId(clause.id, ids), draft: clause })),
  )
  const slices = slicesOf(draft.items)
  const broken = findBroken(draft, placed.flat(), slices)
  const kept = placed.filter((clauses) => !clauses.some(({ id }) => broken.has(id))).flat()
  const items = draft.items.map((item, i) => report(item, placed[i] ?? [], broken))
  const used = new Set(kept.map(({ draft: { where } }) => where))
  const left = new Map([...slices].filter(([condition]) => used.has(condition)))
  return { text: write(draft, kept, left, items), items, notes }
}

/** Leaves out columns that a spec cannot declare, and says so. */
function declarable(draft: Draft): { readonly draft: Draft; readonly notes: readonly string[] } {
  const notes = [...draft.notes]
  const datasets = draft.datasets.map((dataset) => {
    const kept = [...dataset.columns].filter(([name]) => {
      const why = undeclarable(name)
      if (why !== undefined) notes.push(`The column ${JSON.stringify(name)} is not declared: it ${why}.`)
      return why === undefined
    })
    return { ...dataset, columns: new Map(kept) }
  })
  return { draft: { ...draft, datasets }, notes }
}

function report(item: ItemDraft, placed: readonly Placed[], broken: ReadonlyMap<string, string>): ImportedItem {
  const { what, where, about, differences, trivial, refused, contracts = [] } = item
  const base = { what, where, about }
  const reasons = placed.flatMap(({ id }) => broken.get(id) ?? [])
  if (refused !== undefined) return { ...base, outcome: 'refused', clauses: [], notes: [refused] }
  if (reasons.length > 0) return { ...base, outcome: 'refused', clauses: [], notes: [...new Set(reasons)] }
  if (trivial !== undefined) return { ...base, outcome: 'trivial', clauses: [], notes: [trivial] }
  const clauses = [...placed.map(({ id }) => id), ...contracts]
  return { ...base, outcome: differences.length > 0 ? 'changed' : 'imported', clauses, notes: differences }
}

/** Why a clause does not compile, by id. One after the other only where not all do. */
function findBroken(draft: Draft, placed: readonly Placed[], slices: Slices): ReadonlyMap<string, string> {
  const broken = new Map<string, string>()
  const look = (some: readonly Placed[]): void => {
    const reason = problemOf(write(draft, some, slicesOfPlaced(some, slices)))
    if (reason === undefined || some.length === 0) return
    if (some.length === 1) {
      for (const { id } of some) broken.set(id, reason)
      return
    }
    const middle = Math.ceil(some.length / 2)
    look(some.slice(0, middle))
    look(some.slice(middle))
  }
  look(placed)
  return broken
}

function slicesOfPlaced(some: readonly Placed[], slices: Slices): Slices {
  const used = new Set(some.map(({ draft: { where } }) => where))
  return new Map([...slices].filter(([condition]) => used.has(condition)))
}

function problemOf(text: string): string | undefined {
  const { diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const found = diagnostics.find((diagnostic) => hasErrors([diagnostic]))
  return found === undefined ? undefined : [found.message, found.why].filter((part) => part !== undefined).join(' ')
}

/** The program of an imported spec; an import that does not compile is a mistake of ours. */
export function programOf({ text }: Imported): Program {
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (value === undefined) throw new Error(`an imported spec does not compile: ${problemOf(text)}`)
  return value
}

function freeId(wished: string, taken: Set<string>): string {
  const base = wished === '' ? 'clause' : wished
  let id = base
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
  taken.add(id)
  return id
}

/** A slice for each condition, named by its words. */
function slicesOf(items: readonly ItemDraft[]): Slices {
  const slices = new Map<string, string>()
  const names = new Set<string>(['all'])
  for (const { where } of items.flatMap(({ clauses }) => clauses)) {
    if (where === undefined || slices.has(where)) continue
    slices.set(where, freeId(sliceName(where), names))
  }
  return slices
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/ != null/g, ' given'],
  [/ == null/g, ' missing'],
  [/==/g, ' is '],
  [/!=/g, ' not '],
  [/<=?/g, ' below '],
  [/>=?/g, ' above '],
  [/\|\|/g, ' or '],
  [/&&/g, ' and '],
]

function sliceName(condition: string): string {
  const words = WORDS.reduce((text, [sign, word]) => text.replaceAll(sign, word), condition)
  return slugOf(words).slice(0, 48).replace(/-+$/, '') || 'rows'
}

function write(draft: Draft, clauses: readonly Placed[], slices: Slices, items: readonly ImportedItem[] = []): string {
  const document = new Document({
    plumbline: 1,
    system: { name: slugOf(draft.name) || 'imported', version: '0.1.0' },
    data: new Map(draft.datasets.map((dataset) => [dataset.name, datasetEntry(dataset)])),
    ...(slices.size === 0 ? {} : { slices: new Map([...slices].map(([condition, name]) => [name, condition])) }),
    ...(clauses.length === 0
      ? {}
      : { clauses: new Map(clauses.map(({ id, draft: clause }) => [id, clauseEntry(clause, slices)])) }),
  })
  const lost = items.filter(({ outcome }) => outcome === 'refused')
  if (lost.length > 0) {
    const lines = lost.map(
      ({ what, about, where, notes }) =>
        ` - ${where} ${visible(what)}${about === '' ? '' : ` (${visible(about)})`}: ${visible(notes.join(' '))}`,
    )
    document.commentBefore = [' Not imported:', ...lines].join('\n')
  }
  return document.toString({ lineWidth: 0 })
}

function datasetEntry({ source, says, key, columns }: DatasetDraft): object {
  return {
    source: /\.(csv|tsv|parquet|pq|json|jsonl|ndjson)(\.gz|\.zst)?$/i.test(source)
      ? source
      : { path: source, format: 'parquet' },
    ...(says === undefined ? {} : { says }),
    ...(key === undefined || key.length === 0 ? {} : { key }),
    columns: new Map(
      [...columns].map(([name, { type, optional = true, unit, mostly, says: words }]) => [
        name,
        {
          type,
          ...(unit === undefined ? {} : { unit }),
          ...(optional ? { optional } : {}),
          ...(mostly === undefined ? {} : { mostly }),
          ...(words === undefined ? {} : { says: words }),
        },
      ]),
    ),
  }
}

function clauseEntry(clause: ClauseDraft, slices: Slices): object {
  const { says, dataset, every, must, mostly, missing, allowEmpty, where, severity } = clause
  const slice = where === undefined ? undefined : slices.get(where)
  return {
    ...(says === undefined ? {} : { says }),
    of: dataset,
    ...(every === undefined ? {} : { every }),
    ...(must === undefined ? {} : { must }),
    ...(mostly === undefined || mostly === 1 ? {} : { mostly }),
    ...(missing === undefined ? {} : { missing }),
    ...(allowEmpty === undefined ? {} : { allow_empty: true }),
    ...(slice === undefined ? {} : { slices: [slice] }),
    ...(severity === undefined || severity === 'block' ? {} : { severity }),
  }
}

/** A name for a dataset: letters, digits, `_`. */
export function datasetName(wished: string): string {
  const plain = slugOf(wished).replaceAll('-', '_')
  const name = /^[0-9]/.test(plain) || plain === '' ? `data_${plain}`.replace(/_$/, '') : plain
  return isPlainName(name) && !TAKEN.has(name) ? name : `${name}_data`
}

const TAKEN = new Set([
  'requests',
  'system',
  'release',
  'columns',
  'column',
  'row',
  'decision',
  'champion',
  'challenger',
  'all',
])
