import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plumb } from '../support/plumb.ts'
import {
  DATA,
  expectLedger,
  expectNoTrace,
  expectRefusal,
  people,
  project,
  type Refusal,
  SPEC,
  type Tested,
} from './support.ts'

const replaced = (from: string, to: string): string => {
  expect(SPEC).toContain(from)
  return SPEC.replace(from, to)
}
const bytes = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))

/** Each of ten names the one before ten times: 10⁹ values, if they were written out. */
const aliasBomb = ['x-a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]']
  .concat([...'bcdefghi'].map((c, i) => `x-${c}: &${c} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]`))
  .join('\n')

type Case = readonly [name: string, spec: string | Uint8Array, refusal: Omit<Refusal, 'exit'>]

const cases: readonly Case[] = [
  [
    'a brace that is not closed',
    replaced('to break. }', 'to break.'),
    { code: 'language/broken-yaml', says: "not closed by '}'", fix: "Add the closing '}'" },
  ],
  [
    'a quote that is not closed',
    replaced('says: Everybody', 'says: "Everybody'),
    { code: 'language/broken-yaml', says: 'double quotes', place: '13:11' },
  ],
  [
    'a tab as indentation',
    replaced('    of: people', '\tof: people'),
    { code: 'language/tab', says: 'A tab', place: '14:1' },
  ],
  [
    'an unknown key',
    replaced('every:', 'evry:'),
    { code: 'language/unknown-key', says: "'evry'", fix: "Did you mean 'every'?", place: '15:5' },
  ],
  [
    'an unknown column',
    replaced('age >= 18', 'aeg >= 18'),
    { code: 'expr/unknown-column', says: '`aeg`', fix: 'Did you mean `age`?', place: '15:12' },
  ],
  [
    'an unknown relation',
    replaced('of: people', 'of: peple'),
    { code: 'check/unknown-name', says: '`peple`', fix: 'Did you mean `people`?', place: '14:9' },
  ],
  [
    'a value of the wrong type',
    replaced('range: [0, 120]', 'range: 3'),
    { code: 'language/wrong-type', says: 'the number 3', fix: /range \[low, high\]/, place: '9:36' },
  ],
  [
    'a comparison of unlike types',
    replaced('age >= 18', 'age >= "18"'),
    { code: 'expr/type-mismatch', says: 'int and string', fix: 'without quotes', place: '15:12' },
  ],
  [
    'an id that stands twice',
    `${SPEC}  adult: { says: Again., of: people, every: age > 1 }\n`,
    { code: 'language/duplicate-key', says: "'adult'", place: '16:3' },
  ],
  [
    'the id of a column contract',
    replaced('  adult:', '  people.age.range:'),
    { code: 'check/bad-clause-id', says: 'people.age.range', place: '12:3' },
  ],
  ['an empty file', '', { code: 'language/empty', says: 'empty', fix: 'plumb init' }],
  ['an alias bomb', `${SPEC}${aliasBomb}\n`, { code: 'language/too-many-aliases', says: '10000 values' }],
  ['an alias to itself', `${SPEC}x-a: &a [*a]\n`, { code: 'language/alias-cycle', says: 'a' }],
  ['100 000 open brackets', '['.repeat(100_000), { code: 'language/too-complex', says: 'nesting' }],
  [
    'a spec over 2 MB',
    `${SPEC}${'# filler\n'.repeat(240_000)}`,
    { code: 'language/too-large', says: '2000000 bytes', fix: 'Split' },
  ],
  [
    'a binary file',
    bytes('plumbline: 1\n', 0, 0x1b, '[31m'),
    { code: 'language/not-text', says: 'U+0000', place: '2:1' },
  ],
  [
    'Latin-1',
    bytes(replaced('Everybody is of age.', 'Caf'), 0xe9, '\n'),
    { code: 'language/not-text', says: 'not UTF-8' },
  ],
  ['UTF-16', Buffer.from(SPEC, 'utf16le'), { code: 'language/not-text', says: 'control character', fix: 'UTF-8' }],
  [
    '`__proto__` where no such column is',
    replaced('age >= 18', 'row["__proto__"] >= 18'),
    { code: 'expr/unknown-column', says: '`__proto__`', place: '15:16' },
  ],
  [
    '`constructor` where no such column is',
    replaced('age >= 18', 'constructor >= 18'),
    { code: 'expr/unknown-column', says: '`constructor`', place: '15:12' },
  ],
  [
    'a pattern that databases refuse',
    replaced('age >= 18', '\'name.matches("(?=a)b")\''),
    { code: 'expr/bad-pattern', says: '(?=' },
  ],
  [
    'escape sequences in a name',
    replaced('every: age', '"ev\\e[31mry": age'),
    { code: 'language/unknown-key', says: 'ev\\u{1b}[31mry' },
  ],
]

describe('a spec that is wrong', () => {
  test.each(cases)('%s', (_name, spec, refusal) => {
    const folder = people('spec', { 'plumb.yaml': spec })
    const began = performance.now()
    expectRefusal(plumb(folder, 'check'), { exit: 2, ...refusal })
    // Refused early, also where parsing all of it would take minutes.
    expect(performance.now() - began).toBeLessThan(30_000)
  })

  test('every verb refuses it, also as JSON, and the evidence that is there stays', () => {
    const folder = people('spec-verbs')
    expect(plumb(folder, 'test').code).toBe(1)
    const broken = people('spec-verbs-broken', { 'plumb.yaml': replaced('every:', 'evry:') })
    for (const verb of [
      ['test'],
      ['gate'],
      ['run'],
      ['promote'],
      ['report'],
      ['explain', 'adult'],
      ['replay', 'abcdef'],
    ]) {
      const ran = plumb(broken, ...verb, '--json')
      expectNoTrace(ran)
      expect(ran.code).toBe(2)
      expect(ran.json()).toMatchObject({
        diagnostics: [
          {
            code: 'language/unknown-key',
            file: 'plumb.yaml',
            line: 15,
            column: 5,
            why: expect.any(String),
            fix: expect.any(String),
          },
        ],
      })
    }
    expectLedger(broken, 0)
    expectLedger(folder, 9)
  })

  test('several mistakes are shown at once', () => {
    const spec = replaced('age >= 18', 'aeg >= 18').replace('range: [0, 120]', 'range: [120, 0]')
    const ran = plumb(people('spec-several', { 'plumb.yaml': spec }), 'check')
    expect(ran.out).toContain('error[check/bad-range]')
    expect(ran.out).toContain('error[expr/unknown-column]')
    expect(ran.out).toContain('2 errors')
  })
})

describe('a spec that only looks odd', () => {
  test.each([
    ['a byte order mark', `\ufeff${SPEC}`],
    ['Windows line ends', SPEC.replaceAll('\n', '\r\n')],
    ['no line end at the end', SPEC.trimEnd()],
    ['a clause called constructor', replaced('  adult:', '  constructor:')],
    ['a relation called __proto__', replaced('  people:', '  __proto__:').replace('of: people', 'of: __proto__')],
    [
      'a column that is called __proto__',
      replaced('      age:', '      __proto__:').replace('age >= 18', 'row["__proto__"] >= 18'),
    ],
  ])('%s', (_name, spec) => {
    const folder = people('spec-odd', {
      'plumb.yaml': spec,
      'people.csv': spec.includes('row["__proto__"]') ? DATA.replace('age', '__proto__') : DATA,
    })
    const tested = plumb(folder, 'test', '--json')
    expectNoTrace(tested)
    expect(tested.code).toBe(1)
    expect(tested.json<Tested>().evidence.filter((e) => e.verdict === 'violated')).toMatchObject([{ failing: 1 }])
  })
})

describe('a spec that is not there', () => {
  test.each<readonly [string, readonly string[], Omit<Refusal, 'exit'>]>([
    ['an empty folder', [], { code: 'cli/no-spec', says: 'no spec here', fix: 'plumb init' }],
    ['a spec that is named', ['--spec', 'other.yaml'], { code: 'cli/no-spec', says: '`other.yaml`' }],
  ])('%s', (_name, args, refusal) => {
    for (const verb of ['check', 'test'])
      expectRefusal(plumb(project('no-spec'), verb, ...args), { exit: 2, ...refusal })
  })

  test('several, and none of them named', () => {
    const folder = project('many-specs', { 'a.plumb.yaml': SPEC, 'b.plumb.yaml': SPEC })
    expectRefusal(plumb(folder, 'check'), {
      exit: 2,
      code: 'cli/many-specs',
      says: 'a.plumb.yaml, b.plumb.yaml',
      fix: '--spec',
    })
  })

  test('a folder in its place', () => {
    const folder = project('spec-folder')
    mkdirSync(join(folder, 'plumb.yaml'))
    expectRefusal(plumb(folder, 'check'), { exit: 2, code: 'cli/no-spec', says: 'plumb.yaml is not a file' })
  })
})
