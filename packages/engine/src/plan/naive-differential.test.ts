import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Clause,
  type Expr,
  type Program,
  type Statement,
  sql,
  stats,
  type TermValue,
  textLiteral,
} from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { keptIn } from '../states/testing/days.ts'
import { judge, naive, naiveEvery, numbersOf, type Row, valueOn } from '../testing/naive.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { csvOf, randomRows, tableColumns } from '../testing/random-tables.ts'

/** Each of the conditions, policies and shares is drawn by dozens of them; a night may ask more. */
const TABLES = Number(process.env['PLUMB_FUZZ_PLAN_TABLES'] ?? 800)
/** Tables in files that are measured one by one and merged. */
const PARTED_BATCH = 40
const PARTED = Number(process.env['PLUMB_FUZZ_PARTED_TABLES'] ?? PARTED_BATCH)
const SEED = process.env['PLUMB_FUZZ_SEED'] ?? ''
const BATCH = 100
const CONDITIONS = [
  'i >= 0',
  'x < y',
  'i + j > 0',
  'i * j <= 10',
  'x / y > 0.5',
  '!(i > 2)',
  'b && x > 0.0',
  'b || i == 1',
  'c in ["red", "blue"]',
  'c == null || i > 0',
  'x != null',
  'has(s) && s.size() > 0',
  's.contains("a")',
  's.matches("^[a-z]+$")',
  'k == 2 ? x > 0.0 : i > 0',
  'int(x) < 3',
  'x * x * 1.0e200 < 1.0',
  'at < timestamp("2000-01-01T00:00:00Z")',
  'math.abs(i) < 4',
  'double(i) <= x',
] as const
const SLICES: Readonly<Record<string, string>> = { all: '', pos: 'x > 0.0', red: 'c == "red"', sum: 'i + j > 0' }
const SHARES = ['1', '0.5', '0.9', '0.333'] as const
const POLICIES = ['fail', 'pass', 'exclude'] as const

const MUSTS = [
  'count() >= 0 && distinct(i) >= 0 && distinct(s) >= 0 && distinct(x) >= 0 && null_share(x) >= 0.0 && duplicates(k, c) >= 0 && duplicates(b) >= 0',
  'min(i) <= max(i) && min(x) <= max(x) && min(s) <= max(s)',
  'mean(x) >= 0.0 && mean(i) >= 0.0 && median(x) >= 0.0 && quantile(i, 0.3) >= 0.0 && quantile(x, 0.9) >= 0.0',
  'variance(x) >= 0.0 && stddev(y) >= 0.0 && correlation(x, y) >= -0.5 && variance(j) >= 0.0',
  'share(x > 0.0) >= 0.0 && share(i + j > 0) >= 0.0 && share(b) >= 0.0',
] as const
const RISKY = ['sum(i) >= 0', 'sum(x) >= 0.0', 'mean(x * y) >= 0.0', 'sum(i * j) >= 0', 'max(x / y) >= 0.0'] as const

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-naive-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

type Format = 'csv' | 'parquet'

/** What decides the clauses of a program over the rows of a batch. */
type Decide = (tables: Map<string, readonly Row[]>, programOf: (path: string) => Program) => AsyncIterable<Statement>

/** All rows in one file, read at once. */
const scanned = (first: number, format: Format): Decide =>
  async function* (tables, programOf) {
    const path = `batch-${first}.${format}`
    await writeTables([...tables.values()].flat(), path, format)
    yield* runDataStage({ program: programOf(path), root, toolVersion: '0', session: { threads: 1 } })
  }

/** The rows in several files, of which the last comes after the others were measured; `merged` hears how much was decided so. */
const parted = (first: number, format: Format, merged: (questions: number) => void): Decide =>
  async function* (tables, programOf) {
    const random = stats.createRandom('parts', `${SEED}${first}`)
    const parts: Row[][] = Array.from({ length: 2 + random.int(5) }, () => [])
    for (const row of [...tables.values()].flat()) parts[random.int(parts.length)]?.push(row)
    // A loop over the rows takes them in the order of the files: a sum may leave float64 in one order and not in another.
    const ordered = [...parts.slice(1), ...parts.slice(0, 1)].flat()
    for (const name of tables.keys())
      tables.set(
        name,
        ordered.filter((row) => `t${row.get('t')}` === name),
      )
    const folder = `parts-${first}`
    await mkdir(join(root, folder))
    const program = programOf(`${folder}/*.${format}`)
    const states = keptIn(join(root, `${folder}-states`))
    const request = { program, root, toolVersion: '0', session: { threads: 1 }, states }
    for (const [at, part] of parts.slice(1).entries()) await writeTables(part, `${folder}/part-${at}.${format}`, format)
    for await (const statement of runDataStage(request)) expect(statement.verdict).not.toBe('skipped')
    await writeTables(parts[0] ?? [], `${folder}/part-last.${format}`, format)
    yield* runDataStage({
      ...request,
      onEvent: (event) => {
        if (event.kind !== 'partitions-measured') return
        expect(event.measured).toEqual([`${folder}/part-last.${format}`])
        merged(event.merged)
      },
    })
  }

/** Compares everything the statements of one batch say with loops over its rows. */
async function batch(first: number, size: number, decide: Decide): Promise<number> {
  const random = stats.createRandom('tables', `${SEED}${first}`)
  const tables = new Map<string, readonly Row[]>()
  for (let t = first; t < first + size; t++) tables.set(`t${t}`, randomRows(t, random))
  const clauses = [...tables.keys()].flatMap((name, at) => clausesOf(name, at, random, [...tables.keys()]))
  const byId = new Map<string, Clause>()
  const programOf = (path: string): Program => {
    const source = { path, format: path.endsWith('csv') ? 'csv' : 'parquet' } as const
    const splits = Object.fromEntries([...tables.keys()].map((name) => [name, `t == ${name.slice(1)}`]))
    const program = buildProgram([{ name: 'd', source, columns: tableColumns, key: ['t', 'i'], splits }], clauses)
    for (const clause of program.clauses) byId.set(clause.id, clause)
    return program
  }
  let checked = 0
  for await (const statement of decide(tables, programOf)) {
    const clause = byId.get(statement.clause)
    const rows = tables.get(statement.relation.slice(2)) ?? []
    const slice = clause?.slices.find((each) => each.name === statement.slice)?.condition ?? null
    const picked = slice === null ? rows : rows.filter((row) => judge(slice, row) === true)
    const lost = slice === null ? 0 : rows.filter((row) => typeof judge(slice, row) === 'string').length
    const label = `${statement.clause} [${statement.slice}] ${clause?.form === 'every' && clause.condition.kind === 'expr' ? clause.condition.text : clause?.form === 'must' ? clause.text : ''}`
    if (clause?.form === 'every' && clause.condition.kind === 'expr') {
      compareEvery(statement, clause.condition.expr, clause.missing, clause.mostly, picked, lost, label)
    } else if (clause?.form === 'must') {
      compareMust(statement, clause.must.terms, picked, slice, tables, label)
    }
    checked++
  }
  expect(checked).toBe(clauses.reduce((sum, clause) => sum + Object.keys(clause.slices ?? { all: '' }).length, 0))
  return checked
}

async function writeTables(rows: readonly Row[], path: string, format: 'csv' | 'parquet'): Promise<void> {
  const csv = join(root, `${path}.csv`)
  await writeFile(format === 'csv' ? join(root, path) : csv, csvOf(rows))
  if (format === 'csv') return
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const made = await session.value.query(
    sql`COPY (SELECT * FROM read_csv(${textLiteral(csv)}, auto_detect=false, header=true, delim=',', quote='"', escape='"',
      columns={t: 'INTEGER', i: 'BIGINT', j: 'BIGINT', x: 'DOUBLE', y: 'DOUBLE', b: 'BOOLEAN', c: 'VARCHAR', k: 'TINYINT', s: 'VARCHAR', "at": 'TIMESTAMPTZ'}))
      TO ${textLiteral(join(root, path))} (FORMAT parquet)`,
  )
  session.value.close()
  if (!made.ok) throw new Error(made.error.message)
}

function clausesOf(table: string, at: number, random: stats.Random, names: readonly string[]): TestClause[] {
  const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T
  const of = `d.${table}`
  const other = `d.${names[(at + 1) % names.length]}`
  const slices = Object.fromEntries(Object.entries(SLICES).filter(([name]) => name === 'all' || random.int(5) === 0))
  return [
    { id: `${table}-a`, of, every: pick(CONDITIONS), missing: pick(POLICIES), mostly: pick(SHARES), slices },
    { id: `${table}-b`, of, every: pick(CONDITIONS), missing: pick(POLICIES), mostly: pick(SHARES) },
    { id: `${table}-c`, of, must: pick(MUSTS), slices },
    { id: `${table}-d`, of, must: pick(RISKY) },
    ...(random.int(2) === 0 ? [] : [compared(table, other, pick, random)]),
  ]
}

/** A clause about two tables. */
function compared(
  table: string,
  other: string,
  pick: (items: readonly string[]) => string,
  random: stats.Random,
): TestClause {
  return {
    id: `${table}-e`,
    of: `d.${table}`,
    confidence: 'none',
    must: pick([
      `psi(x, ${other}) >= 0.0 && js(i, ${other}) >= 0.0`,
      `ks(x, ${other}) >= 0.0`,
      `psi(c, ${other}) >= 0.0 && js(k, ${other}) >= 0.0 && psi(b, ${other}) >= 0.0`,
      `overlap(d.${table}, ${other}, s) >= 0 && overlap(d.${table}, ${other}, i) >= 0`,
    ]),
    slices: random.int(3) === 0 ? { all: '', pos: 'x > 0.0' } : { all: '' },
  }
}

function compareEvery(
  statement: Statement,
  condition: Expr,
  missing: 'fail' | 'pass' | 'exclude',
  mostly: string,
  rows: readonly Row[],
  lost: number,
  label: string,
): void {
  const counts = naiveEvery(rows, condition, missing)
  expect(statement, label).toMatchObject({ ...counts, unassigned_rows: lost })
  const [, decimals = ''] = mostly.split('.')
  const scale = 10 ** decimals.length
  const enough = (counts.n - counts.failing) * scale >= Math.round(Number(mostly) * scale) * counts.n
  expect(statement.verdict, label).toBe(counts.n === 0 ? 'inconclusive' : enough ? 'satisfied' : 'violated')
  if ('witnesses' in statement) {
    expect(statement.witnesses?.length, label).toBe(Math.min(counts.failing, enough ? 5 : 20))
  }
}

type Terms = readonly {
  readonly fn: string
  readonly args: readonly {
    readonly kind: string
    readonly name?: string
    readonly expr?: Expr
    readonly value?: number
    readonly relation?: string
  }[]
  readonly expression: string
}[]

function compareMust(
  statement: Statement,
  terms: Terms,
  rows: readonly Row[],
  slice: Expr | null,
  tables: ReadonlyMap<string, readonly Row[]>,
  label: string,
): void {
  const expected = terms.map((term) => naiveTerm(term, rows, slice, tables))
  if (expected.some((each) => each === 'error')) {
    expect(statement, label).toMatchObject({ verdict: 'error', reason: 'evaluation-failed' })
    return
  }
  const found = 'terms' in statement ? (statement.terms ?? []) : []
  expect(found.length, `${label} ${JSON.stringify(statement, (_, v) => (typeof v === 'bigint' ? `${v}` : v))}`).toBe(
    terms.length,
  )
  terms.forEach((term, i) => {
    const [value, missing] = expected[i] as readonly [unknown, number]
    compareTerm(found[i] as TermValue, value, missing, `${label} ${term.expression}`)
  })
}

function compareTerm(found: TermValue, value: unknown, missing: number, label: string): void {
  expect(found.missing, `${label} missing`).toBe(missing)
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    expect(found.value, label).toBe(value ?? null)
    return
  }
  const number = Number(found.value)
  expect(found.value, label).not.toBe(null)
  expect(Math.abs(number - value), `${label}: ${number} for ${value}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(value)),
  )
}

/** Value and missing cells of a term by a loop; 'error' where a row ends in an error other than missing. */
function naiveTerm(
  term: Terms[number],
  rows: readonly Row[],
  slice: Expr | null,
  tables: ReadonlyMap<string, readonly Row[]>,
): readonly [unknown, number] | 'error' {
  const [first, second, third] = term.args
  const cells = (name: string, of: readonly Row[] = rows) => of.map((row) => row.get(name) ?? null)
  const picked = (name: string) =>
    (tables.get(name.slice(2)) ?? []).filter((row) => slice === null || judge(slice, row) === true)
  const text = (cell: unknown) =>
    JSON.stringify(cell, (_, v) =>
      typeof v === 'bigint' ? `${v}n` : Object.is(v, -0) ? 0 : v === Infinity ? 'inf' : v === -Infinity ? '-inf' : v,
    )
  switch (term.fn) {
    case 'count':
      return [rows.length, 0]
    case 'distinct': {
      const all = cells(first?.name ?? '')
      const present = all.filter((cell) => cell !== null)
      return [new Set(present.map(text)).size, all.length - present.length]
    }
    case 'null_share': {
      const missing = cells(first?.name ?? '').filter((cell) => cell === null).length
      return [rows.length === 0 ? null : missing / rows.length, missing]
    }
    case 'duplicates': {
      const keys = rows.map((row) => text(term.args.map((arg) => row.get(arg.name ?? '') ?? null)))
      return [keys.filter((key) => keys.filter((other) => other === key).length > 1).length, 0]
    }
    case 'share': {
      const verdicts = rows.map((row) => judge(first?.expr as Expr, row))
      const missing = verdicts.filter((verdict) => verdict === 'missing').length
      return [rows.length === 0 ? null : verdicts.filter((verdict) => verdict === true).length / rows.length, missing]
    }
    case 'overlap': {
      const left = new Set(
        cells(third?.name ?? '', picked(first?.relation ?? ''))
          .filter((cell) => cell !== null)
          .map(text),
      )
      const right = new Set(
        cells(third?.name ?? '', picked(second?.relation ?? ''))
          .filter((cell) => cell !== null)
          .map(text),
      )
      return [[...left].filter((each) => right.has(each)).length, 0]
    }
    case 'psi':
    case 'js':
    case 'ks':
      return naiveDistance(
        term.fn,
        cells(first?.name ?? '', picked(second?.relation ?? '')),
        cells(first?.name ?? ''),
        first?.name ?? '',
      )
    default:
      return naiveNumber(term, rows)
  }
}

function naiveDistance(
  fn: 'psi' | 'js' | 'ks',
  reference: readonly unknown[],
  window: readonly unknown[],
  column: string,
) {
  const lacking = (side: readonly unknown[]) => side.filter((cell) => cell === null).length
  const missing = lacking(reference) + lacking(window)
  const declared = tableColumns.find((each) => each.name === column)
  const values = declared?.type === 'boolean' ? [false, true] : declared?.values
  if (values !== undefined) {
    const counts = (side: readonly unknown[]) => [
      ...values.map((code) => side.filter((cell) => String(cell) === String(code)).length),
      lacking(side),
    ]
    return [naive[fn as 'psi'](counts(reference), counts(window)) ?? null, missing] as const
  }
  const [a, b] = [numbersOf(reference as never), numbersOf(window as never)]
  if (fn === 'ks') return [naive.ks(a, b) ?? null, missing] as const
  return [naive[fn](naive.bins(a, a, lacking(reference)), naive.bins(a, b, lacking(window))) ?? null, missing] as const
}

function naiveNumber(term: Terms[number], rows: readonly Row[]): readonly [unknown, number] | 'error' {
  const exprs = term.args.flatMap((arg) => (arg.expr === undefined ? [] : [arg.expr]))
  const pairs = rows.map((row) => exprs.map((expr) => valueOn(expr, row)))
  if (pairs.flat().some((value) => typeof value === 'symbol')) return 'error'
  const present = pairs.filter((pair) => pair.every((value) => value !== null))
  const missing = rows.length - present.length
  const first = present.map((pair) => pair[0] as bigint | number | string)
  const x = first.map(Number)
  const y = present.map((pair) => Number(pair[1]))
  if (present.length === 0) return [null, missing]
  const q = term.fn === 'median' ? 0.5 : (term.args[1]?.value ?? 0)
  const variance = naive.variance(x)
  switch (term.fn) {
    case 'sum': {
      if (typeof first[0] !== 'bigint') return [nanIsNull(x.reduce((a, b) => a + b, 0)), missing]
      const sum = (first as bigint[]).reduce((a, b) => a + b, 0n)
      return BigInt.asIntN(64, sum) === sum ? [Number.isSafeInteger(Number(sum)) ? Number(sum) : sum, missing] : 'error'
    }
    case 'min':
    case 'max': {
      const least = first.reduce((a, b) => (before(b, a) === (term.fn === 'min') && b !== a ? b : a))
      return [typeof least === 'bigint' && Number.isSafeInteger(Number(least)) ? Number(least) : least, missing]
    }
    case 'mean':
      // Whole numbers are added exactly: int64 edges must cancel.
      return [typeof first[0] === 'bigint' ? exactMean(first as bigint[]) : (naive.mean(x) ?? null), missing]
    case 'variance':
      return [bounded(variance), missing]
    case 'stddev':
      return [variance === undefined ? null : bounded(Math.sqrt(variance)), missing]
    case 'correlation':
      return [naive.correlation(x, y) ?? null, missing]
    default:
      return [naive.quantile(x, q) ?? null, missing]
  }
}

const exactMean = (values: readonly bigint[]) => {
  const scaled = (values.reduce((a, b) => a + b, 0n) * 10n ** 20n) / BigInt(values.length)
  return Number(scaled) / 1e20
}
const nanIsNull = (value: unknown) => (Number.isNaN(value) ? null : value)
const bounded = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? null : value)

function before(a: bigint | number | string, b: bigint | number | string): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return a < b
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
}

const formatOf = (at: number): Format => (at % 2 === 0 ? 'csv' : 'parquet')

describe('the plan against a naive row loop', () => {
  test.each(Array.from({ length: TABLES / BATCH }, (_, i) => i * BATCH))('tables from %i', async (first) => {
    const checked = await batch(first, BATCH, scanned(first, formatOf(first / BATCH)))
    expect(checked).toBeGreaterThanOrEqual(BATCH * 4)
  })

  const partedBatches = Array.from({ length: PARTED / PARTED_BATCH }, (_, i) => i * PARTED_BATCH)
  test.each(partedBatches)('tables in files from %i', async (first) => {
    let merged = 0
    const decide = parted(first, formatOf(first / PARTED_BATCH), (questions) => (merged = questions))
    const checked = await batch(first, PARTED_BATCH, decide)
    expect(checked).toBeGreaterThanOrEqual(PARTED_BATCH * 4)
    expect(merged).toBeGreaterThan(checked / 2)
  })
})
