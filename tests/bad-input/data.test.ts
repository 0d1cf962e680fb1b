import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { plumb } from '../support/plumb.ts'
import { DATA, expectLedger, expectNoTrace, people, project, SPEC, type Tested } from './support.ts'

/** Writes a Parquet file from a query. */
async function parquet(path: string, query: string): Promise<void> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(`COPY (${query}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}

interface Judged extends Tested {
  readonly about: (clause: string) => Tested['evidence'][number] | undefined
}

/** Tests a project; the process ends in words whatever the data is. */
function judged(folder: string, code: number): Judged {
  const ran = plumb(folder, 'test', '--json')
  expectNoTrace(ran)
  expect(ran.code).toBe(code)
  const tested = ran.json<Tested>()
  return { ...tested, about: (clause) => tested.evidence.find((e) => e.clause === clause) }
}

const spec = (source: string, columns: readonly string[], clauses: readonly string[]): string =>
  `plumbline: 1
system: { name: odd, version: 1.0.0, purpose: Odd data. }
data:
  odd:
    source: ${source}
    columns:
${columns.map((c) => `      ${c}`).join('\n')}
clauses:
${clauses.map((c) => `  ${c}`).join('\n')}
`

describe('a source that cannot be read', () => {
  let shared = ''
  beforeAll(() => {
    shared = people('data')
    expect(plumb(shared, 'test').code).toBe(1)
  })

  test.each<readonly [string, string | Uint8Array | undefined, string, RegExp]>([
    ['a missing file', undefined, 'source-missing', /There is no file "people.csv"\. Check `source`/],
    ['an empty file', '', 'source-unreadable', /"people.csv" is empty/],
    [
      'a line with too few fields',
      `${DATA}4,20\n`,
      'source-unreadable',
      /"people.csv", line 5: 2 fields where the header has 3/,
    ],
    [
      'a line with too many fields',
      `${DATA}4,20,Di,Dee\n`,
      'source-unreadable',
      /"people.csv", line 5: 4 fields where the header has 3/,
    ],
    ['a quote that is not closed', `${DATA}4,20,"Di\n`, 'source-unreadable', /line 5: a quote is not closed/],
    [
      'bytes that are not UTF-8',
      Buffer.from(`${DATA}4,20,Dé\n`, 'latin1'),
      'source-unreadable',
      /line 5: not UTF-8. Name the encoding/,
    ],
  ])('%s', (_name, content, reason, cause) => {
    if (content === undefined) rmSync(join(shared, 'people.csv'))
    else writeFileSync(join(shared, 'people.csv'), content)
    const { evidence } = judged(shared, 3)
    expect(evidence).toHaveLength(9)
    for (const each of evidence) {
      expect(each).toMatchObject({ verdict: 'error', reason })
      expect(each.cause).toMatch(cause)
    }
  })

  test('what was decided before is still there, and what could not be decided is recorded as such', () => {
    expectLedger(shared, 7 * 9)
    const { evidence } = plumb(shared, 'explain', 'adult', '--json').json<{ evidence: { verdict: string }[] }>()
    expect(evidence.map((e) => e.verdict)).toEqual(['violated', ...Array.from({ length: 6 }, () => 'error')])
  })

  test('the gate says it, and stays closed', () => {
    const folder = people('data-gate', { 'people.csv': `${DATA}4,20\n` })
    judged(folder, 3)
    const gate = plumb(folder, 'gate')
    expectNoTrace(gate)
    expect(gate.code).toBe(1)
    expect(gate.out).toMatch(/"people.csv", line 5: 2 fields/)
    expect(gate.out).toMatch(/what would change it: \S/)
  })

  test('a link to a place outside the project', () => {
    const folder = people('data-link')
    const outside = join(tmpdir(), `plumb-outside-${process.pid}.csv`)
    writeFileSync(outside, DATA)
    rmSync(join(folder, 'people.csv'))
    symlinkSync(outside, join(folder, 'people.csv'))
    expect(judged(folder, 3).about('adult')?.cause).toMatch(/is a link to a place outside the project/)
    rmSync(outside)
  })

  test('a path outside the project', () => {
    const folder = people('data-outside', { 'plumb.yaml': SPEC.replace('people.csv', '../people.csv') })
    const ran = plumb(folder, 'test')
    expectNoTrace(ran)
    expect(ran.code).toBe(2)
    expect(ran.out).toContain('error[')
    expect(ran.out).toMatch(/outside/)
  })

  test('a folder, and a Parquet file that is none', () => {
    const folder = people('data-folder', { 'plumb.yaml': SPEC.replace('people.csv', 'people.parquet') })
    mkdirSync(join(folder, 'people.parquet'))
    expect(judged(folder, 3).about('adult')?.cause).toMatch(/"people.parquet" is not a file/)
    rmSync(join(folder, 'people.parquet'), { recursive: true })
    writeFileSync(join(folder, 'people.parquet'), DATA)
    expect(judged(folder, 3).about('adult')?.cause).toMatch(/"people.parquet" cannot be read/)
  })
})

describe('columns', () => {
  test('a Parquet file without a declared column: only what reads it is undecided', async () => {
    const folder = people('data-column', { 'plumb.yaml': SPEC.replace('people.csv', 'people.parquet') })
    await parquet(join(folder, 'people.parquet'), 'SELECT 1::BIGINT AS id, 30::BIGINT AS age')
    const tested = judged(folder, 3)
    expect(tested.about('adult')?.verdict).toBe('satisfied')
    expect(tested.about('people.name.required')).toMatchObject({ verdict: 'error', reason: 'column-missing' })
    expect(tested.about('people.name.required')?.cause).toMatch(
      /"people.parquet" has no column "name". It has: id, age/,
    )
  })

  const hostile = ['"; DROP TABLE x; --', '__proto__', 'constructor', "it's", '😀', '\u001b[31mred', 'a\nb']

  test.each(['csv', 'parquet'])('names that are code, in %s', async (format) => {
    const columns = hostile.map((name) => `? ${JSON.stringify(name)}\n      : { type: integer, range: [0, 10] }`)
    const clauses = hostile.map(
      (name, i) =>
        `c${i}: { says: ${JSON.stringify(`All of ${name}.`)}, of: odd, every: ${JSON.stringify(`row[${JSON.stringify(name)}] == ${i}`)} }`,
    )
    const folder = project(`data-names-${format}`, { 'plumb.yaml': spec(`odd.${format}`, columns, clauses) })
    const quoted = hostile.map((name) => `"${name.replaceAll('"', '""')}"`)
    const rows = [hostile.map((_, i) => i), hostile.map(() => -1)]
    if (format === 'csv')
      writeFileSync(join(folder, 'odd.csv'), `${quoted.join(',')}\n${rows.map((r) => r.join(',')).join('\n')}\n`)
    else
      await parquet(
        join(folder, 'odd.parquet'),
        rows.map((r) => `SELECT ${r.map((v, i) => `${v}::BIGINT AS ${quoted[i]}`).join(', ')}`).join(' UNION ALL '),
      )
    const tested = judged(folder, 1)
    for (const [i, name] of hostile.entries()) {
      const each = tested.about(`c${i}`)
      expect(each, name).toMatchObject({ verdict: 'violated', failing: 1 })
      expect(Object.entries(each?.witnesses?.[0]?.cells ?? {})).toEqual([[name, -1]])
    }
    if (format === 'parquet') return
    for (const verb of [['gate'], ['explain', 'c5'], ['explain', 'c6']]) {
      const ran = plumb(folder, ...verb)
      expectNoTrace(ran)
      expect([0, 1]).toContain(ran.code)
    }
    const reasons = plumb(folder, 'gate', '--json').json<{ reasons: { message: string }[] }>().reasons
    expect(reasons.some((r) => r.message.includes('\u001b[31mred'))).toBe(true)
    expectLedger(folder, tested.evidence.length + 2)
  })

  test('2 000 columns, one of them with a name of 5 000 letters', () => {
    const names = [...Array.from({ length: 2000 }, (_, i) => `c${i}`), 'x'.repeat(5000)]
    const columns = [
      'c0: { type: integer }',
      'c1999: { type: integer, range: [0, 1] }',
      `? ${'x'.repeat(5000)}\n      : { type: integer }`,
      'gone: { type: integer }',
    ]
    const folder = project('data-wide', {
      'plumb.yaml': spec('wide.csv', columns, ['one: { says: One., of: odd, every: c0 == 1 }']),
      'wide.csv': `${names.join(',')}\n${names.map(() => 1).join(',')}\n`,
    })
    const tested = judged(folder, 3)
    expect(tested.about('one')?.verdict).toBe('satisfied')
    const cause = tested.about('odd.gone.required')?.cause ?? ''
    expect(cause).toMatch(/has no column "gone".*and 1981 more/)
    expect(cause.length).toBeLessThan(1000)
    expect(plumb(folder, 'explain', 'odd.gone.required').code).toBe(0)
  })
})

describe('cells', () => {
  test.each([
    ['a byte order mark', `\ufeff${DATA}`],
    ['Windows line ends', DATA.replaceAll('\n', '\r\n')],
  ])('%s is no part of a name or a value', (_name, data) => {
    expect(judged(people('data-marks', { 'people.csv': data }), 1).about('adult')).toMatchObject({
      verdict: 'violated',
      failing: 1,
    })
  })

  test.each(['csv', 'parquet'])('the edges of int64 in %s are exact', async (format) => {
    const rows = ['9223372036854775807', '-9223372036854775808', '9007199254740993']
    const clauses = [
      'sum: { says: Sum., of: odd, must: max(i) == 9223372036854775807 }',
      'odd-one: { says: Beyond what a float can hold., of: odd, every: i != 9007199254740993 }',
    ]
    const folder = project(`data-int64-${format}`, {
      'plumb.yaml': spec(`odd.${format}`, ['i: { type: integer }'], clauses),
    })
    if (format === 'csv') writeFileSync(join(folder, 'odd.csv'), `i\n${rows.join('\n')}\n9223372036854775808\n`)
    else await parquet(join(folder, 'odd.parquet'), rows.map((v) => `SELECT (${v})::BIGINT AS i`).join(' UNION ALL '))
    const tested = judged(folder, 1)
    expect(tested.about('sum')?.verdict).toBe('satisfied')
    const witness = tested.about('odd-one')?.witnesses?.find((w) => w.row === 3)
    expect(JSON.stringify(witness?.cells)).toContain('9007199254740993')
    if (format === 'csv')
      expect(tested.about('odd.i.type')).toMatchObject({
        verdict: 'violated',
        failing: 1,
        witnesses: [{ row: 4, cells: { i: '9223372036854775808' } }],
      })
  })

  test('a catastrophic pattern on a long text takes linear time', () => {
    const folder = project('data-pattern', {
      'plumb.yaml': spec(
        'odd.csv',
        ['t: { type: text }'],
        ['slow: { says: Only a., of: odd, every: \'t.matches("^(a+)+$")\' }'],
      ),
      'odd.csv': `t\n${'a'.repeat(200_000)}!\n${'a'.repeat(50)}\n`,
    })
    const began = performance.now()
    expect(judged(folder, 1).about('slow')).toMatchObject({ verdict: 'violated', failing: 1 })
    expect(performance.now() - began).toBeLessThan(60_000)
  })

  test('escape sequences in values never reach the terminal, and are kept exactly', () => {
    const name = '\u001b]0;owned\u0007\u009b2J\u202etxt'
    const folder = people('data-escapes', {
      'plumb.yaml': `${SPEC}  named: { says: "No \\e[31mred.", of: people, every: 'name != "${name.replace('\u001b', '\\u001b').replace('\u0007', '\\u0007').replace('\u009b', '\\u009b').replace('\u202e', '\\u202e')}"' }\n`,
      'people.csv': `${DATA}4,20,${name}\n`,
    })
    const tested = judged(folder, 1)
    expect(tested.about('named')?.witnesses?.[0]?.cells).toEqual({ name })
    for (const verb of [
      ['test'],
      ['explain', 'named'],
      ['gate'],
      ['check'],
      ['replay', tested.about('named')?.id ?? ''],
    ]) {
      const ran = plumb(folder, ...verb)
      expectNoTrace(ran)
      expect([0, 1]).toContain(ran.code)
    }
    expect(plumb(folder, 'explain', 'named').out).toContain('\\u{1b}[31mred')
  })
})

test('a cell that cannot be read is reported once, by its type', () => {
  const folder = project('misfit-once', {
    'plumb.yaml': spec('odd.csv', ['age: { type: integer }'], ['rows: { says: Rows., of: odd, must: count() > 0 }']),
    'odd.csv': 'age,x\n3,1\nabc,2\n,3\n',
  })
  const { about } = judged(folder, 1)
  expect(about('odd.age.required')).toMatchObject({ verdict: 'violated', n: 3, failing: 1, witnesses: [{ row: 3 }] })
  expect(about('odd.age.type')).toMatchObject({ verdict: 'violated', n: 2, failing: 1, witnesses: [{ row: 2 }] })
})
