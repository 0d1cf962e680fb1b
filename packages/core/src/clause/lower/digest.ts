import { canonicalJson } from '../../evidence/canonical-json.ts'
import { type Digest, digestBytes, digestOf } from '../../evidence/digest.ts'
import { aggregates, type AggregateName } from '../../expr/functions/aggregates.ts'
import { rowFunctions, type RowFunctionName } from '../../expr/functions/row-functions.ts'
import type { Names, NamedModel } from '../../check/names/names.ts'
import type { Expression, Source, Spec, TableSource } from '../../language/spec.ts'
import type { Clause, Target } from '../clause.ts'

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
  'owner',
  'accepts',
  'severity',
  'unenforced',
  'sensitive',
  'digest',
  'at',
])

/**
 * Besides words: what the rest implies, since at every node of a tree it would be most of the text. The type of a node
 * follows from its columns and functions (that of a literal does not), the fields of a record type from the relation or
 * model it is `of`. (The fields of `with` are a list.)
 */
function isLeftOut(name: string, value: unknown, owner: object): boolean {
  if (value === undefined || WORDS.has(name)) return true
  if (name === 'fields') return !Array.isArray(value)
  return name === 'type' && 'node' in owner && owner.node !== 'literal'
}

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
export function clauseDigester(names: Names, params: Spec['params']): ClauseDigester {
  const written = (expression: Expression | undefined): unknown => textMeaning(expression, params)
  const relation = once((name) => digestOf(relationMeaning(name, names, written), isLeftOut))
  const model = once((name) => digestOf(modelMeaning(names.models.get(name), names, written), isLeftOut))
  return {
    withDigest(clause) {
      const named: Named = { relations: new Set(), models: new Set(), functions: new Set() }
      // Names are collected while the text is written: one walk over the trees of a clause, not two.
      const text = canonicalJson({ ...clause, of: lasting(clause.of) }, (name, value, owner) => {
        collect(named, names, name, value)
        return isLeftOut(name, value, owner)
      })
      for (const target of lasting(clause.of)) {
        const bound = names.relations.get(target.relation)?.info.model
        if (bound !== undefined) named.models.add(bound)
      }
      const resolves: Resolved = {
        relations: [...named.relations].sort().map((name) => [name, relation(name)]),
        models: [...named.models].sort().map((name) => [name, model(name)]),
        functions: [...named.functions].sort().map((name) => [name, versionOf(name)]),
      }
      return { ...clause, digest: digestBytes(`${text}\n${canonicalJson(resolves)}`) }
    },
  }
}

/**
 * The targets that say what a clause asks. That it is asked of generated requests, too, follows from what an environment
 * requires: to require more makes no evidence stale.
 */
function lasting(of: readonly Target[]): readonly Target[] {
  const asked = of.filter(({ relation }) => relation !== 'release')
  return asked.length === 0 ? of : asked
}

/** The names a clause mentions. */
interface Named {
  readonly relations: Set<string>
  readonly models: Set<string>
  readonly functions: Set<string>
}

function collect({ relations, models, functions }: Named, names: Names, key: string, value: unknown): void {
  if (typeof value !== 'string') return
  // The measure of a `forall` is a relation, too.
  if (key === 'relation' || key === 'dataset' || (key === 'over' && names.relations.has(value))) relations.add(value)
  else if (key === 'model') models.add(value)
  else if (key === 'fn') functions.add(value)
  // A record: a row of a dataset, or the answer of a model.
  else if (key === 'of') (names.models.has(value) ? models : relations).add(value)
}

function once<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>()
  return (name) => {
    let value = made.get(name)
    if (value === undefined) made.set(name, (value = make(name)))
    return value
  }
}

/** A condition as written; where it reads parameters, with their values. */
function textMeaning(expression: Expression | undefined, params: Spec['params']): unknown {
  if (expression === undefined) return null
  const words = new Set(expression.text.match(/\w+/g))
  const read = [...params].flatMap(([name, { value, unit }]) =>
    words.has(name) ? [unit === undefined ? [name, value] : [name, value, unit]] : [],
  )
  return read.length === 0 ? expression.text : [expression.text, ...read]
}

type Written = (expression: Expression | undefined) => unknown

function relationMeaning(name: string, names: Names, written: Written): unknown {
  const found = names.relations.get(name)
  if (found === undefined) return null
  const { relation, info } = found
  const dataset =
    relation.kind === 'data' || relation.kind === 'model' ? names.datasets.get(relation.dataset) : undefined
  const split = relation.kind === 'data' || relation.kind === 'model' ? relation.split : undefined
  return {
    relation,
    key: dataset?.key ?? [],
    // How its bytes are read: with another delimiter or null value the same bytes are other rows.
    reading: dataset === undefined ? null : readingOf(dataset.source.source.value, dataset.engine?.dialect),
    split: split === undefined ? null : written(dataset?.source.splits.get(split)),
    // By name: in which order a spec lists them changes nothing that is asked.
    columns: [...info.columns.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** Without the path: the same bytes under another name are the same rows. */
function readingOf(source: Source | TableSource, dialect?: string): unknown {
  if ('engine' in source) return { dialect }
  const { path: _where, ...reading } = source
  return reading
}

function modelMeaning(model: NamedModel | undefined, names: Names, written: Written): unknown {
  if (model === undefined) return null
  const { judges } = model
  return {
    task: model.task,
    from: model.from,
    input: model.input,
    ...(model.pixels === undefined ? {} : { pixels: model.pixels }),
    // `check` keeps judges from judging judges, so that this ends.
    ...(judges === undefined
      ? {}
      : { judges: { ...judges, of: modelMeaning(names.models.get(judges.model), names, written) } }),
    outputs: [...model.outputs.values()],
    label: model.label ?? null,
    decision: written(model.decision),
  }
}

function versionOf(fn: string): number {
  if (Object.hasOwn(rowFunctions, fn)) return rowFunctions[fn as RowFunctionName].version
  return Object.hasOwn(aggregates, fn) ? aggregates[fn as AggregateName].version : 0
}
