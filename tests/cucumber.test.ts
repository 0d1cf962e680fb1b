import { execFileSync } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { runInNewContext } from 'node:vm'
import { CucumberHtmlStream } from '@cucumber/html-formatter'
import { parseEnvelope } from '@cucumber/messages'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plumb } from './support/plumb.ts'

const CHROMIUM = '/usr/bin/chromium'
let folder = ''
let lines: readonly string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cucumber-'))
  mkdirSync(join(folder, 'features'))
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  people: { source: people.csv, columns: { age: { type: integer, range: [0, 120] } } }
clauses:
  three: { says: There are three., of: people, must: count() == 3 }
features: [features/people.feature]
`,
  )
  writeFileSync(join(folder, 'people.csv'), 'age\n20\n30\n100\n')
  writeFileSync(
    join(folder, 'features', 'people.feature'),
    'Feature: Personen <b>\n  Scenario Outline: Nobody above <most>\n    Given dataset people\n    Then values of age are between 0 and <most>\n    And column age is of type integer\n    Examples:\n      | most |\n      | 90   |\n      | 110  |\n',
  )
  const { err } = plumb(folder, 'test', '--reporter', 'cucumber=out.ndjson')
  expect(err).toBe('')
  lines = readFileSync(join(folder, 'out.ndjson'), 'utf8').trimEnd().split('\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('each step of the feature has the verdict of its clause', () => {
  const envelopes = lines.map((line) => parseEnvelope(line))
  const texts = new Map(
    envelopes.flatMap(({ pickle }) => pickle?.steps.map((step) => [step.id, step.text] as const) ?? []),
  )
  const steps = new Map(
    envelopes.flatMap(
      ({ testCase }) => testCase?.testSteps.map((step) => [step.id, texts.get(step.pickleStepId ?? '')] as const) ?? [],
    ),
  )
  const told = envelopes.flatMap(({ testStepFinished: done }) =>
    done === undefined ? [] : [`${done.testStepResult.status} ${steps.get(done.testStepId)}`],
  )
  expect(told.slice(0, 6)).toEqual([
    'PASSED dataset people',
    'FAILED values of age are between 0 and 90',
    'PASSED column age is of type integer',
    'PASSED dataset people',
    'PASSED values of age are between 0 and 110',
    'PASSED column age is of type integer',
  ])
  expect(told).toContain('PASSED must: count() == 3')
  // The gaps of a step are marked.
  const args = envelopes.flatMap(
    ({ testCase }) => testCase?.testSteps[1]?.stepMatchArgumentsLists?.[0]?.stepMatchArguments ?? [],
  )
  expect(args.slice(0, 3).map(({ group, parameterTypeName }) => [group.value, parameterTypeName])).toEqual([
    ['age', 'col'],
    ['0', 'number'],
    ['90', 'number'],
  ])
})

async function rendered(): Promise<string> {
  const page = join(folder, 'out.html')
  await pipeline(
    Readable.from(lines.map((line) => parseEnvelope(line))),
    new CucumberHtmlStream(),
    createWriteStream(page),
  )
  return page
}

test('the official formatter renders it', async () => {
  const page = await rendered()
  const html = readFileSync(page, 'utf8')
  const held = /window\.CUCUMBER_MESSAGES = (\[[^]*?\]);\n/.exec(html)?.[1] ?? '[]'
  // As a script, with what HTML would end escaped.
  expect(JSON.parse(JSON.stringify(runInNewContext(held)))).toEqual(lines.map((line) => JSON.parse(line)))
})

test.skipIf(!existsSync(CHROMIUM))('a browser shows what it rendered', async () => {
  const page = await rendered()
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=5000', '--dump-dom']
  const shown = execFileSync(CHROMIUM, [...flags, `file://${page}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1e8,
  })
  const text = shown
    .slice(shown.indexOf('<body'))
    .replaceAll(/<script[^]*?<\/script>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
  expect(text).toContain('Personen &lt;b&gt;')
  expect(text).toMatch(/failed ?1/i)
  expect(text).toMatch(/violated nobody-above-90 on people/)
})
