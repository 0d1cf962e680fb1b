import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { parseSpec } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { counter, parseDocument } from './document/parse-document.ts'
import { readScenarios } from './document/read-scenarios.ts'
import { readFeatures } from './read-features.ts'
import { SPEC } from './testing/compile-feature.ts'

/** The features of Cucumber's compatibility kit, with the streams that the official implementation writes for them. */
const KIT = join(
  dirname(createRequire(import.meta.url).resolve('@cucumber/compatibility-kit/package.json')),
  'features',
)
const files = readdirSync(KIT, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.feature(?:\.md)?$/.test(path))
  .toSorted()
const text = (path: string): string => readFileSync(join(KIT, path), 'utf8')

interface Told {
  readonly pickle?: {
    readonly uri: string
    readonly name: string
    readonly steps: readonly { readonly text: string }[]
  }
}

/** What runs, as the official stream tells it: names with the texts of steps, in the order of the file. */
function officialPickles(path: string): readonly (readonly [name: string, steps: readonly string[]])[] {
  const folder = dirname(path)
  return text(join(folder, `${folder}.ndjson`))
    .trim()
    .split('\n')
    .map((line): Told => JSON.parse(line))
    .flatMap(({ pickle }) => (pickle !== undefined && basename(pickle.uri) === basename(path) ? [pickle] : []))
    .map(({ name, steps }) => [name, steps.map((step) => step.text)] as const)
}

const officialSteps = (path: string): readonly string[] => officialPickles(path).flatMap(([, steps]) => steps)

describe('the features of the official kit', () => {
  it('are all there', () => {
    expect(files.length).toBeGreaterThanOrEqual(50)
  })

  it.each(files)('%s: every step is a finding at its place, and nothing is thrown', (path) => {
    const spec = parseSpec({ main: { path: 'plumb.yaml', text: SPEC }, others: [] }).value
    if (spec === undefined) throw new Error('The spec of the test has mistakes.')
    const file = { path, text: text(path) }
    const { diagnostics, value } = readFeatures([file], spec)
    for (const { span } of diagnostics) {
      expect(span.file).toBe(path)
      expect(span.end).toBeGreaterThanOrEqual(span.start)
      expect(span.end).toBeLessThanOrEqual(file.text.length)
    }
    const steps = officialSteps(path)
    // No step of these is about data and models: each is unknown, or a gap of a known one does not fit.
    expect(value === undefined).toBe(steps.length > 0)
    const said = diagnostics.filter(({ code }) => /^feature\/(?:unknown-step|bad-argument)$/.test(code))
    for (const step of steps) {
      const quoted = said.some(
        ({ span, message }) => file.text.slice(span.start, span.end) === step || message.includes(step),
      )
      expect([step, quoted]).toEqual([step, true])
    }
  })

  it.each(files)('%s is parsed as the official implementation parses it', (path) => {
    const file = { path, text: text(path) }
    const newId = counter()
    const { value, diagnostics } = parseDocument(file, newId)
    expect(diagnostics).toEqual([])
    const read = value && readScenarios(file, value, newId).value?.pickles
    expect(read?.map(({ name, steps }) => [name, steps.map((step) => step.text)])).toEqual(officialPickles(path))
  })
})
