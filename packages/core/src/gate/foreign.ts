import type { Instance } from '../clause/instances.ts'
import type { Program } from '../clause/program.ts'
import { modelsOf, type Versions } from '../clause/roles.ts'
import type { ForeignTool } from '../evidence/foreign-tool.ts'

/** What stood in the project when results of another tool were recorded: whoever records them says that they speak of it. */
export interface StoodAs {
  /** Digest of each clause, by id. */
  readonly clauses: Readonly<Record<string, string>>
  /** Digest of each dataset, by name. */
  readonly data: Readonly<Record<string, string>>
  readonly candidate?: string
}

/** A question of a clause as a result of another tool names it: `ranks-well@champion.test[young]`. */
export interface NamedQuestion {
  readonly clause: string
  readonly relation?: string
  readonly slice?: string
}

/** A result of another tool as a gate may read it: where a clause accepts the tool, and never as evidence. */
export interface RecordedResult {
  readonly tool: ForeignTool
  readonly name: string
  readonly verdict: 'satisfied' | 'violated' | 'error' | 'skipped'
  /** Clauses it is said to test. */
  readonly clauses: readonly string[]
  /** Where it says of which question of a clause it speaks. */
  readonly about?: readonly NamedQuestion[]
  /** Whether it names its clause itself, or its name does; a name's last part may be something else than a slice. */
  readonly by?: 'tag' | 'name'
  /** The file it was recorded from, and the digest of its bytes. */
  readonly file: string
  readonly digest: string
  /** Absent where an older release recorded it: it then answers nothing. */
  readonly stands?: StoodAs
}

/** What counts in the place of evidence: marked wherever it is shown. */
export interface CountedForeign {
  readonly clause: string
  readonly relation: string
  readonly slice: string
  readonly tool: ForeignTool
  readonly name: string
  readonly file: string
  readonly digest: string
}

/** What accepted results say of a question that has no evidence of its own. */
export type ForeignAnswer =
  | { readonly kind: 'satisfied'; readonly by: readonly RecordedResult[] }
  | { readonly kind: 'violated' | 'error'; readonly by: RecordedResult }
  /** There are some, of another clause, other data or another candidate. */
  | { readonly kind: 'stale' }

/** The state of a project that results have to speak of. */
export interface ForeignSubject {
  readonly versions: Versions
  readonly data: Readonly<Record<string, string>>
  readonly foreign?: readonly RecordedResult[]
}

/**
 * What results of tools that a clause accepts say of one of its questions, before a release. All of them that speak of it and of things
 * as they are have to be satisfied, and one at least. Undefined where the clause accepts none, or nothing names the question.
 */
export function foreignAnswer(
  program: Program,
  { clause, relation, stage, slice: { name: slice } }: Instance,
  { versions, data, foreign = [] }: ForeignSubject,
): ForeignAnswer | undefined {
  const { accepts = [] } = clause
  if (accepts.length === 0 || (stage !== 'data' && stage !== 'model')) return undefined
  const named = foreign.filter(
    (result) =>
      accepts.includes(result.tool) && result.verdict !== 'skipped' && speaksOf(result, clause, relation, slice),
  )
  if (named.length === 0) return undefined
  const datasets = datasetsOf(program, [relation, ...relationsComparedBy(clause)])
  const asksModel = stage === 'model' || modelsOf(clause, relation).length > 0
  const current = named.filter(
    ({ stands }) =>
      stands !== undefined &&
      stands.clauses[clause.id] === clause.digest &&
      datasets.every((name) => data[name] !== undefined && stands.data[name] === data[name]) &&
      (!asksModel || (versions.candidate !== undefined && stands.candidate === versions.candidate)),
  )
  const bad = current.find(({ verdict }) => verdict !== 'satisfied')
  if (bad !== undefined) return { kind: bad.verdict === 'error' ? 'error' : 'violated', by: bad }
  return current.length === 0 ? { kind: 'stale' } : { kind: 'satisfied', by: current }
}

/**
 * A result that names a slice or relation speaks of that one. One that names the clause alone speaks of the whole: of all rows, or
 * of the only question there is. Where it failed, it speaks of every question, since nobody knows which it is.
 */
function speaksOf(
  { clauses, about = [], by, verdict }: RecordedResult,
  { id, of, slices }: Instance['clause'],
  relation: string,
  slice: string,
): boolean {
  if (!clauses.includes(id)) return false
  const relations = of.filter(({ stage }) => stage === 'data' || stage === 'model').map((target) => target.relation)
  const names = slices.map(({ name }) => name)
  const own = about
    .filter(({ clause }) => clause === id)
    .map((each) =>
      by !== 'name'
        ? each
        : // What is no relation or slice of the clause (a parameter of the test) says nothing of where it looked.
          {
            relation: relations.find((name) => name === each.relation),
            slice: names.find((name) => name === each.slice),
          },
    )
  return (own.length === 0 ? [{ relation: undefined, slice: undefined }] : own).some((each) => {
    const failed = verdict !== 'satisfied'
    const here = each.relation === undefined ? failed || relations.length === 1 : each.relation === relation
    const rows = each.slice === undefined ? failed || slice === 'all' || names.length === 1 : each.slice === slice
    return here && rows
  })
}

function relationsComparedBy(clause: Instance['clause']): readonly string[] {
  if (clause.form !== 'must') return []
  return clause.must.terms.flatMap(({ args }) => args.flatMap((arg) => (arg.kind === 'relation' ? [arg.relation] : [])))
}

function datasetsOf({ relations }: Program, names: readonly string[]): readonly string[] {
  const found = relations.filter(({ name }) => names.includes(name))
  return [...new Set(found.flatMap((each) => (each.kind === 'data' || each.kind === 'model' ? [each.dataset] : [])))]
}
