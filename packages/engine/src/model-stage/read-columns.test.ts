import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../duckdb/session.ts'
import { dataCatalog } from '../relations/data-catalog.ts'
import { readColumns } from './read-columns.ts'

const SPEC = `plumbline: 1
system: { name: read, version: 1.0.0 }
data:
  points:
    source: points.csv
    splits: { high: a >= 2 }
    columns: { a: { type: integer, range: [0, 9], optional: true }, b: { type: integer, range: [0, 9] } }
`

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-columns-'))
  await writeFile(join(root, 'points.csv'), 'a,b\n1,0\n2,1\n,2\n3,3\n')
})
afterAll(() => rm(root, { recursive: true }))

async function rowsOf(relation: string): Promise<readonly number[]> {
  const { value: program } = compile({ main: { path: 'plumb.yaml', text: SPEC }, others: [] })
  const opened = await openSession()
  if (program === undefined || !opened.ok) throw new Error('the specification compiles and DuckDB opens')
  const session = opened.value
  try {
    const needed = new Map([['points', new Set(['a', 'b'])]])
    const resolved = await dataCatalog({ program, root, session, needed }).resolve(relation)
    const [dataset] = program.datasets
    if (!resolved.ok || dataset === undefined) throw new Error('the table is read')
    const read = await readColumns(session, resolved.value, dataset, ['b'])
    return read.ok ? [...read.value.rows] : []
  } finally {
    session.close()
  }
}

describe('columns of a split', () => {
  it('are read of its own rows and of those that no split can be told for', async () => {
    expect(await rowsOf('points.high')).toEqual([2, 3, 4])
  })

  it('are read of all rows where there is no split', async () => {
    expect(await rowsOf('points')).toEqual([1, 2, 3, 4])
  })
})
