import { describe, expect, it } from 'vitest'
import { compile } from '../../index.ts'
import { writtenPath } from './cell-path.ts'

/** The path of a column written so, or what is said of it. */
function pathOf(written: string): unknown {
  const text = `plumbline: 1
system: { name: paths, version: 1.0.0 }
data: { rows: { source: rows.jsonl, columns: { it: { type: integer, path: ${written} } } } }
`
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const [problem] = diagnostics.filter(({ severity }) => severity === 'error')
  return problem === undefined ? value?.datasets[0]?.columns[0]?.path : problem.code
}

describe('the path of a column', () => {
  it.each([
    ['age', ['age']],
    ['address.city', ['address', 'city']],
    ['$.address.city', ['address', 'city']],
    ['items.0.price', ['items', 0, 'price']],
    ['"items[0].price"', ['items', 0, 'price']],
    ['"items[2][11]"', ['items', 2, 11]],
    ['items.2.11', ['items', 2, 11]],
    ['größe.é-1', ['größe', 'é-1']],
    [`'["Bill Amount"]'`, ['Bill Amount']],
    [`'"Bill Amount".usd'`, ['Bill Amount', 'usd']],
    [`"$['a b'].c['d\\\\'e']"`, ['a b', 'c', "d'e"]],
    [`'a."b.c"'`, ['a', 'b.c']],
    ['constructor.__proto__', ['constructor', '__proto__']],
  ])('%s', (written, path) => {
    expect(pathOf(written)).toEqual(path)
  })

  it.each([
    'a..b',
    '.a',
    'a.',
    '"a["',
    '"a[x]"',
    '"a[-1]"',
    '"a[*]"',
    '"a.1]"',
    '$a',
    '"a[1"',
    '$',
    '$..a',
    'a b',
    '"[0].a"',
    '0.a',
    `'a["b]'`,
    `'a["b"'`,
    '""',
    '[a]',
    '"a[1 ]b"',
  ])('%s is none', (written) => {
    expect(pathOf(written)).toMatch(/^language\/(bad-literal|empty-value|wrong-type)$/)
  })
})

it.each([[['a', 'b c', 0, 'd"\\e', '_x-1']], [['Bill Amount']], [['constructor', 'é', 12]]] as const)(
  '%j is written as it is read',
  (path) => {
    expect(pathOf(JSON.stringify(writtenPath(path as never)))).toEqual(path)
  },
)

it('another path is another question: its evidence is not that of the one before', () => {
  const digestOf = (path: string): string | undefined => {
    const text = `plumbline: 1
system: { name: paths, version: 1.0.0 }
data: { rows: { source: rows.jsonl, columns: { it: { type: integer, path: ${path} } } } }
clauses: { it: { of: rows, every: it > 0 } }
`
    const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
    return value?.clauses.find(({ id }) => id === 'it')?.digest
  }
  expect(digestOf('a.b')).toMatch(/^sha256:/)
  expect(digestOf('a.c')).not.toBe(digestOf('a.b'))
  expect(digestOf('$.a.b')).toBe(digestOf('a.b'))
})
