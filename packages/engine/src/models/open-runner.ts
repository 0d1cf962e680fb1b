import type { Host, ProgramDataset, ProgramModel } from '@plumbline/core'
import { columnRunner } from './column/column-runner.ts'
import { failure, type Outcome, success } from './outcome.ts'
import type { Runner } from './runner.ts'

/** What models that no file of this process is are run with. */
export interface RunnerPorts {
  readonly host: Host
  /** The project's directory. */
  readonly root: string
  /** The user said that what the spec names may be started and asked. */
  readonly trusted: boolean
  /** Where answers that cost something are kept; nothing is kept without it. */
  readonly cache?: string
}

/** Opens what a model declares in the place of a file. Each way of running is loaded when it is first used. */
export async function openRunner(
  model: ProgramModel,
  dataset: ProgramDataset,
  ports: RunnerPorts | undefined,
  file: string | undefined,
): Promise<Outcome<Runner>> {
  const { runner } = model
  if (runner === undefined) return failure('engine/runner-missing', `Nothing says how "${model.name}" is run.`)
  if (runner.kind === 'column') return success(columnRunner(runner, model.outputs))
  if (ports === undefined)
    return failure(
      'engine/runner-missing',
      `The model "${model.name}" is no file, and can be asked by \`plumb test\` only.`,
    )
  const { host, root } = ports
  if (!ports.trusted) return notTrusted(model)
  if (runner.kind === 'command') {
    const { openCommandModel } = await import('./command/command-runner.ts')
    return openCommandModel({ host, root, runner, file, model, dataset })
  }
  const { openHttpModel } = await import('./http/open-http-model.ts')
  return openHttpModel({ ...ports, runner, model, dataset })
}

function notTrusted({ name, runner }: ProgramModel): Outcome<never> {
  const what =
    runner?.kind === 'command'
      ? `start ${runner.command[0] ?? 'a program'}`
      : 'send the rows to the server that the spec names'
  return failure(
    'engine/not-trusted',
    `Asking the model "${name}" would ${what}, and this project is not trusted. Read what the spec names, then run this again with --trust.`,
  )
}
