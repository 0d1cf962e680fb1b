import {
  clockMark,
  type ControlResult,
  type FaultResult,
  type MutationScore,
  type Program,
  scoreOf,
  type SpecResult,
} from '@plumbline/core'
import { type MutationRun, runMutation } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { mutationText } from '../mutating/text.ts'
import { clauseAdder } from '../mutating/with-clause.ts'
import { loadSpec } from '../project/load-program.ts'
import { readyProgram } from '../project/ready.ts'
import { appendRecords, openState, toJson } from '../project/state.ts'
import { runnerPorts } from '../project/run-tests.ts'
import { findModels, versionsOf } from '../project/versions.ts'
import { reportFailure } from '../report-failure.ts'

/** What `plumb mutate --json` prints, and what its record in the ledger holds. */
export interface Mutated {
  readonly schema: 'plumbline/mutation/1'
  readonly spec: Program['spec']
  /** Names the choice of faults and every random number. */
  readonly seed: string
  readonly score: MutationScore
  readonly faults: readonly FaultResult[]
  readonly controls: readonly ControlResult[]
  readonly specFaults: readonly SpecResult[]
  readonly baseline: MutationRun['baseline']
  readonly interrupted: boolean
}

interface MutateOptions {
  readonly candidate?: string
  readonly faults: number
  readonly controls: number
  readonly seed: string
  readonly only?: readonly string[]
  readonly spec: boolean
  readonly propose: boolean
  readonly trust?: boolean
}

/** `plumb mutate`: plants faults in data, model, serving and spec, and says which of them the spec notices. */
export async function mutate(
  context: CommandContext,
  _args: readonly string[],
  given: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const options = given as unknown as MutateOptions & { readonly specFaults?: boolean }
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const loaded = await loadSpec(context)
  if (!loaded.ok) return reportFailure(context, loaded.failure)
  const state = openState(context)
  const models = await findModels(context, program, state, options.candidate)
  if (!models.ok) return reportFailure(context, models.failure)
  const { candidate, production, others } = models.value
  const files = [candidate, production, ...Object.values(others)].filter((file) => file !== undefined)
  const run = await runMutation({
    program,
    root: context.root,
    toolVersion: context.toolVersion,
    versions: versionsOf(models.value),
    files: new Map(files.map((file) => [file.digest, file])),
    runners: runnerPorts(context, options.trust === true),
    budget: {
      seed: options.seed,
      faults: options.faults,
      controls: options.controls,
      ...(options.only === undefined ? {} : { operators: new Set(options.only) }),
    },
    spec: options.specFaults !== false,
    ...(options.propose ? { withClause: clauseAdder(loaded.value.sources, context.params) } : {}),
    signal: context.signal,
    onEvent: (event) => {
      if (event.kind === 'asked') context.progress(`${event.done + 1} of ${event.of}: ${event.what}`)
    },
  })
  context.progress('')
  if (!run.ok)
    return reportFailure(
      context,
      failure(
        'cli/engine',
        `No fault could be planted: ${run.cause}`,
        'Faults are planted in tables of DuckDB.',
        'Run `plumb test` to see what cannot be read.',
        EXIT.environment,
      ).failure,
    )
  const { faults, controls, spec, baseline, interrupted } = run.value
  const mutated: Mutated = {
    schema: 'plumbline/mutation/1',
    spec: program.spec,
    seed: options.seed,
    score: scoreOf(faults, controls, spec),
    faults,
    controls,
    specFaults: spec,
    baseline,
    interrupted,
  }
  const at = new Date(context.host.clock.now()).toISOString()
  const written = await appendRecords(state.ledger, [
    { kind: 'mutation', at, ...clockMark(context.host.clock), mutation: toJson(mutated) },
  ])
  if (!written.ok) return reportFailure(context, written.failure)
  context.out(context.json ? `${JSON.stringify(mutated, null, 2)}\n` : mutationText(mutated, context.style))
  return interrupted ? EXIT.interrupted : EXIT.ok
}
