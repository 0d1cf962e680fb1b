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
      : { error: { kind: outcome.failure.kind, message: pipelineFailureText(outcome.failure) } }
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
    why: 'What a stage should make is not there, so nothing after it could be trusted.',
    fix: 'Correct the cause and run again; the stages before it are cached.',
    exit,
  })
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
