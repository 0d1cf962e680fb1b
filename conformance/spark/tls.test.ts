import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { plumbWith, scratch } from '../../tests/support/plumb.ts'
import { connectSpark } from './client.ts'
import { makeCertificate, openTlsDoor, type TlsDoor } from './tls-door.ts'
import { describeWithCluster } from './with-cluster.ts'

const TOKEN = 'dapi-not-for-logs'
const CLUSTER = '0123-456789-abcdefgh'
const MINUTES = 600_000

const SPEC = `plumbline: 1
system: { name: risk, version: 1.0.0 }
engines:
  lake: { dialect: spark, address: "\${LAKE}" }
data:
  accounts:
    source: { engine: lake, table: behind_tls }
    key: [id]
    columns:
      id: { type: integer }
clauses:
  five: { says: There are five., of: accounts, must: count() == 5 }
`

describeWithCluster('Spark Connect behind TLS, as Databricks is reached', ({ address }) => {
  const folder = scratch('spark-tls')
  let door: TlsDoor
  beforeAll(async () => {
    const spark = await connectSpark(address)
    await spark.query(sql`CREATE OR REPLACE VIEW behind_tls AS SELECT id FROM range(5)`)
    await spark.close()
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'plumb.yaml'), SPEC)
    if (!makeCertificate(folder)) throw new Error('openssl has made no certificate.')
    door = await openTlsDoor(folder, address.replace(/^sc:/, 'http:'), {
      token: TOKEN,
      header: ['x-databricks-cluster-id', CLUSTER],
    })
  }, MINUTES)
  afterAll(() => door.close())

  const ask = async (parameters: string, variables: Readonly<Record<string, string>> = {}) => {
    const { code, out, err } = await plumbWith(
      {
        LAKE: `sc://localhost:${door.port}/;use_ssl=true${parameters}`,
        NODE_EXTRA_CA_CERTS: door.certificate,
        ...variables,
      },
      folder,
      'test',
      '--stage',
      'data',
    )
    return { code, said: `${out}${err}`.replaceAll(/\s+/g, ' ') }
  }

  it.each([
    ['in the address', `;token=${TOKEN};x-databricks-cluster-id=${CLUSTER}`, {}],
    ['in the environment', `;x-databricks-cluster-id=${CLUSTER}`, { SPARK_CONNECT_AUTHENTICATE_TOKEN: TOKEN }],
  ])(
    'a token %s, and the header of a cluster: the clauses are decided there',
    { timeout: MINUTES },
    async (_, parameters, variables) => {
      const { code, said } = await ask(parameters, variables)
      expect(said).toContain('4 satisfied')
      expect(said).not.toContain(TOKEN)
      expect(code).toBe(0)
    },
  )

  it.each([
    ['no token', `;x-databricks-cluster-id=${CLUSTER}`, {}, 'refused the login: invalid access token. Check the token'],
    ['another token', `;token=x;x-databricks-cluster-id=${CLUSTER}`, {}, 'refused the login: invalid access token'],
    ['no cluster', `;token=${TOKEN}`, {}, 'missing header x-databricks-cluster-id'],
    [
      'a certificate that nobody trusts',
      `;token=${TOKEN};x-databricks-cluster-id=${CLUSTER}`,
      { NODE_EXTRA_CA_CERTS: '' },
      'self-signed certificate',
    ],
  ])('%s: out of reach, and why', { timeout: MINUTES }, async (_, parameters, variables, why) => {
    const { code, said } = await ask(parameters, variables)
    expect(said).toContain(why)
    expect(said).not.toContain(TOKEN)
    expect(code).toBe(4)
  })
})
