import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT, scratch } from '../support/plumb.ts'

const HOME = join(ROOT, '.work', 'object-store')
const UNBUNDLED = join(import.meta.dirname, 'unbundled.mjs')
const there = existsSync(join(HOME, 'installed.txt'))
const DAYS = ['2026-01-01', '2026-01-02']

const SPEC = `plumbline: 1
system: { name: sales, version: 1.0.0 }
data:
  sales:
    source: s3://shop/sales/day=*/rows.parquet
    key: [id]
    columns:
      id: { type: integer }
      price: { type: number, range: [0, 100] }
      day: { type: text }
clauses:
  both-days: { says: Both days are there., of: sales, must: "count() == 8 && distinct(day) == 2" }
  cheap: { says: Nothing costs 7 or more., of: sales, every: price < 7.0 }
`

/** A port that is free now. */
const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { readonly port: number }
      probe.close(() => done(port))
    })
  })

async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const code = await new Promise((done) => child.once('close', done))
  return `${said}\nexit ${code}`
}

/** Puts objects into a new bucket, as a client of S3 does. */
const UPLOAD = `
import boto3, os, pathlib, sys
s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
s3.create_bucket(Bucket="shop")
root = pathlib.Path(sys.argv[1])
for path in sorted(root.rglob("*.parquet")):
    s3.upload_file(str(path), "shop", str(path.relative_to(root)))
`

describe.skipIf(!there)(
  `objects of S3${there ? '' : ' – skipped: tests/object-store/setup.sh has installed nothing'}`,
  () => {
    const folder = join(scratch('object-store'), 'project')
    let server: ChildProcess
    let env: NodeJS.ProcessEnv = {}
    beforeAll(async () => {
      const port = await freePort()
      server = spawn(join(HOME, 'python/bin/moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
      const endpoint = `http://127.0.0.1:${port}`
      for (let tries = 0; tries < 300; tries++) {
        const up = await fetch(endpoint).then(
          () => true,
          () => false,
        )
        if (up) break
        await wait(200)
      }
      // The extension lies where DuckDB looks for those that are installed.
      const extension = readFileSync(join(HOME, 'extension.txt'), 'utf8').trim()
      const user = join(dirname(folder), 'home')
      const installed = join(user, '.duckdb/extensions', basename(dirname(extension)), 'linux_amd64')
      mkdirSync(installed, { recursive: true })
      cpSync(extension, join(installed, 'httpfs.duckdb_extension'))
      env = {
        ...process.env,
        NO_COLOR: '1',
        HOME: user,
        PLUMB_TEST_DUCKDB: join(HOME, 'duckdb'),
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: 'reader',
        AWS_SECRET_ACCESS_KEY: 'not-for-logs',
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
      }
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'plumb.yaml'), SPEC)
      const instance = await DuckDBInstance.create(':memory:')
      const connection = await instance.connect()
      for (const [n, day] of DAYS.entries()) {
        const path = join(folder, `upload/sales/day=${day}/rows.parquet`)
        mkdirSync(dirname(path), { recursive: true })
        await connection.run(
          `COPY (SELECT i AS id, i::DOUBLE AS price FROM range(${n * 4}, ${n * 4 + 4}) AS r(i)) TO '${path}' (FORMAT parquet)`,
        )
      }
      connection.closeSync()
      instance.closeSync()
      expect(await run(join(HOME, 'python/bin/python'), ['-c', UPLOAD, join(folder, 'upload')], env)).toBe('\nexit 0')
    })
    afterAll(() => {
      server.kill()
    })
    const plumb = (...args: readonly string[]) =>
      run(
        process.execPath,
        ['--import', join(import.meta.dirname, 'other-duckdb.mjs'), UNBUNDLED, '-C', folder, ...args],
        env,
      )

    test('partitions are one relation, failing rows have their keys, and evidence says that nothing pins the objects', async () => {
      const said = await plumb('test', '--stage', 'data', '--json')
      const { evidence } = JSON.parse(said.slice(0, said.lastIndexOf('\nexit'))) as {
        readonly evidence: readonly {
          readonly clause: string
          readonly verdict: string
          readonly digests: unknown
          readonly witnesses?: readonly { readonly key: unknown }[]
        }[]
      }
      expect(said).toMatch(/exit 1$/)
      const verdicts = Object.fromEntries(evidence.map(({ clause, verdict }) => [clause, verdict]))
      expect(verdicts).toMatchObject({ 'both-days': 'satisfied', cheap: 'violated' })
      const cheap = evidence.find(({ clause }) => clause === 'cheap')
      expect(cheap?.witnesses?.map(({ key }) => key)).toEqual([{ id: 7 }])
      expect(JSON.stringify(cheap?.digests)).toContain('unpinned')
      expect(said).not.toContain('not-for-logs')
    })

    test('what is not there is an error that says so', async () => {
      writeFileSync(join(folder, 'plumb.yaml'), SPEC.replace('s3://shop/sales', 's3://shop/nothing'))
      const said = await plumb('test', '--stage', 'data')
      expect(said).toContain('s3://shop/nothing/day=*/rows.parquet')
      expect(said).toMatch(/exit 3$/)
      expect(said).not.toContain('not-for-logs')
    })

    test('credentials that the store refuses are an error that says so, and what to do', async () => {
      writeFileSync(join(folder, 'plumb.yaml'), SPEC)
      // From here on the server asks who is there; it knows of no such key.
      expect(
        (await fetch(`${env['AWS_ENDPOINT_URL']}/moto-api/reset-auth`, { method: 'POST', body: '0' })).status,
      ).toBe(200)
      const said = await plumb('test', '--stage', 'data')
      expect(said).toMatch(/exit 3$/)
      expect(said).not.toContain('not-for-logs')
      expect(said.replaceAll(/\s+/g, ' ')).toContain(
        'the object store refused who asked (403 InvalidAccessKeyId). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      )
    })
  },
)
