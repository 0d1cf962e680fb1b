import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  identifier,
  integerLiteral,
  join as joined,
  type Sql,
  sql,
  textLiteral,
} from '../../packages/core/src/targets/sql/sql.ts'
import { buildProgram, type TestClause, type TestColumn } from '../../packages/engine/src/testing/program-builder.ts'
import { duckdbEngine, type Engine, postgresqlEngine } from '../differential/aggregates/engines.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'
import { disagreements } from './compare.ts'
import { addressOf, statementsOf, tableOf } from './run.ts'

/** Numbers beyond int64 or float64 are left out: as texts, PostgreSQL's reader takes none, and DuckDB the nearest float64 or ∞. */
const TEXTS = [
  '1',
  ' 12 ',
  '+3',
  '-4',
  '3.0',
  '3.',
  '3.5',
  '1e3',
  '0x10',
  '1_000',
  '',
  ' ',
  '9223372036854775807',
  '-9223372036854775808',
  '00000000000000000000012',
  '9007199254740993',
  '9007199254740992',
  '.5',
  '-.5e2',
  '5.e1',

  '1e-400',
  'inf',
  '-Infinity',
  'NaN',
  'nan',
  'true',
  'False',
  '0',
  '0.0',
  '1.0',
  'yes',
  't',
  'abc',
  'É',
  "it's",
  '\\n',

  '2024-02-29',
  '2023-02-29',
  '2024-13-01',
  '2024-01-02 03:04:05',
  '2024-01-02T03:04:05.678901Z',
  '2024-01-02 03:04:05+02',

  '2024-01-02 25:00:00',
  '1969-12-31 23:59:59.5',
  '2024-01-02T03:04:05+05:30',
  '0001-01-01',
]
const DECLARED = ['integer', 'number', 'boolean', 'timestamp', 'text'] as const

/** Stored types by name: how cells of them are written in each engine, and which there are. */
const STORED: Readonly<
  Record<string, { readonly duckdb: Sql; readonly postgresql: Sql; readonly cells: readonly string[] }>
> = {
  texts: { duckdb: sql`VARCHAR`, postgresql: sql`character varying`, cells: TEXTS },
  smallint: { duckdb: sql`SMALLINT`, postgresql: sql`smallint`, cells: ['0', '1', '-32768', '7'] },
  integer: { duckdb: sql`INTEGER`, postgresql: sql`integer`, cells: ['0', '1', '-2147483648', '7'] },
  bigint: {
    duckdb: sql`BIGINT`,
    postgresql: sql`bigint`,
    cells: ['0', '1', '9007199254740993', '-9223372036854775808', '9223372036854775807'],
  },
  decimal: {
    duckdb: sql`DECIMAL(30, 5)`,
    postgresql: sql`numeric(30, 5)`,
    cells: ['0', '1', '3.5', '12345678901234567890', '-4'],
  },
  real: { duckdb: sql`FLOAT`, postgresql: sql`real`, cells: ['0', '1', '3.5', '1e10', '1e30', 'NaN', 'Infinity'] },
  double: {
    duckdb: sql`DOUBLE`,
    postgresql: sql`double precision`,
    cells: ['0', '1', '3.5', '1e18', '1e19', 'NaN', '-Infinity'],
  },
  boolean: { duckdb: sql`BOOLEAN`, postgresql: sql`boolean`, cells: ['true', 'false'] },
  date: { duckdb: sql`DATE`, postgresql: sql`date`, cells: ['2024-02-29', '1969-12-31', 'infinity'] },
  timestamp: { duckdb: sql`TIMESTAMP`, postgresql: sql`timestamp`, cells: ['2024-01-02 03:04:05.678901', 'infinity'] },
  zoned: {
    duckdb: sql`TIMESTAMPTZ`,
    postgresql: sql`timestamptz`,
    cells: ['2024-01-02 03:04:05+02', '1969-12-31 23:59:59.5Z'],
  },
}
/** Spelled otherwise as a text by each engine; what can be compared is left. */
const NOT_AS_TEXT: ReadonlySet<string> = new Set(['real', 'double', 'timestamp', 'zoned', 'date'])

/** Misfits are shown as each engine spells a float64. */
const FLOATS: ReadonlySet<string> = new Set(['real', 'double'])
const withoutTexts = (statement: Statement): Statement =>
  'witnesses' in statement && statement.witnesses !== undefined
    ? { ...statement, witnesses: statement.witnesses.map((witness) => ({ ...witness, cells: {} })) }
    : statement

const clauses: readonly TestClause[] = [
  { id: 'readable', castable: 'v', mostly: '0.0' },
  { id: 'present', every: 'v != null', mostly: '0.0' },
  { id: 'kinds', must: 'distinct(v) >= 0' },
]

describeWithServer('stored types', (server) => {
  let root = ''
  let duckdb: Engine
  let postgresql: Engine
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumb-types-'))
    duckdb = await duckdbEngine()
    postgresql = await postgresqlEngine(server())
    for (const [name, stored] of Object.entries(STORED)) {
      for (const engine of [duckdb, postgresql]) {
        const type = engine === duckdb ? stored.duckdb : stored.postgresql
        const rows = [...stored.cells, null].map((cell, i) => {
          const text = cell === null ? sql`NULL` : engine.dialect.literals.text(cell)
          return sql`(${integerLiteral(BigInt(i))}, CAST(${text} AS ${type}))`
        })
        await engine.query(
          sql`CREATE TABLE ${identifier(name)} AS SELECT * FROM (VALUES ${joined(rows, sql`, `)}) AS t("id", "v")`,
        )
      }
      await duckdb.query(
        sql`COPY ${identifier(name)} TO ${textLiteral(join(root, `${name}.parquet`))} (FORMAT parquet)`,
      )
    }
  })
  afterAll(async () => {
    await Promise.all([duckdb.close(), postgresql.close()])
    await rm(root, { recursive: true, force: true })
  })

  describe.each(Object.keys(STORED))('%s', (name) => {
    it.each(DECLARED.filter((type) => type !== 'text' || !NOT_AS_TEXT.has(name)))(
      'read as %s by both engines alike',
      async (type) => {
        const columns: readonly TestColumn[] = [
          { name: 'id', type: 'integer' },
          { name: 'v', type },
        ]
        const declared = { name, key: ['id'], columns }
        const least =
          type === 'integer' || type === 'number'
            ? [{ id: 'ends', must: 'max(v) - min(v) >= 0', confidence: 'none' } as const]
            : []
        const files = buildProgram(
          [{ ...declared, source: { path: `${name}.parquet`, format: 'parquet' } }],
          [...clauses, ...least],
        )
        const held = buildProgram([{ ...declared, source: tableOf(name) }], [...clauses, ...least])
        const here = await statementsOf({ program: files, root })
        const there = await statementsOf({ program: held, root }, addressOf(server()))
        const [left, right] = FLOATS.has(name) ? [here, there].map((found) => found.map(withoutTexts)) : [here, there]
        expect(disagreements(left ?? [], right ?? [])).toEqual([])
        expect(here.some(({ verdict }) => verdict !== 'error')).toBe(true)
      },
    )
  })

  it('domains, enumerations, uuids and JSON are read as what they hold', async () => {
    await postgresql.query(sql`CREATE DOMAIN age AS integer CHECK (VALUE >= 0)`)
    await postgresql.query(sql`CREATE TYPE mood AS ENUM ('sad', 'happy')`)
    await postgresql.query(
      sql`CREATE TABLE special AS SELECT CAST(7 AS age) AS a, CAST('happy' AS mood) AS m, CAST('{"k": 1, "list": [{"odd/key": "2.5"}, {}], "none": null}' AS jsonb) AS j`,
    )
    const columns: readonly TestColumn[] = [
      { name: 'a', type: 'integer' },
      { name: 'm', type: 'category', values: ['sad', 'happy'] },
      { name: 'j', type: 'text' },
      { name: 'k', type: 'integer', path: ['j', 'k'] },
      { name: 'deep', type: 'number', path: ['j', 'list', 0, 'odd/key'] },
      { name: 'none', type: 'number', path: ['j', 'none'], optional: true },
      { name: 'inside', type: 'number', path: ['a', 'k'], optional: true },
    ]
    const program = buildProgram(
      [{ name: 'special', columns, source: tableOf('special') }],
      [
        { id: 'a', every: 'a == 7' },
        { id: 'm', every: 'm == "happy"' },
        { id: 'j', every: 'j.contains("k")' },
        { id: 'k', every: 'k == 1 && deep == 2.5 && none == null' },
        { id: 'inside', every: 'inside > 0.0' },
      ],
    )
    const found = await statementsOf({ program, root }, addressOf(server()))
    expect(found.map(({ verdict }) => verdict)).toEqual(['satisfied', 'satisfied', 'satisfied', 'satisfied', 'error'])
    expect(found.at(-1)).toMatchObject({ cause: expect.stringContaining('no path leads further') })
  })

  it.each(['json', 'jsonb'])('a path that leads nowhere in %s is told as of files', async (type) => {
    const stored = (text: string) =>
      sql`CAST(CAST(${textLiteral(text)} AS ${type === 'json' ? sql`json` : sql`jsonb`}) AS ${type === 'json' ? sql`json` : sql`jsonb`})`
    await postgresql.query(sql`DROP TABLE IF EXISTS nowhere`)
    await postgresql.query(
      sql`CREATE TABLE nowhere AS SELECT * FROM (VALUES (1, ${stored('{"city": "Ulm", "zip": null, "tags": ["a"]}')}), (2, ${stored('{"city": "Bonn", "zip": null, "tags": []}')}), (3, NULL)) AS rows(id, address)`,
    )
    const notesOf = async (...path: readonly [string, ...(readonly (string | number)[])]) => {
      const program = buildProgram(
        [{ name: 'nowhere', columns: [{ name: 'c', type: 'text', path }], source: tableOf('nowhere') }],
        [{ id: 'c', must: 'distinct(c) >= 0', confidence: 'none' }],
      )
      const [statement] = await statementsOf({ program, root }, addressOf(server()))
      return statement !== undefined && 'notes' in statement ? statement.notes : undefined
    }
    expect(await notesOf('address', 'cty')).toEqual([
      'The path address.cty of the column c leads to no value in any row: address has no cty. Did you mean address.city?',
    ])
    expect(await notesOf('address', 'street')).toEqual([
      'The path address.street of the column c leads to no value in any row: address has no street. There it has: city, tags, zip.',
    ])
    expect(await notesOf('address', 'tags', 7)).toEqual([
      'The path address.tags.7 of the column c leads to no value in any row: address.tags has no 7. No object with keys stands there.',
    ])
    expect(await notesOf('address', 'zip')).toBeUndefined()
    expect(await notesOf('address', 'city')).toBeUndefined()
  })

  it('a value inside of a column is in the digest of the rows', async () => {
    await postgresql.query(sql`CREATE TABLE inside AS SELECT CAST('{"k": 1}' AS jsonb) AS j, 7 AS other`)
    const columns: readonly TestColumn[] = [{ name: 'k', type: 'integer', path: ['j', 'k'] }]
    const program = buildProgram(
      [{ name: 'inside', columns, source: tableOf('inside') }],
      [{ id: 'k', every: 'k == 1' }],
    )
    const asked = async () => {
      const [statement] = await statementsOf({ program, root }, addressOf(server()))
      return { verdict: statement?.verdict, digest: statement?.digests.data['inside'] }
    }
    const first = await asked()
    await postgresql.query(sql`UPDATE inside SET other = 8`)
    expect(await asked()).toEqual(first)
    await postgresql.query(sql`UPDATE inside SET j = CAST('{"k": 2}' AS jsonb)`)
    const changed = await asked()
    expect([first.verdict, changed.verdict]).toEqual(['satisfied', 'violated'])
    expect(changed.digest).not.toBe(first.digest)
  })
})
