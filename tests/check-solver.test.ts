import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { plumb, ROOT, scratch } from './support/plumb.ts'

const folder = scratch('check-solver')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const put = (name: string): void =>
  copyFileSync(join(ROOT, 'conformance', 'solver', name, 'spec.plumb.yaml'), join(folder, 'plumb.yaml'))

interface Shown {
  readonly diagnostics: readonly {
    readonly code: string
    readonly line: number
    readonly related: readonly unknown[]
  }[]
}

test('a contradiction is a mistake of the spec, with all its places; without the option it is not looked for', () => {
  put('bounds-of-two-columns')
  expect(plumb(folder, 'check').code).toBe(0)
  const checked = plumb(folder, 'check', '--solver', '--time', '20s', '--json')
  expect(checked.code).toBe(2)
  const { diagnostics } = JSON.parse(checked.out) as Shown
  expect(diagnostics).toMatchObject([{ code: 'check/contradiction', line: 10 }])
  expect(diagnostics[0]?.related).toHaveLength(2)
})

test('a spec without findings passes; a time that is none is refused', () => {
  put('good')
  const checked = plumb(folder, 'check', '--solver', '--time', '20s')
  expect(checked.code).toBe(0)
  expect(checked.out).toContain('no mistakes')
  const refused = plumb(folder, 'check', '--solver', '--time', 'soon')
  expect(refused.code).toBe(2)
  expect(refused.err + refused.out).toContain('Write a duration')
})
