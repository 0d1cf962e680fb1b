import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Failed, Statement } from '@plumbline/core'
import { sql, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DataStageEvent, runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { buildProgram, type TestClause, type TestColumn } from '../testing/program-builder.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-bad-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

interface Given {
  readonly path: string
  readonly content?: string | Uint8Array
  readonly format?: 'csv' | 'parquet' | 'json'
  readonly columns: readonly TestColumn[]
  readonly clauses: readonly TestClause[]
  readonly key?: readonly string[]
  readonly source?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
  readonly onEvent?: (event: DataStageEvent) => void
}

async function decide(given: Given): Promise<Map<string, Statement>> {
  if (given.content !== undefined) await writeFile(join(root, given.path), given.content)
  const program = buildProgram(
    [
      {
        name: 'd',
        source: { path: given.path, format: given.format ?? 'csv', ...given.source },
        columns: given.columns,
        key: given.key ?? [],
      },
    ],
    given.clauses,
  )
  const found = new Map<string, Statement>()
  const { signal, onEvent } = given
  const request = { program, root, toolVersion: '0', session: { threads: 1 } }
  for await (const each of runDataStage({
    ...request,
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
  })) {
    found.set(each.slice === 'all' ? each.clause : `${each.clause}[${each.slice}]`, each)
  }
  return found
}

const ab: readonly TestColumn[] = [
  { name: 'a', type: 'integer' },
  { name: 'b', type: 'text' },
]
const onA: readonly TestClause[] = [{ id: 'a', every: 'a > 0' }]

async function causeOf(given: Omit<Given, 'clauses' | 'columns'> & Partial<Given>): Promise<string> {
  const found = await decide({ columns: ab, clauses: onA, ...given })
  const statement = found.get('a') as Failed
  expect(statement.verdict).toBe('error')
  return `${statement.reason}: ${statement.cause}`
}

describe('sources that cannot be read', () => {
  test('a missing file', async () => {
    expect(await causeOf({ path: 'none.csv' })).toBe(
      'source-missing: There is no file "none.csv". Check `source`, or make the file first.',
    )
    expect(await causeOf({ path: 'none-*.csv' })).toMatch(/^source-missing: No file matches "none-\*\.csv"/)
  })

  test('an empty file', async () => {
    expect(await causeOf({ path: 'empty.csv', content: '' })).toBe(
      'source-unreadable: "empty.csv" is empty: it holds no data at all.',
    )
    expect(await causeOf({ path: 'blank.csv', content: '\n\n' })).toMatch(/"blank.csv" is empty/)
  })

  test('a ragged line is named, and no row is judged', async () => {
    expect(await causeOf({ path: 'long.csv', content: 'a,b\n1,x\n2,y,z\n3,w\n' })).toBe(
      'source-unreadable: "long.csv", line 3: 3 fields where the header has 2. Quote fields that hold the delimiter, or repair the line; no row was judged.',
    )
    expect(await causeOf({ path: 'short.csv', content: 'a,b\n1,x\n2,y\n3\n' })).toMatch(
      /"short.csv", line 4: 1 fields? where the header has 2/,
    )
    const rows = Array.from({ length: 50_000 }, (_, i) => `${i},x`)
    rows[40_000] = '1,2,3'
    expect(await causeOf({ path: 'late.csv', content: `a,b\n${rows.join('\n')}\n` })).toMatch(
      /"late.csv", line 40002: 3 fields/,
    )
  })

  test('an open quote, a wrong encoding, mixed line ends', async () => {
    expect(await causeOf({ path: 'quote.csv', content: 'a,b\n1,"x\n2,y\n' })).toMatch(/line 2: a quote is not closed/)
    expect(await causeOf({ path: 'mixed.csv', content: 'a,b\r\n1,x\n2,y\r\n' })).toBe(
      'source-unreadable: "mixed.csv", line 2: it ends in \\n, line 1 in \\r\\n. Give all lines the same end; no row was judged.',
    )
    expect(await causeOf({ path: 'after.csv', content: 'a,b\n"1\n0",x\n2,"y""z"q\n' })).toMatch(
      /"after.csv", line 4: there is text after a closing quote/,
    )
    const latin = Buffer.from('a,b\n1,caf\u00e9\n', 'latin1')
    expect(await causeOf({ path: 'latin.csv', content: latin })).toMatch(/line 2: not UTF-8. Name the encoding/)
    expect(await causeOf({ path: 'enc.csv', content: latin, source: { encoding: 'windows-1251' } })).toMatch(
      /encoding "windows-1251" cannot be read. Use utf-8, utf-16 or latin-1/,
    )
    const read = await decide({
      path: 'latin.csv',
      columns: ab,
      source: { encoding: 'latin1' },
      clauses: [{ id: 'b', every: 'b == "caf\u00e9"' }],
    })
    expect(read.get('b')).toMatchObject({ verdict: 'satisfied' })
  })

  test('Parquet that is none, JSON that is none', async () => {
    expect(await causeOf({ path: 'no.parquet', format: 'parquet', content: 'not parquet at all' })).toMatch(
      /^source-unreadable: "no.parquet" cannot be read: .*magic bytes/i,
    )
    expect(await causeOf({ path: 'no.json', format: 'json', content: '{"a": 1' })).toMatch(
      /^source-unreadable: "no.json"/,
    )
  })

  test('a path or a link out of the project', async () => {
    expect(await causeOf({ path: '../secret.csv' })).toMatch(
      /^source-unreadable: The source .* lies outside the project/,
    )
    const outside = await mkdtemp(join(tmpdir(), 'plumb-outside-'))
    await writeFile(join(outside, 'x.csv'), 'a,b\n1,2\n')
    await symlink(join(outside, 'x.csv'), join(root, 'link.csv'))
    expect(await causeOf({ path: 'link.csv' })).toMatch(/is a link to a place outside the project/)
    await rm(outside, { recursive: true })
  })

  test('a directory', async () => {
    await mkdir(join(root, 'folder.csv'), { recursive: true })
    expect(await causeOf({ path: 'folder.csv' })).toMatch(/"folder.csv" is not a file/)
  })
})

describe('columns', () => {
  test('a missing column fails the clauses that read it, and no others', async () => {
    const events: DataStageEvent[] = []
    const found = await decide({
      path: 'part.csv',
      content: 'a,extra\n1,x\n',
      columns: ab,
      clauses: [
        { id: 'a', every: 'a > 0' },
        { id: 'b', every: 'b == "x"' },
        { id: 'count', must: 'count() == 1' },
        { id: 'nulls', must: 'null_share(b) <= 0.5' },
      ],
      onEvent: (event) => events.push(event),
    })
    expect(found.get('a')).toMatchObject({ verdict: 'satisfied' })
    expect(found.get('count')).toMatchObject({ verdict: 'satisfied' })
    expect(found.get('b')).toMatchObject({
      verdict: 'error',
      reason: 'column-missing',
      cause: '"part.csv" has no column "b". It has: a, extra. Names are compared exactly, case included.',
    })
    expect(found.get('nulls')).toMatchObject({ verdict: 'error', reason: 'column-missing' })
    expect(events).toContainEqual({ kind: 'undeclared-columns', dataset: 'd', columns: ['extra'] })
  })

  test('names that differ in case are different columns; a doubled name is none', async () => {
    const found = await decide({
      path: 'case.csv',
      content: 'A,a,b,b\n1,-1,x,y\n',
      columns: [{ name: 'A', type: 'integer' }, ...ab],
      clauses: [
        { id: 'upper', every: 'A == 1' },
        { id: 'lower', every: 'a == -1' },
        { id: 'b', every: 'b == "x"' },
      ],
    })
    expect(found.get('upper')).toMatchObject({ verdict: 'satisfied' })
    expect(found.get('lower')).toMatchObject({ verdict: 'satisfied' })
    expect(found.get('b')).toMatchObject({ verdict: 'error', reason: 'column-missing' })
  })

  test.each(['csv', 'parquet', 'json'] as const)('hostile names in %s', async (format) => {
    const names = ['"; DROP TABLE x; --', '__proto__', "it's", 'row', 'c0', 'select', '😀']
    const path = `hostile.${format}`
    const csv = `${names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n${names.map((_, i) => i).join(',')}\n-1,-1,-1,-1,-1,-1,-1\n`
    if (format === 'json') {
      const entry = (value: (i: number) => number) =>
        `{${names.map((name, i) => `${JSON.stringify(name)}:${value(i)}`).join(',')}}`
      await writeFile(join(root, path), `[${entry((i) => i)},${entry(() => -1)}]`)
    } else await writeFile(join(root, 'hostile.csv'), csv)
    if (format === 'parquet') {
      const session = await openSession()
      if (!session.ok) throw new Error(session.error.cause)
      const made = await session.value.query(
        sql`COPY (FROM read_csv(${textLiteral(join(root, 'hostile.csv'))}, header=true, delim=',')) TO ${textLiteral(join(root, path))} (FORMAT parquet)`,
      )
      session.value.close()
      expect(made.ok).toBe(true)
    }
    const found = await decide({
      path,
      format,
      key: ['__proto__'],
      columns: names.map((name) => ({ name, type: 'integer' })),
      clauses: names.map((name, i) => ({ id: name, every: `row[${JSON.stringify(name)}] == ${i}` })),
    })
    for (const [i, name] of names.entries()) {
      const statement = found.get(name)
      expect(statement, name).toMatchObject({ verdict: 'violated', n: 2, failing: 1 })
      const witness = statement !== undefined && 'witnesses' in statement ? statement.witnesses?.[0] : undefined
      expect(Object.entries(witness?.cells ?? {}), name).toEqual([[name, -1]])
      expect(Object.entries(witness?.key ?? {})).toEqual([['__proto__', -1]])
      expect(witness?.row, String(i)).toBe(2)
    }
  })

  test('a file without a header takes the declared columns in order', async () => {
    const given = { path: 'bare.csv', content: '1,x\n2,y\n', columns: ab, source: { header: false } }
    const found = await decide({ ...given, clauses: [{ id: 'a', every: 'a > 0 && b != "a"' }] })
    expect(found.get('a')).toMatchObject({ verdict: 'satisfied', n: 2 })
    expect(await causeOf({ ...given, columns: [...ab, { name: 'c', type: 'text' }] })).toMatch(
      /has no header and 2 fields a row, but the spec declares 3 columns/,
    )
  })
})

describe('cells', () => {
  test('casts lose nothing; a misfit is a row of the type contract and missing to others', async () => {
    const columns: readonly TestColumn[] = [
      { name: 'i', type: 'integer' },
      { name: 'x', type: 'number' },
      { name: 'f', type: 'boolean' },
      { name: 'at', type: 'timestamp' },
    ]
    const lines = [
      ['3', '1.5', 'true', '2024-01-01'],
      [' 4 ', ' -2e3 ', '0', '2024-01-01T00:00:00Z'],
      ['3.0', 'NaN', 'False', '2024-01-01T02:00:00+02:00'],
      ['3.7', '1_0', 'yes', '2024-13-01'],
      ['9223372036854775808', 'x', '2', 'infinity'],
      ['1e3', '', '', ''],
      ['', 'inf', '1', '2024-01-01 00:00:00'],
    ]
    const found = await decide({
      path: 'cells.csv',
      content: `i,x,f,at\n${lines.map((line) => line.join(',')).join('\n')}\n`,
      columns,
      clauses: [
        { id: 'i', castable: 'i', missing: 'exclude' },
        { id: 'x', castable: 'x', missing: 'exclude' },
        { id: 'f', castable: 'f', missing: 'exclude' },
        { id: 'at', castable: 'at', missing: 'exclude' },
        { id: 'same', every: 'at == timestamp("2024-01-01T00:00:00Z")', missing: 'exclude' },
        { id: 'sum', must: 'sum(i) == 10 && min(x) == -2000.0' },
      ],
    })
    expect(found.get('i')).toMatchObject({ verdict: 'violated', n: 6, failing: 3, missing: 1, excluded: 1 })
    expect(found.get('i')).toMatchObject({
      witnesses: [
        { row: 4, cells: { i: '3.7' }, because: 'invalid-conversion' },
        { row: 5, cells: { i: '9223372036854775808' } },
        { row: 6, cells: { i: '1e3' } },
      ],
    })
    expect(found.get('x')).toMatchObject({ n: 5, failing: 2, excluded: 2 })
    expect(found.get('f')).toMatchObject({ n: 6, failing: 2, excluded: 1 })
    expect(found.get('at')).toMatchObject({ n: 6, failing: 2, excluded: 1 })
    expect(found.get('same')).toMatchObject({ verdict: 'satisfied', n: 4 })
    expect(found.get('sum')).toMatchObject({ verdict: 'satisfied' })
  })

  test('null values, a declared delimiter, several files', async () => {
    await writeFile(join(root, 'part-1.csv'), 'a;b\nNA;x\n1;?\n')
    await writeFile(join(root, 'part-2.csv'), 'a;b\n2;y\n')
    const given = { path: 'part-[12].csv', columns: ab, source: { nullValues: ['NA', '?'], delimiter: ';' } }
    const clauses = [
      { id: 'nulls', must: 'count() == 3 && null_share(a) <= 0.34 && null_share(b) <= 0.34' },
      { id: 'third', every: 'a != 2' },
    ]
    const found = await decide({ ...given, clauses })
    expect(found.get('nulls')).toMatchObject({ verdict: 'satisfied' })
    expect(found.get('third')).toMatchObject({
      witnesses: [
        { row: 1, because: 'missing' },
        { row: 3, because: 'false' },
      ],
    })
    expect(found.get('third')?.digests.data.d).toMatch(/^bytes:sha256:[0-9a-f]{64}$/)
    await writeFile(join(root, 'part-2.csv'), 'b;a\ny;2\n')
    expect(await causeOf({ ...given })).toMatch(/"part-2.csv" has other columns than "part-1.csv"/)
  })

  test('no rows, and columns without a value', async () => {
    const clauses: readonly TestClause[] = [
      { id: 'every', every: 'a > 0' },
      { id: 'empty-ok', every: 'a > 0', allowEmpty: true },
      { id: 'count', must: 'count() >= 0' },
      { id: 'mean', must: 'mean(a) > 0.0' },
      { id: 'castable', castable: 'a', missing: 'exclude' },
    ]
    const none = await decide({ path: 'none-rows.csv', content: 'a,b\n', columns: ab, clauses })
    expect(none.get('every')).toMatchObject({ verdict: 'inconclusive', reason: 'empty-relation', n: 0 })
    expect(none.get('empty-ok')).toMatchObject({ verdict: 'satisfied', n: 0 })
    expect(none.get('count')).toMatchObject({ verdict: 'inconclusive', reason: 'empty-relation' })
    const nulls = await decide({ path: 'nulls.csv', content: 'a,b\n,\n,\n', columns: ab, clauses })
    expect(nulls.get('every')).toMatchObject({ verdict: 'violated', n: 2, failing: 2, missing: 2 })
    expect(nulls.get('mean')).toMatchObject({ verdict: 'inconclusive', reason: 'undefined-metric', missing: 2 })
    expect(nulls.get('castable')).toMatchObject({ verdict: 'inconclusive', reason: 'empty-relation', excluded: 2 })
  })

  test('infinities are values, and a spread of them does not exist', async () => {
    const found = await decide({
      path: 'inf.csv',
      content: 'x\ninf\n1\n-inf\n',
      columns: [{ name: 'x', type: 'number' }],
      clauses: [
        { id: 'max', must: 'max(x) > 1.0e300' },
        { id: 'mean', must: 'mean(x) < 1.0' },
        { id: 'spread', must: 'stddev(x) < 1.0' },
        { id: 'sums', must: 'sum(x + 1.0) < 1.0' },
        { id: 'every', every: 'x < 10.0' },
      ],
    })
    expect(found.get('max')).toMatchObject({ verdict: 'satisfied' })
    expect(found.get('mean')).toMatchObject({ verdict: 'inconclusive', reason: 'undefined-metric' })
    expect(found.get('spread')).toMatchObject({ verdict: 'inconclusive', reason: 'undefined-metric' })
    expect(found.get('sums')).toMatchObject({
      verdict: 'error',
      reason: 'evaluation-failed',
      cause: expect.stringMatching(/2 rows/),
    })
    expect(found.get('every')).toMatchObject({
      verdict: 'violated',
      failing: 1,
      witnesses: [{ row: 1, cells: { x: Infinity } }],
    })
  })
})

test('an interruption leaves the rest skipped', async () => {
  const stop = new AbortController()
  const content = `a,b\n${Array.from({ length: 1000 }, (_, i) => `${i},x`).join('\n')}\n`
  const clauses = [
    { id: 'a', every: 'a >= 0' },
    { id: 'b', must: 'count() > 1' },
  ]
  const found = await decide({
    path: 'stop.csv',
    content,
    columns: ab,
    clauses,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === 'relation-begun') stop.abort()
    },
  })
  expect(found.get('a')).toMatchObject({ verdict: 'skipped', reason: 'interrupted' })
  expect(found.get('b')).toMatchObject({ verdict: 'skipped', reason: 'interrupted' })
})
