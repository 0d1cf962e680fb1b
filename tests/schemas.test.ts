import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, compile, type Evidence, makeEvidence, type Program } from '@plumbline/core'
import { testProgram } from '@plumbline/engine'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { publishedSchemas } from '../tools/generate/schemas.ts'
import { copyOfExample, plumb, ROOT, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const EXAMPLE = join(ROOT, 'examples', 'credit-default')
const judge = schemaJudge()

/** A value as it is after being written and read: what a consumer of the contract sees. */
const asJson = (value: object): unknown => JSON.parse(canonicalJson(value))

function programOf(file: string): Program {
  const path = join(EXAMPLE, file)
  const { value, diagnostics } = compile({ main: { path: file, text: readFileSync(path, 'utf8') }, others: [] })
  if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return value
}

async function dataEvidence(program: Program): Promise<readonly Evidence[]> {
  const evidence: Evidence[] = []
  const run = {
    at: '2026-01-02T03:04:05.678Z',
    durationMs: 1.5,
    host: { os: 'linux', arch: 'x64', node: '24.0.0' },
    session: '00ff',
  }
  const request = { program, root: EXAMPLE, toolVersion: '0.1.0', stages: ['data'] as const, files: new Map() }
  for await (const statement of testProgram({ ...request, versions: { others: {} } }))
    evidence.push(makeEvidence(statement, run))
  return evidence
}

describe('published schemas', () => {
  test('the files are what the sources say', () => {
    const schemas = publishedSchemas()
    const files = readdirSync(join(ROOT, 'schemas')).filter((f) => f.endsWith('.json'))
    expect(files.toSorted()).toEqual(
      Object.keys(schemas)
        .map((name) => `${name}.schema.json`)
        .toSorted(),
    )
    for (const [name, schema] of Object.entries(schemas)) {
      const written: unknown = JSON.parse(readFileSync(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8'))
      expect(written, name).toEqual(schema)
    }
  })

  test('every one has an address of its own', () => {
    const { spec: _, ...others } = publishedSchemas()
    const addresses = Object.values(others).map((s) => s['$id'])
    expect(new Set(addresses).size).toBe(addresses.length)
    for (const address of addresses) expect(address).toMatch(/^urn:plumbline:schema:[a-z-]+:1$/)
  })

  test('the specs of the example fit the schema of the language; a misspelt key does not', () => {
    for (const file of ['plumb.yaml', 'variants/documented.plumb.yaml']) {
      const spec: Record<string, unknown> = parse(readFileSync(join(EXAMPLE, file), 'utf8'))
      expect(judge('spec', spec), file).toEqual([])
      expect(judge('spec', { ...spec, clases: {} })).not.toEqual([])
    }
  })

  test('programs fit, clause by clause', () => {
    for (const file of ['plumb.yaml', 'variants/documented.plumb.yaml']) {
      const program = programOf(file)
      for (const clause of program.clauses) expect(judge('clause', asJson(clause)), clause.id).toEqual([])
      expect(judge('program', asJson(program)), file).toEqual([])
      expect(new Set(program.clauses.map((c) => c.form)).size).toBeGreaterThan(1)
    }
  })

  test('a clause of another shape does not', () => {
    const [clause] = programOf('plumb.yaml').clauses
    const plain = asJson(clause ?? {}) as Record<string, unknown>
    expect(judge('clause', { ...plain, form: 'sometimes' })).not.toEqual([])
    expect(judge('clause', { ...plain, severity: 'fatal' })).not.toEqual([])
    expect(judge('clause', { ...plain, digest: 'sha256:short' })).not.toEqual([])
    expect(judge('clause', { ...plain, more: 1 })).not.toEqual([])
  })
})

describe('evidence of a real run', () => {
  let evidence: readonly Evidence[]
  beforeAll(async () => {
    evidence = await dataEvidence(programOf('variants/documented.plumb.yaml'))
  })

  const one = (wanted: (e: Evidence) => boolean): Record<string, unknown> => {
    const found = evidence.find(wanted)
    if (found === undefined) throw new Error('no such evidence in the run')
    return asJson(found.statement) as Record<string, unknown>
  }

  test('every piece fits', () => {
    expect(evidence.length).toBeGreaterThan(50)
    expect(evidence.some((e) => e.statement.verdict === 'violated')).toBe(true)
    for (const e of evidence) {
      const name = `${e.statement.clause} ${e.statement.slice}`
      expect(judge('evidence', asJson(e)), name).toEqual([])
      expect(judge('statement', asJson(e.statement)), name).toEqual([])
    }
  })

  test('a statement without what its verdict needs does not', () => {
    const { witnesses: _w, ...noWitnesses } = one(
      (e) => e.statement.form === 'every' && e.statement.verdict === 'violated',
    )
    const { comparisons: _c, ...noComparisons } = one(
      (e) => e.statement.form === 'must' && e.statement.verdict === 'satisfied',
    )
    expect(judge('statement', noWitnesses)).not.toEqual([])
    expect(judge('statement', noComparisons)).not.toEqual([])
    const satisfied = one((e) => e.statement.verdict === 'satisfied')
    for (const member of ['n', 'measured', 'missing', 'excluded', 'unassigned_rows', 'digests', 'slice', 'method']) {
      const { [member]: _, ...without } = satisfied
      expect(judge('statement', without), member).not.toEqual([])
    }
  })

  test('an unknown verdict, a reason missing, unknown or of another verdict, a stray member do not', () => {
    const {
      n: _n,
      measured: _m,
      missing: _i,
      excluded: _e,
      unassigned_rows: _u,
      failing: _f,
      witnesses: _w,
      ...bare
    } = one((e) => e.statement.form === 'every' && e.statement.verdict === 'satisfied')
    const inconclusive = { ...bare, verdict: 'inconclusive', reason: 'empty-relation' }
    expect(judge('statement', inconclusive)).toEqual([])
    expect(judge('statement', { ...bare, verdict: 'inconclusive' })).not.toEqual([])
    expect(judge('statement', { ...inconclusive, reason: 'because' })).not.toEqual([])
    expect(judge('statement', { ...inconclusive, reason: 'source-missing' })).not.toEqual([])
    expect(judge('statement', { ...bare, verdict: 'passed' })).not.toEqual([])
    expect(judge('statement', { ...inconclusive, note: 'x' })).not.toEqual([])
    const error = { ...bare, verdict: 'error', reason: 'source-missing', cause: 'The file is not there.' }
    expect(judge('statement', error)).toEqual([])
    const { cause: _c, ...noCause } = error
    expect(judge('statement', noCause)).not.toEqual([])
    expect(judge('statement', { ...bare, verdict: 'skipped', reason: 'no-champion' })).toEqual([])
    expect(judge('statement', { ...bare, verdict: 'skipped', reason: 'holiday' })).not.toEqual([])
  })

  test('integers beyond the safe range and numbers that are not finite are tagged', () => {
    const satisfied = one((e) => e.statement.verdict === 'satisfied')
    expect(judge('statement', { ...satisfied, measured: { $int64: '9223372036854775807' } })).toEqual([])
    expect(judge('statement', { ...satisfied, measured: { $number: 'Infinity' } })).toEqual([])
    expect(judge('statement', { ...satisfied, measured: { $number: 'big' } })).not.toEqual([])
    expect(judge('statement', { ...satisfied, measured: { $int64: '12' } })).not.toEqual([])
  })
})

describe('what the command prints', () => {
  test('check --json, with and without mistakes', () => {
    const right = plumb(EXAMPLE, 'check', '--json')
    expect(right.code, right.err).toBe(0)
    expect(judge('check', right.json())).toEqual([])
    const wrong = plumb(EXAMPLE, 'check', '--json', '--spec', 'variants/mistakes.plumb.yaml')
    expect(wrong.code).toBe(2)
    const { diagnostics } = wrong.json<{ diagnostics: readonly { readonly code: string }[] }>()
    expect(diagnostics.length).toBeGreaterThan(3)
    expect(judge('check', wrong.json())).toEqual([])
    expect(judge('fmt', plumb(EXAMPLE, 'fmt', '--check', '--json').json())).toEqual([])
  })

  test('gate --json and verify --json, before and after, whole and broken; test --json', () => {
    const folder = copyOfExample('credit-default', 'schemas')
    const closed = plumb(folder, 'gate', '--json')
    expect(closed.code, closed.err).toBe(1)
    expect(judge('gate', closed.json())).toEqual([])
    const tested = plumb(folder, 'test', '--stage', 'data', '--json')
    expect(tested.code, tested.err).toBe(0)
    expect(judge('test', tested.json())).toEqual([])
    const whole = plumb(folder, 'verify', '--json')
    expect(whole.code).toBe(0)
    expect(judge('verify', whole.json())).toEqual([])
    const missed = plumb(folder, 'verify', '--json', '--expect-head', `sha256:${'1'.repeat(64)}`)
    expect(missed.code).toBe(1)
    expect(judge('verify', missed.json())).toEqual([])
    const segment = readFileSync(join(folder, '.plumb', 'ledger', '00000001.jsonl'), 'utf8')
    const records = segment.trimEnd().split('\n')
    expect(records.length).toBeGreaterThan(50)
    for (const line of records) expect(judge('ledger-record', JSON.parse(line))).toEqual([])
  })

  test('test --baseline writes what its schema says', () => {
    const folder = copyOfExample('credit-default', 'schemas-baseline')
    const spec = ['--stage', 'data', '--spec', 'variants/documented.plumb.yaml']
    const accepted = plumb(folder, 'test', ...spec, '--baseline', 'baseline.json', '--json')
    expect(accepted.code, accepted.err).toBe(0)
    expect(judge('test', accepted.json())).toEqual([])
    const baseline = JSON.parse(readFileSync(join(folder, 'baseline.json'), 'utf8')) as { violations: unknown[] }
    expect(judge('baseline', baseline)).toEqual([])
    expect(baseline.violations.length).toBeGreaterThan(0)
    expect(judge('baseline', { ...baseline, schema: 'plumbline/baseline/2' })).not.toEqual([])
  })

  test('a failure, as JSON', () => {
    const failed = plumb(scratch('schemas-failure'), 'check', '--json')
    expect(failed.code).toBe(2)
    expect(judge('failure', failed.json())).toEqual([])
  })
})
