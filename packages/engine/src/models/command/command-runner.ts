import type { Host, ProgramColumn, ProgramDataset, ProgramModel, ProgramRunner } from '@plumbline/core'
import { type Batch, batchedRunner } from '../asked/batched-runner.ts'
import { failure, type Outcome, success } from '../outcome.ts'
import type { Runner } from '../runner.ts'
import { type ArrowBatches, loadArrowBatches } from './arrow.ts'
import { type Conversation, converse } from './conversation.ts'
import { greeting, question, readAnswer, readGreeting } from './protocol.ts'

/** A model that a command runs. */
export interface CommandModel {
  readonly host: Pick<Host, 'start' | 'clock'>
  /** The project's directory, in which it is started. */
  readonly root: string
  readonly runner: Extract<ProgramRunner, { kind: 'command' }>
  /** The model's file in place of `runner.file`, absolute. */
  readonly file?: string | undefined
  readonly model: Pick<ProgramModel, 'input' | 'outputs'>
  readonly dataset: ProgramDataset
}

const TIMEOUT_MS = 60_000
/** Opening a model and its libraries takes longer than answering, and is no sign of a hang. */
const OPENING_MS = 120_000
const ROWS_PER_CALL = 4096
/** A program that crashed is started again so often, in all. */
const RESTARTS = 2

/**
 * Opens a model that a command runs. It is started with the first batch at the latest (here, to learn what it is), and
 * again after a crash, at most twice; a batch that ends it every time is a failure that says how.
 */
export async function openCommandModel(model: CommandModel): Promise<Outcome<Runner>> {
  const { host, root, runner } = model
  const [program, ...args] = runner.command
  if (program === undefined) return failure('engine/runner-missing', 'The command of the model is empty.')
  const file = model.file ?? runner.file
  const command: readonly [string, ...string[]] = [program, ...args, ...(file === undefined ? [] : [file])]
  const timeoutMs = runner.timeoutMs ?? TIMEOUT_MS
  const inputs = model.model.input.flatMap((name): readonly ProgramColumn[] =>
    model.dataset.columns.filter((column) => column.name === name),
  )
  const format = runner.format ?? 'json-lines'
  let arrow: ArrowBatches | undefined
  if (format === 'arrow') {
    const loaded = await loadArrowBatches(new Set(model.model.outputs.map(({ name }) => name)))
    if (!loaded.ok) return loaded
    arrow = loaded.value
  }
  let says: Readonly<Record<string, string>> = {}
  const begin = async (signal: AbortSignal | undefined): Promise<Outcome<Conversation>> => {
    const started = await converse({ host, command, cwd: root })
    if (!started.ok) return started
    const greeted = await started.value.say(
      { value: greeting(inputs, model.model.outputs, format) },
      Math.max(timeoutMs, OPENING_MS),
      signal,
    )
    const known = greeted.ok ? readGreeting(greeted.value.value, format) : greeted
    if (known.ok) {
      says = known.value
      return started
    }
    await started.value.stop()
    return known
  }
  const first = await begin(undefined)
  if (!first.ok) return first
  let current: Conversation | undefined = first.value
  let restarts = 0
  let id = 0
  const ask = async (batch: Batch, signal: AbortSignal | undefined) => {
    for (;;) {
      if (current === undefined) {
        const again = await begin(signal)
        if (!again.ok) return again
        current = again.value
      }
      id++
      const said = await current.say(question(id, batch, arrow), timeoutMs, signal)
      if (said.ok) return readAnswer(said.value, id, batch.rows, arrow)
      current = undefined
      if (said.error.code !== 'engine/model-crashed') return said
      if (restarts === RESTARTS)
        return failure('engine/model-crashed', `${said.error.message} It was started ${RESTARTS + 1} times.`)
      restarts++
    }
  }
  return success(
    batchedRunner({
      kind: 'command',
      outputs: model.model.outputs,
      rowsPerCall: runner.batch ?? ROWS_PER_CALL,
      now: () => host.clock.monotonic(),
      ask,
      says: () => says,
      close: async () => {
        await current?.stop()
        current = undefined
      },
    }),
  )
}
