import { join } from 'node:path'
import { type ClauseAdequacy, findGaps, type Gap, histogramOf, type Program, traceMatrix } from '@plumbline/core'
import { untestedPairs, type WeakSegments } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { findSegments } from '../mutating/find-segments.ts'
import { gapsText } from '../mutating/gaps-text.ts'
import { asItStands } from '../project/decide.ts'
import { lastMutation } from '../mutating/last-mutation.ts'
import { levelsOf } from '../mutating/levels.ts'
import { readyProgram } from '../project/ready.ts'
import { openState } from '../project/state.ts'
import { versionsOf } from '../project/versions.ts'
import { reportFailure } from '../report-failure.ts'
import { recordedResults } from '../tracing/foreign-results.ts'
import { readLinksFile } from '../tracing/links-file.ts'

/** What `plumb gaps --json` prints. */
export interface Gaps {
  readonly schema: 'plumbline/gaps/1'
  readonly spec: Program['spec']
  /** The gravest first. */
  readonly gaps: readonly Gap[]
  readonly levels: readonly ClauseAdequacy[]
  /** Clauses at each level, from 0 to 5. */
  readonly histogram: readonly number[]
  /** Whether `plumb mutate` was run on this spec: without it levels 3 and 4 rest on evidence alone. */
  readonly mutated: boolean
  /** Why pairs of values were not looked for. */
  readonly pairsCause?: string
  /** `--segments`: where weak segments were searched, and how many were asked to be confirmed. */
  readonly segments?: Pick<WeakSegments, 'relation' | 'rows' | 'tested' | 'alpha'>
}

/** `plumb gaps`: what nothing speaks of, ranked, and the level of each clause. */
export async function gaps(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program, spec } = ready
  const state = openState(context)
  const standing = await asItStands(context, program, state, options['candidate'] as string | undefined)
  if (!standing.ok) return reportFailure(context, standing.failure)
  const links = await readLinksFile(context)
  if (!links.ok) return reportFailure(context, links.failure)
  const foreign = await recordedResults(state, program)
  if (!foreign.ok) return reportFailure(context, foreign.failure)
  const mutation = await lastMutation(state, program)
  if (!mutation.ok) return reportFailure(context, mutation.failure)
  const { files, evidence, data } = standing.value
  const release = { versions: versionsOf(files), data }
  const levels = await levelsOf(context, program, standing.value, mutation.value)
  const matrix = traceMatrix({ program, evidence, release, links: links.value, foreign: foreign.value, levels })
  const searched =
    options['segments'] === true ? await findSegments(context, program, files, options['trust'] === true) : undefined
  if (searched?.ok === false) return reportFailure(context, searched.failure)
  const segments = searched?.value
  const { host, root, signal } = context
  const pairs = await untestedPairs({ program, root, host, log: join(root, '.plumb', 'requests'), signal })
  const found: Gaps = {
    schema: 'plumbline/gaps/1',
    spec: program.spec,
    gaps: findGaps({
      program,
      matrix,
      levels,
      pairs: pairs.ok ? pairs.value : [],
      slices: [...spec.slices.keys()],
      ...(mutation.value === undefined ? {} : { faults: mutation.value.faults }),
      ...(segments === undefined ? {} : { segments }),
    }),
    levels,
    histogram: histogramOf(levels),
    mutated: mutation.value !== undefined,
    ...(pairs.ok ? {} : { pairsCause: pairs.failure.cause }),
    ...(segments === undefined
      ? {}
      : {
          segments: {
            relation: segments.relation,
            rows: segments.rows,
            tested: segments.tested,
            alpha: segments.alpha,
          },
        }),
  }
  const most = Number(options['top'])
  context.out(context.json ? `${JSON.stringify(found, null, 2)}\n` : gapsText(found, most, context.style))
  return EXIT.ok
}
