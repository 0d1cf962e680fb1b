import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runDataStage } from '@plumbline/engine'
import { importText, programOf } from '@plumbline/importers'
import { describe, expect, it } from 'vitest'

// One folder a case: `checks.*` as the other tool keeps them, the spec and the report they become, and, where there is
// `data/`, the verdicts of every clause on it.

const here = new URL('.', import.meta.url).pathname
const cases = [
  'dbt',
  'odcs',
  'json-schema',
  'pandera',
  'sodacl',
  'frictionless',
  'tfdv',
  'soda-contract',
  'sagemaker-statistics',
  'sagemaker',
].flatMap((format) =>
  readdirSync(join(here, format), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${format}/${entry.name}`),
)

function imported(name: string) {
  const file = readdirSync(join(here, name)).find((each) => each.startsWith('checks.'))
  const result = importText(readFileSync(join(here, name, file ?? 'checks.yml'), 'utf8'))
  if (!result.ok) throw new Error(result.failure.message)
  return result
}

describe.each(cases)('%s', (name) => {
  const read = (file: string): string => readFileSync(join(here, name, file), 'utf8')

  it('is recognized, and becomes this spec and this report', () => {
    const { format, value } = imported(name)
    expect(format.name).toBe(name.split('/')[0])
    expect(value.text).toBe(read('plumb.yaml'))
    expect({ items: value.items, notes: value.notes }).toEqual(JSON.parse(read('report.json')))
    // Every check of the file has a clause or a reason.
    for (const { clauses, notes, what } of value.items) expect(clauses.length + notes.length, what).toBeGreaterThan(0)
  })

  it.runIf(existsSync(join(here, name, 'data')))('decides as the tool would', async () => {
    const verdicts: Record<string, string> = {}
    const program = programOf(imported(name).value)
    for await (const { clause, verdict } of runDataStage({
      program,
      root: join(here, name),
      toolVersion: '0',
      session: { threads: 1 },
    }))
      verdicts[clause] = verdict
    expect(verdicts).toEqual(JSON.parse(read('verdicts.json')))
  })
})
