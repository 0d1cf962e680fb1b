import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type Program, sql, stats, type Statement, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'

const ROWS = 20_000
let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-drawn-'))
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `${i},${i % 1000},${i % 100 === 0 ? -1 : 1},${i % 2 === 0 ? 'a' : 'b'}`,
  )
  await writeFile(join(root, 'd.csv'), `id,x,y,part\n${rows.join('\n')}\n`)
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  await session.value.query(
    sql`COPY (FROM read_csv(${textLiteral(join(root, 'd.csv'))})) TO ${textLiteral(join(root, 'd.parquet'))} (FORMAT parquet, ROW_GROUP_SIZE 5000)`,
  )
  session.value.close()
})
afterAll(() => rm(root, { recursive: true, force: true }))

function read(clauses: string, source = 'd.csv'): ReturnType<typeof compile> {
  const text = `plumbline: 1
system: { name: drawn, version: 1.0.0 }
data:
  d:
    source: ${source}
    splits: { one: 'part == "a"', two: 'part == "b"' }
    columns: { id: { type: integer }, x: { type: number }, y: { type: integer }, part: { type: category, values: [a, b] } }
slices: { low: x < 100.0, high: x >= 900.0 }
clauses:
${clauses}
`
  return compile({ main: { path: 'plumb.yaml', text }, others: [] })
}

function program(clauses: string, source?: string): Program {
  const { value, diagnostics } = read(clauses, source)
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return value
}

async function decide(of: Program, seed?: string): Promise<ReadonlyMap<string, Statement>> {
  const found = new Map<string, Statement>()
  const request = {
    program: of,
    root,
    toolVersion: '0',
    session: { threads: 1 },
    ...(seed === undefined ? {} : { seed }),
  }
  for await (const each of runDataStage(request))
    found.set(each.slice === 'all' ? each.clause : `${each.clause}[${each.slice}]`, each)
  return found
}

describe('every, on drawn rows', () => {
  test('without a failing row is an upper bound, and satisfied only where that meets the share asked for', async () => {
    const found = await decide(
      program(`  all: { of: d, every: x >= 0.0, sample: 1_000 }
  most: { of: d, every: x >= 0.0, mostly: 99%, sample: 1_000 }
  few: { of: d, every: x >= 0.0, mostly: 99%, sample: 200 }`),
    )
    const { high } = stats.clopperPearson(0, 1000, 0.95)
    expect(found.get('all')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'interval-straddles-bound',
      method: 'interval',
      n: 1000,
      failing: 0,
      sample: { rows: 1000, of: ROWS },
      failing_share: { low: 0, high, level: 0.95, method: 'clopper-pearson' },
      notes: [expect.stringMatching(/^Decided on 1000 rows drawn at random from 20000/)],
    })
    expect(found.get('most')).toMatchObject({ verdict: 'satisfied', failing_share: { high } })
    expect(found.get('few')).toMatchObject({ verdict: 'inconclusive', n: 200 })
  })

  test('a failing row disproves what is asked of every row; a share is disproved by the interval', async () => {
    const found = await decide(
      program(`  none: { of: d, every: y > 0, sample: 2_000 }
  most: { of: d, every: y > 0, mostly: 99.9%, sample: 20% }
  loose: { of: d, every: y > 0, mostly: 98%, sample: 20%, confidence: 90% }`),
    )
    expect(found.get('none')).toMatchObject({ verdict: 'violated', witnesses: expect.arrayContaining([]) })
    const most = found.get('most')
    expect(most).toMatchObject({ verdict: 'violated' })
    expect(found.get('loose')).toMatchObject({ verdict: 'satisfied', failing_share: { level: 0.9 } })
    if (most === undefined || !('witnesses' in most)) throw new Error('no witnesses')
    // Where a row is in the data, not in the sample.
    for (const { row } of most.witnesses ?? []) expect((row - 1) % 100).toBe(0)
  })

  test('slices share the level', async () => {
    const found = await decide(
      program('  it: { of: d, every: y > -2, mostly: 90%, sample: 5_000, slices: [low, high] }'),
    )
    for (const slice of ['low', 'high'])
      expect(found.get(`it[${slice}]`)).toMatchObject({ verdict: 'satisfied', failing_share: { level: 0.975 } })
  })

  test('as many rows as there are, or more, are no sample', async () => {
    const found = await decide(program('  it: { of: d.one, every: x >= 0.0, sample: 10_000 }'))
    expect(found.get('it')).toMatchObject({
      verdict: 'satisfied',
      method: 'scan',
      n: 10_000,
      sample: { rows: 10_000, of: 10_000 },
    })
    expect(found.get('it')).not.toHaveProperty('failing_share')
  })
})

describe('must, on drawn rows', () => {
  test('its numbers are estimates with intervals, although those of all rows would describe them', async () => {
    const found = await decide(
      program(`  whole: { of: d, must: 'mean(x) > 499.0 && mean(x) < 500.0' }
  drawn: { of: d, must: 'mean(x) > 400.0', sample: 2_000 }
  tight: { of: d, must: 'mean(x) > 499.0', sample: 500 }`),
    )
    expect(found.get('whole')).toMatchObject({ verdict: 'satisfied', method: 'exact' })
    expect(found.get('whole')).not.toHaveProperty('sample')
    expect(found.get('drawn')).toMatchObject({
      verdict: 'satisfied',
      method: 'interval',
      n: 2000,
      sample: { of: ROWS },
    })
    expect(found.get('tight')).toMatchObject({ verdict: 'inconclusive', reason: 'interval-straddles-bound' })
    const drawn = found.get('drawn')
    const interval = drawn !== undefined && 'terms' in drawn ? drawn.terms?.[0]?.interval : undefined
    expect(interval?.low).toBeLessThan(499.5)
    expect(interval?.high).toBeGreaterThan(499.5)
  })
})

describe('drawing', () => {
  test.each(['d.csv', 'd.parquet'])(
    'the same rows for the same data and size, others for another seed: %s',
    async (source) => {
      const one = program('  it: { of: d, must: mean(x) > 0.0, sample: 1_000 }', source)
      const two = program(
        '  other: { of: d, must: stddev(y) < 9.0, sample: 1_000 }\n  it: { of: d, must: mean(x) > 0.0, sample: 1_000 }',
        source,
      )
      const measured = (found: ReadonlyMap<string, Statement>) => {
        const it = found.get('it')
        return it !== undefined && 'measured' in it ? it.measured : undefined
      }
      const first = measured(await decide(one))
      expect(measured(await decide(one))).toBe(first)
      expect(measured(await decide(two))).toBe(first)
      expect(measured(await decide(one, 'another'))).not.toBe(first)
    },
  )

  test('each row is as likely as another, in each tenth of the file', async () => {
    const tenths = Array.from(
      { length: 10 },
      (_, k) => `  t${k}: { of: d, must: 'share(id >= ${k * 2000} && id < ${(k + 1) * 2000}) > 0.05', sample: 4_000 }`,
    )
    const found = await decide(program(tenths.join('\n')))
    // Four standard errors of a share of 0.1 among 4 000 rows.
    for (const [id, each] of found) {
      if (!id.startsWith('t')) continue
      const share = 'measured' in each ? Number(each.measured) : Number.NaN
      expect(Math.abs(share - 0.1), id).toBeLessThan(4 * Math.sqrt(0.09 / 4000))
    }
  })

  test('nothing is drawn where no clause says so', async () => {
    const found = await decide(
      program(
        `  a: { of: d, every: y > -2 }\n  b: { of: d, must: 'mean(x) > 0.0', confidence: 90% }\n  c: { of: d, must: 'psi(x, d.two) < 9.0' }`,
      ),
    )
    expect(found.size).toBeGreaterThan(3)
    for (const [id, each] of found) {
      expect(each, id).not.toHaveProperty('sample')
      expect(each, id).toMatchObject({ n: ROWS })
    }
  })
})

describe('check', () => {
  test.each([
    ["{ of: d, must: 'count() > 5', sample: 10% }", 'check/not-of-a-sample'],
    ["{ of: d, must: 'distinct(id) > 5 && mean(x) > 0.0', sample: 100 }", 'check/not-of-a-sample'],
    ["{ of: d, must: 'max(x) > 0.0', sample: 100 }", 'check/not-of-a-sample'],
    ['{ of: d, every: x > 0.0, sample: true }', 'check/not-for-form'],
    ['{ of: d, every: x > 0.0, confidence: 90% }', 'check/not-for-form'],
    ['{ of: d, every: x > 0.0, sample: 0 }', 'language/out-of-range'],
    ['{ of: d, every: x > 0.0, sample: 120% }', 'language/out-of-range'],
  ])('%s', (clause, code) => {
    const { value, diagnostics } = read(`  it: ${clause}`)
    expect(value).toBeUndefined()
    expect(diagnostics.map((each) => each.code)).toContain(code)
  })
})
