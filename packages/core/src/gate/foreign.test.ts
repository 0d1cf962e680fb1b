import { expect, test } from 'vitest'
import { compareSpecs } from '../change/compare-specs.ts'
import type { Program } from '../clause/program.ts'
import { compile } from '../compile.ts'
import { decideGate, type Release } from './gate.ts'
import type { RecordedResult } from './foreign.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

const spec = (accepts: string): string => `plumbline: 1
system: { name: gate, version: 1.0.0 }
data: { people: { source: people.csv, columns: { age: { type: integer, severity: warn } } } }
models:
  champion:
    artifact: model.onnx
    input: { from: people, columns: [age] }
    outputs: { risk: { type: number } }
clauses:
  robust: { says: It bears noise., of: champion, every: risk >= 0.0${accepts} }
`
const accepting = program(spec(', accepts: [junit]'))
const DIGEST = `sha256:${'a'.repeat(64)}`

function program(text: string): Program {
  return compiledSpec(text)
}

const passed = (change: Partial<RecordedResult> = {}, of = accepting): RecordedResult => ({
  tool: 'junit',
  name: 'test_robust',
  verdict: 'satisfied',
  clauses: ['robust'],
  file: 'junit.xml',
  digest: DIGEST,
  stands: {
    clauses: { robust: of.clauses.find(({ id }) => id === 'robust')?.digest ?? '' },
    data: { people: 'bytes:1' },
    candidate: 'sha256:c',
  },
  ...change,
})

function codes(foreign: readonly RecordedResult[], of = accepting): readonly string[] {
  const release: Release = {
    versions: { candidate: 'sha256:c', others: {} },
    data: { people: 'bytes:1' },
    stages: ['model'],
    foreign,
  }
  const decision = decideGate(of, [], release)
  expect(decision.open).toBe(decision.reasons.length === 0)
  const reasons = decision.reasons.filter(({ clause }) => clause === undefined || clause === 'robust')
  const counted = (decision.foreign ?? []).map(({ clause, tool, name }) => `foreign ${clause}: ${tool} ${name}`)
  return [...reasons.map(({ code }) => code), ...counted]
}

test('a result of an accepted tool stands for evidence, marked', () => {
  expect(codes([passed()])).toEqual(['foreign robust: junit test_robust'])
})

test('alone it opens nothing', () => {
  const text = spec(', accepts: [junit]')
    .replace(/models:[^]*clauses:/, 'clauses:')
    .replace('champion', 'people')
  const data = program(text.replace('risk >= 0.0', 'age >= 0'))
  const { stands } = passed({}, data)
  const release: Release = {
    versions: { others: {} },
    data: { people: 'bytes:1' },
    stages: ['data'],
    foreign: [passed(stands === undefined ? {} : { stands }, data)],
  }
  const { open, reasons, foreign } = decideGate(data, [], release)
  expect([open, reasons.map(({ code }) => code), foreign?.length]).toEqual([false, ['no-blocking-clause'], 1])
})

test('nothing is accepted unless the clause says so, of the tool it says', () => {
  expect(codes([passed({}, program(spec('')))], program(spec('')))).toEqual(['no-evidence'])
  expect(codes([passed({ tool: 'deepchecks' })])).toEqual(['no-evidence'])
  expect(codes([passed({ clauses: ['other'] })])).toEqual(['no-evidence'])
  expect(codes([passed({ verdict: 'skipped' })])).toEqual(['no-evidence'])
})

test('what was recorded when something else stood there answers nothing', () => {
  const { stands } = passed()
  if (stands === undefined) throw new Error('no stands')
  const { stands: _, ...before } = passed()
  expect(codes([before])).toEqual(['stale-evidence'])
  expect(codes([passed({ stands: { ...stands, data: { people: 'bytes:2' } } })])).toEqual(['stale-evidence'])
  expect(codes([passed({ stands: { ...stands, candidate: 'sha256:d' } })])).toEqual(['stale-evidence'])
  expect(codes([passed({ stands: { ...stands, clauses: { robust: DIGEST } } })])).toEqual(['stale-evidence'])
})

const SLICED = program(
  spec(', slices: [all, old], accepts: [junit]').replace('models:', 'slices: { old: age >= 60 }\nmodels:'),
)
const answered = (result: Partial<RecordedResult>): readonly string[] => codes([passed(result, SLICED)], SLICED)
const about = (slice: string, relation?: string) => [
  { clause: 'robust', slice, ...(relation === undefined ? {} : { relation }) },
]

test('one that names the clause alone speaks of all rows, and of no slice', () => {
  expect(answered({})).toEqual(['no-evidence', 'foreign robust: junit test_robust'])
  // The only question of a clause is the whole of it.
  const one = program(
    spec(', slices: [old], accepts: [junit]').replace('models:', 'slices: { old: age >= 60 }\nmodels:'),
  )
  expect(codes([passed({}, one)], one)).toEqual(['foreign robust: junit test_robust'])
})

test('one that names a slice speaks of that one', () => {
  expect(answered({ about: about('old') })).toEqual(['no-evidence', 'foreign robust: junit test_robust'])
  expect(codes([passed({}, SLICED), passed({ about: about('old') }, SLICED)], SLICED)).toEqual([
    'foreign robust: junit test_robust',
    'foreign robust: junit test_robust',
  ])
  expect(answered({ about: about('old', 'champion') })).toContain('foreign robust: junit test_robust')
  expect(answered({ about: about('old', 'scorecard') })).toEqual(['no-evidence', 'no-evidence'])
  expect(answered({ by: 'tag', about: about('odl') })).toEqual(['no-evidence', 'no-evidence'])
  // A parameter of a test is no slice; the test then speaks of all rows.
  expect(answered({ by: 'name', about: about('0.1') })).toEqual(['no-evidence', 'foreign robust: junit test_robust'])
})

test('one that fails and names no slice speaks of every one', () => {
  expect(answered({ verdict: 'violated' })).toEqual(['violated', 'violated'])
  expect(answered({ verdict: 'violated', about: about('old') })).toEqual(['no-evidence', 'violated'])
})

test('one that fails closes the gate, whatever others say', () => {
  expect(codes([passed(), passed({ name: 'test_other', verdict: 'violated' })])).toEqual(['violated'])
  expect(codes([passed({ verdict: 'error' })])).toEqual(['error'])
})

test('to accept a tool is a weakening, and asks nothing else', () => {
  const [plain, two] = [program(spec('')), program(spec(', accepts: [junit, deepchecks]'))]
  const kind = (before: Program, after: Program) =>
    compareSpecs(before, after).changes.find(({ id }) => id === 'robust')?.kind
  expect(kind(plain, accepting)).toBe('weakened')
  expect(kind(accepting, two)).toBe('weakened')
  expect(kind(two, plain)).toBe('strengthened')
  expect(plain.clauses.map(({ digest }) => digest)).toEqual(accepting.clauses.map(({ digest }) => digest))
})

test('a tool that is not known is a mistake', () => {
  const text = spec(', accepts: [jest]')
  const { diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  expect(diagnostics.map(({ message }) => message).join()).toContain('jest')
})
