import { createHash } from 'node:crypto'
import type { Digest, Program } from '@plumbline/core'
import { openOnnxModel } from '@plumbline/engine'
import type { GuardPlan } from '@plumbline/guard'
import type { RepositoryResult } from '../versions/model-repository.ts'
import { type ModelVersion, versionOfDigest } from '../versions/model-version.ts'
import { onnxAnswerer } from './onnx-answerer.ts'
import { warmRow } from './warm-row.ts'

/** Which model of a spec the bytes are opened as. */
export interface OnnxRole {
  readonly program: Program
  readonly plan: GuardPlan
  /** Name of the model in the spec: its outputs are read. */
  readonly model: string
}

/**
 * Opens the bytes of an ONNX file as a version of a model and has it answer a row that the contracts allow: what comes
 * out is warm, and fits the plan. Its digest is that of these bytes; where another is `expected` they are not opened.
 */
export async function openOnnxVersion(
  bytes: Uint8Array,
  { program, plan, model }: OnnxRole,
  expected?: Digest,
): Promise<RepositoryResult<ModelVersion>> {
  // Not core's portable digest: this one must not hold up requests for long.
  const digest: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (expected !== undefined && digest !== expected) {
    const message = `The artifact ${expected} was changed: its bytes have the digest ${digest}.`
    return { ok: false, refusal: { kind: 'failed', message } }
  }
  const unfit = (message: string): RepositoryResult<never> => ({ ok: false, refusal: { kind: 'unfit', message } })
  const own = program.models.find(({ name }) => name === model)
  if (own === undefined) return unfit(`The spec has no model ${model}.`)
  const opened = await openOnnxModel(bytes)
  if (!opened.ok) return unfit(opened.error.message)
  const ask = onnxAnswerer(opened.value, plan, own)
  try {
    await ask([warmRow(program, plan)], undefined)
  } catch (error) {
    await opened.value.close()
    return unfit(
      `The model does not answer a row of the spec: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const version = versionOfDigest(digest)
  const answer: ModelVersion['answer'] = async (rows, deadline) => ({ rows: await ask(rows, deadline?.signal) })
  return { ok: true, value: { digest, version, answer, artifact: bytes, close: opened.value.close } }
}
