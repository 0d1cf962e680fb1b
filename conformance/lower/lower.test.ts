import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '@plumbline/core'
import { expect, test } from 'vitest'

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name)

/** The clauses of a spec as the waist holds them; digests and places are left out, they have tests of their own. */
function clausesOf(name: string): string {
  const text = readFileSync(join(import.meta.dirname, name, 'spec.plumb.yaml'), 'utf8')
  const { value, diagnostics } = compile({ main: { path: 'spec.plumb.yaml', text }, others: [] })
  if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  const keep = (key: string, item: unknown): unknown =>
    key === 'at' || key === 'digest' || key === 'place' ? undefined : item
  // Contracts come with every spec; one case shows them.
  const shown = value.clauses.filter((clause) => name === 'contracts' || clause.origin === 'authored')
  return `${JSON.stringify(shown, keep, 1)}\n`
}

test.each(cases)('%s', (name) => {
  const golden = join(import.meta.dirname, name, 'clauses.json')
  const found = clausesOf(name)
  if (process.env['PLUMB_UPDATE'] === '1') writeFileSync(golden, found)
  expect(found).toBe(readFileSync(golden, 'utf8'))
})

test('the digest of a clause covers what it asks and nothing else', () => {
  const text = readFileSync(join(import.meta.dirname, 'slices', 'spec.plumb.yaml'), 'utf8')
  const digest = (changed: string): string | undefined =>
    compile({ main: { path: 'spec.plumb.yaml', text: changed }, others: [] }).value?.clauses.find(
      (c) => c.id === 'share-of-defaults',
    )?.digest
  const now = digest(text)
  expect(now).toMatch(/^sha256:/)
  for (const [from, to] of [
    ['Few default.', 'Not many default.'],
    ['severity: warn', 'severity: block'],
    ['share(default) <= 0.3', 'share(default)   <= 0.30'],
  ]) {
    expect(text).toContain(from)
    expect(digest(text.replace(from ?? '', to ?? '')), `${from} → ${to}`).toBe(now)
  }
  for (const [from, to] of [
    ['0.3', '0.31'],
    ['99%', '95%'],
    ['age < 25', 'age < 26'],
    ['all, young, by sex', 'all, young'],
    ['2: female', '2: female, 3: other'],
    ['split == "test"', 'split != "train"'],
  ]) {
    expect(text).toContain(from)
    expect(digest(text.replace(from ?? '', to ?? '')), `${from} → ${to}`).not.toBe(now)
  }
})
