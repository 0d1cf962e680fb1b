import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sql, type Statement, sql, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { buildProgram, type TestColumn } from '../testing/program-builder.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-types-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

type Declared = Omit<TestColumn, 'name'>
const integer: Declared = { type: 'integer' }
const number: Declared = { type: 'number' }
const boolean: Declared = { type: 'boolean' }
const text: Declared = { type: 'text' }
const timestamp: Declared = { type: 'timestamp' }
const codes: Declared = { type: 'category', values: [1, 2] }

/** What a Parquet column of given cells is, read as declared: misfits, missing cells, and rows that a condition holds on. */
async function read(cells: Sql, declared: Declared, holds: string) {
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const made = await session.value.query(
    sql`COPY (SELECT * FROM (VALUES ${cells}) t("v")) TO ${textLiteral(join(root, 'v.parquet'))} (FORMAT parquet)`,
  )
  session.value.close()
  if (!made.ok) throw new Error(made.error.message)
  return judged('v.parquet', 'parquet', declared, holds)
}

async function judged(path: string, format: 'parquet' | 'json', declared: Declared, holds: string) {
  const program = buildProgram(
    [{ name: 'd', source: { path, format }, columns: [{ name: 'v', ...declared }] }],
    [
      { id: 'type', castable: 'v', missing: 'exclude' },
      { id: 'holds', every: holds, missing: 'exclude' },
    ],
  )
  const found = new Map<string, Statement>()
  for await (const each of runDataStage({ program, root, toolVersion: '0', session: { threads: 1 } }))
    found.set(each.clause, each)
  const [type, value] = [found.get('type'), found.get('holds')]
  if (type === undefined || !('failing' in type) || value === undefined || !('failing' in value)) {
    throw new Error(JSON.stringify([type, value]))
  }
  const misfits = type.failing ?? 0
  const shown = (type.witnesses ?? []).map((witness) => witness.cells.v)
  return { misfits, missing: type.missing ?? 0, holding: (value.n ?? 0) - (value.failing ?? 0), shown }
}

describe('Parquet types as declared types', () => {
  test.each<[string, Sql, Declared, string, { misfits: number; missing: number; holding: number }]>([
    [
      'small integers',
      sql`(1::TINYINT), (-5), (NULL)`,
      integer,
      'v == 1 || v == -5',
      { misfits: 0, missing: 1, holding: 2 },
    ],
    [
      'unsigned beyond int64',
      sql`(18446744073709551615::UBIGINT), (7)`,
      integer,
      'v == 7',
      { misfits: 1, missing: 0, holding: 1 },
    ],
    [
      'wide decimals',
      sql`(9223372036854775807::DECIMAL(38,0)), (9223372036854775808)`,
      integer,
      'v == 9223372036854775807',
      { misfits: 1, missing: 0, holding: 1 },
    ],
    [
      'floats that are whole',
      sql`(3.0::DOUBLE), (3.7), ('NaN'), ('inf'), (1e30)`,
      integer,
      'v == 3',
      { misfits: 3, missing: 1, holding: 1 },
    ],
    [
      'decimals that are whole',
      sql`(3.00::DECIMAL(9,2)), (3.50)`,
      integer,
      'v == 3',
      { misfits: 1, missing: 0, holding: 1 },
    ],
    ['a boolean is no integer', sql`(TRUE), (NULL)`, integer, 'v == 1', { misfits: 1, missing: 1, holding: 0 }],
    [
      'decimals as numbers',
      sql`(0.10::DECIMAL(9,2)), (2.5)`,
      number,
      'v == 0.1 || v == 2.5',
      { misfits: 0, missing: 0, holding: 2 },
    ],
    [
      'float32 is widened',
      sql`(0.5::FLOAT), ('NaN'), ('-inf')`,
      number,
      'v <= 0.5',
      { misfits: 0, missing: 1, holding: 2 },
    ],
    [
      'integers as numbers',
      sql`(9007199254740993::BIGINT), (-9007199254740992), (9223372036854775807), (3), (NULL)`,
      number,
      'v == -9007199254740992.0 || v == 3.0',
      { misfits: 2, missing: 1, holding: 2 },
    ],
    [
      'large integers as numbers',
      sql`(18446744073709549568::UBIGINT), (18446744073709551615)`,
      number,
      'v == 18446744073709549568.0',
      { misfits: 1, missing: 0, holding: 1 },
    ],
    [
      'texts that are integers, as numbers; decimals are rounded, integers are not',
      sql`(' 9007199254740993 '), ('-18014398509481984'), ('9007199254740993.0'), ('1e300'), ('1'||repeat('0', 40))`,
      number,
      'v == -18014398509481984.0 || v == 9007199254740992.0 || v == 1.0e300',
      { misfits: 2, missing: 0, holding: 3 },
    ],
    [
      '0 and 1 are booleans',
      sql`(0::INTEGER), (1), (2), (NULL)`,
      boolean,
      '!v',
      { misfits: 1, missing: 1, holding: 1 },
    ],
    [
      'whole floats are booleans',
      sql`(0.0::DOUBLE), (1.0), (0.5), ('NaN')`,
      boolean,
      'v',
      { misfits: 1, missing: 1, holding: 1 },
    ],
    ['a date is no boolean', sql`(DATE '2024-01-01')`, boolean, 'v', { misfits: 1, missing: 0, holding: 0 }],
    ['codes of a category', sql`(1.0::DOUBLE), (2.5), (9)`, codes, 'v == 1', { misfits: 1, missing: 0, holding: 1 }],
    [
      'enumerations are texts',
      sql`('a'::ENUM('a', 'b')), ('b')`,
      text,
      'v == "a"',
      { misfits: 0, missing: 0, holding: 1 },
    ],
    ['numbers are texts', sql`(12::INTEGER)`, text, 'v == "12"', { misfits: 0, missing: 0, holding: 1 }],
    [
      'texts keep their spaces',
      sql`(' x '), ('')`,
      text,
      'v == " x " || v == ""',
      { misfits: 0, missing: 0, holding: 2 },
    ],
    ['a list is no text', sql`([1, 2])`, text, 'v == ""', { misfits: 1, missing: 0, holding: 0 }],
    [
      'dates are midnights',
      sql`(DATE '2024-02-29')`,
      timestamp,
      'v == timestamp("2024-02-29T00:00:00Z")',
      { misfits: 0, missing: 0, holding: 1 },
    ],
    [
      'zones become UTC',
      sql`(TIMESTAMPTZ '2024-01-01 02:00:00+02')`,
      timestamp,
      'v == timestamp("2024-01-01T00:00:00Z")',
      { misfits: 0, missing: 0, holding: 1 },
    ],
    [
      'no instant is infinite',
      sql`(TIMESTAMP 'infinity'), (TIMESTAMP '2024-01-01')`,
      timestamp,
      'v > timestamp("2000-01-01T00:00:00Z")',
      { misfits: 1, missing: 0, holding: 1 },
    ],
    [
      'milliseconds and nanoseconds',
      sql`(TIMESTAMP_NS '2024-01-01 00:00:00.123456789')`,
      timestamp,
      'v == timestamp("2024-01-01T00:00:00.123456Z")',
      { misfits: 0, missing: 0, holding: 1 },
    ],
    [
      'texts that are integers',
      sql`('12'), (' -3 '), ('1_000'), ('0x10'), ('')`,
      integer,
      'v == 12 || v == -3',
      { misfits: 3, missing: 0, holding: 2 },
    ],
  ])('%s', async (_, cells, declared, holds, expected) => {
    expect(await read(cells, declared, holds)).toMatchObject(expected)
  })

  test('a misfit is shown as the source has it', async () => {
    expect((await read(sql`(3.7::DOUBLE), (1)`, integer, 'v == 1')).shown).toEqual(['3.7'])
    expect((await read(sql`(18446744073709551615::UBIGINT)`, integer, 'v == 1')).shown).toEqual([
      '18446744073709551615',
    ])
  })
})

describe('JSON as declared types', () => {
  const lines = (...cells: readonly string[]) => cells.map((cell) => `{"v": ${cell}}`).join('\n')

  test('no digit is lost, and a lacking key is a missing cell', async () => {
    await writeFile(
      join(root, 'v.json'),
      `${lines('9223372036854775807', '9223372036854775808', '3.0', '3.5', 'null', '"7"', '[1]')}\n{"w": 1}\n`,
    )
    const found = await judged('v.json', 'json', integer, 'v == 9223372036854775807 || v == 3 || v == 7')
    expect(found).toMatchObject({ misfits: 3, missing: 2, holding: 3 })
  })

  test('an empty array is a relation without rows', async () => {
    await writeFile(join(root, 'none.json'), '[]')
    const program = buildProgram(
      [{ name: 'd', source: { path: 'none.json', format: 'json' }, columns: [{ name: 'v', ...integer }] }],
      [{ id: 'a', every: 'v > 0' }],
    )
    for await (const each of runDataStage({ program, root, toolVersion: '0' })) {
      expect(each).toMatchObject({ verdict: 'inconclusive', reason: 'empty-relation' })
    }
  })
})
