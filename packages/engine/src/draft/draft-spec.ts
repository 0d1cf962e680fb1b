import { compile, datasetName, type DraftPart, hasErrors, type Program, writeDraft } from '@plumbline/core'
import { runDataStage } from '../data-stage.ts'
import type { SessionOptions } from '../duckdb/session.ts'
import { notProfiled, type Profiled, profiled } from '../profile/failure.ts'
import { betweenParts } from './between.ts'
import { draftFile } from './draft-file.ts'

/** What to draft a spec from. */
export interface DraftRequest {
  /** The project's directory. */
  readonly root: string
  /** The files, relative to it, with `/`. */
  readonly paths: readonly string[]
  readonly toolVersion: string
  readonly signal?: AbortSignal
  readonly session?: Omit<SessionOptions, 'signal'>
  readonly onFile?: (path: string) => void
}

/** A draft that compiles and holds on its files. */
export interface SpecDraft {
  readonly text: string
  readonly program: Program
  readonly parts: readonly DraftPart[]
  readonly todos: readonly string[]
  /** Clauses that the rows seemed to support and the data stage did not find satisfied: they are not in the draft. */
  readonly dropped: readonly string[]
}

/**
 * Drafts a spec of files: each profiled and asked by itself, then what lies between them. The whole is decided by the data
 * stage as `plumb test` would, and what is not satisfied there is left out.
 */
export async function draftSpec(request: DraftRequest): Promise<Profiled<SpecDraft>> {
  const parts: DraftPart[] = []
  for (const path of request.paths) {
    request.onFile?.(path)
    const { root, signal, session } = request
    let dataset = ''
    const found = await draftFile(
      { root, path, ...(signal === undefined ? {} : { signal }), ...(session === undefined ? {} : { session }) },
      (profile) => (dataset = freeName(datasetName(path, new Set(profile.columns.map(({ name }) => name))), parts)),
    )
    if (!found.ok) return found
    parts.push({ dataset, ...found.value })
  }
  return decided(request, distinctIds(withBetween(parts)))
}

function freeName(wished: string, parts: readonly DraftPart[]): string {
  const taken = new Set(parts.flatMap(({ dataset, profile }) => [dataset, ...profile.columns.map(({ name }) => name)]))
  let name = wished
  for (let n = 2; taken.has(name); n++) name = `${wished}_${n}`
  return name
}

function withBetween(parts: readonly DraftPart[]): readonly DraftPart[] {
  const between = betweenParts(parts)
  return parts.map((part) => {
    const own = between.filter(({ of }) => of === part.dataset)
    return { ...part, drafted: { ...part.drafted, clauses: [...part.drafted.clauses, ...own] } }
  })
}

/** Several datasets have their names before the ids of their clauses. */
function distinctIds(parts: readonly DraftPart[]): readonly DraftPart[] {
  if (parts.length === 1) return parts
  const taken = new Set<string>()
  return parts.map((part) => {
    const clauses = part.drafted.clauses.map((clause) => {
      const wished = clause.id.includes(part.dataset) ? clause.id : `${part.dataset}-${clause.id}`
      let id = wished
      for (let n = 2; taken.has(id); n++) id = `${wished}-${n}`
      taken.add(id)
      return { ...clause, id }
    })
    return { ...part, drafted: { ...part.drafted, clauses } }
  })
}

/** Decides the draft, and again without what was not satisfied: a program is what counts, not what it was made from. */
async function decided(request: DraftRequest, parts: readonly DraftPart[]): Promise<Profiled<SpecDraft>> {
  const dropped: string[] = []
  let left = parts
  for (;;) {
    const { text, todos } = writeDraft(left)
    const program = compiled(text)
    const drafted = new Set(left.flatMap(({ drafted: { clauses } }) => clauses.map(({ id }) => id)))
    const denied = new Set<string>()
    for await (const { clause, verdict } of statementsOf(request, program)) {
      if (verdict === 'skipped' && request.signal?.aborted === true) return interrupted()
      if (verdict !== 'satisfied' && drafted.has(clause)) denied.add(clause)
    }
    if (denied.size === 0) return profiled({ text, program, parts: left, todos, dropped })
    dropped.push(...denied)
    left = left.map((part) => ({
      ...part,
      drafted: { ...part.drafted, clauses: part.drafted.clauses.filter(({ id }) => !denied.has(id)) },
    }))
  }
}

function statementsOf({ root, toolVersion, signal, session }: DraftRequest, program: Program) {
  return runDataStage({
    program,
    root,
    toolVersion,
    ...(signal === undefined ? {} : { signal }),
    ...(session === undefined ? {} : { session }),
  })
}

function interrupted(): Profiled<never> {
  return notProfiled('interrupted', 'Interrupted.', 'The draft was not decided to its end.', 'Run it again.')
}

/** A draft that does not compile is a mistake of ours: it is not written. */
function compiled(text: string): Program {
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const wrong = diagnostics.find((d) => hasErrors([d]))
  if (value === undefined)
    throw new Error(`the draft would not compile: ${wrong?.code} ${wrong?.message}\n${wrong?.why}`)
  return value
}
