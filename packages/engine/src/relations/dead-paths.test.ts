import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProgramColumn } from '@plumbline/core'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DataStageEvent, runDataStage } from '../data-stage.ts'
import { buildProgram } from '../testing/program-builder.ts'

let root = ''
const ROWS = [
  { id: 1, address: { city: 'Ulm', zip: null }, tags: ['a'] },
  { id: 2, address: { city: 'Bonn', zip: null }, tags: ['b', 'c'] },
  { id: 3, address: null, tags: [] },
]
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-paths-'))
  await writeFile(join(root, 'rows.jsonl'), ROWS.map((row) => JSON.stringify(row)).join('\n'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (FROM '${join(root, 'rows.jsonl')}') TO '${join(root, 'rows.parquet')}'`)
  connection.closeSync()
  instance.closeSync()
  await writeFile(join(root, 'rows.csv'), `id,address\n1,"{""city"": ""Ulm""}"\n2,\n`)
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function notesOf(path: string, ...paths: readonly (readonly [string, ...(readonly (string | number)[])])[]) {
  const format = path.endsWith('.csv') ? 'csv' : path.endsWith('.parquet') ? 'parquet' : 'json'
  const nested = paths.map((steps, i): Pick<ProgramColumn, 'name' | 'path'> & { type: 'text' } => ({
    name: `c${i}`,
    type: 'text',
    path: steps,
  }))
  const columns = [{ name: 'id', type: 'integer' } as const, ...nested]
  const program = buildProgram(
    [{ name: 'rows', source: { path, format }, columns }],
    nested.map(({ name }) => ({ id: name, must: `distinct(${name}) >= 0`, confidence: 'none' })),
  )
  const events: DataStageEvent[] = []
  const statements = []
  for await (const each of runDataStage({
    program,
    root,
    toolVersion: '0',
    session: { threads: 1 },
    onEvent: (e) => events.push(e),
  }))
    statements.push(each)
  return { notes: events.flatMap((event) => (event.kind === 'source-read' ? event.notes : [])), statements }
}

test.each(['rows.jsonl', 'rows.parquet', 'rows.csv'])(
  'a misspelt key in %s is told, with the nearest there is',
  async (path) => {
    const { notes, statements } = await notesOf(path, ['address', 'cty'], ['address', 'city'])
    expect(notes).toEqual([
      'The path address.cty of the column c0 leads to no value in any row: address has no cty. Did you mean address.city?',
    ])
    expect(statements.some((each) => 'notes' in each && each.notes?.includes(notes[0] ?? ''))).toBe(true)
  },
)

test('what is there and null, or leads beyond a value or a list, is told apart', async () => {
  expect((await notesOf('rows.jsonl', ['address', 'zip'])).notes).toEqual([])
  expect((await notesOf('rows.jsonl', ['tags', 1])).notes).toEqual([])
  expect((await notesOf('rows.jsonl', ['tags', 7])).notes).toEqual([
    'The path tags.7 of the column c0 leads to no value in any row: tags has no 7. No object with keys stands there.',
  ])
  expect((await notesOf('rows.jsonl', ['address', 'street'])).notes).toEqual([
    'The path address.street of the column c0 leads to no value in any row: address has no street. There it has: city, zip.',
  ])
  expect((await notesOf('rows.jsonl', ['address', 'city', 'name'])).notes).toEqual([
    'The path address.city.name of the column c0 leads to no value in any row: address.city has no name. No object with keys stands there.',
  ])
})
