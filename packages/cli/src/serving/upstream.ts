import type { GuardPlan, Program } from '@plumbline/core'
import { openUpstream, readAddress, upstreamRepository, type UpstreamOptions, warmRow } from '@plumbline/server'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import type { ServeRequest } from './serve-model.ts'

const START_MS = 30_000

/** The model of another server, in the place of the champion's artifact. */
export function upstreamOf(
  text: string,
  program: Program,
  plan: GuardPlan,
): Outcome<Pick<ServeRequest, 'first' | 'repository'>> {
  const address = readAddress(text, program.spec.name)
  if (typeof address === 'string')
    return failure(
      'cli/bad-upstream',
      `The address \`${text}\` cannot be used. ${address}`,
      'Requests that the guard lets through are sent there.',
      'Write it like http://localhost:8000 or http://localhost:8000/v2/models/NAME.',
    )
  const model = program.models.find(({ name }) => name === plan.model)
  const outputs = plan.outputs.map((output) => {
    const { tensor, index } = model?.outputs.find(({ name }) => name === output.name) ?? {}
    return { ...output, ...(tensor === undefined ? {} : { tensor }), ...(index === undefined ? {} : { index }) }
  })
  const options: UpstreamOptions = { address, plan, outputs, warm: warmRow(program, plan), timeoutMs: START_MS }
  return success({
    repository: upstreamRepository(options),
    first: async () => {
      const opened = await openUpstream(options)
      if (opened.ok) return success(opened.value)
      const unfit = opened.refusal.kind === 'unfit'
      return failure(
        unfit ? 'cli/upstream-unfit' : 'cli/no-upstream',
        `The model ${address.model} at ${address.origin} cannot be guarded. ${opened.refusal.message}`,
        unfit
          ? 'What it takes and gives is not what the spec declares.'
          : 'A guard that can ask nobody is not started.',
        unfit
          ? 'Check `models.champion` (`outputs: { NAME: { tensor, index } }`), or name another model in the address.'
          : 'Start that server first, and check the address and the name of the model in it.',
        EXIT.environment,
      )
    },
  })
}
