import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProgramColumn, ProgramDataset, ColumnType, Type } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { datasetDistributions } from './distributions.ts'

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
  const found = await datasetDistributions({
    root,
    dataset: dataset(columns),
    session: { threads: 1 },
    ...(only === undefined ? {} : { columns: only }),
  })
  if (!found.ok) throw new Error(found.failure.cause)
  return new Map(found.value.map((each) => [each.column, each]))
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
    const found = await datasetDistributions({ root, dataset: dataset(columns), session: { threads: 1 } })
    expect(found).toMatchObject({ ok: false, failure: { reason: 'source-missing' } })
  })
})
