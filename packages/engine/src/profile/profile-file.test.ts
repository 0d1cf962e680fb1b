import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import {
  type DataProfile,
  identifier,
  type Program,
  sql,
  type Statement,
  textLiteral,
  writeFirstSpec,
} from '@plumbline/core'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { profileFile } from './profile-file.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-profile-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const session = { threads: 1 }

async function profileOf(path: string, content: string | Uint8Array): Promise<DataProfile> {
  await writeFile(join(root, path), content)
  const found = await profileFile({ root, path, session })
  if (!found.ok) throw new Error(JSON.stringify(found.failure))
  return found.value
}

async function failureOf(path: string, content: string | Uint8Array) {
  await writeFile(join(root, path), content)
  const found = await profileFile({ root, path, session })
  return found.ok ? undefined : found.failure
}

function programOf(profile: DataProfile): Program {
  const { text } = writeFirstSpec(profile)
  return compiledSpec(text)
}

/** The statements of the first spec on its own file that are not satisfied. */
async function unmet(profile: DataProfile): Promise<Statement[]> {
  const statements: Statement[] = []
  for await (const each of runDataStage({ program: programOf(profile), root, toolVersion: '0', session }))
    statements.push(each)
  expect(statements.length).toBeGreaterThan(0)
  return statements.filter(({ verdict }) => verdict !== 'satisfied')
}

const types = (profile: DataProfile) => Object.fromEntries(profile.columns.map(({ name, type }) => [name, type]))
const columnOf = (profile: DataProfile, name: string) => profile.columns.find((column) => column.name === name)

/** Lines like those of the census file of 1994: no header, `, ` between fields, `?` for missing. */
function census(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const work = ['Private', '?', 'State-gov', 'Self-emp'][i % 4]
    return [
      17 + (i % 70),
      work,
      12_000 + ((i * 7919) % 90_000),
      1 + (i % 16),
      i % 2 ? 'Male' : 'Female',
      i % 3 ? '<=50K' : '>50K',
    ].join(', ')
  })
  return `${lines.join('\n')}\n\n`
}

describe('a packed file', () => {
  test.each([
    ['gzip', 'packed.csv.gz', gzipSync],
    ['zstd', 'packed.csv.zst', zstdCompressSync],
  ] as const)('%s is read as what it holds', async (_, path, pack) => {
    const rows = Array.from({ length: 40_000 }, (__, i) => `${i},${'a person '.repeat(4)}${i % 7}`)
    const profile = await profileOf(path, pack(Buffer.from(`id,text\n${rows.join('\n')}\n`)))
    expect(profile).toMatchObject({ rows: 40_000, keys: ['id'], source: { path, format: 'csv' } })
    expect(await unmet(profile)).toEqual([])
  })

  test('lines of JSON', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => JSON.stringify({ id: i, b: i % 2 === 0 }))
    const profile = await profileOf('packed.jsonl.gz', gzipSync(Buffer.from(rows.join('\n'))))
    expect(types(profile)).toMatchObject({ id: 'integer', b: 'boolean' })
    expect(await unmet(profile)).toEqual([])
  })
})

describe('a CSV file', () => {
  test('without a header, with spaces after commas and ? for missing', async () => {
    const profile = await profileOf('census.csv', census(400))
    expect(profile.source).toEqual({
      path: 'census.csv',
      format: 'csv',
      delimiter: ', ',
      header: false,
      nullValues: ['?'],
    })
    expect(profile.rows).toBe(400)
    expect(types(profile)).toEqual({
      column_1: 'integer',
      column_2: 'category',
      column_3: 'integer',
      column_4: 'integer',
      column_5: 'category',
      column_6: 'category',
    })
    expect(columnOf(profile, 'column_2')).toMatchObject({ missing: 100, values: ['Private', 'Self-emp', 'State-gov'] })
    expect(columnOf(profile, 'column_1')?.range).toEqual(['17', '86'])
    expect(profile.guesses).toEqual(['no-header', 'null-values'])
    expect(await unmet(profile)).toEqual([])
  })

  test('numbers as people write them are texts, with a doubt that says so', async () => {
    const lines = ['id;betrag;preis;anteil;version;notiz']
    for (let i = 0; i < 60; i++)
      lines.push(`${i};${1000 + i},5;1.${200 + i},50 €;${i}%;1.${i}.2;${i % 2 ? `${i},5` : 'ohne'}`)
    const profile = await profileOf('betrag.csv', lines.join('\n'))
    expect(types(profile)).toMatchObject({ betrag: 'text', preis: 'text', anteil: 'text', version: 'text' })
    for (const name of ['betrag', 'preis', 'anteil']) expect(columnOf(profile, name)?.doubts).toEqual(['numbers'])
    for (const name of ['version', 'notiz']) expect(columnOf(profile, name)?.doubts).not.toContain('numbers')
  })

  test('types, ranges, keys and doubts', async () => {
    const lines = ['row_id,zip,big,huge,when,day,flag,is_new,code,n_visits,amount,half,note']
    for (let i = 0; i < 80; i++) {
      const huge = `${99999999999999999990n + BigInt(i % 7)}`
      const big = i === 0 ? '-9223372036854775808' : i === 1 ? '9223372036854775807' : String(i)
      const cells = [
        `r${i}`,
        String(100 + i).padStart(5, '0'),
        big,
        huge,
        `2024-05-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00Z`,
      ]
      lines.push(
        [
          ...cells,
          `${1 + (i % 12)}/${1 + (i % 28)}/2011`,
          i % 2 ? 'True' : 'False',
          i % 2,
          1 + (i % 3),
          1 + (i % 3),
          i % 5 ? i * 1.25 : '',
          `${i}.0`,
          i % 9 ? 'free text '.repeat(i % 11) + i : 'none',
        ].join(','),
      )
    }
    const profile = await profileOf('types.csv', lines.join('\r\n'))
    expect(types(profile)).toEqual({
      row_id: 'text',
      zip: 'text',
      big: 'integer',
      huge: 'text',
      when: 'timestamp',
      day: 'timestamp',
      flag: 'boolean',
      is_new: 'boolean',
      code: 'category',
      n_visits: 'integer',
      amount: 'number',
      half: 'number',
      note: 'text',
    })
    expect(profile.keys[0]).toBe('row_id')
    expect(columnOf(profile, 'big')?.range).toEqual(['-9223372036854775808', '9223372036854775807'])
    expect(columnOf(profile, 'zip')?.doubts).toEqual(['digits'])
    expect(columnOf(profile, 'huge')?.doubts).toEqual(['digits'])
    expect(columnOf(profile, 'day')).toMatchObject({
      format: '%m/%d/%Y',
      range: ['2011-01-01T00:00:00.000Z', '2011-12-24T00:00:00.000Z'],
      doubts: [],
    })
    expect(columnOf(profile, 'code')).toMatchObject({ values: [1, 2, 3], doubts: ['codes'] })
    expect(columnOf(profile, 'amount')).toMatchObject({ missing: 16, range: [1.25, 98.75] })
    // `none` is a value here: nothing else of the column is a number.
    expect(profile.source.nullValues).toBeUndefined()
    expect(await unmet(profile)).toEqual([])
  })

  test('times are read as they are written, and where day and month cannot be told apart it says so', async () => {
    const months = ['Jan', 'Feb', 'Mar', 'May', 'Jun']
    const lines = ['id,us,european,either,clock,words,long,tea,dotted,mixed,gaps']
    for (let i = 0; i < 60; i++) {
      const [day, month, low] = [1 + (i % 28), 1 + (i % 12), 1 + (i % 9)]
      const cells = [
        i,
        `${month}/${day}/2025`,
        `${String(day).padStart(2, '0')}.${String(month).padStart(2, '0')}.25`,
        `${low}/${1 + (i % 7)}/2025`,
        `${day}/${month}/2025 ${i % 24}:${String(i).padStart(2, '0')}:00`,
        `${day}-${months[i % 5]}-2025`,
        `"${['January', 'May'][i % 2]} ${day}, 2025"`,
        `${month}/${day}/2025 ${1 + (i % 12)}:${String(i).padStart(2, '0')} ${i % 2 ? 'AM' : 'PM'}`,
        `2025.${month}.${day}`,
        i % 2 ? `${day}.12.2025` : `12/${day}/2025`,
        i % 5 ? `${month}/${day}/2025` : '-',
      ]
      lines.push(cells.join(','))
    }
    const profile = await profileOf('times.csv', lines.join('\n'))
    expect(Object.fromEntries(profile.columns.map(({ name, format }) => [name, format]))).toEqual({
      id: undefined,
      us: '%m/%d/%Y',
      european: '%d.%m.%y',
      either: undefined,
      clock: '%d/%m/%Y %H:%M:%S',
      words: '%d-%b-%Y',
      long: '%B %d, %Y',
      tea: '%m/%d/%Y %I:%M %p',
      dotted: '%Y.%m.%d',
      mixed: undefined,
      gaps: '%m/%d/%Y',
    })
    expect(columnOf(profile, 'either')).toMatchObject({ type: 'text', doubts: ['day-or-month'] })
    expect(columnOf(profile, 'mixed')).toMatchObject({ type: 'text', doubts: ['dates'] })
    expect(columnOf(profile, 'gaps')).toMatchObject({ type: 'timestamp', missing: 12 })
    expect(columnOf(profile, 'clock')?.range).toEqual(['2025-01-01T00:00:00.000Z', '2025-12-24T23:23:00.000Z'])
    expect(await unmet(profile)).toEqual([])
  })

  test('whole numbers that may be times are doubted by their name and size, and by nothing else', async () => {
    const names = 'created_at,eventTime,ts,user_id,timestamp,amount_at'
    const rows = Array.from({ length: 40 }, (_, i) => {
      const second = 1_767_225_600 + i * 3600
      return [second, second * 1000, `${second}000000`, second, i, 12_000_000_000_000 + i].join(',')
    })
    const profile = await profileOf('epochs.csv', [names, ...rows].join('\n'))
    expect(Object.fromEntries(profile.columns.map(({ name, doubts }) => [name, doubts]))).toEqual({
      created_at: ['epoch_s'],
      eventTime: ['epoch_ms'],
      ts: ['epoch_us'],
      user_id: [],
      timestamp: [],
      amount_at: [],
    })
  })

  test('a dash is a missing value only where no text column uses it', async () => {
    const rows = (other: string) =>
      Array.from({ length: 40 }, (_, i) => `${i},${i % 4 ? i : '-'},${i % 2 ? other : 'b'}`)
    const alone = await profileOf('dash.csv', `k,v,w\n${rows('a').join('\n')}\n`)
    expect(alone.source.nullValues).toEqual(['-'])
    expect(columnOf(alone, 'v')).toMatchObject({ type: 'integer', missing: 10 })
    const used = await profileOf('dash.csv', `k,v,w\n${rows('-').join('\n')}\n`)
    expect(used.source.nullValues).toBeUndefined()
    expect(columnOf(used, 'v')).toMatchObject({ type: 'text', missing: 0, doubts: ['null-like'] })
    expect(await unmet(used)).toEqual([])
  })

  test('null values with spaces around them are declared as they are written', async () => {
    const profile = await profileOf('padded.csv', 'a,b,c\n1, NA,x\n2,,y\n3,4, ?\n4,   ,z\n5,6,x\n')
    expect(profile.source.nullValues).toEqual(['   ', ' ?', ' NA'])
    expect(columnOf(profile, 'b')).toMatchObject({ type: 'integer', missing: 3 })
    expect(await unmet(profile)).toEqual([])
  })

  test('columns that cannot be declared are left out, and named', async () => {
    const profile = await profileOf(
      'odd.csv',
      ',a,a,row,"x${HOME}",empty,"; DROP TABLE x; --"\n0,1,2,3,4,,5\n1,1,2,3,4,,6\n',
    )
    expect(profile.leftOut.map(({ column }) => column)).toEqual(['', 'a', 'row', 'x${HOME}', 'empty'])
    expect(profile.columns.map(({ name }) => name)).toEqual(['"; DROP TABLE x; --'.slice(1)])
    expect(await unmet(profile)).toEqual([])
  })

  test('latin-1, UTF-16 and a byte order mark', async () => {
    const latin = await profileOf('latin.csv', Buffer.from('ort;name\nKöln;José\nMünchen;Zoë\n', 'latin1'))
    expect(latin).toMatchObject({ source: { encoding: 'latin-1' }, guesses: ['encoding'] })
    expect(await unmet(latin)).toEqual([])
    const utf16 = await profileOf(
      'wide.csv',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('ö,b\n1,x\n2,y\n', 'utf16le')]),
    )
    expect(utf16).toMatchObject({ source: { encoding: 'utf-16' }, guesses: [] })
    expect(utf16.columns[0]?.name).toBe('ö')
    const bom = await profileOf('bom.csv', '\uFEFFa,b\n1,2\n3,4\n')
    expect(bom.columns.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  test('what appears only behind the first megabyte', async () => {
    const filler = Array.from({ length: 60_000 }, (_, i) => `${i}, value number ${i}`).join('\n')
    const comma = await profileOf('late.csv', `id, text\n${filler}\n60001,no space\n`)
    expect(comma.source.delimiter).toBeUndefined()
    const accent = await profileOf(
      'accent.csv',
      Buffer.concat([Buffer.from(`id;text\n${filler.replaceAll(', ', ';')}\n7;caf`), Buffer.from([0xe9, 10])]),
    )
    expect(accent).toMatchObject({ source: { encoding: 'latin-1' }, rows: 60_001 })
  })

  test('rows behind the sample still decide types, null values and categories', async () => {
    const filler = 'x'.repeat(70)
    const rows = Array.from({ length: 60_000 }, (_, i) => {
      const late = i > 50_000
      return [
        i,
        late ? '3.5' : i,
        late ? 'word' : i,
        late && i % 2 ? 'NA' : i,
        late ? '2024-05-01' : '2024-01-31',
        late ? i : 'a',
        filler,
      ].join(',')
    })
    const profile = await profileOf('late-types.csv', `id,number,text,gap,day,many,filler\n${rows.join('\n')}\n`)
    expect(types(profile)).toEqual({
      id: 'integer',
      number: 'number',
      text: 'text',
      gap: 'integer',
      day: 'timestamp',
      many: 'text',
      filler: 'category',
    })
    expect(columnOf(profile, 'gap')?.missing).toBe(5000)
    expect(columnOf(profile, 'number')?.range).toEqual([0, 50_000])
    expect(profile.source.nullValues).toEqual(['NA'])
    expect(profile.keys[0]).toBe('id')
    expect(await unmet(profile)).toEqual([])
  })

  test('any table of cells gives a spec that holds on it', async () => {
    const cell = fc.oneof(
      fc.integer({ min: -5, max: 12 }).map(String),
      fc.constantFrom(
        '',
        '?',
        'NA',
        '-',
        'nan',
        'inf',
        '-Infinity',
        '1e400',
        '9223372036854775808',
        '007',
        '1.0',
        '3.7',
        '.5',
        '5.',
        '+3',
      ),
      fc.constantFrom(
        'true',
        'False',
        'yes',
        '2024-01-31',
        '2024-02-30',
        '1/1/2011',
        '0001-01-01',
        ' x',
        'x ',
        '"',
        'ü',
        '#',
        '1_000',
      ),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
      fc.double({ noNaN: true }).map(String),
    )
    const column = fc.array(cell, { minLength: 1, maxLength: 4 })
    const table = fc.record({
      pools: fc.array(column, { minLength: 1, maxLength: 5 }),
      rows: fc.integer({ min: 1, max: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.array(fc.nat(), { minLength: 150, maxLength: 150 }),
        async ({ pools, rows }, draws) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
          const lines = Array.from({ length: rows }, (_, r) =>
            pools.map((pool, c) => quoted(pool[(draws[r * 5 + c] ?? 0) % pool.length] ?? '')).join(','),
          )
          const header = pools.map((_, c) => `name${c}`).join(',')
          await writeFile(join(root, 'any.csv'), `${header}\n${lines.join('\n')}\n`)
          const found = await profileFile({ root, path: 'any.csv', session })
          if (!found.ok) {
            expect(['no-columns', 'no-rows']).toContain(found.failure.code)
            return
          }
          expect(await unmet(found.value)).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('Parquet and JSON', () => {
  test('types come from the file', async () => {
    const made = await openSession(session)
    if (!made.ok) throw new Error(made.error.cause)
    const path = textLiteral(join(root, 'typed.parquet'))
    const strange = identifier('"; DROP TABLE x; --')
    const written = await made.value.query(sql`COPY (SELECT i AS id, CAST(i AS DOUBLE) / 4 AS ratio,
      CASE WHEN i % 2 = 0 THEN 'NaN' ELSE NULL END::DOUBLE AS gap, i % 2 = 0 AS ok, DATE '2024-01-01' + CAST(i AS INTEGER) AS day,
      CAST(i AS DECIMAL(9, 2)) AS price, 'k' || (i % 3) AS kind, '00' || i AS digits, [i] AS list, {'a': i} AS struct, i AS ${strange}
      FROM range(100) t(i)) TO ${path} (FORMAT parquet)`)
    made.value.close()
    expect(written).toMatchObject({ ok: true })
    const found = await profileFile({ root, path: 'typed.parquet', session })
    if (!found.ok) throw new Error(found.failure.message)
    expect(types(found.value)).toEqual({
      id: 'integer',
      ratio: 'number',
      ok: 'boolean',
      day: 'timestamp',
      price: 'number',
      kind: 'category',
      digits: 'text',
      struct_a: 'integer',
      '"; DROP TABLE x; --': 'integer',
    })
    expect(found.value.source).toEqual({ path: 'typed.parquet', format: 'parquet' })
    expect(found.value.leftOut.map(({ column }) => column)).toEqual(['list', 'gap'])
    expect(found.value.keys[0]).toBe('id')
    expect(await unmet(found.value)).toEqual([])
  })

  test('JSON, an array or one object a line', async () => {
    const array = await profileOf('a.json', '[{"a":1,"b":"x","c":{"d":1}},{"a":2,"b":null,"c":{"d":2}}]')
    expect(array).toMatchObject({ rows: 2, source: { format: 'json' } })
    expect(columnOf(array, 'c_d')).toMatchObject({ type: 'integer', path: ['c', 'd'], range: ['1', '2'] })
    expect(await unmet(array)).toEqual([])
    const taken = await profileOf(
      'taken.jsonl',
      '{"c_d":1,"c":{"d":2,"odd key":true,"e":[1]}}\n{"c_d":3,"c":{"d":4,"odd key":false}}\n',
    )
    expect(types(taken)).toEqual({ c_d: 'integer', 'c_odd key': 'boolean' })
    expect(taken.leftOut.map(({ column }) => column)).toEqual(['c.d', 'c.e'])
    expect(await unmet(taken)).toEqual([])
    const lines = await profileOf('b.jsonl', '{"a":1,"b":"x"}\n{"a":2.5,"b":"NA"}\n')
    expect(types(lines)).toEqual({ a: 'number', b: 'text' })
    expect(columnOf(lines, 'b')?.doubts).toEqual(['null-like'])
    expect(await unmet(lines)).toEqual([])
  })
})

describe('what has no profile', () => {
  test.each<[string, string, string | Uint8Array, RegExp]>([
    ['empty-file', 'empty.csv', '', /is empty/],
    ['empty-file', 'blank.csv', '\n \n', /is empty/],
    ['no-rows', 'names.csv', 'a,b\n', /has no rows/],
    ['no-rows', 'none.json', '[]', /has no rows/],
    ['unreadable', 'cut.json', '[{"a":1},\n{"a":2},', /cut off: its array does not end/],
    ['no-columns', 'unnamed.csv', ',\n1,2\n', /no column that a spec can declare/],
    ['not-text', 'bytes.csv', new Uint8Array(500).map((_, i) => i), /neither text nor Parquet/],
    ['not-parquet', 'fake.parquet', 'a,b\n1,2\n', /is not a Parquet file/],
    ['unreadable', 'cut.parquet', 'PAR1 and then nothing', /cannot be read/],
    ['unreadable', 'a.csv.gz', new Uint8Array([0x1f, 0x8b, 8, 0, 1]), /cannot be read: unexpected end of file/],
    ['compressed', 'a.xlsx', new Uint8Array([0x50, 0x4b, 3, 4, 1]), /Excel/],
    ['unreadable', 'ragged.csv', 'a,b\n1,2\n3,4,5\n', /line 3: 3 fields where the header has 2/],
    ['unreadable', 'short.csv', 'a,b\n1,2\n3\n', /line 3: 1 field where the header has 2/],
    ['unreadable', 'open.csv', 'a,b\n1,"x\n2,y\n', /a quote is not closed|is not a CSV file/],
  ])('%s: %s', async (code, path, content, message) => {
    const failure = await failureOf(path, content)
    expect(failure?.code).toBe(code)
    expect(failure?.message).toMatch(message)
    expect(failure?.fix).toMatch(/\.$|FILE|gunzip/)
  })

  test('a file that is not there, a folder, a link out of the project', async () => {
    expect(await profileFile({ root, path: 'nowhere.csv', session })).toMatchObject({ failure: { code: 'no-file' } })
    expect(await profileFile({ root, path: '.', session })).toMatchObject({ failure: { code: 'no-file' } })
    await symlink('/etc/hostname', join(root, 'link.csv'))
    expect(await profileFile({ root, path: 'link.csv', session })).toMatchObject({ failure: { code: 'no-file' } })
  })

  test('an interruption', async () => {
    await writeFile(join(root, 'x.csv'), 'a,b\n1,2\n')
    const found = await profileFile({ root, path: 'x.csv', session, signal: AbortSignal.abort() })
    expect(found).toMatchObject({ ok: false, failure: { code: 'interrupted' } })
  })
})

test('what a column is does not depend on how many stand beside it', async () => {
  const cells = (row: number, column: number): string => {
    switch (column % 6) {
      case 0:
        return String(row * (column + 1))
      case 1:
        return row % 7 === 0 ? 'NA' : (row / (column + 2)).toFixed(3)
      case 2:
        return ['north', 'south', 'east'][(row + column) % 3] ?? ''
      case 3:
        return `2024-0${(row % 9) + 1}-1${row % 10}`
      case 4:
        return row % 11 === 0 ? '' : String((row * 31) % 101)
      default:
        return `note ${row * column}`
    }
  }
  const csv = (from: number, to: number): string => {
    const at = Array.from({ length: to - from }, (_, k) => from + k)
    const lines = Array.from({ length: 120 }, (_, row) => at.map((column) => cells(row, column)).join(','))
    return `${at.map((column) => `c${column}`).join(',')}\n${lines.join('\n')}\n`
  }
  const wide = await profileOf('wide.csv', csv(0, 60))
  const narrow = await Promise.all([0, 12, 24, 36, 48].map((from) => profileOf(`n${from}.csv`, csv(from, from + 12))))
  expect(wide.columns).toEqual(narrow.flatMap(({ columns }) => columns))
  expect(wide.rows).toBe(120)
  expect(wide.source.nullValues).toEqual(['NA'])
})
