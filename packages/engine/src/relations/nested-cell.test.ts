import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type Sql, type Statement, sql, textLiteral } from '@plumbline/core'
import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { pointer } from './nested-cell.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Values inside of other values: objects in JSON lines, structs of Parquet, JSON texts in CSV.

const ROWS = [
  {
    id: 1,
    who: { age: 31, city: 'Bern', 'a/b~c': 1.5 },
    items: [{ price: 2.5 }, { price: 4 }],
    at: { utc: '2026-01-02T03:04:05Z' },
  },
  {
    id: 2,
    who: { age: null, city: 'Köln "am" Rhein', 'a/b~c': 2 },
    items: [{ price: 3 }],
    at: { utc: '2026-01-03T00:00:00Z' },
  },
  { id: 3, who: { age: 9007199254740993n, city: '', 'a/b~c': 3 }, items: [], at: { utc: '2026-01-04T00:00:00Z' } },
]
const json = (row: object): string =>
  JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `#${value}#` : value)).replaceAll(/"#(\d+)#"/g, '$1')

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-nested-'))
  const lines = ROWS.map(json)
  await writeFile(join(root, 'rows.jsonl'), lines.join('\n'))
  await writeFile(
    join(root, 'broken.jsonl'),
    [...lines, '{"id":4,"who":"nobody"}', '{"id":5}', '{"id":6,"who":{"age":"old"}}'].join('\n'),
  )
  const quoted = (value: object) => `"${json(value).replaceAll('"', '""')}"`
  const csv = ROWS.map(({ id, who, items, at }) => [id, quoted(who), quoted(items), quoted(at)].join(','))
  await writeFile(join(root, 'rows.csv'), ['id,who,items,at', ...csv].join('\n'))
  const texts = (name: 'who' | 'items' | 'at') => ROWS.map((row) => json(row[name]))
  const table = tableFromArrays({
    id: Int32Array.of(1, 2, 3),
    who: texts('who'),
    items: texts('items'),
    at: texts('at'),
  })
  await writeFile(join(root, 'rows.arrow'), tableToIPC(table, 'file'))
  await writeFile(join(root, 'twice.csv'), 'who,age,who\n"{""age"":1}",5,"{""age"":2}"\n')
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const [from, to] = ['rows.jsonl', 'rows.parquet'].map((name) => textLiteral(join(root, name)))
  const copied = await session.value.query(sql`COPY (FROM read_json(${from as Sql})) TO ${to as Sql} (FORMAT parquet)`)
  if (!copied.ok) throw new Error(copied.error.cause)
  session.value.close()
})
afterAll(() => rm(root, { recursive: true }))

const COLUMNS = `
      id: { type: integer }
      age: { type: integer, path: who.age, optional: true }
      city: { type: text, path: $.who.city }
      odd: { type: number, path: '["who"]["a/b~c"]' }
      first: { type: number, path: items.0.price, optional: true }
      at: { type: timestamp, path: at.utc }
      number: { type: integer, path: id }`

async function statements(source: string, must: string): Promise<ReadonlyMap<string, Statement>> {
  const text = `plumbline: 1
system: { name: nested, version: 1.0.0 }
data:
  rows:
    source: ${source}
    key: [id]
    columns: ${COLUMNS}
clauses:
  it: { of: rows, must: '${must}' }
`
  const value = compiledSpec(text)
  const found = new Map<string, Statement>()
  for await (const statement of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 1 } }))
    found.set(statement.clause, statement)
  return found
}

describe.each(['rows.jsonl', 'rows.parquet', 'rows.csv', 'rows.arrow'])('%s', (source) => {
  it.each([
    ['max(age)', 9_007_199_254_740_993n],
    ['present(age)', 2],
    ['sum(odd)', 6.5],
    ['sum(first)', 5.5],
    ['sum(number)', 6],
    ['share(city == "Köln \\"am\\" Rhein")', 1 / 3],
    ['share(size(city) == 0)', 1 / 3],
    ['share(at < timestamp("2026-01-03T00:00:00Z"))', 1 / 3],
  ])('%s is %s', async (term, value) => {
    const found = await statements(
      source,
      `${term} >= ${typeof value === 'number' && !Number.isInteger(value) ? '0.0' : '0'}`,
    )
    const { verdict, measured } = found.get('it') as Statement & { readonly measured?: unknown }
    expect(verdict).toBe('satisfied')
    expect(typeof measured === 'number' ? measured : String(measured)).toEqual(
      typeof value === 'number' ? expect.closeTo(value, 12) : String(value),
    )
  })
})

describe('what cannot be read', () => {
  it('is a failing row of the type, of the stored cell where that has no inside', async () => {
    const found = await statements('broken.jsonl', 'count() == 6')
    expect(found.get('it')?.verdict).toBe('satisfied')
    const type = found.get('rows.age.type')
    expect(type).toMatchObject({ verdict: 'violated', failing: 2 })
    expect(JSON.stringify(type)).toContain('nobody')
    expect(JSON.stringify(type)).toContain('old')
    expect(found.get('rows.city.required')).toMatchObject({ failing: 2 })
  })

  it('is a column that is not there, by its own name', async () => {
    const found = await statements('rows.csv', 'count() == 3')
    expect(found.get('rows.age.type')?.verdict).toBe('satisfied')
    const text = `plumbline: 1
system: { name: nested, version: 1.0.0 }
data: { rows: { source: rows.csv, columns: { age: { type: integer, path: whom.age } } } }
`
    const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
    for await (const statement of runDataStage({ program: value as NonNullable<typeof value>, root, toolVersion: '0' }))
      if (statement.clause === 'rows.age.type')
        expect(statement).toMatchObject({
          verdict: 'error',
          reason: 'column-missing',
          cause: expect.stringContaining('"whom"'),
        })
  })
})

it('of a column that the header names twice no value is read; one of another column is', async () => {
  const text = `plumbline: 1
system: { name: nested, version: 1.0.0 }
data: { rows: { source: twice.csv, columns: { who: { type: integer, path: age }, inner: { type: integer, path: who.age } } } }
`
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const found = new Map<string, Statement>()
  for await (const each of runDataStage({ program: value as NonNullable<typeof value>, root, toolVersion: '0' }))
    found.set(each.clause, each)
  expect(found.get('rows.inner.type')).toMatchObject({
    verdict: 'error',
    cause: expect.stringContaining('more than once'),
  })
  expect(found.get('rows.who.type')).toMatchObject({ verdict: 'satisfied' })
})

it('a pointer escapes what it is made of', () => {
  expect(pointer(['a/b', '~', 0])).toBe('/a~1b/~0/0')
})
