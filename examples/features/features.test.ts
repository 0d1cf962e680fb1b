import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plumb } from '../../tests/support/plumb.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orders-'))
  cpSync(import.meta.dirname, folder, {
    recursive: true,
    filter: (path) => !path.includes('.plumb') || path.endsWith('.yaml'),
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every clause of the features holds, in three files and two languages', () => {
  const { code, out } = plumb(folder, 'test', '--reporter', 'terminal', '--reporter', 'cucumber=results.ndjson')
  expect(code).toBe(0)
  for (const id of ['jp-writes-its-postcodes-so', 'keine-bestellung-steht-auf-beiden-seiten', 'no-discount-takes-all'])
    expect(out).toContain(`✓ ${id}`)
  expect(out).not.toContain('✗')
  const lines = readFileSync(join(folder, 'results.ndjson'), 'utf8').trimEnd().split('\n')
  const sources = lines.map((line) => JSON.parse(line) as { readonly source?: { readonly uri: string } })
  expect(sources.flatMap(({ source }) => source?.uri ?? [])).toEqual([
    'features/orders.feature',
    'features/trennung.feature',
    'features/discounts.feature.md',
    'plumb.yaml',
  ])
})

test('a wrong row is found by the step that speaks of it', () => {
  const file = join(folder, 'data', 'orders.csv')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/,JP,\d{3}-\d{4},/, ',JP,12345,'))
  const { code, out } = plumb(folder, 'test', '--clause', 'jp-writes-its-postcodes-so')
  expect(code).toBe(1)
  expect(out).toContain('12345')
  expect(out).toContain('features/orders.feature:10:12')
})
