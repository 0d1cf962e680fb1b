import { expect, test } from 'vitest'
import type { Program } from '../../clause/program.ts'
import { compile } from '../../compile.ts'
import { traceMatrix } from '../matrix.ts'
import { findGaps, type UntestedPair } from './find-gaps.ts'
import type { Gap } from './gap.ts'

const spec = (clauses: string): string => `plumbline: 1
system: { name: loans }
data:
  loans:
    source: loans.csv
    splits: { test: 'part == "test"' }
    columns:
      age: { type: integer, range: [18, 99] }
      income: { type: number, range: [0, 1e6] }
      branch: { type: category, values: [a, b] }
      part: { type: category, values: [train, test], role: split }
      bad: { type: boolean, role: label }
slices: { young: age < 25 }
models:
  champion:
    artifact: m.onnx
    task: binary-classification
    input: { from: loans, columns: [age, income] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bad
    decision: risk >= 0.5
monitor: { windows: [1d] }
clauses:
${clauses}`

type Change = string | ((text: string) => string)

const gapsOf = (clauses: string, change: Change = ''): readonly string[] =>
  allGaps(clauses, change).map(({ kind, subject }) => `${kind} ${subject}`)

/** The gaps of a spec of these clauses: a text is taken out of it, or it is changed. */
function allGaps(clauses: string, change: Change, pairs: readonly UntestedPair[] = []): readonly Gap[] {
  const whole = spec(clauses)
  const { value, diagnostics } = compile({
    main: { path: 'plumb.yaml', text: typeof change === 'string' ? whole.replace(change, '') : change(whole) },
    others: [],
  })
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
  const program: Program = value
  const matrix = traceMatrix({
    program,
    evidence: [],
    release: { versions: { others: {} }, data: {} },
    links: undefined,
  })
  return findGaps({ program, matrix, levels: [], pairs, slices: ['young'] })
}

const RANKS = '  ranks: { says: R., of: champion.test, must: roc_auc() >= 0.7 }\n'
const EARNS = '  earns: { says: E., of: loans, every: income >= 10.0 }\n'
const LEVEL = '  level: { says: L., of: loans, must: mean(income) >= 10.0 }\n'

test('what is asked before a release is looked for in production', () => {
  const found = gapsOf(`${RANKS}${EARNS}${LEVEL}`)
  expect(found).toEqual(expect.arrayContaining(['monitor ranks', 'guard earns', 'monitor level']))
})

test('a counterpart under another id is one', () => {
  const live = `${RANKS}${EARNS}${LEVEL}  ranks-live: { says: R., of: requests, always: roc_auc() >= 0.65, window: 1d }
  earns-live: { says: E., of: requests, every: income >= 10.0 }
  level-live: { says: L., of: requests, must: mean(income) >= 9.0 }
`
  const found = gapsOf(live).filter((each) => /^(?:monitor|guard) /.test(each))
  expect(found).toEqual([])
})

test('what requests do not have cannot be asked of them', () => {
  const found = gapsOf('  shares: { says: S., of: loans, must: share(branch == "a") >= 0.1 }\n')
  expect(found.filter((each) => /^(?:monitor|guard) /.test(each))).toEqual([])
})

test('a slice that is declared and asked of nothing is one', () => {
  expect(gapsOf(RANKS)).toContain('slice young')
  expect(gapsOf(RANKS.replace('must:', 'slices: [young], must:'))).not.toContain('slice young')
})

test('a column that no clause speaks of is one', () => {
  expect(gapsOf(RANKS)).not.toContain('column loans.income')
  expect(gapsOf(RANKS, ', range: [0, 1e6]')).toContain('column loans.income')
})

test('that an output is there says nothing of it; a metric of the decision that reads it does', () => {
  const ranged = 'outputs: { risk: { type: number, range: [0, 1] } }'
  const plain =
    (more: string): ((text: string) => string) =>
    (text) =>
      text
        .replace(ranged, 'outputs: { risk: { type: number }, extra: { type: number } }')
        .replace('decision: risk >= 0.5', more)
  const outputs = (clauses: string, decision: string): readonly string[] =>
    gapsOf(clauses, plain(decision)).filter((each) => each.startsWith('output'))
  const recall = '  finds: { says: F., of: champion.test, must: recall() >= 0.3 }\n'
  expect(outputs(recall, 'decision: risk >= 0.5')).toEqual(['output champion.extra'])
  expect(outputs(EARNS, 'decision: risk >= 0.5')).toEqual(['output champion.extra', 'output champion.risk'])
})

test('what is open of a requirement that has clauses is said', () => {
  const asked = (severity: string): string =>
    `  earns: { says: E., of: loans, every: income >= 10.0, meets: [R-1], severity: ${severity} }\n`
  const live = `  stable: { says: S., of: requests, always: 'psi(age, loans) < 0.2', window: 1d, meets: [R-1] }\n`
  const fixes = (clauses: string): readonly string[] =>
    allGaps(clauses, (text) => text.replace('slices:', 'requirements: { R-1: { says: It. } }\nslices:')).flatMap(
      ({ kind, fix }) => (kind === 'requirement' ? [fix] : []),
    )
  expect(fixes(asked('block'))).toEqual(['Run `plumb test`.'])
  expect(fixes(live)).toEqual(['Only production can show it: run `plumb watch`.'])
})

test('of pairs that no test has, the more frequent one comes first, however frequent', () => {
  const shares = [0.05, 0.2, 0.0001, 0.9, 0.004, 0.01]
  const pairs = shares.map((share, i) => ({
    conditions: [`a = ${i}`, 'b = 1'] as const,
    share,
    seenIn: 'requests',
    testedIn: 'people.test',
  }))
  const found = allGaps(RANKS, '', pairs).filter(({ kind }) => kind === 'pair')
  expect(found.map(({ subject }) => subject)).toEqual([3, 1, 0, 5, 4, 2].map((i) => `a=${i} & b=1`))
  expect(found.every(({ weight }) => weight > 0 && weight <= 50)).toBe(true)
})
