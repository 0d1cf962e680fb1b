import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, segmentGaps, stats } from '@plumbline/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findWeakSegments, type WeakSegments } from './find-weak-segments.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-segments-'))
  const random = stats.createRandom('segments', 'rows')
  const lines = Array.from({ length: 3000 }, (_, id) => {
    const age = 18 + random.int(60)
    const city = ['Ulm', 'Bonn', "L'Aquila"][random.int(3)] as string
    const label = random.float() < 0.5
    const off = (share: number): number => (random.float() < share ? Number(!label) : Number(label))
    return `${id},${age},${city},${label},${off(city === "L'Aquila" && age >= 50 ? 0.45 : 0.1)},${off(0.15)}`
  })
  await writeFile(join(root, 'rows.csv'), `id,age,city,label,weak,even\n${lines.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true }))

const specOf = (column: string, more = ''): string => `plumbline: 1
system: { name: odd, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer }
      city: { type: category, values: [Ulm, Bonn, "L'Aquila"] }
      label: { type: boolean }
      weak: { type: number }
      even: { type: number }
${more}models:
  champion:
    artifact: { column: ${column} }
    task: binary-classification
    input: { from: rows, columns: [age, city] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
    label: label
clauses:
  it: { of: champion, must: accuracy() >= 0.5 }
`

async function search(column: string): Promise<WeakSegments> {
  const value = compiledSpec(specOf(column))
  const digest = `column:${column}`
  const found = await findWeakSegments({
    program: {
      ...value,
      datasets: value.datasets.map((each) => ({
        ...each,
        columns: each.columns.filter(({ name }) => (name !== 'weak' && name !== 'even') || name === column),
      })),
    },
    root,
    versions: { candidate: digest, others: {} },
    files: new Map([[digest, { path: '', digest, identity: '{}' }]]),
  })
  if (!found.ok) throw new Error(found.failure.cause)
  if (found.value === undefined) throw new Error('Nothing was searched.')
  return found.value
}

it('finds where the model is weak, and writes it as a slice that compiles', async () => {
  const found = await search('weak')
  const [first] = found.segments
  expect(found).toMatchObject({ relation: 'champion', loss: 'wrong-answer', rows: 3000 })
  expect(first?.condition).toMatch(/city == "L'Aquila"/)
  expect(first?.condition).toMatch(/age >= \d+/)
  expect(first?.inside.loss).toBeGreaterThan(0.3)
  expect(first?.outside.loss).toBeLessThan(0.2)
  const [gap] = segmentGaps(found)
  const { value, diagnostics } = compile({
    main: { path: 'plumb.yaml', text: specOf('weak', gap?.yaml ?? '') },
    others: [],
  })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(value).toBeDefined()
  // The same rows have the same halves.
  expect(await search('weak')).toEqual(found)
})

it('confirms nothing where it errs alike everywhere', async () => {
  expect((await search('even')).segments).toEqual([])
})
