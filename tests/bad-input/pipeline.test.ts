import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plumb } from '../support/plumb.ts'
import { expectNoTrace, expectRefusal, project, type Refusal, SPEC } from './support.ts'

const withStages = (stages: string): string => `${SPEC}pipeline:\n  stages:\n    ${stages}\n`
const WRITE = "require('node:fs').writeFileSync(process.argv[2], 'made')"

type Case = readonly [name: string, stage: string, refusal: Omit<Refusal, 'exit'> & { readonly exit?: number }]

const cases: readonly Case[] = [
  [
    'a program that fails',
    'train: { run: [node, fail.cjs], makes: [out.txt] }',
    { exit: 4, code: 'run/stage-failed', says: /exit code 3.*\.log/ },
  ],
  [
    'a program that is not there',
    'train: { run: [no-such-program], makes: [out.txt] }',
    { exit: 4, code: 'run/not-started', says: 'stage train could not be started' },
  ],
  [
    'a program that makes something else',
    'train: { run: [node, write.cjs, other.txt], makes: [out.txt] }',
    { exit: 4, code: 'run/missing-output', says: /did not make out.txt/ },
  ],
  [
    'a program that changes what it needs',
    'train: { run: [node, both.cjs], needs: [in.txt], makes: [out.txt] }',
    { exit: 4, code: 'run/needs-changed', says: 'in.txt changed' },
  ],
  [
    'a need that nobody makes',
    'train: { run: [node, write.cjs, out.txt], needs: [none.txt], makes: [out.txt] }',
    { code: 'run/missing-need', says: 'needs none.txt' },
  ],
  [
    'stages in a circle',
    'a: { run: [node, write.cjs, a], needs: [b], makes: [a] }\n    b: { run: [node, write.cjs, b], needs: [a], makes: [b] }',
    { code: 'run/cycle', says: 'circle' },
  ],
  [
    'a shell command',
    'train: { run: "node write.cjs out.txt && node other.cjs", makes: [out.txt] }',
    { code: 'language/shell-command', says: /'&&' has no meaning.*no shell/, fix: 'list of arguments' },
  ],
]

describe('a pipeline that goes wrong', () => {
  const files = {
    'in.txt': 'in',
    'out.txt': 'as it was',
    'fail.cjs': "require('node:fs').writeFileSync('out.txt', 'half'); console.error('\\u001b[31mno'); process.exit(3)",
    'write.cjs': WRITE,
    'both.cjs':
      "const fs = require('node:fs'); fs.writeFileSync('out.txt', 'made'); fs.writeFileSync('in.txt', 'changed')",
  }

  test.each(cases)('%s', (_name, stage, refusal) => {
    const folder = project('pipeline', { ...files, 'plumb.yaml': withStages(stage) })
    expectRefusal(plumb(folder, 'run', '--trust'), { exit: 2, ...refusal })
    // What was there before the run is there after it.
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('as it was')
    expect(plumb(folder, 'verify').code).toBe(0)
  })

  test('without --trust nothing is started', () => {
    const folder = project('pipeline-untrusted', {
      'plumb.yaml': withStages('train: { run: [node, write.cjs, out.txt], makes: [out.txt] }'),
      'write.cjs': WRITE,
    })
    expectRefusal(plumb(folder, 'run'), { exit: 2, code: 'run/untrusted', says: /would start node/, fix: '--trust' })
    expect(existsSync(join(folder, 'out.txt'))).toBe(false)
    for (const verb of ['check', 'test', 'gate']) expect(plumb(folder, verb).code).not.toBe(130)
    expect(existsSync(join(folder, 'out.txt'))).toBe(false)
  })

  test('an unknown stage, by name', () => {
    const folder = project('pipeline-unknown', {
      'plumb.yaml': withStages('train: { run: [node, write.cjs, out.txt], makes: [out.txt] }'),
      'write.cjs': WRITE,
    })
    expectRefusal(plumb(folder, 'run', 'trian', '--trust'), {
      exit: 2,
      code: 'run/unknown-stage',
      says: /trian; there are: train/,
    })
  })

  test('an output outside the project, named or by a link', () => {
    const named = project('pipeline-outside', {
      'plumb.yaml': withStages('train: { run: [node, write.cjs, ../out.txt], makes: [../out.txt] }'),
      'write.cjs': WRITE,
    })
    const ran = plumb(named, 'run', '--trust')
    expectNoTrace(ran)
    expect(ran.code).toBe(2)
    expect(existsSync(join(named, '..', 'out.txt'))).toBe(false)
    const linked = project('pipeline-linked', {
      'plumb.yaml': withStages('train: { run: [node, write.cjs, out/x.txt], makes: [out/x.txt] }'),
      'write.cjs': WRITE,
    })
    const outside = project('pipeline-elsewhere')
    mkdirSync(outside, { recursive: true })
    symlinkSync(outside, join(linked, 'out'))
    expectRefusal(plumb(linked, 'run', '--trust'), { exit: 2, code: 'run/bad-path', says: /out of the project/ })
    expect(existsSync(join(outside, 'x.txt'))).toBe(false)
    rmSync(join(linked, 'out'))
  })
})
