import { setTimeout as delay } from 'node:timers/promises'
import { formatTimestamp, parseTimestamp, type Program } from '@plumbline/core'
import { followWatch, type Passed, type StandingVerdict, type WatchEvent } from '@plumbline/runner'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'
import { alertText, deliveryLine, deliveryText, lineOf, textOf, type WatchLine } from '../watching/lines.ts'
import { openProjectWatch, watchFailed, type WatchListener } from '../watching/open-watch.ts'

/** `plumb watch`: decides windows of production traffic as they end, records evidence, sends alerts. */
export async function watch(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const asked = readOptions(options)
  if (!asked.ok) return reportFailure(context, asked.failure)
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const opened = await openProjectWatch(context, program, listenerOf(context, program))
  if (!opened.ok) return reportFailure(context, opened.failure)
  const { watch: watching, alerts, close } = opened.value
  const { host, signal } = context
  try {
    const ended = await followWatch({
      host,
      watch: watching,
      alerts,
      ...asked.value,
      sleep: (ms, aborted) =>
        delay(ms, undefined, aborted === undefined ? {} : { signal: aborted }).catch(() => undefined),
      onPass: (passed) => showPass(context, passed, alerts.waiting()),
      signal,
    })
    context.progress('')
    if (!ended.ok) {
      if (ended.failure.kind === 'interrupted') return EXIT.interrupted
      return reportFailure(context, watchFailed(ended.failure).failure)
    }
    return ended.value.problems.length > 0 ? EXIT.environment : EXIT_OF[watching.standing()]
  } finally {
    await close()
  }
}

const EXIT_OF: Readonly<Record<StandingVerdict, ExitCode>> = {
  satisfied: EXIT.ok,
  violated: EXIT.violated,
  undecided: EXIT.undecided,
}

interface Asked {
  readonly once: boolean
  readonly until?: number
  readonly intervalMs: number
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

function readOptions(options: Readonly<Record<string, unknown>>): Outcome<Asked> {
  const interval = String(options['interval'] ?? '5s')
  const [, count, unit = ''] = /^(\d{1,6})(ms|s|m|h)$/.exec(interval) ?? []
  const intervalMs = count === undefined ? 0 : Number(count) * (UNITS[unit] ?? 0)
  if (intervalMs === 0)
    return failure(
      'cli/bad-value',
      `\`--interval ${interval}\` is no time.`,
      'It is the pause between two looks at the log.',
      'Write it like 5s, 500ms or 1m.',
    )
  const text = options['until'] as string | undefined
  const until = text === undefined ? undefined : parseTimestamp(text)
  if (until !== undefined && !('value' in until))
    return failure(
      'cli/bad-value',
      `\`--until ${text ?? ''}\` is no instant.`,
      'The watch ends when all that was due then is decided.',
      'Write it like 2026-01-31T00:00:00Z.',
    )
  return success({
    once: options['once'] === true,
    intervalMs,
    ...(until === undefined ? {} : { until: Number(until.value) }),
  })
}

function listenerOf(context: CommandContext, program: Program): WatchListener {
  const { json, style, interactive } = context
  const line = (value: WatchLine): void => context.out(`${JSON.stringify(value)}\n`)
  const text = (words: string): void => {
    context.progress('')
    context.out(`${words}\n`)
  }
  return {
    onEvent(event) {
      if (json) line(lineOf(event))
      // On a terminal what is as it should be passes by; a pipe gets every line.
      else if (interactive && isQuiet(event)) context.progress(textOf(event, program, style))
      else text(textOf(event, program, style))
    },
    onDelivery(delivery) {
      if (json) return line(deliveryLine(delivery))
      const words = deliveryText(delivery)
      if (words === undefined) return
      context.progress('')
      context.err(`${words}\n`)
    },
    onAlert: (alert) => (json ? line({ event: 'alert', alert }) : text(alertText(alert, style))),
  }
}

function isQuiet(event: WatchEvent): boolean {
  if (event.kind !== 'decided') return event.kind === 'labels'
  const { verdict } = event.evidence.statement
  return verdict === 'satisfied' || verdict === 'inconclusive'
}

function showPass(context: CommandContext, { position, written, problems }: Passed, waiting: number): void {
  const at = position === 0 ? undefined : formatTimestamp(BigInt(position))
  if (context.json) {
    // A pass that found nothing is no news.
    if (written === 0 && problems.length === 0) return
    const value: WatchLine = { event: 'pass', position: at ?? '', written, problems: problems.length }
    return context.out(`${JSON.stringify(value)}\n`)
  }
  const alerts = waiting === 0 ? '' : `, ${waiting} alerts wait`
  context.progress(`decided until ${at ?? 'nothing yet'}${alerts}`)
}
