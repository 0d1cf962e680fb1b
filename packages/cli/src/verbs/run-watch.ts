import type { EventKind } from '@plumbline/core'
import {
  COMMAND,
  type LoopEnd,
  type LoopProgress,
  type RefusalReason,
  plumbVerbs,
  runLoop,
  transition,
} from '@plumbline/runner'
import { failureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { appendRecords, openState } from '../project/state.ts'
import { reportFailure } from '../report-failure.ts'
import { findServer } from '../serving/live-server.ts'
import { oneLine } from '../terminal/one-line.ts'
import { labelCounter } from './export.ts'

/**
 * `plumb run --watch`: retrains, validates, stages and promotes when production asks for it, and rolls back a version that
 * its own traffic speaks against, until told to stop. `--retrain` asks for a retraining; alone it leaves that to the loop
 * that runs, or to the next one.
 */
export async function runWatch(context: CommandContext, options: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const { retrain, release } = program
  if (retrain === undefined && (release.production.rollback.length === 0 || options['retrain'] === true))
    return reportFailure(context, NOTHING_TO_DO.failure)
  const { host, root, signal } = context
  const { ledger } = openState(context)
  if (options['retrain'] === true) {
    const cause = `command:${Buffer.from(host.entropy.bytes(8)).toString('hex')}`
    const asked = await appendRecords(ledger, [
      transition(host.clock, 'retrain.suspected', { subject: COMMAND, cause }, ''),
    ])
    if (!asked.ok) return reportFailure(context, asked.failure)
    say(context, { event: 'retrain.suspected', subject: COMMAND, digest: '' })
    if (options['watch'] !== true) return EXIT.ok
  }
  const ended = await runLoop({
    host,
    root,
    program,
    ledger,
    verbs: plumbVerbs(host, callOf(context)),
    countLabels: labelCounter(context, program),
    trusted: options['trust'] === true,
    isServing: async () => (await findServer(host, root, 'production')) !== undefined,
    once: options['once'] === true,
    signal,
    onProgress: (progress) => show(context, progress),
  })
  context.progress('')
  return endOf(context, ended)
}

/** How this command is called again, in the same project and at the same time. */
function callOf({ root, specFile, clockFile, params }: CommandContext): Parameters<typeof plumbVerbs>[1] {
  return {
    command: ['node', process.argv[1] ?? 'plumb'],
    root,
    params,
    ...(specFile === undefined ? {} : { specFile }),
    ...(clockFile === undefined ? {} : { clockFile }),
  }
}

function show(context: CommandContext, progress: LoopProgress): void {
  switch (progress.kind) {
    case 'recorded': {
      const { event, subject, digest, reason } = progress
      say(context, { event, subject, digest, ...(reason === undefined ? {} : { reason }) })
      return
    }
    case 'again':
      context.err(`warning: ${oneLine(progress.why)}; trying again\n`)
      return
    case 'step':
      if (progress.step.do === 'roll-back') context.progress(`rolling back: ${progress.step.clause ?? ''}`)
      else context.progress(progress.step.do)
  }
}

/** A line of `plumb run --watch --json`: a transition that is in the ledger. */
export interface LoopLine {
  /** RFC 3339, by the clock of the host. */
  readonly at: string
  readonly event: EventKind
  /** A clause, `new-data`, `schedule` or `command`; of a rollback the clause or the evidence behind it. */
  readonly subject: string
  /** The version it is about; empty where there is none. */
  readonly digest: string
  readonly reason?: RefusalReason
}

function say(context: CommandContext, { event, subject, digest, reason }: Omit<LoopLine, 'at'>): void {
  if (context.json) {
    const at = new Date(context.host.clock.now()).toISOString()
    const line: LoopLine = { at, event, subject, digest, ...(reason === undefined ? {} : { reason }) }
    context.out(`${JSON.stringify(line)}\n`)
    return
  }
  context.progress('')
  const { green, red, dim } = context.style
  const mark = event === 'retrain.refused' ? red('✗') : green('✓')
  const why = reason === undefined ? '' : ` (${reason})`
  context.out(`${mark} ${event} ${oneLine(subject)}${why}  ${dim(digest.slice(0, 19))}\n`)
}

function endOf(context: CommandContext, ended: LoopEnd): ExitCode {
  switch (ended.kind) {
    case 'settled':
      return EXIT.ok
    case 'stopped':
      // It ends with 0 as it is meant to: who reads its exit code alone must still be able to tell who ended it.
      context.err(`stopped by ${String(context.signal.reason)}\n`)
      return EXIT.ok
    case 'busy':
      return reportFailure(
        context,
        failure(
          'cli/already-watching',
          'Another `plumb run --watch` of this project is running.',
          'Two of them would retrain twice for one cause.',
          'Stop that one first.',
          EXIT.environment,
        ).failure,
      )
    case 'ledger':
      return broken(context, failureText(ended.failure))
    case 'host':
      return broken(context, ended.message)
  }
}

function broken(context: CommandContext, cause: string): ExitCode {
  return reportFailure(
    context,
    failure(
      'cli/not-watching',
      `The loop cannot go on: ${cause.replace(/\.$/, '')}.`,
      'It goes by what the ledger says, and records what it does there.',
      'Remove the cause and start it again: it goes on where it was.',
      EXIT.environment,
    ).failure,
  )
}

const NOTHING_TO_DO = failure(
  'cli/no-retraining',
  'The spec says nothing of retraining.',
  'The loop acts on `pipeline.retrain` and on `release.production.rollback`.',
  'Add `retrain: { when: [CLAUSE], stages: [STAGE], candidate: models/….onnx }` to the pipeline.',
)
