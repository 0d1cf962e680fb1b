import { memoryHost } from '@plumbline/store'
import { describe, expect, test } from 'vitest'
import { commandOf } from './command.ts'
import { pipelineFailureText } from './failure-text.ts'
import { planPipeline } from './plan.ts'
import type { PipelineFailure, Stage } from './stage.ts'

const ROOT = '/project'
const stage = (name: string, needs: string[], makes: string[], more: Partial<Stage> = {}): Stage => ({
  name,
  run: 'node it.js',
  needs,
  makes,
  ...more,
})

async function planOf(
  stages: readonly Stage[],
  files: readonly string[] = [],
  only?: readonly string[],
): Promise<string[] | PipelineFailure> {
  const host = memoryHost({
    files: Object.fromEntries(
      [`${ROOT}/plumb.yaml`, ...files.map((file) => `${ROOT}/${file}`)].map((path) => [path, 'x']),
    ),
  })
  const plan = await planPipeline(host, ROOT, stages, only)
  if (plan.ok) return plan.value.map((planned) => planned.stage.name)
  // Every failure can be told to a person.
  expect(pipelineFailureText(plan.failure)).toMatch(/^[A-Z`].*[.!]$/)
  return plan.failure
}

describe('order', () => {
  const stages = [
    stage('report', ['model', 'table'], ['report']),
    stage('train', ['table', 'train.js'], ['model']),
    stage('prepare', ['raw.csv'], ['table']),
    stage('other', [], ['other']),
  ]
  test('each stage comes after those that make what it needs', async () => {
    expect(await planOf(stages, ['raw.csv', 'train.js'])).toEqual(['prepare', 'train', 'report', 'other'])
  })
  test('only what is asked for, and what it depends on', async () => {
    expect(await planOf(stages, ['raw.csv', 'train.js'], ['train'])).toEqual(['prepare', 'train'])
    expect(await planOf(stages, ['raw.csv'], ['prepare'])).toEqual(['prepare'])
    expect(await planOf(stages, [], ['trian'])).toEqual({
      kind: 'unknown-stage',
      stage: 'trian',
      known: ['report', 'train', 'prepare', 'other'],
    })
  })
  test('a need that nothing makes', async () => {
    expect(await planOf(stages, ['raw.csv'])).toEqual({ kind: 'missing-need', stage: 'train', path: 'train.js' })
  })
  test('circles', async () => {
    expect(await planOf([stage('a', ['c'], ['a']), stage('b', ['a'], ['b']), stage('c', ['b'], ['c'])])).toEqual({
      kind: 'cycle',
      stages: ['b', 'c', 'a'],
    })
    expect(await planOf([stage('a', ['a'], ['a'])], ['a'])).toEqual({ kind: 'cycle', stages: ['a'] })
  })
  test('two stages that make one file, two of one name, a name that is a path', async () => {
    expect(await planOf([stage('a', [], ['x']), stage('b', [], ['x'])])).toEqual({
      kind: 'two-producers',
      path: 'x',
      stages: ['a', 'b'],
    })
    expect(await planOf([stage('a', [], ['x']), stage('a', [], ['y'])])).toEqual({
      kind: 'duplicate-stage',
      stage: 'a',
    })
    expect(await planOf([stage('../a', [], ['x'])])).toEqual({ kind: 'bad-name', stage: '../a' })
    expect(await planOf([stage('__proto__', [], ['x'])])).toEqual(['__proto__'])
  })
})

describe('paths', () => {
  test.each([
    '../x',
    'a/../../x',
    '/etc/passwd',
    'C:/x',
    'C:x',
    '..\\x',
    '',
    'a/./b',
    'a//b',
    'a/',
    '.plumb/ledger/00000001.jsonl',
    '.PLUMB/x',
    'a\0b',
    '\ud800',
  ])('%j is refused', async (path) => {
    expect(await planOf([stage('a', [], [path])])).toMatchObject({ kind: 'bad-path', stage: 'a', path })
    expect(await planOf([stage('a', [path], ['x'])])).toMatchObject({ kind: 'bad-path', stage: 'a', path })
  })
  test('a directory is refused, names with dots are not', async () => {
    expect(await planOf([stage('a', ['data'], ['x'])], ['data/file'])).toMatchObject({ kind: 'bad-path', path: 'data' })
    expect(await planOf([stage('a', ['..x', 'a/...'], ['.x'])], ['..x', 'a/...'])).toEqual(['a'])
  })
})

describe('commands', () => {
  const command = (run: Stage['run'], params: Stage['params'] = {}) => commandOf(stage('a', [], [], { run, params }))

  test('a text is split at white space, a list is taken as it is', () => {
    expect(command('  node  train.js\t--depth 6 ')).toEqual({ ok: true, value: ['node', 'train.js', '--depth', '6'] })
    expect(command(['python3', '-c', 'print("a && b")', ''])).toEqual({
      ok: true,
      value: ['python3', '-c', 'print("a && b")', ''],
    })
  })
  test('parameters are replaced, and stay one argument', () => {
    const params = { depth: 6, name: 'a b; rm -rf /', list: [1, 2], on: true }
    expect(
      command('node t.js ${params.depth} --n=${params.name} ${params.list} ${params.on}${params.depth}', params),
    ).toEqual({
      ok: true,
      value: ['node', 't.js', '6', '--n=a b; rm -rf /', '[1,2]', 'true6'],
    })
    expect(command('node ${params.name}', { name: '${params.depth} $& $1' })).toEqual({
      ok: true,
      value: ['node', '${params.depth} $& $1'],
    })
  })
  test.each(['toString', '__proto__', 'constructor', ''])('the parameter %j is not there', (name) => {
    expect(command(`node \${params.${name}}`)).toMatchObject({
      ok: false,
      failure: { kind: 'unknown-param', param: name },
    })
  })
  test.each([
    'node a.js && node b.js',
    'node a.js | tee x',
    'node a.js > x',
    'node "a b.js"',
    "node 'a'",
    'node a.js; node b.js',
    'echo `id`',
    'echo $(id)',
    'a 2> x',
  ])('%j was meant for a shell', (run) => {
    expect(command(run)).toMatchObject({ ok: false, failure: { kind: 'bad-command' } })
  })
  test.each([
    ['', []],
    [' ', ['']],
    ['a\0b', ['a', '\ud800']],
  ])('no program, or an argument no program can have', (text, list) => {
    expect(command(text)).toMatchObject({ ok: false, failure: { kind: 'bad-command' } })
    expect(command(list)).toMatchObject({ ok: false, failure: { kind: 'bad-command' } })
  })
  test('parameters without canonical form', async () => {
    expect(await planOf([stage('a', [], [], { params: { x: '\udc00' } })])).toMatchObject({
      kind: 'bad-params',
      stage: 'a',
    })
  })
})
