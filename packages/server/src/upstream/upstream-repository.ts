import type { Digest } from '@plumbline/core'
import type { ModelRepository, RepositoryResult } from '../versions/model-repository.ts'
import { askWithin } from '../versions/deadline.ts'
import type { UpstreamAddress } from './address.ts'
import { openConnection, type UpstreamConnection } from './connection.ts'
import { openUpstream, type UpstreamOptions } from './upstream-version.ts'

const LOAD_MS = 120_000

/**
 * The repository of another server, where it offers one (its `index` answers; not all that have one name it among their
 * extensions): a load is passed on to it, and what answers then is checked against the spec again before it gets requests.
 */
export function upstreamRepository(options: UpstreamOptions): ModelRepository {
  const { address } = options
  return {
    latest: async () => ({ ok: true, value: undefined }),
    async open(digest) {
      const connection = openConnection(address.origin)
      try {
        const loaded = await passOn(connection, address, digest)
        return loaded.ok ? await openUpstream(options) : loaded
      } catch (error) {
        return refused('failed', error instanceof Error ? error.message : String(error))
      } finally {
        await connection.close()
      }
    },
  }
}

async function passOn(
  connection: UpstreamConnection,
  { base, model }: UpstreamAddress,
  digest: Digest | undefined,
): Promise<RepositoryResult<undefined>> {
  const post = (verb: string, asked: object) =>
    askWithin(LOAD_MS, (deadline) => {
      const path = `${base}/v2/repository/${verb}`
      const headers = { 'content-type': 'application/json' }
      return connection.call({ method: 'POST', path, headers, body: JSON.stringify(asked) }, deadline)
    })
  if ((await post('index', {})).status !== 200)
    return refused('unsupported', 'The server behind this guard offers no repository: load the version there.')
  const asked = digest === undefined ? {} : { parameters: { digest } }
  const { status, body } = await post(`models/${encodeURIComponent(model)}/load`, asked)
  if (status === 200) return { ok: true, value: undefined }
  const said = Buffer.from(body).toString('utf8').slice(0, 200)
  return refused(status === 404 ? 'unknown' : 'failed', `The server behind this guard answered ${status}: ${said}`)
}

const refused = (kind: 'failed' | 'unknown' | 'unsupported', message: string): RepositoryResult<never> => ({
  ok: false,
  refusal: { kind, message },
})
