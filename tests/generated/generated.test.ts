import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin'
import { IdGenerator } from '@cucumber/messages'
import { type CaseSet, readCases } from '@plumbline/core/cases'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Generated } from '../../packages/cli/src/verbs/generate.ts'
import { copyOfExample, plumb, scratch } from '../support/plumb.ts'
import { schemaJudge } from '../support/schemas.ts'
import { hasPytest, pytest, vitest } from './suites.ts'

const casesIn = (folder: string): CaseSet => {
  const read = readCases(readFileSync(join(folder, 'plumb-tests', 'cases.jsonl'), 'utf8'))
  if (typeof read === 'string') throw new Error(read)
  return read
}

/** What is read of `plumb test --json`. */
interface Tested {
  readonly evidence: readonly { readonly clause: string; readonly verdict: string; readonly failing?: number }[]
}

describe('the worked example', () => {
  let folder: string
  let suites: string
  let generated: Generated
  const train = (...args: readonly string[]): void => {
    const done = spawnSync(process.execPath, ['train.js', '--split', 'train', ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (done.status !== 0) throw new Error(done.stderr)
  }
  const constrained = [
    '--without',
    'sex',
    '--increasing',
    'pay_0,pay_2,pay_3,pay_4,pay_5,pay_6',
    '--decreasing',
    'limit_bal',
  ]
  beforeAll(() => {
    folder = copyOfExample('credit-default', 'generated-credit')
    suites = join(folder, 'plumb-tests')
    train('--out', 'models/candidate.onnx', ...constrained)
    train('--out', 'models/unconstrained.onnx')
    train('--out', 'models/scorecard.onnx', '--model', 'scorecard', ...constrained)
    const made = plumb(folder, 'generate', '--emit', 'pytest', 'vitest', 'gherkin', '--json')
    expect(made.err).toBe('')
    expect(made.code).toBe(0)
    generated = made.json()
    expect(schemaJudge()('generate', generated)).toEqual([])
  })

  it('has cases of every clause on rows, answers and inputs, and says of the others why not', () => {
    const { cases } = casesIn(folder)
    expect(generated.unwritten).toEqual([])
    for (const clause of [
      'accounts.age.range',
      'bills-within-limit',
      'champion.risk.range',
      'later-payment-never-helps',
      'sex-does-not-decide',
    ])
      expect(generated.clauses[clause], clause).toBeGreaterThan(1)
    expect(generated.omitted).toContainEqual(expect.objectContaining({ clause: 'ranks-well' }))
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(['row', 'answer', 'relation']))
    for (const array of generated.arrays) expect(array.rows).toBeGreaterThanOrEqual(array.lowerBound)
    const both = Map.groupBy(
      cases.filter((each) => each.kind === 'row'),
      ({ clause }) => clause,
    )
    for (const [clause, own] of both)
      expect(new Set(own.map(({ satisfied }) => satisfied)), `${clause} on both sides`).toEqual(new Set([true, false]))
  })

  it('is up to date right after it was generated, and not after a clause, a case or a suite has changed', () => {
    expect(plumb(folder, 'generate', '--check').code).toBe(0)
    const suite = join(suites, 'test_plumb_cases.py')
    const text = readFileSync(suite, 'utf8')
    writeFileSync(suite, text.replace('def cell(', 'def cell_('))
    const edited = plumb(folder, 'generate', '--check', '--json')
    expect([edited.code, edited.json<Generated>().files.filter(({ changed }) => changed)]).toEqual([
      1,
      [{ path: 'plumb-tests/test_plumb_cases.py', changed: true }],
    ])
    expect(readFileSync(suite, 'utf8'), 'a check writes nothing').not.toBe(text)
    writeFileSync(suite, text)
    const spec = join(folder, 'plumb.yaml')
    const before = readFileSync(spec, 'utf8')
    writeFileSync(spec, before.replace('every: bill_amt1 <= 2.0 * limit_bal', 'every: bill_amt1 <= 2.5 * limit_bal'))
    const changed = plumb(folder, 'generate', '--check', '--json')
    expect(changed.code).toBe(1)
    expect(changed.json<Generated>().drift).toEqual([
      expect.objectContaining({
        clause: 'bills-within-limit',
        why: 'clause changed',
        asked: 'bill_amt1 <= 2.0 * limit_bal',
        asks: 'bill_amt1 <= 2.5 * limit_bal',
      }),
    ])
    writeFileSync(spec, before)
    expect(plumb(folder, 'generate', '--check').code).toBe(0)
  })

  const runners = [['vitest', vitest, true] as const, ['pytest', pytest, hasPytest] as const]
  for (const [name, run, there] of runners)
    it.skipIf(!there)(
      `${name} gives the verdicts of plumb test ${there ? '' : '(skipped without Python: tests/generated/setup.sh)'}`,
      () => {
        const relations = ['later-payment-never-helps', 'sex-does-not-decide']
        for (const model of ['candidate', 'unconstrained']) {
          const file = `models/${model}.onnx`
          const asked = ['--clause', ...relations, '--candidate', file, '--json']
          const tested = plumb(folder, 'test', '--stage', 'model', ...asked).json<Tested>()
          const violated = tested.evidence.filter(({ verdict }) => verdict === 'violated').map(({ clause }) => clause)
          const { code, failed, passed, out } = run(suites, { PLUMB_MODEL_CHAMPION: file })
          const blamed = relations.filter((id) => failed.some((title) => title.includes(id)))
          expect(blamed, out).toEqual(relations.filter((id) => violated.includes(id)))
          expect(
            failed.every((title) => relations.some((id) => title.includes(id))),
            out,
          ).toBe(true)
          expect(code).toBe(model === 'candidate' ? 0 : 1)
          expect(violated.length).toBe(model === 'candidate' ? 0 : 2)
          // Each case is a test; vitest has one property a relation more, and one test that there are cases.
          expect(passed + failed.length).toBe(generated.cases + (name === 'vitest' ? 3 : 0))
        }
      },
    )

  it('is written as a feature that the official parser reads, a scenario for each case', () => {
    const text = readFileSync(join(suites, 'plumb-cases.feature'), 'utf8')
    const { feature } = new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher()).parse(
      text,
    )
    const rules = feature?.children.flatMap(({ rule }) => rule ?? []) ?? []
    const examples = rules.flatMap(({ children }) => children.flatMap(({ scenario }) => scenario?.examples ?? []))
    expect(examples.reduce((sum, { tableBody }) => sum + tableBody.length, 0)).toBe(generated.cases)
    expect(rules.map(({ name }) => name)).toEqual(Object.keys(generated.clauses))
  })
})

describe('rows', () => {
  const spec = `plumbline: 1
system: { name: rows, version: 0.1.0 }
data:
  loans:
    source: loans.json
    columns:
      amount: { type: number, range: [100, 50_000] }
      income: { type: number, range: [0, 1_000_000], optional: true }
      months: { type: integer, range: [6, 84] }
      grade: { type: category, values: [1, 2, 5] }
      region: { type: category, values: [north, south] }
      insured: { type: boolean }
      note: { type: text, optional: true }
slices:
  long: months > 60
clauses:
  affordable: { says: a, of: loans, every: "amount <= 2.0 * income" }
  affordable-if-known: { says: a, of: loans, every: "amount <= 2.0 * income", missing: pass }
  long-are-small: { says: a, of: loans, every: "amount < 20_000.0", slices: [long] }
  insured-long: { says: a, of: loans, every: "insured || months <= 24" }
  split-evenly: { says: a, of: loans, every: "months / 2 * 2 == months || months % 3 == 0" }
  graded: { says: a, of: loans, every: "grade in [1, 2] ? amount >= 500.0 : amount >= 1_000.0" }
  noted: { says: a, of: loans, every: 'note == null || note.startsWith("a")' }
  southern: { says: a, of: loans, every: 'region in ["north"] || region == "south" && months >= 12' }
`

  it('violate each clause exactly where plumb test says that they do', () => {
    const folder = scratch('generated-rows')
    writeFileSync(join(folder, 'plumb.yaml'), spec)
    writeFileSync(join(folder, 'loans.json'), '[]')
    const made = plumb(folder, 'generate', '--json')
    expect(made.err).toBe('')
    expect(made.code).toBe(0)
    const { cases, bases } = casesIn(folder)
    const clauses = Object.keys(made.json<Generated>().clauses)
    expect(clauses.filter((id) => !id.startsWith('loans.')).length, 'every authored clause has cases').toBe(8)
    let violating = 0
    for (const clause of clauses.filter((id) => !/^loans\.(?!months\.range|grade\.values|region\.required)/.test(id))) {
      const own = cases.filter((each) => each.kind === 'row').filter((each) => each.clause === clause)
      writeFileSync(
        join(folder, 'loans.json'),
        JSON.stringify(own.map(({ dataset, row }) => ({ ...bases[dataset], ...row }))),
      )
      const { evidence } = plumb(folder, 'test', '--clause', clause, '--json').json<Tested>()
      const expected = own.filter(({ satisfied }) => !satisfied).length
      violating += expected
      expect(evidence[0]?.failing, clause).toBe(expected)
    }
    expect(violating).toBeGreaterThan(clauses.length)
  })
})

describe("a system of one's own", () => {
  /** One that judges nothing to be wrong, and is sure of everybody: it fails each case of a row that violates, and no other row. */
  const JAVASCRIPT = `export const predict = (model, rows) => rows.map(() => ({ risk: 2 }))
export const judge = () => []
`
  const PYTHON = `def predict(model, rows):
    return [{"risk": 2} for _ in rows]


def judge(dataset, row):
    return []
`
  for (const [name, run, there, file, text] of [
    ['vitest', vitest, true, 'system.mjs', JAVASCRIPT],
    ['pytest', pytest, hasPytest, 'own_system.py', PYTHON],
  ] as const)
    it.skipIf(!there)(`is asked by ${name} in the place of the model and of the conditions`, () => {
      const folder = scratch(`generated-system-${name}`)
      expect(plumb(folder, 'init', '--template', 'binary-classification').code).toBe(0)
      expect(plumb(folder, 'generate', '--emit', name).code).toBe(0)
      writeFileSync(join(folder, file), text)
      const system = name === 'vitest' ? join(folder, file) : 'own_system'
      const { failed, out } = run(join(folder, 'plumb-tests'), { PLUMB_SYSTEM: system, PYTHONPATH: folder })
      const { cases } = casesIn(folder)
      const wrong = cases.filter((each) =>
        each.kind === 'row' ? !each.satisfied : each.clause === 'champion.risk.range',
      )
      expect(wrong.some(({ kind }) => kind === 'answer')).toBe(true)
      const blamed = cases.filter(({ id }) => failed.some((title) => title.includes(id)))
      expect(
        blamed.map(({ id }) => id),
        out,
      ).toEqual(wrong.map(({ id }) => id))
    })
})

describe('bad input', () => {
  it('a file of another kind is not overwritten', () => {
    const folder = scratch('generated-bad')
    expect(plumb(folder, 'init', '--template', 'binary-classification').code).toBe(0)
    expect(plumb(folder, 'generate').code).toBe(0)
    const file = join(folder, 'plumb-tests', 'cases.jsonl')
    // What else it may hold instead is in case-file.test.ts.
    for (const text of ['no json']) {
      writeFileSync(file, text)
      for (const args of [['generate'], ['generate', '--check']]) {
        const done = plumb(folder, ...args)
        expect([done.code, done.err.includes('cli/cases-unreadable')], text).toEqual([2, true])
      }
      expect(readFileSync(file, 'utf8')).toBe(text)
    }
  })

  it('without a committed file a check fails, and makes none', () => {
    const folder = scratch('generated-none')
    expect(plumb(folder, 'init', '--template', 'fraud-detection').code).toBe(0)
    const checked = plumb(folder, 'generate', '--check')
    expect(checked.code).toBe(1)
    expect(checked.out).toContain('cases.jsonl is not up to date')
    expect(existsSync(join(folder, 'plumb-tests'))).toBe(false)
  })
})
