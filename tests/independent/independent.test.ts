import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plumb, ROOT, scratch } from '../support/plumb.ts'

const HERE = import.meta.dirname
const SPECS = readdirSync(join(HERE, 'specs'))
  .filter((file) => file.endsWith('.plumb.yaml'))
  .map((file) => file.replace('.plumb.yaml', ''))

type Number_ = number | string | boolean | null
interface Interval {
  readonly low: number
  readonly high: number
}
interface Evidence {
  readonly id: string
  readonly clause: string
  readonly form: string
  readonly relation: string
  readonly slice: string
  readonly verdict: string
  readonly reason?: string
  readonly method?: string
  readonly proof?: { readonly method: string }
  readonly counterexample?: object
  readonly tried?: number
  readonly [count: string]: unknown
  readonly terms?: readonly { readonly expression: string; readonly value: Number_; readonly missing: number }[]
  readonly comparisons?: readonly {
    readonly left: Number_
    readonly right: Number_
    readonly verdict: string
    readonly margin: { readonly value: number | null; readonly interval?: Interval; readonly level?: number }
  }[]
}
interface Golden {
  readonly clause: string
  readonly relation: string
  readonly slice: string
  readonly verdict: string
  readonly level?: number
  readonly [count: string]: unknown
  readonly terms?: readonly { readonly expression: string; readonly value: Number_; readonly missing: number | null }[]
  readonly comparisons?: readonly {
    readonly left: Number_
    readonly right: Number_
    readonly margin?: number | null
    /** Absent where the comparison describes the rows. */
    readonly interval?: readonly [number, number]
    /** False where it is resampled, and so known within Monte-Carlo error only. */
    readonly exact?: boolean
    readonly verdict: string
  }[]
}

/** A project folder with all specs, their data and models. */
function project(name: string): string {
  const folder = scratch(`independent-${name}`)
  for (const part of ['data', 'models']) cpSync(join(HERE, part), join(folder, part), { recursive: true })
  cpSync(join(HERE, 'specs'), folder, { recursive: true })
  cpSync(join(ROOT, 'examples/credit-default/data/accounts.parquet'), join(folder, 'data/accounts.parquet'))
  return folder
}

const run = (folder: string, spec: string, ...more: readonly string[]) =>
  plumb(folder, '--spec', `${spec}.plumb.yaml`, 'test', '--json', ...more).json<{
    readonly evidence: readonly Evidence[]
  }>().evidence

const keyOf = (one: Pick<Evidence, 'clause' | 'relation' | 'slice'>) =>
  `${one.clause} of ${one.relation} [${one.slice}]`

/** Spelling apart: spaces and quotes of printed expressions. */
const bare = (text: string) => text.replaceAll(/\s/g, '').replaceAll("'", '"')

function expectClose(found: unknown, wanted: unknown, label: string): void {
  if (typeof found !== 'number' || typeof wanted !== 'number') expect(found, label).toBe(wanted)
  else
    expect(Math.abs(found - wanted), `${label}: ${found} for ${wanted}`).toBeLessThanOrEqual(
      1e-9 * Math.max(1e-3, Math.abs(wanted)),
    )
}

function compare(found: Evidence, wanted: Golden): void {
  const label = keyOf(found)
  expect(`${label} ${found.verdict}`).toBe(`${label} ${wanted.verdict}`)
  for (const count of ['n', 'failing', 'excluded', 'missing', 'unassigned_rows', 'measured']) {
    if (wanted[count] !== undefined && wanted[count] !== null)
      expectClose(found[count], wanted[count], `${label} ${count}`)
  }
  for (const term of wanted.terms ?? []) {
    const same = found.terms?.find((each) => bare(each.expression) === bare(term.expression))
    // Terms inside ratio_across and its like are printed with their group.
    if (same === undefined) continue
    expectClose(same.value, term.value, `${label} ${term.expression}`)
    if (term.missing !== null) expect(same.missing, `${label} missing of ${term.expression}`).toBe(term.missing)
  }
  if (wanted.comparisons !== undefined && found.comparisons !== undefined) {
    expect(found.comparisons, label).toHaveLength(wanted.comparisons.length)
  }
  for (const [i, comparison] of (found.comparisons ?? []).entries()) {
    const by = wanted.comparisons?.[i]
    if (by === undefined) continue
    expect(comparison.verdict, `${label} comparison ${i}`).toBe(by.verdict)
    expectClose(comparison.left, by.left, `${label} left`)
    expectClose(comparison.right, by.right, `${label} right`)
    if (by.margin !== undefined) expectClose(comparison.margin.value, by.margin, `${label} margin`)
    if (by.interval === undefined) expect(comparison.margin.interval, label).toBeUndefined()
    else {
      const { low, high } = comparison.margin.interval ?? { low: Number.NaN, high: Number.NaN }
      expectClose(comparison.margin.level, wanted.level, `${label} level`)
      if (by.exact === true) {
        expectClose(low, by.interval[0], `${label} low end`)
        expectClose(high, by.interval[1], `${label} high end`)
      } else {
        expect(Math.abs(low - by.interval[0]) / (high - low), `${label} low end`).toBeLessThan(0.35)
        expect(Math.abs(high - by.interval[1]) / (high - low), `${label} high end`).toBeLessThan(0.35)
      }
    }
  }
}

describe('verdicts and numbers agree with an independent computation', () => {
  test.each(SPECS)('%s', (spec) => {
    const golden = JSON.parse(readFileSync(join(HERE, 'golden', `${spec}.json`), 'utf8')) as Golden[]
    const evidence = run(project(spec), spec).filter(({ form }) => form !== 'forall')
    const found = new Map(evidence.map((each) => [keyOf(each), each]))
    expect(golden.length).toBeGreaterThan(60)
    for (const wanted of golden) {
      const each = found.get(keyOf(wanted))
      if (each === undefined) throw new Error(`no evidence of ${keyOf(wanted)}`)
      compare(each, wanted)
      found.delete(keyOf(wanted))
    }
    // What is left are the contracts of model outputs, which the reference does not write.
    for (const rest of found.values())
      expect(`${keyOf(rest)} ${rest.verdict}`).toMatch(/\.(risk|log_odds)\.(required|range) .* satisfied$/)
  })
})

test('a graph written by a converter is proved, refuted or honestly left open', () => {
  const evidence = new Map(
    run(
      project('forall'),
      'models',
      '--clause',
      'longer-delay-linear',
      'more-credit-linear',
      'longer-delay-logistic',
      'age-logistic',
      'sex-forest',
      'sex-rows-logistic',
    ).map((each) => [each.clause, each]),
  )
  // The weight of pay_0 is positive in the file.
  expect(evidence.get('longer-delay-linear')).toMatchObject({
    verdict: 'satisfied',
    method: 'proof:linear-sign',
    tried: 0,
  })
  // The same weights before a float32 logistic, which onnxruntime does not keep monotone: no proof may be claimed.
  expect(evidence.get('longer-delay-logistic')?.method).toBe('falsification')
  expect(evidence.get('longer-delay-logistic')?.verdict).not.toBe('satisfied')
  // A condition that is not of a provable shape is searched, never waved through.
  expect(evidence.get('more-credit-linear')).toMatchObject({ verdict: 'inconclusive', reason: 'not-proved' })
  expect(evidence.get('age-logistic')).toMatchObject({ verdict: 'violated', method: 'falsification' })
  expect(evidence.get('age-logistic')?.counterexample).toBeDefined()
  expect(evidence.get('sex-forest')).toMatchObject({ verdict: 'violated' })
  expect(evidence.get('sex-rows-logistic')).toMatchObject({ verdict: 'satisfied', method: 'exhaustion', tried: 30_000 })
})
