import { type PipelineEvent, pipelineFailureText, runPipeline } from '@plumbline/runner'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { openState } from '../project/state.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb run`: runs the stages of the pipeline in their order; a stage whose inputs are unchanged is restored, not run. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  if (options['watch'] === true || options['retrain'] === true)
    return (await import('./run-watch.ts')).runWatch(context, options)
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { stages } = ready.program.pipeline
  if (stages.length === 0) {
    return reportFailure(
      context,
      failure(
        'cli/no-pipeline',
        'The spec declares no pipeline.',
        '`plumb run` runs the stages under `pipeline.stages`.',
        'Add `pipeline: { stages: { train: { run: node train.js, needs: […], makes: […] } } }`.',
      ).failure,
    )
  }
  const outcome = await runPipeline({
    host: context.host,
    root: context.root,
    ledger: openState(context).ledger,
    stages,
    ...(args.length > 0 ? { only: args } : {}),
    trusted: options['trust'] === true,
    signal: context.signal,
    onEvent: (event) => showEvent(context, event),
  })
  context.progress('')
  if (context.json) {
    const failed = outcome.ok
      ? {}
      : {
          error: {
            kind: outcome.failure.kind,
            message: pipelineFailureText(outcome.failure),
            ...adviceFor(outcome.failure.kind),
          },
        }
    const reports =
      outcome.run?.stages.map((s) => ({
        name: s.planned.stage.name,
        cached: s.cached,
        durationMs: Math.round(s.durationMs),
        makes: s.result.ok ? s.result.value : [],
      })) ?? []
    context.out(
      `${JSON.stringify({ status: outcome.run?.status ?? 'refused', stages: reports, ...failed }, null, 2)}\n`,
    )
  }
  if (outcome.ok) return EXIT.ok
  const exit = exitOf(outcome.failure.kind)
  if (context.json) return exit
  return reportFailure(context, {
    code: `run/${outcome.failure.kind}`,
    message: pipelineFailureText(outcome.failure),
    ...adviceFor(outcome.failure.kind),
    exit,
  })
}

/** Why a failure stops the run, and what to do about it. */
function adviceFor(kind: FailureKind): { readonly why: string; readonly fix: string } {
  const why = 'What a stage should make is not there, so nothing after it could be trusted.'
  switch (kind) {
    case 'untrusted':
      return {
        why: 'A spec names programs, and a spec is untrusted until somebody has read it.',
        fix: 'Read what it would start, then run again with --trust.',
      }
    case 'interrupted':
      return {
        why: 'The stage was stopped; what it had begun to write was put back as it was.',
        fix: 'Run again; the stages before it are cached.',
      }
    case 'stage-failed':
    case 'missing-output':
      return { why, fix: 'Read the log, correct the program and run again; the stages before it are cached.' }
    case 'not-started':
      return { why, fix: 'Install the program, or correct `run` of the stage.' }
    case 'needs-changed':
      return {
        why: 'What it made would belong to no known input.',
        fix: 'Let the stage write only what it names under `makes`, then run again.',
      }
    case 'missing-need':
      return { why, fix: 'Add the file, correct `needs`, or declare the stage that makes it.' }
    case 'unknown-stage':
      return { why: 'Only stages of the spec can be run.', fix: 'Name one of them, or none to run all.' }
    case 'busy':
      return { why: 'Two runs would write the same files.', fix: 'Wait for it to end, then run again.' }
    case 'host':
    case 'artifact':
    case 'state':
    case 'ledger':
      return {
        why: 'A run counts only when what it made is kept and recorded.',
        fix: 'Make room or give write permission, then run again; the stages before it are cached.',
      }
    default:
      return {
        why: 'A pipeline is planned before any program is started; this one cannot be.',
        fix: 'Correct the stage in the spec, then run again.',
      }
  }
}

type FailureKind = (Awaited<ReturnType<typeof runPipeline>> & { ok: false })['failure']['kind']

function exitOf(kind: FailureKind): ExitCode {
  switch (kind) {
    case 'interrupted':
      return EXIT.interrupted
    case 'stage-failed':
    case 'missing-output':
    case 'not-started':
    case 'host':
    case 'artifact':
    case 'ledger':
    case 'state':
    case 'busy':
    case 'needs-changed':
      return EXIT.environment
    default:
      return EXIT.usage
  }
}

function showEvent(context: CommandContext, event: PipelineEvent): void {
  if (context.json) return
  const { green, dim, red } = context.style
  switch (event.kind) {
    case 'started':
      context.progress(`${event.stage}: ${event.command.join(' ')}`)
      return
    case 'output': {
      const line = event.text.trim().split('\n').at(-1) ?? ''
      context.progress(`${event.stage}: ${line}`)
      return
    }
    case 'finished': {
      context.progress('')
      const how = event.cached ? dim('unchanged, from the cache') : `${(event.durationMs / 1000).toFixed(1)} s`
      context.out(`${green('✓')} ${oneLine(event.stage)}  ${how}\n`)
      for (const { path, digest } of event.makes) context.out(dim(`    ${oneLine(path)}  ${digest.slice(0, 19)}…\n`))
      return
    }
    case 'failed':
      context.progress('')
      context.out(`${red('✗')} ${oneLine(event.stage)}\n`)
      return
    case 'planned':
  }
}
