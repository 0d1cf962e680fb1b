import { compile } from '@plumbline/core'
import { analyseMetrics } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { anyClause, type Asked, type Kind, TABLES } from './small-tables.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())
const random = createRandom(process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline', 'aggregates')
const SPECS = Number(process.env['PLUMB_AGGREGATES'] ?? 24)
const pick = <T>(items: readonly T[]): T => items[random.int(items.length)] as T

const specOf = (kind: Kind, clauses: readonly Asked[]): string => `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows: { source: rows.csv, columns: { c: { type: ${kind}, optional: true }, b: { type: boolean } } }
slices: { part: b, rest: "!b" }
clauses:
${clauses.map(({ text }, i) => `  k${i}: { says: One., of: rows, ${text} }`).join('\n')}
`

type Finding = Awaited<ReturnType<typeof analyseMetrics>>['findings'][number]
const idsOf = (finding: Finding): string =>
  finding.kind === 'impossible-metrics' ? finding.clauses.map(({ id }) => id).join(', ') : ''

test('no table of three rows meets aggregates that are called impossible together', async () => {
  const found = { possible: 0, impossible: 0, repaired: 0 }
  for (let i = 0; i < SPECS; i++) {
    const kind = pick(['integer', 'number'] as const)
    const clauses = Array.from({ length: 4 }, () => anyClause(random))
    const text = specOf(kind, clauses)
    const value = compiledSpec(text)
    const { findings } = await analyseMetrics(value, { solver, limits: { milliseconds: 20_000 } })
    const impossible = findings.filter((finding) => finding.kind === 'impossible-metrics')
    if (impossible.length === 0) found.possible++
    for (const finding of impossible) {
      found.impossible++
      const among = finding.clauses.flatMap(({ id }) => (id.startsWith('k') ? [clauses[Number(id.slice(1))]] : []))
      // Of b nothing is missing: the contract that a finding may name is met by each table.
      const met = TABLES[kind].find((table) => among.every((each) => each?.meets(table)))
      expect(met, `${idsOf(finding)} in ${text}`).toBeUndefined()
      if (finding.repair === undefined) continue
      found.repaired++
      const moved = finding.repair.moves.reduce((all, { name, from, to }) => {
        const line = all.split('\n').find((each) => each.startsWith(`  ${name}:`)) ?? ''
        const last = line.lastIndexOf(`${from.value}`)
        return all.replace(line, `${line.slice(0, last)}${to.value}${line.slice(last + `${from.value}`.length)}`)
      }, text)
      const again = compile({ main: { path: 'plumb.yaml', text: moved }, others: [] }).value
      if (again === undefined) throw new Error(moved)
      const left = await analyseMetrics(again, { solver, limits: { milliseconds: 20_000 } })
      const ids = idsOf(finding)
      expect(left.findings.map(idsOf), `${ids} of ${text} as ${moved}`).not.toContain(ids)
    }
  }
  expect(found.possible, JSON.stringify(found)).toBeGreaterThan(2)
  expect(found.impossible, JSON.stringify(found)).toBeGreaterThan(4)
  expect(found.repaired, JSON.stringify(found)).toBeGreaterThan(2)
})
