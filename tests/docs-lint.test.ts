import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)

test('the table of lint rules names every rule, and none that there is not', () => {
  const folder = new URL('packages/core/src/check/lint/', root)
  const rules = readdirSync(folder).flatMap((file) => (file.endsWith('.rule.ts') ? [file.slice(0, -8)] : []))
  expect(rules.length).toBeGreaterThan(40)
  const text = readFileSync(new URL('docs/lint.md', root), 'utf8')
  const named = new Set([...text.matchAll(/`lint\/([a-z-]+)`/g)].map(([, name]) => name))
  expect([...named].toSorted()).toEqual(rules.toSorted())
})
