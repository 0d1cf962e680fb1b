import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { plumb } from '../support/plumb.ts'
import { BIN, expectLedger, expectNoTrace, expectRefusal, people, type Refusal } from './support.ts'

let folder = ''
beforeAll(() => {
  folder = people('usage', { 'not-a-baseline.json': '{', 'plumb.txt': 'A file.' })
  expect(plumb(folder, 'test').code).toBe(1)
})

type Case = readonly [args: readonly string[], refusal: Omit<Refusal, 'exit'> & { readonly exit?: number }]

const cases: readonly Case[] = [
  [['frobnicate'], { code: 'cli/unknown-verb', says: "'frobnicate'", fix: 'plumb --help' }],
  [['chek'], { code: 'cli/unknown-verb', says: "'chek'", fix: 'Did you mean check?' }],
  [['test', '--stagge', 'data'], { code: 'cli/unknown-option', says: "'--stagge'", fix: 'Did you mean --stage?' }],
  [['init'], { code: 'init/no-data', says: 'Nothing says', fix: 'plumb init DATA.csv' }],
  [['replay'], { code: 'cli/missing-argument', says: "'id'" }],
  [['check', 'more', 'words'], { code: 'cli/too-many-arguments', says: 'more, words' }],
  [['test', '--candidate'], { code: 'cli/missing-value', says: '--candidate' }],
  [['test', '--candidate', 'none.onnx'], { code: 'cli/no-model', says: '`champion`', fix: 'models' }],
  [['test', '--clause', 'adlt'], { code: 'cli/unknown-clause', says: '`adlt`', fix: 'Did you mean `adult`?' }],
  [['test', '--clause', '\u001b[2Jx'], { code: 'cli/unknown-clause', says: '\\u{1b}[2Jx' }],
  [['test', '--stage', 'date'], { code: 'cli/unknown-stage', says: '`date`', fix: 'data, model or release' }],
  [['test', '--reporter', 'jnuit'], { code: 'cli/unknown-reporter', says: '`jnuit`' }],
  [['test', '--reporter', 'json='], { code: 'cli/bad-value', says: 'names no file' }],
  [
    ['test', '--reporter', 'json=people.csv/report.json'],
    { code: 'cli/not-written', says: 'people.csv/report.json', exit: 4 },
  ],
  [
    ['test', '--baseline', 'not-a-baseline.json'],
    { code: 'cli/bad-baseline', says: 'not-a-baseline.json is not a baseline' },
  ],
  [['test', '--baseline', '.'], { code: 'cli/unreadable-baseline', says: 'is a folder' }],
  [['report', '--out', 'people.csv/report.html'], { code: 'cli/not-written', says: 'people.csv/report.html', exit: 4 }],
  [['verify', '--expect-head', 'abc'], { code: 'cli/bad-digest', says: '`abc`', fix: 'plumb verify' }],
  [['replay', 'abcdef'], { code: 'replay/unknown-evidence', says: '`abcdef`' }],
  [['explain', 'toString'], { code: 'cli/unknown-subject', says: '`toString`' }],
  [
    ['explain', 'chek/unknown-colum'],
    { code: 'cli/unknown-subject', says: 'chek/unknown-colum', fix: 'Did you mean `expr/unknown-column`?' },
  ],
  [
    ['explain', 'engine/model-timeout'],
    { code: 'cli/unknown-subject', says: 'engine/model-timeout', fix: 'It is the code of a failure' },
  ],
  [['run'], { code: 'cli/no-pipeline', says: 'no pipeline', fix: 'pipeline' }],
  [['promote'], { code: 'cli/no-candidate', says: 'no candidate' }],
  [['check', '--param', 'depth'], { code: 'cli/bad-value', says: 'NAME=VALUE' }],
  [['check', '--param', 'depth=6'], { code: 'language/unknown-param', says: "'depth'", fix: 'params' }],
  [['check', '--spec', '/nowhere/plumb.yaml'], { code: 'cli/no-spec', says: '/nowhere/plumb.yaml' }],
]

describe('wrong usage', () => {
  test.each(cases.map(([args, refusal]) => [args.join(' '), args, refusal] as const))(
    'plumb %s',
    (_name, args, refusal) => {
      expectRefusal(plumb(folder, ...args), { exit: 2, ...refusal })
    },
  )

  test('nothing of it lost or changed what was there', () => {
    // Nine of the first run, nine of the one whose report could not be written.
    expectLedger(folder, 18)
    expect(existsSync(join(folder, 'not-a-baseline.json'))).toBe(true)
    expect(readFileSync(join(folder, 'not-a-baseline.json'), 'utf8')).toBe('{')
  })

  test.each([
    ['none', 'There is no folder'],
    ['plumb.txt', 'is not a folder'],
    ['plumb.txt/x', 'There is no folder'],
  ])('-C %s', (name, says) => {
    for (const verb of [['check'], ['verify']])
      expectRefusal(plumb(join(folder, name), ...verb), { exit: 2, code: 'cli/no-folder', says })
  })

  test('a machine gets JSON', () => {
    const ran = plumb(folder, 'tset', '--json')
    expect(ran.code).toBe(2)
    expect(ran.err).toBe('')
    expect(ran.json()).toMatchObject({ error: { code: 'cli/unknown-verb', fix: 'Did you mean test?' } })
  })

  test('no verb at all: the verbs are shown', () => {
    const ran = spawnSync(process.execPath, [BIN], { encoding: 'utf8' })
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain('Usage: plumb')
  })

  test('options that may be repeated', () => {
    const ran = plumb(folder, 'test', '--reporter', 'json=reports/a.json', 'json=reports/b.json', '--clause', 'adult')
    expect(ran.code).toBe(1)
    expect(readFileSync(join(folder, 'reports/a.json'))).toEqual(readFileSync(join(folder, 'reports/b.json')))
  })

  test('a reader that goes away early is no failure', () => {
    const command = `"${process.execPath}" "${BIN}" -C "${folder}" check --json | true; echo "${'$'}{PIPESTATUS[0]}"`
    const ran = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
    expectNoTrace({ out: ran.stdout, err: ran.stderr })
    expect(ran.stdout.trim()).toBe('0')
    expect(ran.stderr).toBe('')
  })
})
