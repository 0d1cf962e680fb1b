import { type Digest, digestOf } from '../../evidence/digest.ts'
import { aggregates, type AggregateName } from '../../expr/functions/aggregates.ts'
import { rowFunctions, type RowFunctionName } from '../../expr/functions/row-functions.ts'
import type { Names, NamedModel } from '../../check/names/names.ts'
import type { Clause } from '../clause.ts'

/** A clause before its digest is known. Distributes over the forms. */
export type Undigested<C = Clause> = C extends Clause ? Omit<C, 'digest'> : never

/** What an instance's meaning depends on beside the clause's own text, by name: relations read, models, functions. */
interface Resolved {
  readonly relations: readonly (readonly [string, Digest])[]
  readonly models: readonly (readonly [string, Digest])[]
  /** With the version of their meaning. */
  readonly functions: readonly (readonly [string, number])[]
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

/** Gives clauses their digests. */
export interface ClauseDigester {
  /** Adds the digest of all the clause resolves to. */
  withDigest<C extends Undigested>(clause: C): C & { readonly digest: string }
}

/**
 * The digester of a spec. Words about a clause (`says`, `rationale`, …) and its severity change nothing it asks, so they
 * stay out. Relations and models go in by digests of their own, each made once: they are as large as the data is wide,
 * and nearly every clause names one.
 */
export function clauseDigester(names: Names): ClauseDigester {
  const relation = once((name) => digestOf(relationMeaning(name, names), WORDS))
  const model = once((name) => digestOf(modelMeaning(names.models.get(name)), WORDS))
  const resolve = (clause: Undigested): Resolved => {
    const [relations, models, functions] = [new Set<string>(), new Set<string>(), new Set<string>()]
    visit(clause, (node) => {
      const named = node['relation'] ?? node['dataset']
      if (typeof named === 'string') relations.add(named)
      if (typeof node['model'] === 'string') models.add(node['model'])
      if (typeof node['fn'] === 'string') functions.add(node['fn'])
    })
    for (const target of clause.of) {
      const bound = names.relations.get(target.relation)?.info.model
      if (bound !== undefined) models.add(bound)
    }
    return {
      relations: [...relations].sort().map((name) => [name, relation(name)]),
      models: [...models].sort().map((name) => [name, model(name)]),
      functions: [...functions].sort().map((name) => [name, versionOf(name)]),
    }
  }
  return {
    withDigest: (clause) => ({ ...clause, digest: digestOf({ clause, resolves: resolve(clause) }, WORDS) }),
  }
}

function once<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>()
  return (name) => {
    let value = made.get(name)
    if (value === undefined) made.set(name, (value = make(name)))
    return value
  }
}

function visit(value: unknown, see: (node: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see)
  else if (typeof value === 'object' && value !== null) {
    see(value as Record<string, unknown>)
    for (const key of Object.keys(value)) visit((value as Readonly<Record<string, unknown>>)[key], see)
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
    columns: [...info.columns.values()],
  }
}

function modelMeaning(model: NamedModel | undefined): unknown {
  if (model === undefined) return null
  return {
    task: model.task,
    from: model.from,
    input: model.input,
    outputs: [...model.outputs.values()],
    label: model.label ?? null,
    decision: model.decision?.text ?? null,
  }
}

function versionOf(fn: string): number {
  if (Object.hasOwn(rowFunctions, fn)) return rowFunctions[fn as RowFunctionName].version
  return Object.hasOwn(aggregates, fn) ? aggregates[fn as AggregateName].version : 0
}
