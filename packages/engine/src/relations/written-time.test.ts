import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type Statement, sql, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-times-'))
})
afterAll(() => rm(root, { recursive: true }))

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** How many cells of a column cannot be read by the format, and whether the others are this time. */
async function read(file: string, format: string, time: string) {
  const text = `plumbline: 1
system: { name: times, version: 1.0.0 }
data: { d: { source: ${file}, columns: { at: { type: timestamp, format: ${JSON.stringify(format)}, optional: true } } } }
clauses: { same: { says: All the same., of: d, every: 'at == timestamp("${time}")', missing: exclude } }
`
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const [problem] = diagnostics.filter(({ severity }) => severity === 'error')
  if (value === undefined || problem !== undefined) throw new Error(problem?.message)
  const found = new Map<string, Statement>()
  for await (const each of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 1 } }))
    found.set(each.clause, each)
  const [type, same] = [found.get('d.at.type'), found.get('same')]
  if (type === undefined || !('failing' in type) || same === undefined || !('failing' in same))
    throw new Error(JSON.stringify([type, same]))
  return {
    misfits: type.failing ?? 0,
    missing: type.missing ?? 0,
    right: (same.n ?? 0) - (same.failing ?? 0),
    wrong: same.failing ?? 0,
    shown: (type.witnesses ?? []).map(({ cells }) => cells.at),
  }
}

async function readTexts(cells: readonly string[], format: string, time: string) {
  await writeFile(join(root, 'times.csv'), ['at', ...cells.map(quoted)].join('\n'))
  return read('times.csv', format, time)
}

describe('times as a file writes them', () => {
  // What Python 3's strptime makes of each by the same directives; a time without zone is UTC.
  it.each<[format: string, time: string, right: readonly string[], misfits: readonly string[]]>([
    [
      '%m/%d/%Y',
      '2011-01-02T00:00:00Z',
      ['01/02/2011', '1/2/2011', '1/02/2011'],
      [
        '13/2/2011',
        '2/30/2011',
        '2011-01-02',
        '1/2/2011 x',
        '1/2/11',
        'infinity',
        '-Infinity',
        'epoch',
        'today',
        '1//2/2011',
      ],
    ],
    ['%d.%m.%y', '1969-02-01T00:00:00Z', ['01.02.69', '1.2.69'], ['1.13.69', '1.2.1969']],
    ['%d.%m.%y', '2068-02-01T00:00:00Z', ['01.02.68'], ['32.1.68']],
    ['%Y%m%d', '2026-12-31T00:00:00Z', ['20261231'], ['20261301', '261231']],
    ['%Y-%m', '2026-07-01T00:00:00Z', ['2026-07', '2026-7'], ['2026', '2026-07-01']],
    ['%d-%b-%Y', '2026-05-09T00:00:00Z', ['09-May-2026', '9-MAY-2026'], ['9-Mai-2026', '9-05-2026']],
    ['%B %d, %Y', '2026-01-09T00:00:00Z', ['January 9, 2026', 'january 09, 2026'], ['Jan 9, 2026']],
    ['%m/%d/%Y %I:%M %p', '2026-01-09T00:30:00Z', ['1/9/2026 12:30 AM'], ['1/9/2026 00:30 AM', '1/9/2026 12:30']],
    ['%m/%d/%Y %I:%M:%S %p', '2026-01-09T15:04:05Z', ['1/9/2026 3:04:05 pm'], ['1/9/2026 15:04:05 pm']],
    [
      '%Y-%m-%d %H:%M:%S.%f',
      '2026-01-09T15:04:05.12Z',
      ['2026-01-09 15:04:05.12', '2026-01-09 15:04:05.120000'],
      ['2026-01-09 24:00:00.0'],
    ],
    [
      '%Y-%m-%d %H:%M %z',
      '2026-01-08T18:30:00Z',
      ['2026-01-09 00:00 +0530', '2026-01-08 18:30 +0000'],
      ['2026-01-09 00:00'],
    ],
    ['100%% %Y', '2026-01-01T00:00:00Z', ['100% 2026'], ['2026']],
  ])('%s', async (format, time, right, misfits) => {
    const found = await readTexts([...right, ...misfits], format, time)
    expect(found).toMatchObject({ right: right.length, misfits: misfits.length, wrong: 0 })
    expect(found.shown.toSorted()).toEqual(misfits.toSorted())
  })

  it('cells that are empty are missing, not misread', async () => {
    const found = await readTexts(['1/2/2026', '', '1/2/2026'], '%m/%d/%Y', '2026-01-02T00:00:00Z')
    expect(found).toMatchObject({ right: 2, misfits: 0, missing: 1 })
  })

  it.each([
    [
      'epoch_s',
      ['1767225600', '1767225600.0', ' 1767225600'],
      ['253402300800', '-62135596801', '1e300', 'x', '2026-01-01'],
    ],
    ['epoch_ms', ['1767225600000', '1767225600000.0'], ['253402300800000']],
    ['epoch_us', ['1767225600000000'], ['9223372036854775807', '1767225600000000000000']],
  ])('counts since 1970: %s', async (format, right, misfits) => {
    const found = await readTexts([...right, ...misfits], format, '2026-01-01T00:00:00Z')
    expect(found).toMatchObject({ right: right.length, misfits: misfits.length, wrong: 0 })
  })

  it('fractions of seconds are kept to the microsecond', async () => {
    expect(await readTexts(['1767225600.25', '1767225600.250000'], 'epoch_s', '2026-01-01T00:00:00.25Z')).toMatchObject(
      {
        right: 2,
        wrong: 0,
      },
    )
  })

  it.each([
    ['integers', sql`SELECT 1767225600::BIGINT AS at UNION ALL SELECT NULL`, 'epoch_s'],
    ['small integers', sql`SELECT 1767225600::INTEGER AS at UNION ALL SELECT NULL`, 'epoch_s'],
    ['numbers', sql`SELECT 1767225600000.0::DOUBLE AS at UNION ALL SELECT 'nan'::DOUBLE`, 'epoch_ms'],
    ['decimals', sql`SELECT 1767225600.0::DECIMAL(18, 1) AS at UNION ALL SELECT NULL`, 'epoch_s'],
    ['digits as integers', sql`SELECT 20260101 AS at UNION ALL SELECT NULL`, '%Y%m%d'],
    ['dates, which need no format', sql`SELECT DATE '2026-01-01' AS at UNION ALL SELECT NULL`, '%d/%m/%Y'],
    ['times with a zone', sql`SELECT TIMESTAMPTZ '2026-01-01 01:00:00+01' AS at UNION ALL SELECT NULL`, '%d/%m/%Y'],
  ])('Parquet: %s', async (_, rows, format) => {
    const session = await openSession({ threads: 1 })
    if (!session.ok) throw new Error(session.error.cause)
    const to = textLiteral(join(root, 'times.parquet'))
    const copied = await session.value.query(sql`COPY (${rows}) TO ${to} (FORMAT parquet)`)
    session.value.close()
    if (!copied.ok) throw new Error(copied.error.cause)
    expect(await read('times.parquet', format, '2026-01-01T00:00:00Z')).toMatchObject({
      right: 1,
      misfits: 0,
      missing: 1,
    })
  })
})
