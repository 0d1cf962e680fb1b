import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MASKED, sql, type Statement, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { sourceDigest } from '../relations/source-files.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-witness-'))
  await writeFile(
    join(root, 'd.csv'),
    `id,part,x,income,name,at
7,a,3,9000000,Ann,2026-01-02
5,b,11,5,Bob,2026-01-03
4,a,11,7,Cyd,2027-01-01
9,a,40,8,Dan,2026-05-01
2,a,,9,Eve,2026-01-01
1,b,2,none,,2026-01-01
`,
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function decide(clauses: string, folder?: string): Promise<ReadonlyMap<string, Statement>> {
  const text = `plumbline: 1
system: { name: witness, version: 1.0.0 }
data:
  d:
    source: d.csv
    key: [id]
    columns:
      id: { type: integer }
      part: { type: category, values: [a, b] }
      x: { type: number, optional: true }
      income: { type: integer, sensitive: true, optional: true }
      name: { type: text, sensitive: true, optional: true }
      at: { type: timestamp }
clauses:
${clauses}
`
  const value = compiledSpec(text)
  const found = new Map<string, Statement>()
  const kept = folder === undefined ? {} : { witnessFolder: { path: join(root, folder), name: folder } }
  for await (const each of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 1 }, ...kept }))
    found.set(each.clause, each)
  return found
}

const witnesses = (statement: Statement | undefined) =>
  statement !== undefined && 'witnesses' in statement ? (statement.witnesses ?? []) : []
const ids = (statement: Statement | undefined) => witnesses(statement).map(({ key }) => key.id)

describe('failing rows', () => {
  test.each([
    ['a bound: the farthest first, equals by key, missing cells last', 'x <= 10.0', [9, 4, 5, 2]],
    ['a bound from below', 'x >= 3.5', [1, 7, 2]],
    ['two bounds: by the one that is broken', 'x >= 3.0 && x <= 11.0', [9, 1, 2]],
    ['either of two: by the nearer', 'x <= 10.0 || x >= 12.0', [4, 5, 2]],
    ['equality', 'x == 3.0', [9, 4, 5, 1, 2]],
    ['times', 'at <= timestamp("2026-01-02T00:00:00Z")', [4, 9, 5]],
    ['no size: by key', 'part == "b"', [2, 4, 7, 9]],
  ])('%s', async (_name, condition, expected) => {
    const found = await decide(`  it: { of: d, every: '${condition}' }`)
    expect(ids(found.get('it'))).toEqual(expected)
  })

  test('what `mostly` tolerates comes in the order of the file', async () => {
    const found = await decide(`  it: { of: d, every: 'x <= 10.0', missing: exclude, mostly: 10% }`)
    expect(found.get('it')).toMatchObject({ verdict: 'satisfied' })
    expect(ids(found.get('it'))).toEqual([5, 4, 9])
  })

  test('cells of sensitive columns are masked, also those that cannot be read; a missing one is missing', async () => {
    const found = await decide(`  rich: { of: d, every: 'income > 5' }\n  named: { of: d, every: 'name == "Zoe"' }`)
    expect(witnesses(found.get('rich')).map(({ cells, because }) => [cells.income, because])).toEqual([
      [MASKED, 'false'],
      [MASKED, 'missing'],
    ])
    expect(witnesses(found.get('d.income.type'))).toMatchObject([{ key: { id: 1 }, cells: { income: MASKED } }])
    expect(witnesses(found.get('named')).map(({ cells }) => cells.name)).toEqual([
      null,
      MASKED,
      MASKED,
      MASKED,
      MASKED,
      MASKED,
    ])
    expect(JSON.stringify([...found.values()].map(witnesses))).not.toMatch(/9000000|none|Ann|Bob/)
  })
})

describe('the file of failing rows', () => {
  async function rowsOf(path: string): Promise<readonly unknown[]> {
    const session = await openSession({ threads: 1 })
    if (!session.ok) throw new Error(session.error.cause)
    const read = await session.value.query(sql`SELECT * FROM read_parquet(${textLiteral(path)})`)
    session.value.close()
    if (!read.ok) throw new Error(read.error.cause)
    const names = [...read.value.columns.keys()]
    return Array.from({ length: read.value.rows }, (_, i) =>
      names.map((name) => read.value.columns.get(name)?.[i] ?? null),
    )
  }

  test('holds them in the same order, masked, and is named by its digest; the next run replaces it', async () => {
    const clauses = `  far: { of: d, every: 'x <= 10.0' }\n  named: { of: d, every: 'name == "Zoe"' }\n  fine: { of: d, every: 'id > 0' }`
    const found = await decide(clauses, 'kept')
    const far = found.get('far')
    const file = far !== undefined && 'witness_file' in far ? far.witness_file : undefined
    expect(file).toMatchObject({ path: expect.stringMatching(/^kept\/[0-9a-f]{16}\.parquet$/), rows: 4 })
    const path = join(root, file?.path ?? '')
    expect(await rowsOf(path)).toEqual(
      [
        [4, 9, 40],
        [3, 4, 11],
        [2, 5, 11],
        [5, 2, null],
      ].map(([row, id, x]) => [BigInt(row ?? 0), BigInt(id ?? 0), x]),
    )
    const digest = await sourceDigest([{ path, name: 'x', size: 0, modifiedMs: 0 }])
    expect(digest).toMatchObject({ ok: true, value: `bytes:${file?.digest}` })
    const named = found.get('named')
    const masked = named !== undefined && 'witness_file' in named ? named.witness_file?.path : undefined
    expect((await rowsOf(join(root, masked ?? ''))).map((row) => (row as unknown[])[2])).toEqual([
      null,
      MASKED,
      MASKED,
      MASKED,
      MASKED,
      MASKED,
    ])
    expect(found.get('fine')).not.toHaveProperty('witness_file')
    const before = await readdir(join(root, 'kept'))
    await decide(clauses, 'kept')
    expect(await readdir(join(root, 'kept'))).toEqual(before)
  })

  test('is not written where nobody asks, and a folder that cannot be is no failure of the clause', async () => {
    expect((await decide(`  far: { of: d, every: 'x <= 10.0' }`)).get('far')).not.toHaveProperty('witness_file')
    const found = await decide(`  far: { of: d, every: 'x <= 10.0' }`, 'd.csv/below')
    expect(found.get('far')).toMatchObject({ verdict: 'violated', failing: 4 })
    expect(found.get('far')).not.toHaveProperty('witness_file')
  })
})
