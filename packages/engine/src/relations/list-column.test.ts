import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-lists-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const COLUMNS = `
      id: { type: integer }
      tags: { type: list(text), optional: true }
      emb: { type: vector(2), range: [-1, 1], optional: true }
      whole: { type: list(integer), optional: true }
      seen: { type: list(timestamp), optional: true }`

/** Which rows fail what, by the first cells of the witnesses. */
async function failing(source: string): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const text = `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  docs:
    source: ${source}
    key: [id]
    columns:${COLUMNS}
clauses:
  tagged: { says: One., of: docs, missing: exclude, every: '"a" in tags' }
  ascending: { says: One., of: docs, missing: exclude, every: 'emb.all(i, x, i == 0 || x >= emb[i - 1])' }
  large: { says: One., of: docs, missing: exclude, every: 'whole.all(n, n > 9007199254740992)' }
  recent: { says: One., of: docs, missing: exclude, every: 'seen.all(t, t > timestamp("2024-01-01T00:00:00Z"))' }
`
  const value = compiledSpec(text)
  const found: Record<string, readonly unknown[]> = {}
  for await (const statement of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 1 } })) {
    if (statement.verdict === 'satisfied') continue
    const witnesses = 'witnesses' in statement ? (statement.witnesses ?? []) : []
    found[statement.clause] = witnesses.map(({ key }) => key['id'])
  }
  return found
}

const EXPECTED = {
  'docs.tags.type': [4],
  'docs.emb.length': [3],
  'docs.emb.range': [2],
  'docs.whole.type': [4],
  tagged: [2, 3],
  ascending: [2],
  large: [2],
  recent: [2],
}

test('lists are read from texts that are JSON arrays; one with a missing element is a misfit', async () => {
  const line = (...cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
  await writeFile(
    join(root, 'docs.csv'),
    [
      'id,tags,emb,whole,seen',
      line('1', '["a","b, \\"c\\""]', '[0.5, 1]', '[9007199254740993]', '["2024-05-01T00:00:00Z"]'),
      line('2', '["b"]', '[1.5, -0.5]', '[9007199254740993, 9007199254740992]', '["2023-05-01T00:00:00Z"]'),
      line('3', '[]', '[0.5]', '[]', '[]'),
      line('4', 'no list', '', '[1.5]', ''),
    ].join('\n'),
  )
  expect(await failing('docs.csv')).toEqual(EXPECTED)
})

test('lists are read from JSON, numbers with all their digits', async () => {
  const rows = [
    '{"id":1,"tags":["a","b"],"emb":[0.5,1],"whole":[9007199254740993],"seen":["2024-05-01T00:00:00Z"]}',
    '{"id":2,"tags":["b"],"emb":[1.5,-0.5],"whole":[9007199254740993,9007199254740992],"seen":["2023-05-01T00:00:00Z"]}',
    '{"id":3,"tags":[],"emb":[0.5],"whole":[],"seen":[]}',
    '{"id":4,"tags":{"a":1},"emb":null,"whole":[1.5],"seen":null}',
  ]
  await writeFile(join(root, 'docs.json'), rows.join('\n'))
  expect(await failing('docs.json')).toEqual(EXPECTED)
})

test('lists are read from Parquet lists of other types, too', async () => {
  const session = await openSession()
  if (!session.ok) throw new Error(session.error.message)
  const written = await session.value.query(
    sql`COPY (SELECT * FROM (VALUES
      (1, ['a', 'b'], [0.5, 1.0]::FLOAT[], [9007199254740993]::UBIGINT[], [TIMESTAMP '2024-05-01']),
      (2, ['b'], [1.5, -0.5]::FLOAT[], [9007199254740993, 9007199254740992]::UBIGINT[], [TIMESTAMP '2023-05-01']),
      (3, [], [0.5]::FLOAT[], [], []),
      (4, [NULL], NULL, [NULL], NULL)) AS t(id, tags, emb, whole, seen)) TO ${textLiteral(join(root, 'docs.parquet'))} (FORMAT parquet)`,
  )
  session.value.close()
  expect(written.ok).toBe(true)
  expect(await failing('docs.parquet')).toEqual(EXPECTED)
})
