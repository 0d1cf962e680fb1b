import process from 'node:process'
import type { Host, ProgramRunner } from '@plumbline/core'
import { oipModel } from './oip-metadata.ts'

/**
 * What a server states of its model, for its identity: the Open Inference Protocol's metadata. Null where it states nothing
 * (MLflow's server and chats do not say which model answers) or does not answer.
 */
export async function statedByServer(
  runner: Extract<ProgramRunner, { kind: 'http' }>,
  host: Host,
): Promise<Readonly<Record<string, unknown>> | null> {
  if (runner.protocol !== 'oip-v2') return null
  const once = { ...runner, retries: 0, timeoutMs: Math.min(runner.timeoutMs ?? 5000, 5000) }
  const model = await oipModel({ host, runner: once, variable: (name) => process.env[name] }, runner.model ?? '')
  if (!model.ok) return null
  const { name, versions, platform, signature } = model.value
  return { name, versions, platform, ...signature }
}
