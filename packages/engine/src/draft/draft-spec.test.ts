import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, stats, type Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { draftSpec, type SpecDraft } from './draft-spec.ts'
import { csvOf, FAULTS, orders } from './testing/population.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-draft-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const session = { threads: 1 }

async function draftOf(files: Readonly<Record<string, string>>): Promise<SpecDraft> {
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text)
  const found = await draftSpec({ root, paths: Object.keys(files), toolVersion: '0', session })
  if (!found.ok) throw new Error(JSON.stringify(found.failure))
  return found.value
}

/** The clauses that are not satisfied on the files as they are now. */
async function unmet(program: Program): Promise<readonly string[]> {
  const statements: Statement[] = []
  for await (const each of runDataStage({ program, root, toolVersion: '0', session })) statements.push(each)
  return statements.filter(({ verdict }) => verdict !== 'satisfied').map(({ clause }) => clause)
}

const ROWS = 4000

describe('a draft', () => {
  test('finds what the population was made from', async () => {
    const { program, parts, text } = await draftOf({ 'orders.csv': csvOf(orders(ROWS, 'drafted')) })
    const ids = new Set(program.clauses.map(({ id }) => id))
    for (const id of [
      'sum-net-tax-total',
      'missing-together-rating-comment',
      'looks-customer',
      'together-items-weight',
      'mean-net',
      'share-channel',
      'orders.order_id.required',
      'orders.key',
    ])
      expect(ids, id).toContain(id)
    expect(program.clauses.find(({ id }) => id === 'looks-customer')?.says).toContain('UUID')
    // A tail that thins out has no hard end; a share of rows may lie beyond what was seen.
    expect(parts[0]?.drafted.columns.get('net')?.mostly).toMatch(/^99/)
    expect(parts[0]?.drafted.columns.get('items')?.mostly).toBeUndefined()
    expect(program.clauses.every(({ severity, origin }) => severity === 'warn' && origin !== 'authored')).toBe(true)
    expect(text).toMatch(/rationale: "?4 000 of 4 000 rows/)
  })

  test('every clause holds in at least 95 % of resamples and on the held-out part, and says so', async () => {
    const { parts } = await draftOf({ 'orders.csv': csvOf(orders(ROWS, 'drafted')) })
    const clauses = parts.flatMap(({ drafted }) => drafted.clauses)
    expect(clauses.length).toBeGreaterThan(20)
    for (const { id, support, because } of clauses) {
      if (support === undefined) expect(because, id).toMatch(/\d/)
      else {
        expect(support.resamples.held / support.resamples.of, id).toBeGreaterThanOrEqual(0.95)
        expect(support.heldOut.rows / ROWS, id).toBeCloseTo(0.3, 1)
      }
    }
  })

  test('holds on tables drawn again from the same population', async () => {
    const { program } = await draftOf({ 'orders.csv': csvOf(orders(ROWS, 'drafted')) })
    let broken = 0
    const draws = 8
    for (let draw = 0; draw < draws; draw++) {
      await writeFile(join(root, 'orders.csv'), csvOf(orders(ROWS, `again ${draw}`)))
      broken += (await unmet(program)).length
    }
    // Of some 70 clauses on 8 tables.
    expect(broken / (draws * program.clauses.length)).toBeLessThanOrEqual(0.002)
  })

  test('notices planted faults', async () => {
    const { program } = await draftOf({ 'orders.csv': csvOf(orders(ROWS, 'drafted')) })
    const missed: string[] = []
    for (const fault of FAULTS) {
      const random = stats.createRandom('faults', fault.name)
      await writeFile(join(root, 'orders.csv'), csvOf(fault.plant(orders(ROWS, `faulty ${fault.name}`), random)))
      if ((await unmet(program)).length === 0) missed.push(fault.name)
    }
    expect(missed).toEqual([])
  })

  test('several files: references between them, and names that do not meet', async () => {
    const shops = ['shop_id,town', ...Array.from({ length: 60 }, (_, i) => `${i + 1},Town ${i % 7}`)].join('\n')
    const sales = [
      'sale_id,shop_id,amount',
      ...Array.from({ length: 900 }, (_, i) => `${i + 1},${1 + (i % 60)},${(i * 37) % 500}`),
    ].join('\n')
    const { program } = await draftOf({ 'shops.csv': `${shops}\n`, 'sales.csv': `${sales}\n` })
    const reference = program.clauses.find(({ id }) => id === 'reference-sales-shop_id')
    expect(reference).toMatchObject({ form: 'must', text: 'orphans(shop_id, shops, shop_id) == 0' })
    expect(program.clauses.map(({ id }) => id)).toContain('sales-enough-rows')
    await writeFile(join(root, 'sales.csv'), `${sales}\n901,77,3\n`)
    expect(await unmet(program)).toContain('reference-sales-shop_id')
  })

  test('splits, leaks, and drift by time are named', async () => {
    const random = stats.createRandom('seasons', '1')
    const lines = ['at,temperature,is_test,target,refund']
    for (let i = 0; i < 2000; i++) {
      const target = random.float() < 0.3 ? 1 : 0
      const day = new Date(Date.UTC(2025, 0, 1) + i * 3_600_000).toISOString()
      lines.push(
        [day, (i / 100 + random.normal()).toFixed(2), random.float() < 0.25 ? 1 : 0, target, target * 40].join(','),
      )
    }
    const { parts, program } = await draftOf({ 'seasons.csv': `${lines.join('\n')}\n` })
    const questions = parts[0]?.drafted.questions.join('\n')
    expect(questions).toMatch(/leak\? "refund" alone nearly tells "target"/)
    expect(questions).toMatch(/drift: .*by "at", temperature \(PSI/)
    expect(program.datasets[0]?.splits.map(({ name }) => name)).toEqual(['train', 'test'])
    expect(program.clauses.map(({ id }) => id)).not.toContain('mean-temperature')
  })
})

describe('hostile files give a draft that holds on them', () => {
  const rows = (n: number, cells: (i: number) => string): string =>
    Array.from({ length: n }, (_, i) => cells(i)).join('\n')
  const cases: Readonly<Record<string, string>> = {
    'one column': `a\n${rows(300, (i) => String(i % 7))}\n`,
    'one row': 'a,b\n1,x\n',
    'two rows': 'a,b\n1,x\n2,y\n',
    'all missing beside one column': `a,b\n${rows(200, (i) => `,${i}`)}\n`,
    'all missing': `a,b\n${rows(60, () => ',')}\n`,
    'one row, all missing': 'a,b\n,\n',
    'all constant': `a,b\n${rows(200, () => '1,x')}\n`,
    'names of no language': `__proto__,"a ""b""",in,"x
y",Ünïcode 🎈,row,"'; DROP TABLE x",1\n${rows(200, (i) => `${i % 9},${i},${i % 5},x,${i * 3},2,z${i},${i / 8}`)}\n`,
    'names that differ in case': `A,a\n${rows(100, (i) => `${i},${i * 2}`)}\n`,
    'two hundred columns': `${Array.from({ length: 200 }, (_, k) => `c${k}`).join(',')}\n${rows(120, (i) => Array.from({ length: 200 }, (_, k) => (k % 3 === 0 ? `t${(i * k) % 11}` : (i * (k + 1)) % 97)).join(','))}\n`,
    'numbers at their ends': `a,b,c\n${rows(200, (i) => `${i % 2 === 0 ? '9223372036854775807' : '-9223372036854775808'},${i % 2 === 0 ? '1e308' : '-1e308'},${i === 7 ? 'inf' : i}`)}\n`,
    'tiny and huge beside each other': `a,b\n${rows(300, (i) => `${i % 3 === 0 ? 1e-300 * i : 1e15 + i},${i * 1e9}`)}\n`,
    'texts that look like code': `a,b\n${rows(200, (i) => `"${['${HOME}', '{{x}}', "'--", '\\n', '#'][i % 5]}",${i % 4}`)}\n`,
  }
  test.each(Object.entries(cases))('%s', async (_, text) => {
    const { program } = await draftOf({ 'hostile.csv': text })
    expect(await unmet(program)).toEqual([])
  })

  test('an empty file, and one without rows, say so', async () => {
    for (const text of ['', 'a,b\n']) {
      await writeFile(join(root, 'empty.csv'), text)
      const found = await draftSpec({ root, paths: ['empty.csv'], toolVersion: '0', session })
      expect(found.ok ? 'ok' : found.failure.code).toMatch(/^(empty-file|no-rows)$/)
    }
  })
})
