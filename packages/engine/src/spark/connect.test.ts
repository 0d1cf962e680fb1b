import type { ProgramEngine } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { loadArrowReading } from './arrow-result.ts'
import { type ClientLibraries, connect } from './connect.ts'

const engine = (more: Partial<ProgramEngine> = {}): ProgramEngine => ({ name: 'lake', dialect: 'spark', ...more })
const nothingSet = () => undefined
const none = () => Promise.resolve(undefined)

async function causeOf(of: ProgramEngine, variable: (name: string) => string | undefined, libraries?: ClientLibraries) {
  const found = await connect({ engine: of, variable }, libraries)
  return found.ok ? undefined : found.failure
}

describe('a session of Spark that cannot be opened says why, and what to do', () => {
  test.each([
    ['the client', { library: none, arrow: loadArrowReading }],
    ['what reads its results', { library: () => import('@connectrpc/connect-node'), arrow: none }],
  ])('%s is not installed', async (_, libraries) => {
    const failure = await causeOf(engine({ address: 'sc://127.0.0.1:1' }), nothingSet, libraries)
    expect(failure?.reason).toBe('engine-unreachable')
    expect(failure?.cause).toMatch(
      /"lake" is Spark, whose client libraries are not installed.*npm i @connectrpc\/connect/,
    )
  })

  test('no address, one that is not set, one that is none', async () => {
    expect((await causeOf(engine(), nothingSet))?.cause).toMatch(/has no address. Write one \(sc:.*or set SPARK_REMOTE/)
    expect((await causeOf(engine({ address: '${LAKE}' }), nothingSet))?.cause).toMatch(
      /variable LAKE, which is not set/,
    )
    expect((await causeOf(engine({ address: 'https://x' }), nothingSet))?.cause).toMatch(
      /is no address of Spark Connect/,
    )
  })

  test('nobody answers there; the token is not repeated', async () => {
    const failure = await causeOf(engine(), (name) =>
      name === 'SPARK_REMOTE' ? 'sc://127.0.0.1:1/;token=s3cret' : undefined,
    )
    expect(failure?.reason).toBe('engine-unreachable')
    expect(JSON.stringify(failure)).not.toContain('s3cret')
  })
})
