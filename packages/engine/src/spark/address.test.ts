import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readAddress } from './address.ts'
import { connect } from './connect.ts'
import { tokenOf } from './token.ts'

it('an address says where the server is, whether it speaks TLS, and what it is told', () => {
  expect(readAddress('sc://spark.example.org')).toEqual({
    baseUrl: 'http://spark.example.org:15002',
    place: 'plumb@spark.example.org:15002',
    user: 'plumb',
    headers: {},
  })
  expect(readAddress('sc://dbc.example.org:443/;token=a%3Bb;x-databricks-cluster-id=07;user_id=me')).toEqual({
    baseUrl: 'https://dbc.example.org:443',
    place: 'me@dbc.example.org:443',
    user: 'me',
    headers: { authorization: 'Bearer a;b', 'x-databricks-cluster-id': '07' },
  })
  expect(readAddress('sc://[::1]:15002/', 'secret')?.baseUrl).toBe('http://[::1]:15002')
  expect(readAddress('sc://db.example.org/', 'secret')?.baseUrl).toBe('https://db.example.org:15002')
  for (const no of ['http://x', 'sc://', 'sc://a b', 'sc://h:port', 'sc://h/;token', 'sc://h/;a=%', 'sc://me:pw@h'])
    expect(readAddress(no), no).toBeUndefined()
})

it('a token comes from the environment, or from a file that only its owner may read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-token-'))
  const file = join(folder, 'token')
  await writeFile(file, 'secret\n')
  const ask = (variables: Readonly<Record<string, string>>) => tokenOf((name) => variables[name])
  expect(await ask({})).toEqual({ ok: true, value: undefined })
  expect(await ask({ SPARK_CONNECT_AUTHENTICATE_TOKEN: 'x', SPARK_CONNECT_TOKEN_FILE: file })).toEqual({
    ok: true,
    value: 'x',
  })
  await chmod(file, 0o644)
  expect(await ask({ SPARK_CONNECT_TOKEN_FILE: file })).toMatchObject({
    ok: false,
    failure: { cause: expect.stringMatching(/others may read .*chmod 0600/) },
  })
  await chmod(file, 0o600)
  expect(await ask({ SPARK_CONNECT_TOKEN_FILE: file })).toEqual({ ok: true, value: 'secret' })
  expect(await ask({ SPARK_CONNECT_TOKEN_FILE: join(folder, 'none') })).toMatchObject({ ok: false })
  await rm(folder, { recursive: true })
})

it('nobody there, no variable, no address of Spark: the cause says what to do, and no token', async () => {
  const engine = { name: 'lake', dialect: 'spark', address: '${LAKE}' } as const
  const ask = async (variables: Readonly<Record<string, string>>, address: string | undefined = engine.address) => {
    const { address: _, ...rest } = engine
    const found = await connect({
      engine: address === '' ? rest : { ...rest, address },
      variable: (name) => variables[name],
    })
    return found.ok ? 'connected' : found.failure.cause
  }
  expect(await ask({})).toMatch(/environment variable LAKE, which is not set/)
  expect(await ask({}, '')).toMatch(/has no address\. .*SPARK_REMOTE/)
  expect(await ask({ SPARK_REMOTE: 'sc://127.0.0.1:1' }, '')).toMatch(/cannot be reached/)
  expect(await ask({ LAKE: 'https://spark.example.org' })).toMatch(/no address of Spark Connect/)
  const nobody = await ask({ LAKE: 'sc://127.0.0.1:1/;token=hunter2;user_id=me' })
  expect(nobody).toMatch(/"lake" \(me@127\.0\.0\.1:1\) cannot be reached: .*Check host and port/)
  expect(nobody).not.toContain('hunter2')
})
