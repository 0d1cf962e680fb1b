import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateDefinitions } from './generate.ts'
import { quirkOf } from './quirks.ts'
import { answerDefinition, pythonJson, readDefinition } from './run-definitions.ts'

// Generated tables and arguments, answered by Great Expectations itself and by the clauses that the importer makes of them.

const root = join(import.meta.dirname, '../../..')
const peer = join(root, '.work/benchmarks/peers/great-expectations')
const there = existsSync(join(peer, 'installed'))
const seed = Number(process.env['PLUMB_FUZZ_SEED'] ?? 1)
const definitions = generateDefinitions(seed, Number(process.env['PLUMB_FUZZ_TABLES'] ?? 2), 6)

describe.skipIf(!there)(`the importer beside Great Expectations${there ? '' : ' (it is not installed)'}`, () => {
  const counts = { agree: 0 as number, known: new Map<string, number>() }
  const folder = mkdtempSync(join(tmpdir(), 'plumb-gx-'))
  const fileOf = (type: string): string => join(folder, `${type}.json`)

  beforeAll(() => {
    for (const definition of definitions) writeFileSync(fileOf(definition.expectation_type), pythonJson(definition))
    const tool = join(root, 'tools/golden/great-expectations.py')
    const run = spawnSync(join(peer, 'bin/python'), [tool, folder], { encoding: 'utf8' })
    expect(run.status, run.stderr).toBe(0)
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(definitions.map(({ expectation_type }, i) => [expectation_type, i] as const))('%s', async (type, i) => {
    const definition = readDefinition(readFileSync(fileOf(type), 'utf8'))
    const answers = await answerDefinition(definition, i % 2 === 0 ? '1.x' : '0.x')
    const tests = definition.datasets.flatMap((dataset) => dataset.tests.map((test) => ({ test, data: dataset.data })))
    expect(answers.length).toBe(tests.length)
    const strange = answers.flatMap((answer, at) => {
      const { test, data } = tests[at] ?? { test: { in: {}, out: {} }, data: {} }
      if (answer.disagrees === undefined) {
        counts.agree++
        return []
      }
      const reason = quirkOf(type, test, answer)
      if (reason === undefined) return [{ disagrees: answer.disagrees, ...test, data, report: answer.item?.notes }]
      counts.known.set(reason, (counts.known.get(reason) ?? 0) + 1)
      return []
    })
    expect(strange).toEqual([])
  })

  it('most agree, and what does not is known', () => {
    process.stdout.write(
      `Great Expectations, generated: ${JSON.stringify({ ...counts, known: [...counts.known] }, null, 1)}\n`,
    )
    const known = [...counts.known.values()].reduce((sum, each) => sum + each, 0)
    expect(counts.agree / (counts.agree + known)).toBeGreaterThan(0.8)
  })
})
