import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { connect, type PostgresqlClient } from '../differential/postgresql/client.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { addressOf } from './run.ts'

const PLUMB = fileURLToPath(new URL('../../packages/cli/bin/plumb.js', import.meta.url))
const SPEC = `plumbline: 1
system: { name: demo, version: 1.0.0 }
engines:
  warehouse: { dialect: postgresql, address: "\${WAREHOUSE}" }
data:
  accounts:
    source: { engine: warehouse, table: risk.accounts }
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer, range: [18, 100] }
  local:
    source: local.csv
    columns:
      n: { type: integer }
clauses:
  rows: { says: There are rows., of: accounts, must: count() >= 5 }
  local-rows: { says: There are local rows., of: local, must: count() >= 1 }
`

describeWithServer('plumb test on a table', (server) => {
  let root = ''
  let client: PostgresqlClient
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumb-command-'))
    await writeFile(join(root, 'plumb.yaml'), SPEC)
    await writeFile(join(root, 'local.csv'), 'n\n1\n')
    client = await connect(server())
    await client.query(sql`CREATE SCHEMA risk`)
    await client.query(
      sql`CREATE TABLE risk.accounts AS SELECT i AS id, 10 * i AS age, 'x' AS note FROM generate_series(1, 9) AS s(i)`,
    )
  })
  afterAll(async () => {
    await client.close()
    await rm(root, { recursive: true, force: true })
  })
  function plumb(address: string | undefined, ...args: readonly string[]) {
    const { WAREHOUSE: _none, ...env } = process.env
    const child = spawn(process.execPath, [PLUMB, ...args], {
      cwd: root,
      env: { ...env, NO_COLOR: '1', ...(address === undefined ? {} : { WAREHOUSE: address }) },
    })
    let out = ''
    child.stdout.on('data', (data: Buffer) => void (out += data.toString()))
    child.stderr.on('data', (data: Buffer) => void (out += data.toString()))
    return new Promise<{ code: number | null; out: string }>((done) => child.on('close', (code) => done({ code, out })))
  }
  const ledger = async (): Promise<string> => {
    const folder = join(root, '.plumb', 'ledger')
    const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
    return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('')
  }

  it('decides, shows failing rows with their keys, tells columns that nobody declared; replay repeats it', async () => {
    const tested = await plumb(addressOf(server()), 'test', '--stage', 'data')
    expect(tested.code).toBe(1)
    expect(tested.out).toMatch(/accounts\.age\.range/)
    expect(tested.out).toMatch(/row +id +age\n +1 +1 +10\n/)
    expect(tested.out).toMatch(/columns that the spec does not declare: note/)
    expect(await ledger()).toContain('snapshot:rows:sha256:')
    const json = await plumb(addressOf(server()), '--json', 'test', '--stage', 'data')
    const { evidence } = JSON.parse(json.out.slice(json.out.indexOf('{'))) as {
      evidence: { clause: string; id: string }[]
    }
    const violated = evidence.find(({ clause }) => clause === 'accounts.age.range')?.id ?? ''
    const again = await plumb(addressOf(server()), 'replay', violated)
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('again')])
    await client.query(sql`UPDATE risk.accounts SET age = 20 WHERE id = 1`)
    const changed = await plumb(addressOf(server()), 'replay', violated)
    expect(changed.out).toMatch(/is not what it was when the evidence was made/)
    expect((await plumb(addressOf(server()), 'test', '--stage', 'data')).code).toBe(0)
  })

  it('a database out of reach ends in 4, what needed none is decided, and no password is written anywhere', async () => {
    const found = await plumb('postgresql://reader:hunter2@127.0.0.1:1/risk', 'test', '--stage', 'data')
    expect(found.code).toBe(4)
    expect(found.out).toMatch(/reader@127\.0\.0\.1:1\/risk/)
    expect(found.out).toMatch(/local-rows/)
    expect(found.out).not.toContain('hunter2')
    expect(await ledger()).not.toContain('hunter2')
    expect((await plumb(undefined, 'check')).code).toBe(0)
    expect((await plumb(undefined, 'test', '--stage', 'data')).out).toMatch(/WAREHOUSE, which is not set/)
  })
})
