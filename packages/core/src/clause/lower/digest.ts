import { digestOf } from '../../evidence/digest.ts'
import { aggregates, type AggregateName } from '../../expr/functions/aggregates.ts'
import { rowFunctions, type RowFunctionName } from '../../expr/functions/row-functions.ts'
import type { Names, NamedModel } from '../../check/names/names.ts'
import type { Clause } from '../clause.ts'

/** A clause before its digest is known. Distributes over the forms. */
export type Undigested<C = Clause> = C extends Clause ? Omit<C, 'digest'> : never

/** What an instance's meaning depends on beside the clause's own text: relations read, model signatures. */
interface Resolved {
  readonly relations: Readonly<Record<string, unknown>>
  readonly models: Readonly<Record<string, unknown>>
  readonly functions: Readonly<Record<string, number>>
}

const WORDS = new Set([
  'text',
  'expression',
  'says',
  'rationale',
  'place',
  'meets',
  'hazards',
  'origin',
  'severity',
  'unenforced',
  'digest',
  'at',
])

/** Digest of all a clause resolves to. Words about it (`says`, `rationale`, …) and its severity change nothing it asks, so they stay out. */
export function withDigest<C extends Undigested>(clause: C, names: Names): C & { readonly digest: string } {
  const meaning = strip(clause)
  return { ...clause, digest: digestOf({ clause: meaning, resolves: strip(resolve(clause, names)) }) }
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([k, v]) => !WORDS.has(k) && v !== undefined)
      .map(([k, v]) => [k, strip(v)]),
  )
}

function resolve(clause: Undigested, names: Names): Resolved {
  const relations: Record<string, unknown> = {}
  const models: Record<string, unknown> = {}
  const functions: Record<string, number> = {}
  visit(clause, (node) => {
    const named = node['relation'] ?? node['dataset']
    if (typeof named === 'string') relations[named] = relationMeaning(named, names)
    if (typeof node['model'] === 'string') models[node['model']] = modelMeaning(names.models.get(node['model']))
    const fn = node['fn']
    if (typeof fn === 'string') functions[fn] = versionOf(fn)
  })
  for (const { relation } of clause.of) {
    const model = names.relations.get(relation)?.info.model
    if (model !== undefined) models[model] = modelMeaning(names.models.get(model))
  }
  return { relations, models, functions }
}

function visit(value: unknown, see: (node: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see)
  else if (typeof value === 'object' && value !== null) {
    see(value as Record<string, unknown>)
    for (const item of Object.values(value)) visit(item, see)
  }
}

function relationMeaning(name: string, names: Names): unknown {
  const found = names.relations.get(name)
  if (found === undefined) return null
  const { relation, info } = found
  const dataset =
    relation.kind === 'data' || relation.kind === 'model' ? names.datasets.get(relation.dataset) : undefined
  const split = relation.kind === 'data' || relation.kind === 'model' ? relation.split : undefined
  return {
    relation,
    key: dataset?.key ?? [],
    split: split === undefined ? null : (dataset?.source.splits.get(split)?.text ?? null),
    columns: [...info.columns.values()].map((column) => ({ ...column, says: undefined })),
  }
}

function modelMeaning(model: NamedModel | undefined): unknown {
  if (model === undefined) return null
  return {
    task: model.task,
    from: model.from,
    input: model.input,
    outputs: [...model.outputs.values()].map((output) => ({ ...output, says: undefined })),
    label: model.label ?? null,
    decision: model.decision?.text ?? null,
  }
}

function versionOf(fn: string): number {
  if (Object.hasOwn(rowFunctions, fn)) return rowFunctions[fn as RowFunctionName].version
  return Object.hasOwn(aggregates, fn) ? aggregates[fn as AggregateName].version : 0
}
