import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { compile, sql, type Statement, textLiteral } from '@plumbline/core'
import * as arrow from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DataStageEvent, runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-formats-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

interface Found {
  readonly statements: ReadonlyMap<string, Statement>
  readonly events: readonly DataStageEvent[]
}

/** Decides clauses of one dataset; `source` and `columns` as YAML. */
async function decide(source: string, columns: string, clauses: Readonly<Record<string, string>>): Promise<Found> {
  const lines = Object.entries(clauses).map(([id, clause]) => `  ${id}: { of: d, ${clause} }`)
  const text = `plumbline: 1
system: { name: formats, version: 1.0.0 }
data: { d: { source: ${source}, columns: ${columns} } }
clauses:
${lines.join('\n')}
`
  const value = compiledSpec(text)
  const statements = new Map<string, Statement>()
  const events: DataStageEvent[] = []
  const request = { program: value, root, toolVersion: '0', onEvent: (event: DataStageEvent) => events.push(event) }
  for await (const each of runDataStage({ ...request, session: { threads: 1 } })) statements.set(each.clause, each)
  return { statements, events }
}

const AB = '{ a: { type: number }, b: { type: text } }'
const COUNT = { it: "must: 'count() == 3 && sum(a) == 6.0 && distinct(b) == 3'" }

async function verdict(source: string, content: string | Uint8Array, columns = AB): Promise<Statement | undefined> {
  const file = /[\w./=-]+\.\w+(\.\w+)?/.exec(source)?.[0] ?? ''
  await writeFile(join(root, file), content)
  return (await decide(source, columns, COUNT)).statements.get('it')
}

const causeOf = (statement: Statement | undefined): string =>
  statement !== undefined && 'cause' in statement ? (statement.cause ?? '') : `no cause: ${statement?.verdict}`

describe('dialects of CSV', () => {
  test.each([
    ['a declared quote and escape', `{ path: q.csv, quote: "'", escape: "\\\\" }`, "a,b\n1,'x,y'\n2,'it\\'s'\n3,z\n"],
    ['no quotes at all', '{ path: n.csv, quote: "" }', 'a,b\n1,"x\n2,y"\n3,z\n'],
    ['a decimal comma', '{ path: d.csv, delimiter: ";", decimal: "," }', 'a;b\n1,5;x\n1,5;y\n"3";z\n'],
    ['tabs in a .tsv', 't.tsv', 'a\tb\n1\tx\n2\ty\n3\tz\n'],
    ['null values', '{ path: v.csv, null_values: ["-"] }', 'a,b\n1,x\n5,y\n-,z\n'],
  ])('%s', async (_name, source, content) => {
    expect(await verdict(source, content)).toMatchObject({ verdict: 'satisfied' })
  })

  test('a point under a decimal comma is a misfit, not a thousand', async () => {
    await writeFile(join(root, 'point.csv'), 'a;b\n1.234;x\n1,5;y\n')
    const { statements } = await decide('{ path: point.csv, decimal: "," }', AB, { sum: "must: 'sum(a) == 1.5'" })
    expect(statements.get('d.a.type')).toMatchObject({ verdict: 'violated', failing: 1 })
    expect(statements.get('sum')).toMatchObject({ verdict: 'satisfied' })
  })

  test.each([
    ['latin-1', '{ path: l1.csv, encoding: latin-1 }', Buffer.from('a,b\n1,é\n2,ß\n3,z\n', 'latin1')],
    ['UTF-16 with its mark, found', 'u16.csv', Buffer.from('\ufeffa,b\n1,é\n2,ß\n3,z\n', 'utf16le')],
  ])('%s', async (_name, source, content) => {
    expect(await verdict(source, content)).toMatchObject({ verdict: 'satisfied' })
  })

  test('what is found in a file and not declared is said', async () => {
    await writeFile(join(root, 'found.csv'), Buffer.from('\ufeffa;b\n1;x\n', 'utf16le'))
    const { events } = await decide('found.csv', AB, { one: "must: 'count() == 1'" })
    expect(events).toContainEqual({
      kind: 'source-read',
      dataset: 'd',
      said: ['fields parted by `;`', 'encoded in UTF-16'],
      notes: [],
    })
    const declared = await decide('{ path: found.csv, delimiter: ";", encoding: utf-16 }', AB, {
      one: "must: 'count() == 1'",
    })
    expect(declared.events.some(({ kind }) => kind === 'source-read')).toBe(false)
  })
})

describe('ragged lines', () => {
  const ragged = 'a,b\n1,x\n2\n2,y\n9,z,w\n3,z\n'

  test('refuse the source, with file, line and that nothing was judged', async () => {
    expect(causeOf(await verdict('r.csv', ragged))).toMatch(
      /^"r\.csv", line 3: 1 field where the header has 2\..*no row was judged/,
    )
  })

  test('are left out where the spec says so, and evidence says which', async () => {
    expect(await verdict('{ path: r2.csv, ragged: skip }', ragged)).toMatchObject({
      verdict: 'satisfied',
      notes: ['"r2.csv": 2 ragged lines left out (lines 3, 5); 3 rows of the source were kept.'],
    })
  })

  test('of several files are told apart', async () => {
    await writeFile(join(root, 'part1.csv'), 'a,b\n1,x\n2,y\n')
    await writeFile(join(root, 'part2.csv'), 'a,b\n3,z\n4\n')
    const { statements, events } = await decide('{ path: "part?.csv", ragged: skip }', AB, COUNT)
    const note = '"part2.csv": 1 ragged line left out (line 3); 3 rows of the source were kept.'
    expect(statements.get('it')).toMatchObject({ verdict: 'satisfied', notes: [note] })
    expect(events).toContainEqual({ kind: 'source-read', dataset: 'd', said: [], notes: [note] })
  })

  test('a quote that never closes swallows what is behind it: nothing is skipped', async () => {
    const cause = causeOf(await verdict('{ path: r3.csv, ragged: skip }', 'a,b\n1,"x\n2,y\n3,z\n'))
    expect(cause).toMatch(/^"r3\.csv", line 2: .*no row was judged/)
  })
})

describe('compressed files', () => {
  const csv = 'a,b\n1,x\n2,y\n3,z\n'
  const json = '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n{"a":3,"b":"z"}\n'

  test.each([
    ['gzip CSV', 'c.csv.gz', gzipSync(csv)],
    ['zstd CSV', 'c.csv.zst', zstdCompressSync(csv)],
    ['gzip JSON lines', 'c.jsonl.gz', gzipSync(json)],
    ['zstd JSON lines', 'c.jsonl.zst', zstdCompressSync(json)],
    ['gzip of UTF-16', 'c16.csv.gz', gzipSync(Buffer.from(`\ufeff${csv}`, 'utf16le'))],
    ['gzip under another ending', 'plain.csv', gzipSync(csv)],
  ])('%s', async (_name, source, content) => {
    expect(await verdict(source, content)).toMatchObject({ verdict: 'satisfied' })
  })

  test.each([
    ['gzip', 'cut.csv.gz', gzipSync(`${csv}${'3,z\n'.repeat(500)}`)],
    ['zstd', 'cut.csv.zst', zstdCompressSync(`${csv}${'3,z\n'.repeat(500)}`)],
    ['gzip', 'cut.jsonl.gz', gzipSync(json.repeat(100))],
  ])('%s that is cut off is refused, not read as far as it goes: %s', async (packing, file, content) => {
    const cause = causeOf(await verdict(file, content.subarray(0, content.length - 9)))
    expect(cause).toMatch(new RegExp(`"${file}" cannot be read: its ${packing} data is cut off or damaged`))
  })

  test('the line that is not UTF-8 is named inside gzip, too', async () => {
    const bad = gzipSync(Buffer.concat([Buffer.from('a,b\n1,x\n2,'), Buffer.from([0xe9]), Buffer.from('\n3,z\n')]))
    expect(causeOf(await verdict('bad8.csv.gz', bad))).toMatch(/"bad8\.csv\.gz", line 3: not UTF-8/)
  })

  test('files packed differently are no one source', async () => {
    await writeFile(join(root, 'mix1.csv'), csv)
    await writeFile(join(root, 'mix2.csv'), gzipSync(csv))
    const { statements } = await decide('"mix?.csv"', AB, COUNT)
    expect(causeOf(statements.get('it'))).toMatch(
      /"mix1\.csv" is not compressed and "mix2\.csv" is compressed with gzip/,
    )
  })
})

describe('JSON', () => {
  test('an object that is none is refused by file and line', async () => {
    const cause = causeOf(await verdict('j.jsonl', '{"a":1,"b":"x"}\n{"a":2,\n{"a":3}\n'))
    expect(cause).toMatch(/^"j\.jsonl", line \d+, byte \d+: not JSON \(.*\)\. Repair it; no row was judged\./)
  })

  test('an array that is cut off is refused, which the engine would not notice', async () => {
    const cause = causeOf(await verdict('cut.json', '[{"a":1,"b":"x"},{"a":2,"b":"y"}'))
    expect(cause).toMatch(/"cut\.json" is cut off: its array does not end/)
  })
})

describe('partitions', () => {
  test.each(['csv', 'jsonl', 'parquet'] as const)('folders that say a column: %s', async (ending) => {
    const session = await openSession()
    if (!session.ok) throw new Error(session.error.cause)
    for (const [day, rows] of [
      ['2026-01-01', [1, 2]],
      ['2026-01-02', [3]],
    ] as const) {
      const folder = join(root, `${ending}-parts`, `day=${day}`, 'land=a b')
      await mkdir(folder, { recursive: true })
      const path = join(folder, `part.${ending}`)
      if (ending === 'csv') await writeFile(path, `a\n${rows.join('\n')}\n`)
      else if (ending === 'jsonl') await writeFile(path, rows.map((a) => `{"a":${a}}\n`).join(''))
      else {
        const values = sql`SELECT unnest([${textLiteral(rows.join(','))}]) AS "a"`
        await session.value.query(
          sql`COPY (SELECT CAST(unnest(string_split("a", ',')) AS DOUBLE) AS "a" FROM (${values})) TO ${textLiteral(path)} (FORMAT parquet)`,
        )
      }
    }
    session.value.close()
    const columns = '{ a: { type: number }, day: { type: timestamp }, land: { type: text } }'
    const { statements } = await decide(`{ path: ${ending}-parts/**/*.${ending} }`, columns, {
      count: "must: 'count() == 3 && distinct(day) == 2 && sum(a) == 6.0'",
      late: `every: 'day >= timestamp("2026-01-02T00:00:00Z") || a <= 2.0'`,
      land: `every: 'land == "a b"'`,
    })
    for (const [id, statement] of statements) expect(statement, id).toMatchObject({ verdict: 'satisfied' })
  })
})

describe('Parquet', () => {
  test('a damaged row group is named, and clauses on other columns are decided', async () => {
    const session = await openSession({ threads: 1 })
    if (!session.ok) throw new Error(session.error.cause)
    const path = join(root, 'damaged.parquet')
    await session.value.query(
      sql`COPY (SELECT CAST(range AS DOUBLE) AS "a", CAST(hash(range) AS VARCHAR) AS "b" FROM range(30000)) TO ${textLiteral(path)} (FORMAT parquet, ROW_GROUP_SIZE 10240)`,
    )
    const place = await session.value.query(
      sql`SELECT data_page_offset AS "at" FROM parquet_metadata(${textLiteral(path)}) WHERE row_group_id = 1 AND path_in_schema = 'b'`,
    )
    session.value.close()
    const at = Number(place.ok ? place.value.columns.get('at')?.[0] : 0)
    const bytes = await readFile(path)
    bytes.fill(0xff, at + 200, at + 3000)
    await writeFile(path, bytes)
    const { statements } = await decide('damaged.parquet', AB, {
      a: "must: 'sum(a) == 449985000.0'",
      b: "must: 'distinct(b) == 30000'",
      every: `every: 'b != "x"'`,
    })
    expect(statements.get('a')).toMatchObject({ verdict: 'satisfied' })
    for (const id of ['every'])
      expect(causeOf(statements.get(id))).toMatch(
        /^"damaged\.parquet", row group 1 \(rows 10241 to 20480\): .*; row group 0 can\. Write the file again; no row was judged\./,
      )
    expect(statements.get('b')).toMatchObject({ verdict: 'error' })
  })
})

describe('Arrow', () => {
  const columns = `{ a: { type: number }, b: { type: text }, at: { type: timestamp }, day: { type: timestamp },
    i: { type: integer }, ok: { type: boolean }, c: { type: category, values: [u, v] }, price: { type: number } }`
  const micros = 1_767_225_600_000_001n

  function table(): arrow.Table {
    const vector = (type: arrow.DataType, values: readonly unknown[]) => {
      const builder = arrow.makeBuilder({ type, nullValues: [null] })
      for (const value of values) builder.append(value)
      return builder.finish().toVector()
    }
    return new arrow.Table({
      a: vector(new arrow.Float64(), [1, 2, 3]),
      b: vector(new arrow.Utf8(), ['x', 'y', 'z']),
      at: arrow.makeVector(
        arrow.makeData({ type: new arrow.TimestampMicrosecond(), data: new BigInt64Array([micros, micros, micros]) }),
      ),
      day: arrow.makeVector(arrow.makeData({ type: new arrow.DateDay(), data: new Int32Array([20454, 20454, 20454]) })),
      i: vector(new arrow.Int64(), [1n, null, 9_007_199_254_740_993n]),
      ok: vector(new arrow.Bool(), [true, false, null]),
      c: vector(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), ['u', 'v', 'u']),
      price: arrow.makeVector(
        arrow.makeData({
          type: new arrow.Decimal(2, 10, 128),
          data: new Uint32Array([150, 0, 0, 0, 0xffffff6a, 0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 0]),
        }),
      ),
    })
  }

  const clauses = {
    it: "must: 'count() == 3 && sum(a) == 6.0 && distinct(b) == 3'",
    at: `every: 'at == timestamp("2026-01-01T00:00:00.000001Z") && day == timestamp("2026-01-01T00:00:00Z")'`,
    i: "must: 'max(i) == 9007199254740993 && null_share(i) <= 0.34 && null_share(i) >= 0.33'",
    c: `must: 'share(c == "u") >= 0.66 && share(ok) <= 0.34'`,
    price: "must: 'min(price) == -1.5 && max(price) == 1.5'",
  }

  test.each([
    ['a file', 'file' as const, 'rows.arrow'],
    ['a stream', 'stream' as const, 'rows.arrows'],
  ])('%s: cells are exact', async (_name, kind, file) => {
    await writeFile(join(root, file), arrow.tableToIPC(table(), kind))
    const { statements } = await decide(file, columns, clauses)
    for (const id of Object.keys(clauses)) expect(statements.get(id), id).toMatchObject({ verdict: 'satisfied', n: 3 })
  })

  test('several files; a file of other columns', async () => {
    await writeFile(join(root, 'm1.arrow'), arrow.tableToIPC(table(), 'file'))
    await copyFile(join(root, 'm1.arrow'), join(root, 'm2.arrow'))
    const both = await decide('"m?.arrow"', columns, { it: "must: 'count() == 6'" })
    expect(both.statements.get('it')).toMatchObject({ verdict: 'satisfied' })
    await writeFile(join(root, 'm2.arrow'), arrow.tableToIPC(arrow.tableFromArrays({ a: [1] }), 'file'))
    const other = await decide('"m?.arrow"', columns, { it: "must: 'count() == 6'" })
    expect(causeOf(other.statements.get('it'))).toMatch(/"m2\.arrow" has other columns than the files before it/)
  })

  test('a file that is cut off says at which batch', async () => {
    const { schema, batches } = table()
    const bytes = arrow.tableToIPC(
      new arrow.Table(
        schema,
        [0, 1, 2, 3].flatMap(() => batches),
      ),
      'stream',
    )
    await writeFile(join(root, 'cut.arrows'), bytes.subarray(0, Math.floor(bytes.length * 0.7)))
    const { statements } = await decide('cut.arrows', columns, { it: "must: 'count() == 12'" })
    expect(causeOf(statements.get('it'))).toMatch(
      /^"cut\.arrows" cannot be read at record batch \d \(batches 0 to \d can be read\): /,
    )
  })

  test('what is no Arrow file', async () => {
    await writeFile(join(root, 'no.arrow'), 'a,b\n1,x\n')
    const { statements } = await decide('no.arrow', columns, { it: "must: 'count() == 1'" })
    expect(causeOf(statements.get('it'))).toMatch(/^"no\.arrow" cannot be read at its beginning/)
  })
})

describe('objects of S3', () => {
  test('without the extension of the engine it is said what is missing, and nothing is downloaded', async () => {
    const { statements } = await decide('s3://bucket/day=*/rows.parquet', AB, COUNT)
    expect(causeOf(statements.get('it'))).toBe(
      '"s3://bucket/day=*/rows.parquet" is an object of S3, and DuckDB\'s extension `httpfs`, which reads those, is not installed here. It is never downloaded by itself. Install it once (`INSTALL httpfs` in DuckDB of the same version), or copy the data into the project.',
    )
  })

  test('CSV there is refused', async () => {
    const { statements } = await decide('s3://bucket/rows.csv', AB, COUNT)
    expect(causeOf(statements.get('it'))).toMatch(/of objects of S3 only Parquet is read/)
  })
})

test('a source that does not fit in the memory it may use goes to disk', async () => {
  const rows = 400_000
  const lines = Array.from(
    { length: rows },
    (_, i) => `${i},${(i * 2_654_435_761) % 4_294_967_296}-some-words-to-fill-a-row`,
  )
  await writeFile(join(root, 'wide.csv'), `a,b\n${lines.join('\n')}\n`)
  const text = `plumbline: 1
system: { name: formats, version: 1.0.0 }
data: { d: { source: wide.csv, key: [a], columns: { a: { type: integer }, b: { type: text } } } }
clauses: { it: { of: d, must: 'count() == ${rows} && distinct(b) == ${rows}' } }
`
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (value === undefined) throw new Error('The spec is wrong.')
  const session = { threads: 1, memoryLimit: '40MB', temporaryDirectory: join(root, 'spill') }
  for await (const each of runDataStage({ program: value, root, toolVersion: '0', session }))
    expect(each).toMatchObject({ verdict: 'satisfied', n: rows })
  const small = { ...session, memoryLimit: '4MB' }
  for await (const each of runDataStage({ program: value, root, toolVersion: '0', session: small }))
    expect(causeOf(each)).toMatch(/not enough memory|Out of Memory/i)
})
