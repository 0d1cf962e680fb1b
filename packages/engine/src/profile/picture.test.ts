import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type ColumnType, type ProgramColumn, type ProgramDataset, type Type } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { datasetPicture } from './picture.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-distributions-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const column = (
  name: string,
  columnType: ColumnType,
  type: Type,
  more: Partial<ProgramColumn> = {},
): ProgramColumn => ({
  name,
  columnType,
  type,
  optional: true,
  protected: false,
  ...more,
})

const dataset = (columns: readonly ProgramColumn[]): ProgramDataset => ({
  name: 'd',
  source: { path: 'd.csv', format: 'csv' },
  key: [],
  columns,
  splits: [],
})

async function distributionsOf(csv: string, columns: readonly ProgramColumn[], only?: readonly string[]) {
  await writeFile(join(root, 'd.csv'), csv)
  const found = await datasetPicture({
    root,
    dataset: dataset(columns),
    session: { threads: 1 },
    ...(only === undefined ? {} : { columns: only }),
  })
  if (!found.ok) throw new Error(found.failure.cause)
  return new Map(found.value.columns.map((each) => [each.column, { ...each, missing: each.now.missing }]))
}

describe('distributions', () => {
  test('every cell is in one bin, and the bins are those of a row loop', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({
      n: (i * 37) % 101 === 0 ? '' : String(((i * 37) % 101) / 4),
      k: String((i * 13) % 29),
      t: `2024-0${1 + (i % 9)}-01T00:00:00Z`,
      b: i % 3 ? 'true' : 'false',
      c: ['x', 'y', "it's"][i % 3] ?? '',
      w: `word ${i % 40}`,
    }))
    const csv = `n,k,t,b,c,w\n${rows.map((r) => `${r.n},${r.k},${r.t},${r.b},${r.c},${r.w}`).join('\n')}\n`
    const found = await distributionsOf(csv, [
      column('n', 'number', { kind: 'double' }),
      column('k', 'integer', { kind: 'int' }),
      column('t', 'timestamp', { kind: 'timestamp' }),
      column('b', 'boolean', { kind: 'bool' }),
      column(
        'c',
        'category',
        { kind: 'string', category: true },
        { values: [{ code: 'x', label: 'first' }, { code: 'y' }, { code: "it's" }, { code: 'never' }] },
      ),
      column('w', 'text', { kind: 'string' }),
    ])
    const sum = (name: string) => found.get(name)?.bins.reduce((total, { count }) => total + count, 0)
    for (const name of ['n', 'k', 't', 'b', 'c']) {
      expect([name, (sum(name) ?? 0) + (found.get(name)?.missing ?? 0)]).toEqual([name, 500])
      expect(found.get(name)?.bins.length).toBeLessThanOrEqual(12)
    }
    expect(found.get('n')?.missing).toBe(rows.filter(({ n }) => n === '').length)

    const numbers = rows.flatMap(({ n }) => (n === '' ? [] : [Number(n)]))
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
    const edge = (k: number) => low * ((12 - k) / 12) + high * (k / 12)
    const naive = Array.from(
      { length: 12 },
      (_, k) => numbers.filter((x) => x >= edge(k) && (k === 11 || x < edge(k + 1))).length,
    )
    expect(found.get('n')?.bins.map(({ count }) => count)).toEqual(naive)

    for (const { label, count } of found.get('k')?.bins ?? []) {
      const [from = 0, to = from] = label.split(' – ').map(Number)
      expect(rows.filter(({ k }) => Number(k) >= from && Number(k) <= to).length).toBe(count)
    }
    expect(found.get('b')?.bins).toEqual([
      { label: 'false', count: 167 },
      { label: 'true', count: 333 },
    ])
    expect(found.get('c')?.bins).toEqual([
      { label: 'first', count: 167 },
      { label: 'y', count: 167 },
      { label: "it's", count: 166 },
      { label: 'never', count: 0 },
    ])
    expect(found.get('w')?.bins).toHaveLength(12)
    expect(found.get('w')?.bins[0]).toEqual({ label: 'word 0', count: 13 })
  })

  test('edges: int64, infinities, one value, no value, one column', async () => {
    const csv = 'i,n,one,none\n-9223372036854775808,inf,7.5,\n9223372036854775807,-inf,7.5,\n0,1,7.5,\n0,2,7.5,\n'
    const columns = [
      column('i', 'integer', { kind: 'int' }),
      column('n', 'number', { kind: 'double' }),
      column('one', 'number', { kind: 'double' }),
      column('none', 'integer', { kind: 'int' }),
    ]
    const found = await distributionsOf(csv, columns)
    expect(
      found
        .get('i')
        ?.bins.map(({ count }) => count)
        .filter((n) => n > 0),
    ).toEqual([1, 2, 1])
    expect(found.get('n')?.bins.at(0)?.count).toBe(2)
    expect(found.get('n')?.bins.at(-1)?.count).toBe(2)
    expect(found.get('one')?.bins).toEqual([{ label: '7.5', count: 4 }])
    expect(found.get('none')).toMatchObject({ missing: 4, bins: [] })
    expect([...(await distributionsOf(csv, columns, ['one'])).keys()]).toEqual(['one'])
  })

  test('a column that is not there is left out; a file that is not there is a failure', async () => {
    const columns = [column('a', 'integer', { kind: 'int' }), column('gone', 'integer', { kind: 'int' })]
    expect([...(await distributionsOf('a\n1\n', columns)).keys()]).toEqual(['a'])
    await rm(join(root, 'd.csv'))
    const found = await datasetPicture({ root, dataset: dataset(columns), session: { threads: 1 } })
    expect(found).toMatchObject({ ok: false, failure: { reason: 'source-missing' } })
  })
})

describe('then and now', () => {
  const columns = [
    column('k', 'integer', { kind: 'int' }, { role: 'key' }),
    column('x', 'number', { kind: 'double' }),
    column('y', 'integer', { kind: 'int' }),
    column('c', 'text', { kind: 'string' }),
  ]
  const csv = (rows: number, shift: number): string =>
    `k,x,y,c\n${Array.from({ length: rows }, (_, i) => `${i},${i % 5 === 0 ? '' : (i % 20) + shift},${i % 10 === 0 ? '' : 2 * (i % 20)},${i % 4 ? 'a' : 'b'}`).join('\n')}\n`

  test('rows of a file from before: bars of both sides, what moved, moments', async () => {
    await writeFile(join(root, 'd.csv'), csv(400, 10))
    await writeFile(join(root, 'old.csv'), csv(200, 0))
    const found = await datasetPicture({ root, dataset: dataset(columns), before: 'old.csv', session: { threads: 1 } })
    if (!found.ok) throw new Error(found.failure.cause)
    const { now, before, columns: drawn } = found.value
    expect([now, before]).toEqual([
      { label: 'these rows', rows: 400 },
      { label: 'old.csv', rows: 200 },
    ])
    const x = drawn.find(({ column: name }) => name === 'x')
    expect(x?.now).toMatchObject({ missing: 80, summary: { five: [11, 15.5, 20, 24.5, 29] } })
    expect(x?.before).toMatchObject({ missing: 40, summary: { mean: 10 } })
    const bins = x?.bins ?? []
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(320)
    expect(bins.reduce((sum, bin) => sum + (bin.before ?? 0), 0)).toBe(160)
    // Half of the total variation, by hand; missing cells are as frequent on both sides.
    const apart = bins.reduce((sum, bin) => sum + Math.abs(bin.count / 400 - (bin.before ?? 0) / 200), 0) / 2
    expect(x?.moved).toBeCloseTo(apart, 12)
    expect(apart).toBeGreaterThan(0.3)
    expect(drawn.find(({ column: name }) => name === 'c')).toMatchObject({
      moved: 0,
      bins: [
        { label: 'a', count: 300, before: 150 },
        { label: 'b', count: 100, before: 50 },
      ],
    })
    // A key differs by itself.
    expect(drawn.find(({ column: name }) => name === 'k')).not.toHaveProperty('moved')
  })

  test('without another file, one side; correlations and what is missing together', async () => {
    await writeFile(join(root, 'd.csv'), csv(400, 0))
    const found = await datasetPicture({ root, dataset: dataset(columns), session: { threads: 1 } })
    if (!found.ok) throw new Error(found.failure.cause)
    const { now, before, correlations, gaps } = found.value
    expect([now, before]).toEqual([{ label: 'all rows', rows: 400 }, undefined])
    expect(correlations?.columns).toEqual(['x', 'y'])
    expect(correlations?.r[0]?.[1]).toBeCloseTo(1, 12)
    expect(gaps).toEqual([
      { columns: [], rows: 320 },
      { columns: ['x'], rows: 40 },
      { columns: ['x', 'y'], rows: 40 },
    ])
  })

  test('the split train beside the others', async () => {
    await writeFile(join(root, 'd.csv'), csv(400, 0))
    const program = (text: string) => {
      const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
      if (value?.datasets[0] === undefined) throw new Error('it does not compile')
      return value.datasets[0]
    }
    const split = program(
      'plumbline: 1\nsystem: { name: s, version: 1.0.0 }\ndata:\n  d:\n    source: d.csv\n    splits: { train: "k < 300", test: "k >= 300" }\n    columns: { k: { type: integer }, x: { type: number, optional: true } }\nclauses:\n  some: { says: some, of: d, must: count() > 0 }\n',
    )
    const found = await datasetPicture({ root, dataset: split, session: { threads: 1 } })
    expect(found).toMatchObject({
      ok: true,
      value: { now: { label: 'test', rows: 100 }, before: { label: 'train', rows: 300 } },
    })
  })
})
