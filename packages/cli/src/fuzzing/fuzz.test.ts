import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duckdbFunctions, type Implementation, marginImplementation } from '@plumbline/core'
import { openSession } from '@plumbline/engine'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaJudge } from '../../../../tests/support/schemas.ts'
import { describeWithServer } from '../../../../conformance/differential/postgresql/with-server.ts'
import { duckdbImplementation } from '../../../engine/src/fuzz/duckdb.ts'
import { nodeJavascript } from '../../../engine/src/fuzz/javascript.ts'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { createStyle } from '../terminal/style.ts'
import { type FuzzOptions, fuzz, fuzzWith } from '../verbs/fuzz.ts'
import { openImplementations } from './open-implementations.ts'
import type { FuzzResult } from './result.ts'

const SPEC = `plumbline: 1
system: { name: fuzzed, version: 1.0.0 }
data:
  people:
    source: people.csv
    columns:
      age: { type: integer, range: [0, 120] }
      income: { type: number, range: [0, 1000000], optional: true }
      name: { type: text }
      seen: { type: timestamp }
      sex: { type: category, values: { 1: male, 2: female } }
slices:
  young: age < 25
clauses:
  adults: { says: Adults only., of: people, every: age >= 18, slices: [young] }
  earns: { says: Income by age., of: people, every: "!has(income) || income <= 1000.0 * double(age) + 0.5", missing: pass }
  names: { says: Names are words., of: people, every: 'name.matches("^[A-Z][a-z]+$") && size(name) < 40' }
  recent: { says: Seen lately., of: people, every: 'seen - duration("24h") > timestamp("2024-03-10T07:00:00Z") || sex in [1, 2]' }
  mostly-men: { says: A share., of: people, must: "share(sex == 1 && age > 30) > 0.1" }
`

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-fuzz-'))
  await mkdir(root, { recursive: true })
  await writeFile(join(root, 'plumb.yaml'), SPEC)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const options: FuzzOptions = { rows: 250, seed: 'test' }

/** A context that keeps what is said. */
function speaking(json = false, signal = new AbortController().signal) {
  const said = { out: '', progress: 0 }
  const context: CommandContext = {
    host: nodeHost(),
    root,
    params: {},
    json,
    style: createStyle(false),
    out: (text) => void (said.out += text),
    err: (text) => void (said.out += text),
    progress: () => void said.progress++,
    interactive: false,
    signal,
    toolVersion: '0.0.0',
  }
  return { context, said }
}

/** DuckDB in which `<=` of numbers is `<`, beside the true others. */
const planted: typeof openImplementations = async () => {
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.message)
  const functions = { ...duckdbFunctions, le_double: duckdbFunctions.lt_double }
  const duckdb = duckdbImplementation(session.value, { folded: 1 }, { functions })
  const implementations = [nodeJavascript(), duckdb, marginImplementation()]
  return { ok: true, value: { implementations, close: async () => session.value.close() } }
}

describe('plumb fuzz', () => {
  test('finds no disagreement in a spec, and says what it compared and what it did not', async () => {
    const { context, said } = speaking()
    expect(await fuzz(context, [], { ...options })).toBe(EXIT.ok)
    expect(said.out).toMatch(/✓ no disagreement in .* pairs \(\d+ expressions, [3-9]\d % of rows hostile, seed test\)/)
    expect(said.out).toMatch(/duckdb +[\d ]+ pairs of/)
    expect(said.out).toContain('not compared: people.age.type')
    expect(said.progress).toBeGreaterThan(1)
  })

  test('a planted bug is found, minimised, printed with clause and row, and kept as a case', async () => {
    const { context, said } = speaking()
    expect(await fuzzWith(planted, context, { ...options, cases: 'cases' })).toBe(EXIT.violated)
    expect(said.out).toMatch(/✗ .*earns.*: duckdb differs from the reference/)
    expect(said.out).toMatch(/smallest +income <= /)
    expect(said.out).toMatch(/row +"income" = double 0/)
    expect(said.out).toMatch(/reference +true\n/)
    expect(said.out).toMatch(/duckdb +false\n/)
    const names = await readdir(join(root, 'cases'))
    expect(names.length).toBeGreaterThan(0)
    const text = await readFile(join(root, 'cases', names[0] ?? '', 'case.json'), 'utf8')
    expect(JSON.parse(text)).toMatchObject({
      expected: { value: true },
      found: { duckdb: 'false', javascript: 'true' },
    })
  })

  test('--json fits its schema, and the same seed says the same', async () => {
    const few = { ...options, rows: 80 }
    const [first, second] = [speaking(true), speaking(true)]
    expect(await fuzzWith(planted, first.context, few)).toBe(EXIT.violated)
    expect(await fuzzWith(planted, second.context, few)).toBe(EXIT.violated)
    expect(first.said.out).toBe(second.said.out)
    const result = JSON.parse(first.said.out) as FuzzResult
    expect(schemaJudge()('fuzz', result)).toEqual([])
    expect(result.expressions.map(({ asked }) => asked).flat()).toEqual(
      expect.arrayContaining(['adults', 'earns', 'names', 'recent', 'mostly-men', 'slice young', 'people.age.range']),
    )
    for (const { by, expression } of result.expressions)
      expect(by['duckdb']?.pairs, expression).toBeGreaterThanOrEqual(80)
  })

  test('--solver asks z3, too, of some of the rows; what it leaves open is no disagreement', async () => {
    const { context, said } = speaking()
    expect(await fuzz(context, [], { ...options, rows: 30, solver: true, clause: ['earns', 'recent'] })).toBe(EXIT.ok)
    expect(said.out).toMatch(/smt +[1-9][\d ]* pairs of \d+ expressions/)
    const json = speaking(true)
    expect(await fuzz(json.context, [], { ...options, rows: 20, solver: true, clause: ['adults'] })).toBe(EXIT.ok)
    const result = JSON.parse(json.said.out) as FuzzResult
    expect(schemaJudge()('fuzz', result)).toEqual([])
    expect(result.implementations).toContain('smt')
    expect(result.expressions.every(({ by }) => (by['smt']?.pairs ?? 0) > 10)).toBe(true)
  })

  test('only the clauses asked for; an unknown one is refused', async () => {
    const { context, said } = speaking(true)
    expect(await fuzz(context, [], { ...options, clause: ['names'] })).toBe(EXIT.ok)
    expect((JSON.parse(said.out) as FuzzResult).expressions).toHaveLength(1)
    const refused = speaking()
    expect(await fuzz(refused.context, [], { ...options, clause: ['nmaes'] })).toBe(EXIT.usage)
    expect(refused.said.out).toContain('error[cli/unknown-clause]')
  })

  test('where nothing can be asked, it does not say that all is equal', async () => {
    const { context, said } = speaking()
    expect(await fuzz(context, [], { ...options, clause: ['people.age.type'] })).toBe(EXIT.undecided)
    expect(said.out).toContain('! nothing was compared')
    expect(said.out).toContain('not compared: people.age.type')
  })

  test('an interruption keeps what was compared', async () => {
    const interrupt = new AbortController()
    const { context, said } = speaking(false, interrupt.signal)
    let seen = 0
    const stopping = { ...context, progress: () => void (++seen === 2 && interrupt.abort()) }
    expect(await fuzz(stopping, [], { ...options, rows: 1_000_000 })).toBe(EXIT.interrupted)
    expect(said.out).toMatch(/! interrupted after [\d ]+ pairs/)
  })

  test('an interruption while a database answers is one, too, and no answer', async () => {
    const interrupt = new AbortController()
    const { context, said } = speaking(false, interrupt.signal)
    let asked = 0
    const interrupted: typeof openImplementations = async (more, signal) => {
      const opened = await openImplementations(more, signal)
      if (!opened.ok) return opened
      const [javascript, duckdb, margin] = opened.value.implementations as readonly Implementation[]
      if (javascript === undefined || duckdb === undefined || margin === undefined) throw new Error('three are opened')
      const answers: Implementation['answers'] = (batch) => {
        if (++asked === 2) interrupt.abort()
        return duckdb.answers(batch)
      }
      return { ok: true, value: { ...opened.value, implementations: [javascript, { ...duckdb, answers }, margin] } }
    }
    expect(await fuzzWith(interrupted, context, { ...options, rows: 1_000_000 })).toBe(EXIT.interrupted)
    expect(said.out).toMatch(/! interrupted after [1-9][\d ]* pairs/)
    expect(said.out).not.toContain('✗')
  })

  test('a server that cannot be reached is said without its password', async () => {
    const { context, said } = speaking()
    const postgres = 'postgresql://me:secret@127.0.0.1:1/none'
    expect(await fuzz(context, [], { ...options, postgres })).toBe(EXIT.environment)
    expect(said.out).toContain('error[cli/no-postgresql]')
    expect(said.out).not.toContain('secret')
  })
})

describeWithServer('plumb fuzz with a PostgreSQL server', (server) => {
  test('asks it, too, and says what it cannot be asked', async () => {
    const { context, said } = speaking()
    const { host, user, database } = server()
    const postgres = `postgresql:///${database}?host=${encodeURIComponent(host)}&user=${user}`
    expect(await fuzz(context, [], { ...options, rows: 60, postgres })).toBe(EXIT.ok)
    expect(said.out).toMatch(/postgresql +[1-9][\d ]* pairs of/)
    expect(said.out).toContain('not asked of names: PostgreSQL has no RE2')
  })
})
