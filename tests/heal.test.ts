import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Healed } from '../packages/cli/src/verbs/heal.ts'
import { scaledInput } from '../packages/engine/src/metrics/testing/ask-clause.ts'
import { plumb, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const SPEC = `plumbline: 1
system: { name: people, version: 0.1.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 100] }
      city: { type: category, values: [Bonn, Graz] }
      left: { type: boolean, role: label }
slices: { young: age < 25 }
clauses:
  adults: { says: All are adults., of: people, every: age >= 18 && age < 120 }
  some-young: { says: Some are young., of: people, must: count() > 3, slices: [young] }
`
const row = (i: number, town: (name: string) => string): string =>
  `${i},${18 + ((i * 37) % 60)},${town(i % 3 === 0 ? 'Graz' : 'Bonn')},${i % 2}`
const table = (head: string, town = (name: string): string => name): string =>
  `${head}\n${Array.from({ length: 120 }, (_, i) => row(i, town)).join('\n')}\n`

function project(name: string): string {
  const folder = scratch(name)
  writeFileSync(join(folder, 'plumb.yaml'), SPEC)
  writeFileSync(join(folder, 'before.csv'), table('id,age,city,left'))
  writeFileSync(
    join(folder, 'people.csv'),
    table('id,age_years,city,left', (town) => town.slice(0, 1)),
  )
  return folder
}

describe('plumb heal', () => {
  it('proposes patches that git applies, after which the spec holds again; it writes nothing itself', () => {
    const folder = project('heal-patches')
    const healed = plumb(folder, 'heal', '--before', 'before.csv', '--json')
    expect(healed.err).toBe('')
    expect(healed.code).toBe(1)
    const result = healed.json<Healed>()
    expect(schemaJudge()('heal', result)).toEqual([])
    expect(readFileSync(join(folder, 'plumb.yaml'), 'utf8')).toBe(SPEC)
    const proposals = result.datasets[0]?.proposals ?? []
    expect(proposals.map(({ kind, change }) => [kind, change.kind, change.column])).toEqual([
      ['patch', 'renamed', 'age'],
      ['patch', 'recoded', 'city'],
    ])
    // One after the other: each patch is one of the spec as it stands then.
    for (const [i] of proposals.entries()) {
      const again =
        plumb(folder, 'heal', '--before', 'before.csv', '--json').json<Healed>().datasets[0]?.proposals ?? []
      const next = again.find(({ kind }) => kind === 'patch')
      const diff = next?.kind === 'patch' ? next.diff : ''
      const env = { ...process.env, GIT_CEILING_DIRECTORIES: join(folder, '..') }
      const done = spawnSync('git', ['apply', '-'], { cwd: folder, input: diff, encoding: 'utf8', env })
      expect([done.status, done.stderr], `patch ${i}`).toEqual([0, ''])
    }
    expect(readFileSync(join(folder, 'plumb.yaml'), 'utf8')).toContain('slices: { young: age_years < 25 }')
    const tested = plumb(folder, 'test')
    expect([tested.code, tested.out.includes('Nothing that blocks')]).toEqual([0, true])
    expect(plumb(folder, 'heal').code, 'the columns are those declared').toBe(0)
  })

  it('proposes to read an output from the tensor that its file gives now, after which the model is asked again', () => {
    const folder = project('heal-output')
    writeFileSync(join(folder, 'people.csv'), table('id,age,city,left'))
    const models = `models:
  champion:
    artifact: model.onnx
    input: { from: people, columns: [age] }
    outputs: { years: { type: number } }
    task: regression
`
    const asked = '  aged: { says: It says years., of: champion, every: years >= 18.0 }\n'
    writeFileSync(join(folder, 'plumb.yaml'), `${SPEC.replace('clauses:', `${models}clauses:`)}${asked}`)
    writeFileSync(join(folder, 'model.onnx'), scaledInput('age', 'variable'))
    expect(plumb(folder, 'test', '--clause', 'aged').out).toContain('no output "years"')
    const healed = plumb(folder, 'heal', '--json')
    const result = healed.json<Healed>()
    expect([healed.code, schemaJudge()('heal', result)]).toEqual([1, []])
    expect(result.models).toMatchObject([
      { name: 'champion', proposals: [{ kind: 'patch', change: { from: 'years', to: 'variable' } }] },
    ])
    expect(plumb(folder, 'heal').out).toContain('years → variable (type and width fit, name')
    const [proposal] = result.models[0]?.proposals ?? []
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: join(folder, '..') }
    const input = proposal?.kind === 'patch' ? proposal.diff : ''
    const done = spawnSync('git', ['apply', '-'], { cwd: folder, input, encoding: 'utf8', env })
    expect([done.status, done.stderr]).toEqual([0, ''])
    expect([plumb(folder, 'heal').code, plumb(folder, 'test', '--clause', 'aged').code]).toEqual([0, 0])
  })

  it('shows evidence and patch to people', () => {
    const shown = plumb(project('heal-shown'), 'heal', '--before', 'before.csv')
    expect(shown.out).toContain('age → age_years (100 % of 120 rows with the same key agree')
    expect(shown.out).toContain('rewrites the conditions of adults')
    expect(shown.out).toContain('+      age_years: { type: integer, range: [18, 100] }')
  })

  it('says what it cannot read', () => {
    const folder = project('heal-bad')
    const cases = [
      [['--before', 'absent.csv'], 4, 'cli/data-unread'],
      [['--before', '../outside.csv'], 4, 'cli/data-unread'],
      [['--data', 'others'], 2, 'cli/no-dataset'],
    ] as const
    for (const [args, code, error] of cases) {
      const done = plumb(folder, 'heal', ...args)
      expect([done.code, done.err.includes(error)], args.join(' ')).toEqual([code, true])
    }
  })
})
