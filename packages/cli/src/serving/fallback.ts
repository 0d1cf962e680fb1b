import { join } from 'node:path'
import type { PlannedGuard, Program } from '@plumbline/core'
import { type ModelVersion, openOnnxVersion } from '@plumbline/server'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** The model that the guard falls back to, if it falls back to one. */
export async function openFallback(
  { host, root }: CommandContext,
  program: Program,
  { plan }: PlannedGuard,
): Promise<Outcome<ModelVersion | undefined>> {
  const { fallback } = plan.policy
  if (fallback?.kind !== 'model') return success(undefined)
  const path = program.models.find(({ name }) => name === fallback.model)?.artifact ?? ''
  const read = await host.files.readFile(join(root, path))
  const opened = read.ok
    ? await openOnnxVersion(read.value, { program, plan, model: fallback.model })
    : { ok: false as const, refusal: { message: read.error.message } }
  if (opened.ok) return success(opened.value)
  return failure(
    'cli/no-fallback',
    `The fallback \`${fallback.model}\` (${path}) cannot answer: ${opened.refusal.message.replace(/\.$/, '')}.`,
    'The guard promises its answer where the model has none.',
    'Make the model (`plumb run --trust`), or name another in `guard.fallback`.',
    EXIT.environment,
  )
}
