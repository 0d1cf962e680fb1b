import { type ClauseSupport, type ColumnType, type DraftedClause, type DraftPart, visible } from '@plumbline/core'
import { draftSpec, type ProfileFailure, type SpecDraft } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { findDataFile } from '../project/data-file.ts'
import { newSpecPlace, writeNewSpec } from '../project/new-spec.ts'
import { reportFailure } from '../report-failure.ts'
import { counted } from '../terminal/counted.ts'
import { oneLine } from '../terminal/one-line.ts'
import { profileTable } from '../terminal/profile-table.ts'

/** `plumb draft DATA…`: a spec of what the rows support, each clause with what it rests on. */
export async function draft(
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const spec = context.specFile ?? 'plumb.yaml'
  const place = await newSpecPlace(context, 'draft', spec, options['force'] === true)
  if (!place.ok) return reportFailure(context, place.failure)
  const paths: string[] = []
  for (const typed of args) {
    const file = await findDataFile(context.host, context.root, typed)
    if (!file.ok) return reportFailure(context, file.failure)
    if (!paths.includes(file.value.path)) paths.push(file.value.path)
  }
  const found = await draftSpec({
    root: context.root,
    paths,
    toolVersion: context.toolVersion,
    signal: context.signal,
    onFile: (path) => context.progress(`reading ${path}`),
  })
  context.progress('')
  if (!found.ok) return reportFailure(context, draftFailure(found.failure))
  const written = await writeNewSpec(context, 'draft', spec, found.value.text)
  if (!written.ok) return reportFailure(context, written.failure)
  if (context.json) context.out(`${JSON.stringify(draftJson(spec, found.value), null, 2)}\n`)
  else show(context, spec, found.value)
  return EXIT.ok
}

function draftFailure({ code, message, why, fix }: ProfileFailure) {
  const exit = code === 'interrupted' ? EXIT.interrupted : code === 'engine' ? EXIT.environment : EXIT.usage
  return failure(`draft/${code}`, message, why, fix, exit).failure
}

/** What `draft --json` prints. */
export interface DraftJson {
  readonly schema: 'plumbline/draft/1'
  readonly spec: string
  readonly datasets: readonly DraftedDatasetJson[]
  /** How many `TODO` the spec has. */
  readonly todos: number
  /** Clauses that the rows seemed to support and that were not satisfied when the draft was decided as a whole. */
  readonly dropped: readonly string[]
}

/** A dataset of a draft. */
export interface DraftedDatasetJson {
  readonly name: string
  readonly file: string
  readonly rows: number
  readonly key?: string
  readonly splits: Readonly<Record<string, string>>
  readonly columns: readonly DraftedColumnJson[]
  readonly clauses: readonly DraftedClause[]
  /** What only a person can decide. */
  readonly questions: readonly string[]
  readonly leftOut: readonly { readonly column: string; readonly why: string }[]
}

/** A column of a draft, and what its contracts rest on. */
export interface DraftedColumnJson {
  readonly name: string
  readonly type: ColumnType
  readonly missing: number
  readonly mostly?: string
  readonly support?: ClauseSupport
}

function draftJson(spec: string, { parts, todos, dropped }: SpecDraft): DraftJson {
  return { schema: 'plumbline/draft/1', spec, datasets: parts.map(datasetJson), todos: todos.length, dropped }
}

function datasetJson({ dataset, profile, drafted }: DraftPart): DraftedDatasetJson {
  const [key] = profile.keys
  return {
    name: dataset,
    file: profile.source.path,
    rows: profile.rows,
    ...(key === undefined ? {} : { key }),
    splits: Object.fromEntries(drafted.splits),
    columns: profile.columns.map(({ name, type, missing }) => {
      const column = drafted.columns.get(name)
      return {
        name,
        type,
        missing,
        ...(column?.mostly === undefined ? {} : { mostly: column.mostly }),
        ...(column === undefined ? {} : { support: column.support }),
      }
    }),
    clauses: drafted.clauses,
    questions: drafted.questions,
    leftOut: profile.leftOut,
  }
}

function show({ out, style }: CommandContext, spec: string, { parts, program, todos, dropped }: SpecDraft): void {
  for (const { profile, drafted } of parts) {
    out(`${style.bold(visible(profile.source.path))}  ${counted(profile.rows, 'row')}\n\n`)
    out(`${profileTable(profile, style)}\n`)
    for (const { column, why } of profile.leftOut)
      out(`${style.yellow('!')} not declared: ${column === '' ? 'a column' : `"${visible(column)}"`} ${oneLine(why)}\n`)
    for (const question of drafted.questions) out(`${style.yellow('?')} ${oneLine(question)}\n`)
  }
  out(
    `${style.green('✓')} ${visible(spec)}: ${counted(program.clauses.length, 'clause')} that the rows support; each says how, and only warns until you confirm it\n`,
  )
  out(`  ${counted(todos.length, 'TODO')} in it ${todos.length === 1 ? 'is' : 'are'} yours to decide\n`)
  if (dropped.length > 0)
    out(`  ${counted(dropped.length, 'candidate')} left out: not satisfied when decided as a whole\n`)
  out(
    `\nNext:\n  plumb check   ${style.dim('what the spec says, without touching data')}\n  plumb test    ${style.dim('a verdict on every clause, with the rows that break it')}\n`,
  )
}
