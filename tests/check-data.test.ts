import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { plumb, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const spec = (more = ''): string => `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  people: { source: people.csv, columns: { age: { type: integer, range: [0, 120] } } }
slices: { old: age >= 98, young: age < 98 }
clauses:
  adults: { says: Mostly adults., of: people, must: share(age >= 18) >= 0.8, slices: [young, old], confidence: 95% }
  few: { says: Few are old., of: people, must: share(age >= 98) >= 0.001, confidence: 95% }
${more}`

test('check --data says what rows can and cannot decide', () => {
  const folder = scratch('check-data')
  const rows = Array.from({ length: 100 }, (_, i) => i)
  writeFileSync(join(folder, 'people.csv'), `age\n${rows.join('\n')}\n`)
  writeFileSync(join(folder, 'plumb.yaml'), spec())
  const plain = plumb(folder, 'check', '--json')
  expect(plain.json<{ diagnostics: readonly unknown[] }>().diagnostics).toEqual([])
  const found = plumb(folder, 'check', '--data', '--json')
  expect(found.code).toBe(0)
  expect(schemaJudge()('check', found.json())).toEqual([])
  const { diagnostics } = found.json<{ diagnostics: readonly { code: string; message: string; fix: string }[] }>()
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'power/cannot-be-satisfied: `share(age >= 18) >= 0.8` cannot be satisfied on people [old]: 2 rows show it with no outcome at all.',
    'power/cannot-be-violated: `share(age >= 98) >= 0.001` cannot be violated on people: no outcome of 100 rows refutes it.',
  ])
  expect(diagnostics[0]?.fix).toContain('at least 16 rows')
  expect(plumb(folder, 'check', '--data').out).toMatch(
    /adults on people \[young\]: .* with 98 rows; 0\.9\d+ is shown at 80 % power/,
  )
  writeFileSync(
    join(folder, 'plumb.yaml'),
    spec('suppress: [{ code: power/cannot-be-satisfied, at: adults, reason: Two are enough for us. }]\n'),
  )
  expect(plumb(folder, 'check').out).not.toContain('dead-suppression')
  expect(plumb(folder, 'check', '--data').out).not.toContain('cannot-be-satisfied')
})
