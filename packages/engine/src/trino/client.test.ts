import { describe, expect, it } from 'vitest'
import { type TrinoAddress, readAddress } from './address.ts'
import { trinoClient } from './client.ts'
import { queryFailure } from './failure.ts'
import { rowsOf } from './result.ts'

const address = readAddress('trino://me@localhost:8080/hive/risk', { password: 'not-for-logs' }) as TrinoAddress
const { signal } = new AbortController()

/** A server that answers as told, and what it was asked. */
function server(answers: readonly (readonly [number, unknown])[]) {
  const asked: { readonly url: string; readonly method: string }[] = []
  const rest = [...answers]
  const ask = (async (url: string, init: RequestInit) => {
    asked.push({ url, method: init.method ?? 'GET' })
    const [status, body] = rest.shift() ?? [200, {}]
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
  }) as typeof fetch
  return { asked, client: trinoClient(address, ask) }
}

describe('a statement', () => {
  it('is followed to its end; a busy server is asked again; whole numbers keep all their digits', async () => {
    const columns = [
      { name: 'n', type: 'bigint' },
      { name: 'x', type: 'double' },
      { name: 'sum', type: 'decimal(38,0)' },
      { name: 'at', type: 'timestamp(6)' },
      { name: 'l', type: 'array(bigint)' },
    ]
    const { asked, client } = server([
      [200, { nextUri: 'http://localhost:8080/v1/1' }],
      [503, ''],
      [200, `{"nextUri":"http://localhost:8080/v1/2","columns":${JSON.stringify(columns)}}`],
      [
        200,
        '{"data":[[9223372036854775807,"NaN","-18446744073709551616","+10000-01-01 00:00:00.000001",[1,9007199254740993]],[null,1,null,null,null]]}',
      ],
    ])
    const result = await client.execute('SELECT 1', { signal })
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET'])
    expect(rowsOf({ ...result, columns })).toEqual([
      [9223372036854775807n, Number.NaN, -18446744073709551616n, 253402300800000001n, '[1, 9007199254740993]'],
      [null, 1, null, null, null],
    ])
  })

  it('is not followed to another server, which would be told the password', async () => {
    const { asked, client } = server([[200, { nextUri: 'http://elsewhere.example.org/v1/1' }]])
    await expect(client.execute('SELECT 1', { signal })).rejects.toThrow(/another address/)
    expect(asked.length).toBe(1)
  })

  it('that the server refuses is told in its words, without a place in a statement that nobody wrote', async () => {
    const { client } = server([
      [200, { error: { message: 'line 1:8: Column x cannot be resolved', errorName: 'COLUMN_NOT_FOUND' } }],
    ])
    const thrown = await client.execute('SELECT x', { signal }).catch((error: unknown) => error)
    expect(queryFailure(thrown)).toMatchObject({ code: 'query', cause: 'Trino: Column x cannot be resolved' })
    expect(queryFailure(new TypeError('fetch failed')).code).toBe('connection-lost')
    expect(queryFailure(thrown, 50)).toMatchObject({ code: 'timeout' })
  })
})

describe('an address', () => {
  it('says server, catalog, schema and who asks; a secret goes over TLS, but to this machine', () => {
    expect(address).toMatchObject({
      baseUrl: 'http://localhost:8080',
      place: 'me@localhost:8080',
      headers: { 'X-Trino-User': 'me', 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': 'risk' },
    })
    expect(address.headers['authorization']).toBe(`Basic ${btoa('me:not-for-logs')}`)
    expect(readAddress('trino://db.example.org:8080', { token: 't' })?.baseUrl).toBe('https://db.example.org:8080')
    expect(readAddress('trino://db.example.org:8080')?.baseUrl).toBe('http://db.example.org:8080')
    expect(readAddress('trino://db.example.org:443')?.baseUrl).toBe('https://db.example.org:443')
    expect(JSON.stringify([address.place, address.baseUrl])).not.toContain('not-for-logs')
  })

  it.each([
    'https://db.example.org',
    'trino:',
    'trino://',
    'trino://h/a/b/c',
    'trino://h:99999',
    'trino://h/%',
    'trino://%',
  ])('%s is none', (text) => expect(readAddress(text)).toBeUndefined())
})
