import type { GuardPlan, Row } from '@plumbline/guard'
import { askWithin } from '../versions/deadline.ts'
import { ModelFailure } from '../versions/model-failure.ts'
import type { RepositoryResult } from '../versions/model-repository.ts'
import type { ModelAnswer, ModelVersion } from '../versions/model-version.ts'
import { modelPath, type UpstreamAddress } from './address.ts'
import { openConnection, type UpstreamConnection } from './connection.ts'
import { readMetadata } from './metadata.ts'
import { answerReader } from './read-answer.ts'
import { bindSignature, type DeclaredOutput, type UpstreamSignature } from './signature.ts'
import { requestWriter } from './write-request.ts'

/** What opening a model on another server takes. */
export interface UpstreamOptions {
  readonly address: UpstreamAddress
  readonly plan: GuardPlan
  /** Where the outputs of the spec are among those of the model. */
  readonly outputs: readonly DeclaredOutput[]
  /** A row that the contracts of the inputs allow; it is asked once, at the start. */
  readonly warm: Row
  /** Milliseconds that the server has for its metadata, and for the first answer. */
  readonly timeoutMs: number
}

/**
 * Opens a model on another server: what it declares must fit the spec, and it must answer a row. The connections are
 * closed with the version.
 */
export async function openUpstream(options: UpstreamOptions): Promise<RepositoryResult<ModelVersion>> {
  const connection = openConnection(options.address.origin)
  const opened = await openOver(connection, options)
  if (!opened.ok) await connection.close()
  return opened
}

async function openOver(
  connection: UpstreamConnection,
  { address, plan, outputs, warm, timeoutMs }: UpstreamOptions,
): Promise<RepositoryResult<ModelVersion>> {
  const refused = (kind: 'failed' | 'unfit', message: string): RepositoryResult<never> => ({
    ok: false,
    refusal: { kind, message },
  })
  try {
    const { status, body } = await askWithin(timeoutMs, (deadline) =>
      connection.call({ method: 'GET', path: modelPath(address) }, deadline),
    )
    if (status !== 200) return refused('failed', `It answered ${status} when asked what "${address.model}" takes.`)
    const metadata = readMetadata(body)
    if (typeof metadata === 'string') return refused('unfit', `It cannot be understood: ${metadata}.`)
    const signature = bindSignature(metadata, plan.inputs, outputs)
    if (typeof signature === 'string') return refused('unfit', signature)
    const answer = answerer(connection, address, signature)
    const first = await askWithin(timeoutMs, (deadline) => answer([warm], deadline, { id: 'plumbline-probe' }))
    const version = first.version ?? address.version ?? metadata.versions.at(-1) ?? ''
    return { ok: true, value: { version, answer, ready: () => isReady(connection, address), close: connection.close } }
  } catch (error) {
    return refused(
      error instanceof ModelFailure && error.reason === 'answer' ? 'unfit' : 'failed',
      (error as Error).message,
    )
  }
}

const SAID = 200

function answerer(
  connection: UpstreamConnection,
  address: UpstreamAddress,
  signature: UpstreamSignature,
): (...asked: Parameters<ModelVersion['answer']>) => Promise<ModelAnswer> {
  const path = modelPath(address, '/infer')
  const write = requestWriter(signature)
  const read = answerReader(signature)
  const plain = { 'content-type': 'application/json' }
  return async (rows, deadline, { id, traceparent }) => {
    const headers = traceparent === undefined ? plain : { ...plain, traceparent }
    const { status, body } = await connection.call({ method: 'POST', path, headers, body: write(rows, id) }, deadline)
    if (status !== 200) {
      const said = Buffer.from(body).toString('utf8').slice(0, SAID)
      throw new ModelFailure('status', `It answered ${status}: ${said}`)
    }
    const answer = read(body, rows.length)
    if (typeof answer === 'string') throw new ModelFailure('answer', `Its answer cannot be used. ${answer}`)
    return answer
  }
}

const READY_MS = 1000

async function isReady(connection: UpstreamConnection, address: UpstreamAddress): Promise<boolean> {
  try {
    const call = { method: 'GET', path: modelPath(address, '/ready') } as const
    return (await askWithin(READY_MS, (deadline) => connection.call(call, deadline))).status === 200
  } catch {
    return false
  }
}
