import { expect, test } from 'vitest'
import { checkLayers, importsOf, rings } from './check-layers.ts'

test('the layers hold, and no file is too long', () => {
  const { files, breaches } = checkLayers(new URL('..', import.meta.url).pathname)
  expect(breaches).toEqual([])
  expect(files).toBeGreaterThan(100)
})

test('a ring is found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', ['a']],
  ])
  expect(rings(graph).map((r) => r.toSorted())).toEqual([['a', 'b', 'c']])
})

test('every kind of import is seen', () => {
  const text = `import { a } from './a.ts'\nimport type { B } from './b.ts'\nexport * from './c.ts'\nimport {\n  d,\n} from './d.ts'\nconst e = await import('./e.ts')\nimport './f.ts'\n`
  expect(importsOf(text).map((i) => i.from)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './f.ts', './e.ts'])
})
