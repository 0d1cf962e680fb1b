import { describe, expect, it } from 'vitest'
import { compile } from '../../compile.ts'
import { parseSpec } from '../parse.ts'
import { YAML_LIMITS } from '../yaml/load.ts'
import { loadSources, MOST_FILES } from './load-sources.ts'

const HEAD = 'plumbline: 1\nsystem: { name: demo, version: 1.0.0 }\n'
const DATA = 'data:\n  a:\n    source: a.csv\n    columns:\n      x: { type: integer, range: [0, 9] }\n'
const CLAUSES = 'clauses:\n  c: { says: One., of: a, every: x > 0 }\n  d: { says: Two., of: a, must: count() > 1 }\n'

/** The spec of some files, `plumb.yaml` first, read as from a disk. */
async function sourcesOf(files: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const sources = await loadSources({ path: 'plumb.yaml', text: files['plumb.yaml'] ?? '' }, async (path) => {
    asked.push(path)
    const text = files[path]
    return text === undefined ? { ok: false, why: 'is not there' } : { ok: true, text }
  })
  return { sources, asked }
}

async function codesOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { sources } = await sourcesOf(files)
  return parseSpec(sources).diagnostics.map(({ code }) => code)
}

describe('the digest', () => {
  it('depends on what is said, not on how many files say it', async () => {
    const one = compile((await sourcesOf({ 'plumb.yaml': HEAD + DATA + CLAUSES })).sources).value
    const { sources } = await sourcesOf({
      'plumb.yaml': `extends: [parts/data, parts/clauses]\n${HEAD}clauses:\n  d: { says: Two., of: a, must: count() > 1 }\n`,
      'parts/data.plumb.yaml': `# the data\n${DATA}`,
      'parts/clauses.plumb.yaml': CLAUSES.replace('count() > 1', 'count() > 2'),
    })
    const several = compile(sources).value
    expect(several?.spec.digest).toBe(one?.spec.digest)
    expect(several?.clauses.map(({ id, digest }) => [id, digest]).toSorted()).toEqual(
      one?.clauses.map(({ id, digest }) => [id, digest]).toSorted(),
    )
    expect(several?.clauses.find(({ id }) => id === 'c')?.place).toEqual({
      file: 'parts/clauses.plumb.yaml',
      line: 2,
      column: 3,
    })
  })

  it('changes with what a file says', async () => {
    const files = { 'plumb.yaml': `${HEAD}extends: base\n`, 'base.plumb.yaml': DATA + CLAUSES }
    const before = compile((await sourcesOf(files)).sources).value?.spec.digest
    const changed = { ...files, 'base.plumb.yaml': `${DATA}${CLAUSES}`.replace('x > 0', 'x > 1') }
    expect(before).toBeDefined()
    expect(compile((await sourcesOf(changed)).sources).value?.spec.digest).not.toBe(before)
  })
})

describe('what counts', () => {
  it('is the last file named, and a file that two extend counts before both', async () => {
    const { sources, asked } = await sourcesOf({
      'plumb.yaml': `${HEAD}extends: [left, right]\n`,
      'left.plumb.yaml': 'extends: base\nslices: { young: x < 2, left: x < 1 }\n',
      'right.plumb.yaml': 'extends: ./sub/../base.plumb.yaml\nslices: { right: x > 1, left: x < 3 }\n',
      'base.plumb.yaml': `${DATA}slices: { young: x < 5 }\n`,
    })
    expect(asked).toEqual(['left.plumb.yaml', 'right.plumb.yaml', 'base.plumb.yaml'])
    const { value } = parseSpec(sources)
    expect([...(value?.slices ?? [])].map(([name, { text, span }]) => [name, text, span.file])).toEqual([
      ['young', 'x < 2', 'left.plumb.yaml'],
      ['left', 'x < 3', 'right.plumb.yaml'],
      ['right', 'x > 1', 'right.plumb.yaml'],
    ])
    expect(value?.overrides.map(({ path, span, replaced }) => [path, span.file, replaced.file])).toEqual([
      ['slices.young', 'left.plumb.yaml', 'base.plumb.yaml'],
      ['slices.left', 'right.plumb.yaml', 'left.plumb.yaml'],
    ])
  })

  it('joins datasets and models key by key, and replaces a clause as a whole', async () => {
    const { sources } = await sourcesOf({
      'plumb.yaml': `${HEAD}extends: base\ndata: { a: { source: b.csv, columns: { y: { type: text } } } }\nclauses: { c: { of: a, must: count() > 3 } }\n`,
      'base.plumb.yaml': `${DATA}    key: [x]\n${CLAUSES}`,
    })
    const spec = parseSpec(sources).value
    expect(spec?.data.get('a')?.source.value).toMatchObject({ path: 'b.csv' })
    expect(spec?.data.get('a')?.key.map(({ value }) => value)).toEqual(['x'])
    expect([...(spec?.data.get('a')?.columns.keys() ?? [])]).toEqual(['x', 'y'])
    expect(spec?.clauses.get('c')?.body.form).toBe('must')
    expect(spec?.clauses.get('c')?.says).toBeUndefined()
  })
})

describe('limits hold for all files together', () => {
  it('bytes', async () => {
    const half = `# ${'x'.repeat(YAML_LIMITS.bytes / 2)}\n`
    const files = { 'plumb.yaml': `${HEAD}extends: [base]\n${half}`, 'base.plumb.yaml': `slices: {}\n${half}` }
    expect(await codesOf(files)).toContain('language/extends-too-much')
    const { asked } = await sourcesOf({ ...files, 'plumb.yaml': `${HEAD}extends: [base, other]\n${half}` })
    expect(asked).toEqual(['base.plumb.yaml'])
  })

  it('files', async () => {
    const names = Array.from({ length: MOST_FILES + 5 }, (_, i) => `f${i}`)
    const files = Object.fromEntries(names.map((name) => [`${name}.plumb.yaml`, 'slices: {}\n']))
    const whole = { ...files, 'plumb.yaml': `${HEAD}extends: [${names.join(', ')}]\n` }
    expect((await sourcesOf(whole)).asked).toHaveLength(MOST_FILES)
    expect(await codesOf(whole)).toContain('language/extends-too-much')
  })

  it('aliases and parts', async () => {
    const aliases = (n: number) =>
      `x-a: &a [${'1, '.repeat(99)}1]\nx-b: [${Array.from({ length: n }, () => '*a').join(', ')}]\n`
    const files = { 'plumb.yaml': `${HEAD}extends: base\n${aliases(60)}`, 'base.plumb.yaml': aliases(60) }
    expect(await codesOf(files)).toContain('language/too-many-aliases')
    expect(await codesOf({ ...files, 'base.plumb.yaml': aliases(10) })).toEqual([])
    const parts = `x-c: [${'1,'.repeat(90_000)}1]\n`
    const large = { 'plumb.yaml': `${HEAD}extends: base\n${parts}`, 'base.plumb.yaml': parts }
    expect(await codesOf(large)).toContain('language/too-complex')
  })
})

it('a broken file is reported at its own place, and nothing that depends on it', async () => {
  const { sources } = await sourcesOf({
    'plumb.yaml': `${HEAD}extends: [broken]\n${CLAUSES}`,
    'broken.plumb.yaml': 'data: { a: [\n',
  })
  const { diagnostics, value } = compile(sources)
  expect(value).toBeUndefined()
  expect(diagnostics.length).toBeGreaterThan(0)
  expect(new Set(diagnostics.map(({ span }) => span.file))).toEqual(new Set(['broken.plumb.yaml']))
})
