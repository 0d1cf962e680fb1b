import { LINKS_FILE, type RequirementLinks, type SourceSet, type TraceMatrix, traceMatrix } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { lastMutation } from '../mutating/last-mutation.ts'
import { levelsOf } from '../mutating/levels.ts'
import { asItStands } from '../project/decide.ts'
import { readyProgram } from '../project/ready.ts'
import { openState } from '../project/state.ts'
import { versionsOf } from '../project/versions.ts'
import { reportFailure } from '../report-failure.ts'
import { matrixCsv } from '../tracing/csv.ts'
import { recordedResults, recordResults } from '../tracing/foreign-results.ts'
import { readLinksFile, writeLinksFile } from '../tracing/links-file.ts'
import { matrixMarkdown } from '../tracing/markdown.ts'
import { matrixText } from '../tracing/terminal.ts'
import type { ShownMatrix, UnreadEntry } from '../tracing/words.ts'

interface TraceOptions {
  readonly candidate?: string
  readonly format?: 'terminal' | 'markdown' | 'csv'
  /** `true` = of all requirements. */
  readonly link?: true | readonly string[]
  readonly results?: readonly string[]
  readonly warn?: true
}

/** What `plumb trace --json` prints. */
export interface Traced extends ShownMatrix {
  readonly schema: 'plumbline/trace/1'
  readonly spec: { readonly name: string; readonly version: string; readonly digest: string }
  /** Whether links were recorded: without it nothing can be suspect. */
  readonly linked: boolean
}

/** `plumb trace`: requirement → clause → question → evidence, and what leads nowhere. */
export async function trace(
  context: CommandContext,
  _args: readonly string[],
  given: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const options = given as TraceOptions
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const state = openState(context)
  const standing = await asItStands(context, program, state, options.candidate)
  if (!standing.ok) return reportFailure(context, standing.failure)
  const { files, evidence, data } = standing.value
  const recorded = await recordResults(context, state, options.results ?? [], {
    clauses: Object.fromEntries(program.clauses.map(({ id, digest }) => [id, digest])),
    data,
    ...(files.candidate === undefined ? {} : { candidate: files.candidate.digest }),
  })
  if (!recorded.ok) return reportFailure(context, recorded.failure)
  const earlier = await readLinksFile(context)
  if (!earlier.ok) return reportFailure(context, earlier.failure)
  let links: RequirementLinks | undefined = earlier.value
  if (options.link !== undefined) {
    const linked = await writeLinksFile(context, program, links, options.link === true ? [] : options.link)
    if (!linked.ok) return reportFailure(context, linked.failure)
    links = linked.value
  }
  const foreign = await recordedResults(state, program)
  if (!foreign.ok) return reportFailure(context, foreign.failure)
  const release = { versions: versionsOf(files), data }
  const mutation = await lastMutation(state, program)
  if (!mutation.ok) return reportFailure(context, mutation.failure)
  const levels = await levelsOf(context, program, standing.value, mutation.value)
  const matrix: ShownMatrix = {
    ...traceMatrix({ program, evidence, release, links, foreign: foreign.value, levels }),
    unread: unreadEntries(ready.sources),
  }
  if (context.json) {
    const traced: Traced = {
      schema: 'plumbline/trace/1',
      spec: program.spec,
      linked: links !== undefined,
      ...matrix,
    }
    context.out(`${JSON.stringify(traced, null, 2)}\n`)
  } else if (options.format === 'markdown') context.out(matrixMarkdown(matrix))
  else if (options.format === 'csv') context.out(matrixCsv(matrix))
  else {
    context.out(matrixText(matrix, context.style))
    if (options.link !== undefined) context.out(`${linkedWords(options.link, matrix)}\n`)
  }
  return options.warn === true ? EXIT.ok : exitOf(matrix)
}

/** What `check` warns of: in a matrix it would be missing in silence. */
const unreadEntries = ({ requirements = [] }: SourceSet): readonly UnreadEntry[] =>
  requirements.flatMap(({ path, problems }) =>
    problems.map(({ what, line }) => ({ file: path, ...(line === undefined ? {} : { line }), what })),
  )

function linkedWords(only: true | readonly string[], { requirements }: TraceMatrix): string {
  const linked = requirements.filter(({ id }) => only === true || only.includes(id))
  const links = linked.reduce((sum, { clauses }) => sum + clauses.length, 0)
  return `${links} ${links === 1 ? 'link' : 'links'} recorded in ${LINKS_FILE}; commit it.`
}

/** As for tests: what fails comes first, then what nobody knows. */
function exitOf({ requirements }: TraceMatrix): ExitCode {
  const states = new Set(requirements.map(({ state }) => state))
  if (states.has('failing') || states.has('suspect')) return EXIT.violated
  return states.has('covered') || states.has('uncovered') ? EXIT.undecided : EXIT.ok
}
