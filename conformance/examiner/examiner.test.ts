import { analyseMetrics } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import type { Case } from './case.ts'
import { type Decision, someDecision } from './decisions.ts'
import { DIVIDED_CASES, WHOLE_CASES } from './decisions-cases.ts'
import { TABLE_CASES } from './tables-cases.ts'
import { someTable, type Table } from './tables.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())

const specOf = (clauses: readonly string[]): string => `plumbline: 1
system: { name: clinic, version: 1.0.0, purpose: A test. }
data:
  log:
    source: log.csv
    columns:
      site: { type: category, values: [a, b] }
      urgent: { type: boolean }
      wait: { type: number, range: [0, 4] }
      cost: { type: number, optional: true }
      visits: { type: integer, range: [0, 3] }
      ill: { type: boolean, role: label }
slices: { site-a: 'site == "a"', site-b: 'site == "b"', hot: urgent, calm: "!urgent", late: wait >= 2.0, early: wait < 2.0 }
models:
  m:
    artifact: m.onnx
    task: binary-classification
    input: { from: log, columns: [wait] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: ill
    decision: risk >= 0.5
clauses:
${clauses.map((each, i) => `  k${i}: { says: One., ${each.includes('of: ') ? '' : 'of: log, '}${each} }`).join('\n')}
`

async function judged(clauses: readonly string[]) {
  const text = specOf(clauses)
  const value = compiledSpec(text)
  const { findings, undecided } = await analyseMetrics(value, { solver, limits: { milliseconds: 20_000 } })
  return { conflicts: findings.filter((finding) => finding.kind === 'impossible-metrics'), undecided }
}

async function examine<T>(
  { clauses, by, missed }: Case<T>,
  isMet: (meets: readonly ((of: T) => boolean)[]) => boolean,
) {
  const truths = clauses.map(([, meets]) => meets)
  // The author is judged as well: by what is tried, not by what was meant.
  expect(isMet(truths), 'whether something meets it').toBe(by === undefined)
  const { conflicts, undecided } = await judged(clauses.map(([yaml]) => yaml))
  if (by === undefined || missed !== undefined) {
    expect(conflicts).toEqual([])
    return
  }
  const [conflict, ...more] = conflicts
  expect(more, `${undecided} undecided`).toEqual([])
  const named = conflict?.clauses.map(({ id }) => id).toSorted() ?? []
  const own = named.filter((id) => id.startsWith('k')).map((id) => Number(id.slice(1)))
  // None that is named can be left out, and what is not named is not needed.
  for (const left of own)
    expect(isMet(own.filter((i) => i !== left).map((i) => truths[i] as (of: T) => boolean)), `without k${left}`).toBe(
      true,
    )
  expect(isMet(own.map((i) => truths[i] as (of: T) => boolean)), named.join()).toBe(false)
  expect(named.filter((id) => !id.startsWith('k'))).toEqual(by.toSorted())
  // A repair repairs, and a little less of it does not.
  const moves = conflict?.repair?.moves ?? []
  const moved = (part: number): readonly string[] =>
    clauses.map(([yaml], i) =>
      moves
        .filter(({ name }) => name === `k${i}`)
        .reduce((text, { from, to }) => {
          const at = Number(from.value) + part * (Number(to.value) - Number(from.value))
          const number = from.type.kind === 'int' ? String(Math.round(at)) : at.toFixed(6)
          return text.replace(textOf(from), () => number)
        }, yaml),
    )
  if (moves.some(({ name }) => !name.startsWith('k')) || moves.length === 0) return
  expect((await judged(moved(1))).conflicts, `${moved(1).join('\n')}`).toEqual([])
  if (ALL && moves.every(({ from }) => from.type.kind !== 'int'))
    expect((await judged(moved(0.9))).conflicts.length, `${moved(0.9).join('\n')}`).toBe(1)
}

/** The number of a spec as it stands there. */
function textOf({ type, value }: { readonly type: { readonly kind: string }; readonly value: unknown }): RegExp {
  const text = String(value).replace('.', '\\.')
  return new RegExp(type.kind === 'int' || text.includes('.') ? `(?<=[<>=] )${text}` : `(?<=[<>=] )${text}(\\.0)?`)
}

const ALL = process.env['PLUMB_EXAMINER'] === 'all'
const titled = <T>(cases: readonly Case<T>[]) =>
  cases.filter(({ slow }) => slow !== true || ALL).map((each) => [each.name, each] as const)
const COLUMNS = ['site', 'urgent', 'wait', 'cost', 'visits']

test.each(titled<Table>(TABLE_CASES))('%s', async (_, each) => {
  const text = each.clauses.map(([yaml]) => yaml).join()
  const words: Readonly<Record<string, string>> = { urgent: 'hot', wait: 'late' }
  const columns = COLUMNS.filter((name) => text.includes(name) || text.includes(words[name] ?? name))
  await examine(each, (meets) => someTable(columns, meets))
})
test.each(titled<Decision>(WHOLE_CASES))('%s', (_, each) => examine(each, (meets) => someDecision(meets, false)))
test.each(titled<Decision>(DIVIDED_CASES))('%s', (_, each) => examine(each, (meets) => someDecision(meets, true)))
