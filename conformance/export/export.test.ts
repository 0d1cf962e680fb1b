import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, type Program } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'
import { exportFormats, exportProgram, importText, programOf } from '@plumbline/importers'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const here = new URL('.', import.meta.url).pathname
const cases = readdirSync(here, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
const FILES = { 'great-expectations': 'great-expectations.json', odcs: 'odcs.yaml', dbt: 'dbt.yml' } as const

function programAt(name: string): Program {
  const text = readFileSync(join(here, name, 'plumb.yaml'), 'utf8')
  return compiledSpec(text)
}

async function verdictsOf(program: Program, root: string): Promise<ReadonlyMap<string, boolean>> {
  const verdicts = new Map<string, boolean>()
  for await (const { clause, verdict } of runDataStage({ program, root, toolVersion: '0', session: { threads: 1 } }))
    verdicts.set(clause, (verdicts.get(clause) ?? true) && verdict === 'satisfied')
  return verdicts
}

/** What a document says, without the words beside it. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const words = new Set(['meta', 'notes', 'description', 'config', 'id', 'name', 'version', 'severity'])
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !words.has(key))
      .map(([key, each]) => [key, plain(each)]),
  )
}

describe.each(cases)('%s', (name) => {
  const read = (file: string): string => readFileSync(join(here, name, file), 'utf8')

  it.each(exportFormats)('is written so for $name, every clause with its outcome', ({ name: format }) => {
    const program = programAt(name)
    const exported = exportProgram(program, format)
    expect(exported.text).toBe(read(FILES[format]))
    expect(exported.clauses.map(({ clause }) => clause)).toEqual(program.clauses.map(({ id }) => id))
    for (const { clause, outcome, notes } of exported.clauses)
      expect(notes.length > 0, clause).toBe(outcome !== 'exported')
  })

  it.each(['great-expectations', 'dbt'] as const)('%s answers as the clauses do', async (format) => {
    const program = programAt(name)
    const answers = JSON.parse(read(`answers.${format}.json`)) as Record<string, boolean>
    const verdicts = await verdictsOf(program, join(here, name))
    const said = exportProgram(program, format).clauses.filter(({ outcome }) => outcome !== 'refused')
    // An export that is no longer the one that was answered would have other clauses.
    expect(Object.keys(answers).toSorted()).toEqual(said.map(({ clause }) => clause).toSorted())
    expect(Object.fromEntries(said.map(({ clause }) => [clause, verdicts.get(clause)]))).toEqual(answers)
    expect(new Set(Object.values(answers))).toEqual(new Set([true, false]))
  })

  const again = (format: (typeof exportFormats)[number]['name']) => {
    const program = programAt(name)
    const first = exportProgram(program, format).text
    const types = new Map(
      program.datasets.flatMap(({ columns }) =>
        columns.map(({ name: column, columnType, type }) => {
          const codes = type.kind === 'int' ? 'integer' : 'text'
          return [column, columnType === 'category' ? codes : columnType] as const
        }),
      ),
    )
    const imported = importText(first, { columns: types })
    if (!imported.ok) throw new Error(imported.failure.message)
    expect(imported.format.name).toBe(format)
    // Sums in SQL are written and not read.
    const refused = imported.value.items.filter(({ outcome }) => outcome === 'refused').flatMap(({ notes }) => notes)
    expect(refused.filter((note) => !/not understood: `\w+ [+]/.test(note))).toEqual([])
    return { first, imported: programOf(imported.value) }
  }

  it('great-expectations: what is imported again says the same when it is exported again', () => {
    const { first, imported } = again('great-expectations')
    const items = (text: string): readonly string[] => {
      const { expectations } = JSON.parse(text) as { expectations: { type: string; kwargs: object }[] }
      // A column that is there is a contract of its type here, and no clause.
      const asked = expectations.filter(({ type }) => type !== 'expect_column_to_exist')
      return asked.map(({ type, kwargs }) => JSON.stringify({ type, kwargs })).toSorted()
    }
    expect(items(exportProgram(imported, 'great-expectations').text)).toEqual(items(first))
  })

  it('dbt: what is imported again says the same when it is exported again', () => {
    const { first, imported } = again('dbt')
    const tests = (text: string): readonly string[] => {
      const { models } = parse(text) as {
        models: { name: string; data_tests?: object[]; columns: { name: string; data_tests?: object[] }[] }[]
      }
      return models
        .flatMap(({ name: model, data_tests, columns }) => [
          ...(data_tests ?? []).map((each) => JSON.stringify([model, plain(each)])),
          ...columns.flatMap((column) =>
            (column.data_tests ?? []).map((each) => JSON.stringify([model, column.name, plain(each)])),
          ),
        ])
        .filter((each) => !/"expression":"\w+ [+]/.test(each))
        .toSorted()
    }
    expect(tests(first).length).toBeGreaterThan(10)
    expect(tests(exportProgram(imported, 'dbt').text)).toEqual(tests(first))
  })

  it('odcs: settings say the same when they are exported again; rules of quality have the same verdicts', async () => {
    const { first, imported } = again('odcs')
    expect(settings(exportProgram(imported, 'odcs').text)).toEqual(settings(first))
    const program = programAt(name)
    const own = await verdictsOf(program, join(here, name))
    const theirs = await verdictsOf({ ...imported, datasets: program.datasets }, join(here, name))
    const bySays = new Map(imported.clauses.map(({ id, says }) => [says, theirs.get(id)]))
    const rules = [...first.matchAll(/^ *description: (.*)$/gm)].map(([, says = '']) => says.replaceAll('"', ''))
    const asked = program.clauses.filter(({ says }) => rules.includes(says))
    expect(asked.length).toBeGreaterThan(5)
    for (const { id, says } of asked) expect(bySays.get(says), id).toBe(own.get(id))
  })
})

/** A contract without its rules of quality. */
function settings(text: string): unknown {
  const without = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(without)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'quality')
        .map(([key, each]) => [key, without(each)]),
    )
  }
  return without(plain(parse(text)))
}

it('a clause on times that the file writes in a format of its own is refused: elsewhere they are texts', () => {
  const text = `plumbline: 1
system: { name: orders, version: 1.0.0 }
data: { orders: { source: orders.csv, columns: { id: { type: integer }, at: { type: timestamp, format: "%m/%d/%Y", range: [2026-01-01T00:00:00Z, null] } } } }
clauses:
  new: { of: orders, every: 'at > timestamp("2026-01-02T00:00:00Z")' }
  plain: { of: orders, every: id > 0 }
`
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  for (const { name } of exportFormats) {
    const outcomes = new Map(exportProgram(value as Program, name).clauses.map((each) => [each.clause, each]))
    for (const clause of ['new', 'orders.at.type', 'orders.at.range'])
      expect(outcomes.get(clause), clause).toMatchObject({
        outcome: 'refused',
        notes: [expect.stringContaining('`at`')],
      })
    expect(outcomes.get('plain')?.outcome).not.toBe('refused')
  }
})

it('a clause on a value inside of another column is refused: elsewhere nobody has that column', () => {
  const text = `plumbline: 1
system: { name: orders, version: 1.0.0 }
data: { orders: { source: orders.jsonl, columns: { id: { type: integer }, age: { type: integer, path: who.age, range: [0, 99] } } } }
clauses:
  old: { of: orders, every: age < 80 && id > 0 }
  mean: { of: orders, must: mean(age) < 50.0 }
  plain: { of: orders, every: id > 0 }
`
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  for (const { name } of exportFormats) {
    const outcomes = new Map(exportProgram(value as Program, name).clauses.map((each) => [each.clause, each]))
    for (const clause of ['old', 'mean', 'orders.age.type', 'orders.age.range', 'orders.age.required'])
      expect(outcomes.get(clause), clause).toMatchObject({
        outcome: 'refused',
        notes: [expect.stringContaining('`age`')],
      })
    expect(outcomes.get('plain')?.outcome).not.toBe('refused')
  }
})
