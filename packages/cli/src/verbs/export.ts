import { isAbsolute, join, relative, sep } from 'node:path'
import { type Digest, type Program, parseTimestamp, visible } from '@plumbline/core'
import { openSession, writeLabelled } from '@plumbline/engine'
import type { CountLabels } from '@plumbline/runner'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/**
 * `plumb export`: the labelled requests of a span of time as a Parquet file, for retraining; without a file they are counted.
 * Labels that arrived after the end of the span (or `--labels-by`) are not seen, so that the same span gives the same file.
 */
export async function exportRequests(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const { host, root } = context
  if (program.monitor?.labels === undefined) return reportFailure(context, NO_LABELS.failure)
  const asked = readOptions(context, options)
  if (!asked.ok) return reportFailure(context, asked.failure)
  const { from, to, labelsBy, out } = asked.value
  const part = out === undefined ? undefined : join(root, `${out}.part`)
  const leastRows = Math.max(1, program.monitor.minRows)
  const session = await openSession({ threads: 1, signal: context.signal })
  if (!session.ok) return reportFailure(context, notWritten(session.error.cause))
  const written = await writeLabelled({
    host,
    session: session.value,
    program,
    root,
    directory: join(root, '.plumb', 'requests'),
    window: { from, to },
    labelsBy,
    leastRows,
    ...(part === undefined ? {} : { target: part }),
  })
  session.value.close()
  if (!written.ok) return reportFailure(context, notWritten(written.failure.cause))
  const { written: parts, ...counts } = written.value
  if (part === undefined || out === undefined) return show(context, counts)
  if (parts === undefined) return show(context, { ...counts, least: leastRows })
  const digest = await host.files.digest(part)
  if (!digest.ok) return reportFailure(context, notWritten(digest.error.message))
  const moved = await host.files.rename(part, join(root, out))
  if (!moved.ok) return reportFailure(context, notWritten(moved.error.message))
  return show(context, { ...counts, ...parts, out, digest: digest.value })
}

function show(context: CommandContext, exported: Exported): ExitCode {
  const { served, labelled, least, learn, heldOut, out } = exported
  const exit = least === undefined ? EXIT.ok : EXIT.undecided
  if (context.json) {
    context.out(`${JSON.stringify(exported, null, 2)}\n`)
    return exit
  }
  const counts = `${labelled} of ${served} requests have a label`
  if (least !== undefined) context.err(`${counts}; ${least} are needed (monitor.min_rows). Nothing was written.\n`)
  else if (out === undefined) context.out(`${counts}\n`)
  else {
    const { green } = context.style
    context.out(`${green('✓')} ${oneLine(out)}: ${learn} to learn from, ${heldOut} held out\n  ${counts}\n`)
  }
  return exit
}

/** Counts as `plumb export` does where no file is asked for, for the loop. */
export function labelCounter(context: CommandContext, program: Program): CountLabels {
  const { host, root } = context
  return async ({ from, to }, labelsBy, signal) => {
    const session = await openSession({ threads: 1, ...(signal === undefined ? {} : { signal }) })
    if (!session.ok) return { ok: false, why: session.error.cause }
    const directory = join(root, '.plumb', 'requests')
    const window = { from, to }
    const asked = { host, session: session.value, program, root, directory, window, labelsBy, leastRows: 1 }
    const counted = await writeLabelled(asked)
    session.value.close()
    if (!counted.ok) return { ok: false, why: counted.failure.cause }
    const { served, labelled } = counted.value
    return { ok: true, served, labelled }
  }
}

/** What `plumb export --json` prints: what there was and, where a file was written, what is in it. */
export interface Exported {
  /** Requests that were answered, and those of them with a label. */
  readonly served: number
  readonly labelled: number
  /** Labelled requests that are needed, where there were fewer and nothing was written. */
  readonly least?: number
  readonly learn?: number
  readonly heldOut?: number
  /** Relative to the project. */
  readonly out?: string
  readonly digest?: Digest
}

interface Asked {
  readonly from: number
  readonly to: number
  readonly labelsBy: number
  /** Relative to the project. */
  readonly out?: string
}

function readOptions({ host, root }: CommandContext, options: Readonly<Record<string, unknown>>): Outcome<Asked> {
  const to = options['to'] === undefined ? host.clock.now() * 1000 : instantOf(options['to'])
  const from = instantOf(options['from'])
  const labelsBy = options['labelsBy'] === undefined ? to : instantOf(options['labelsBy'])
  if (from === undefined || to === undefined || labelsBy === undefined)
    return failure(
      'cli/bad-instant',
      `${visible(String(from === undefined ? options['from'] : to === undefined ? options['to'] : options['labelsBy']))} is no instant.`,
      'The span is given by two instants (RFC 3339).',
      'Write it like 2026-01-07T00:00:00Z.',
    )
  if (to <= from)
    return failure(
      'cli/bad-span',
      'The span ends before it begins.',
      'There are no requests in it.',
      'Exchange --from and --to.',
    )
  const { out } = options
  if (typeof out !== 'string') return success({ from, to, labelsBy })
  const inside = relative(root, isAbsolute(out) ? out : join(root, out))
    .split(sep)
    .join('/')
  if (inside === '' || inside.startsWith('../') || isAbsolute(inside) || inside.startsWith('.plumb/'))
    return failure(
      'cli/outside',
      `${visible(out)} is not a place for data of the project.`,
      'Stages find their data inside the project folder, and .plumb/ is Plumbline’s own.',
      'Name a file of the project, such as data/window.parquet.',
    )
  return success({ from, to, labelsBy, out: inside })
}

/** Microseconds since 1970 UTC. */
function instantOf(text: unknown): number | undefined {
  const read = parseTimestamp(String(text))
  return 'value' in read ? Number(read.value) : undefined
}

const NO_LABELS = failure(
  'cli/no-labels',
  'The spec names no file of labels.',
  'Requests are labelled by what arrives later.',
  'Add `monitor: { labels: { source: …, join: …, within: … } }`.',
)

const notWritten = (cause: string) =>
  failure(
    'cli/not-exported',
    `The requests could not be written: ${cause.replace(/\.$/, '')}.`,
    'Nothing was written.',
    'Remove the cause and run it again.',
    EXIT.environment,
  ).failure
