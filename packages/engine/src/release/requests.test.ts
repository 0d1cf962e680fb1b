import { digestOf, guardModule, stats } from '@plumbline/core'
import { createGuard, type Guard, type GuardRules, parseJson } from '@plumbline/guard'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CellValue, Row } from '../falsify/domain.ts'
import { edges, inputColumns, nextAfter, outside } from './columns.ts'
import { referenceOf } from './reference.ts'
import { generateRequests, type RealRow, type ReleaseRequests, targetsOf } from './requests.ts'
import { EVERY_KIND, plannedOf, programOf } from './testing/guarded-program.ts'
import { drawValidRows, isValid } from './valid-rows.ts'
import { wireRequest, wireText } from './wire.ts'

const program = programOf(EVERY_KIND)
const planned = plannedOf(program)
const reference = referenceOf(planned)
const SEED = digestOf('a seed')
const COUNTS = { real: 40, valid: 60, batch: 10, single: 5 }

/** Rows as a file might hold them; every seventh breaks a clause. */
function realRows(count: number): readonly RealRow[] {
  const random = stats.createRandom(SEED, 'rows')
  return Array.from({ length: count }, (_, i) => {
    const row = new Map<string, CellValue>([
      ['id', i + 1],
      ['amount', 100 + random.float() * 30_000],
      ['income', i % 5 === 0 ? null : 30_000 + random.float() * 100_000],
      ['months', 6 + random.int(60)],
      ['region', ['north', 'south', 'west'][random.int(3)] ?? ''],
      ['grade', [1, 2, 5][random.int(2)] ?? 1],
      ['insured', random.float() < 0.5],
      ['applied', 1_700_000_000_000_000 + random.int(1_000_000)],
      ['note', i % 3 === 0 ? null : `note ${i}`],
    ])
    if (i % 7 === 0) row.set('months', 3)
    return { position: i + 1, row }
  })
}

let made: ReleaseRequests
let guard: Guard
beforeAll(async () => {
  made = await generateRequests(program, reference, realRows(40), SEED, COUNTS)
  const module = (await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(guardModule(planned))}`
  )) as GuardRules
  guard = createGuard(module)
})

const wire = (row: Row): Record<string, CellValue> => Object.fromEntries(row)
const ids = (violations: readonly { readonly kind: string }[]): readonly string[] =>
  violations.flatMap((each) => ('clause' in each && typeof each.clause === 'string' ? [each.clause] : [])).toSorted()

describe('generated requests', () => {
  it('are the same for the same seed, and others for another', async () => {
    expect(await generateRequests(program, reference, realRows(40), SEED, COUNTS)).toEqual(made)
    const other = await generateRequests(program, reference, realRows(40), digestOf('another'), COUNTS)
    expect(other.requests.length).toBeGreaterThan(0)
    expect(other.requests.map(({ call }) => call)).not.toEqual(made.requests.map(({ call }) => call))
  })

  it('are of every kind, with ids of their own', () => {
    const kinds = Map.groupBy(made.requests, ({ kind }) => kind)
    expect([...kinds.keys()].toSorted()).toEqual(['boundary', 'malformed', 'real', 'valid', 'violation'])
    expect(new Set(made.requests.map(({ id }) => id)).size).toBe(made.requests.length)
    const sizes = new Set(made.requests.map(({ rows }) => rows.length))
    for (const size of [1, 2, 3, COUNTS.batch]) expect(sizes).toContain(size)
    const sent = made.requests.filter(({ kind }) => kind === 'real').flatMap(({ positions = [] }) => positions)
    expect(
      sent.toSorted((a, b) => a - b),
      'every actual row is sent once',
    ).toEqual(realRows(40).map(({ position }) => position))
  })

  it('violate each clause in each of its slices, and each type; nothing is left out in silence', () => {
    expect(made.unbitten).toEqual([])
    for (const { clause, slice } of targetsOf(reference, 'input')) {
      const own = made.requests.filter(({ aim }) => aim?.clause === clause.id && aim.slice === slice)
      expect(own.length, `${clause.id} in ${String(slice)}`).toBeGreaterThan(0)
      for (const { rows } of own) {
        const judged = rows.map((row) => reference.judgeInput(row))
        const named = judged.flatMap(({ enforced, flagged }) => [...enforced, ...flagged])
        expect(named).toContain(clause.id)
        const bad = judged.find(({ enforced, flagged }) => [...enforced, ...flagged].includes(clause.id))
        if (slice !== undefined && bad !== undefined) expect(reference.inSlice(clause, slice, bad.record)).toBe(true)
      }
    }
    const alone = (id: string): boolean =>
      made.requests.some(({ aim, rows: [row] }) => {
        const { enforced = [], flagged = [] } = aim?.clause === id && row !== undefined ? reference.judgeInput(row) : {}
        return enforced.length + flagged.length === 1
      })
    for (const id of [
      'affordable',
      'long-are-small',
      'insured-long',
      'worst-grade',
      'mostly-rich',
      'loans.months.range',
      'loans.region.values',
    ])
      expect(alone(id), `a row violates ${id} and nothing else`).toBe(true)
  })

  it('hold rows that violate nothing where they are called valid', () => {
    const valid = made.requests.filter(({ kind }) => kind === 'valid').flatMap(({ rows }) => rows)
    expect(valid.length).toBeGreaterThanOrEqual(COUNTS.valid)
    for (const row of valid) expect(isValid(reference, row)).toBe(true)
  })

  it('touch each edge of each column', () => {
    const touched = made.requests.filter(({ kind }) => kind === 'boundary').map(({ what }) => what)
    for (const edge of [
      'amount = 100',
      'amount = 50000',
      'months = 6',
      'months = 84',
      'region = "west"',
      'grade = 5',
      'insured = false',
      'income = null',
      'income = 0',
      'note = null',
    ])
      expect(touched).toContain(edge)
  })

  it('are judged alike by the reference evaluator and the compiled guard, cell by cell', () => {
    const rows = made.requests.flatMap(({ rows: each }) => each)
    const columns = inputColumns(program, planned.plan, [])
    const [base] = made.valid
    if (base === undefined) throw new Error('no valid row')
    const odd = columns.flatMap((column) =>
      [...outside(column), ...edges(column), 0.5, 'x', true, -0, 2 ** 60, 1e17, -62_135_596_800_000_100].map((cell) =>
        new Map(base).set(column.name, cell),
      ),
    )
    let violating = 0
    for (const row of [...rows, ...odd]) {
      const mine = reference.judgeInput(row)
      const theirs = guard.judgeInput(wire(row))
      expect([mine.enforced.toSorted(), mine.flagged.toSorted(), mine.refused], JSON.stringify(wire(row))).toEqual([
        ids(theirs.enforced),
        ids(theirs.flagged),
        theirs.refused.length > 0,
      ])
      if (mine.enforced.length + mine.flagged.length > 0) violating++
    }
    expect(violating).toBeGreaterThan(100)
  })

  it('carry every number exactly, whole ones beyond 2^53 with an exponent', () => {
    const numbers = [1e17, -(2 ** 60), 2 ** 53, 1e300, 123456789.25, 0, 5e-324, 2 ** 53 - 1]
    const rows = numbers.map(
      (income) =>
        new Map<string, CellValue>([
          ['income', income],
          ['note', 'number:1'],
        ]),
    )
    const text = wireText(wireRequest(planned.plan, 'x', rows))
    const read = JSON.parse(text) as { inputs: readonly { name: string; data: readonly unknown[] }[] }
    expect(read.inputs.find(({ name }) => name === 'income')?.data).toEqual(numbers)
    expect(read.inputs.find(({ name }) => name === 'note')?.data[0]).toBe('number:1')
    expect(parseJson(text), 'and a strict reader takes them').toMatchObject({ ok: true })
  })

  it('hold answers to the output clauses as the compiled guard does', () => {
    const random = stats.createRandom(SEED, 'answers')
    const cells = { risk: [0, 0.39, 0.4, 0.5, 0.95, 1, 1.5, -1, null], band: ['low', 'high', 'none', null] }
    const seen = new Set<string>()
    for (let i = 0; i < 2000; i++) {
      const row = made.valid[random.int(made.valid.length)] as Row
      const risk = cells.risk[random.int(cells.risk.length)] ?? null
      const band = cells.band[random.int(cells.band.length)] ?? null
      const { record } = reference.judgeInput(row)
      const answers = new Map<string, number | string | null>([
        ['risk', risk],
        ['band', band],
      ])
      const decided = reference.decide(record, answers, 'model')
      const mine = reference.judgeOutput(record, decided)
      const input = guard.judgeInput(wire(row)).row
      if (input === undefined) throw new Error('no row')
      const theirs = guard.judgeOutput(input, { risk, band })
      expect([mine.enforced.toSorted(), mine.flagged.toSorted()]).toEqual([ids(theirs.enforced), ids(theirs.flagged)])
      expect(decided.get('decision') ?? null).toBe(theirs.row?.['decision'] ?? null)
      for (const id of mine.enforced) seen.add(id)
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(['decided-high', 'cautious', 'champion.risk.range', 'champion.band.values']),
    )
  })

  it('need no data: bounds alone are enough for all but texts', async () => {
    const without = await generateRequests(program, reference, [], SEED, COUNTS)
    expect(without.valid.length).toBeGreaterThanOrEqual(COUNTS.valid)
    expect(without.unbitten).toEqual([])
    expect(without.requests.some(({ kind }) => kind === 'malformed')).toBe(true)
  })

  it('say of a clause that nothing violates that nothing does', async () => {
    const text = `${EVERY_KIND}  always: { says: a, of: requests, every: "amount < 100.0 || amount >= 100.0", missing: pass }\n`
    const other = programOf(text)
    const { unbitten } = await generateRequests(other, referenceOf(plannedOf(other)), realRows(20), SEED, COUNTS)
    expect(unbitten).toMatchObject([{ clause: 'always', slice: undefined }])
    expect(unbitten[0]?.tried).toBeGreaterThan(1000)
  })
})

describe('rows of a narrow domain', () => {
  it('are found by starting from actual ones', () => {
    const text = `${EVERY_KIND}  narrow: { says: a, of: requests, every: "income > 5.0 * amount && income < 5.5 * amount" }\n`
    const other = referenceOf(plannedOf(programOf(text)))
    const rows = realRows(40).map(({ row }) => new Map(row).set('income', Number(row.get('amount')) * 5.2))
    const columns = inputColumns(program, planned.plan, rows)
    const drawn = drawValidRows({ columns, reference: other, real: rows }, 20, stats.createRandom(SEED, 'narrow'))
    expect(drawn.length).toBe(20)
    for (const row of drawn) expect(isValid(other, row)).toBe(true)
  })

  it('the next double is next', () => {
    for (const x of [1, -1, 0, 1e300, -2.5, Number.MIN_VALUE]) {
      expect(nextAfter(x, 1)).toBeGreaterThan(x)
      expect(nextAfter(x, -1)).toBeLessThan(x)
      expect(nextAfter(nextAfter(x, 1), -1)).toBe(x)
    }
  })
})
