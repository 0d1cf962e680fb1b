import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import { type ParamValues, parseSpec } from './index.ts'

const TEXT = `plumbline: 1
system: { name: demo, version: 1.0.0 }
params:
  floor: { type: number, range: [0.5, 1], default: 75% }
  windows: { type: integer, default: 2 }
  strict: { type: boolean, default: true }
  kind: { type: text, values: [a, b], default: a }
  low: -5
data:
  t:
    source: t.csv
    columns:
      x: { type: number, range: [low, null], mostly: floor }
      k: { type: text }
clauses:
  c: { says: C., of: t, every: "!strict || (k == kind && x > floor)", mostly: floor }
  d: { says: D., of: t, must: mean(x) > low, confidence: floor }
`

function compiled(params: Readonly<Record<string, string>> = {}) {
  return compile({ main: { path: 'p.yaml', text: TEXT }, others: [] }, params)
}

describe('a parameter', () => {
  it('stands for its value in conditions and in fields of numbers', () => {
    const spec = parseSpec({ main: { path: 'p.yaml', text: TEXT }, others: [] }).value
    expect([...(spec?.params ?? [])].map(([name, { value }]) => [name, value])).toEqual([
      ['floor', 0.75],
      ['windows', 2],
      ['strict', true],
      ['kind', 'a'],
      ['low', -5],
    ])
    expect(spec?.data.get('t')?.columns.get('x')).toMatchObject({
      range: { value: [-5, null] },
      mostly: { value: '0.75' },
    })
    expect(spec?.clauses.get('c')?.mostly?.value).toBe('0.75')
    expect(spec?.clauses.get('d')?.confidence?.value).toBe(0.75)
  })

  it('changes the digest of the clauses that read it, wherever they do, and of no other', () => {
    const digests = (params?: Readonly<Record<string, string>>) =>
      new Map(compiled(params).value?.clauses.map(({ id, digest }) => [id, digest]))
    const before = digests()
    const changed = (params: Readonly<Record<string, string>>): readonly string[] =>
      [...digests(params)].filter(([id, digest]) => before.get(id) !== digest).map(([id]) => id)
    expect(before.size).toBeGreaterThan(4)
    expect(changed({ floor: '0.75' })).toEqual([])
    expect(changed({ windows: '3' })).toEqual([])
    expect(changed({ kind: 'b' })).toEqual(['c'])
    expect(changed({ floor: '90%' })).toEqual(expect.arrayContaining(['c', 'd', 't.x.range']))
    expect(compiled({ windows: '3' }).value?.spec.digest).not.toBe(compiled().value?.spec.digest)
  })

  it.each<[ParamValues, string]>([
    [{ floor: '0.4' }, "'0.4', given with --param floor=0.4, is no value of the parameter 'floor'."],
    [{ floor: 'much' }, "'much', given with --param floor=much, is no value of the parameter 'floor'."],
    [{ windows: '1.5' }, "'1.5', given with --param windows=1.5, is no value of the parameter 'windows'."],
    [{ strict: 'yes' }, "'yes', given with --param strict=yes, is no value of the parameter 'strict'."],
    [{ kind: 'c' }, "'c', given with --param kind=c, is no value of the parameter 'kind'."],
    [{ knid: 'a' }, "The parameter 'knid' is given but not declared."],
    [{ constructor: 'a' }, "The parameter 'constructor' is given but not declared."],
  ])('refuses %j', (given, message) => {
    const { diagnostics, value } = parseSpec({ main: { path: 'p.yaml', text: TEXT }, others: [] }, given)
    expect(diagnostics.map((d) => d.message)).toEqual([message])
    if (!message.includes('declared')) expect(value).toBeUndefined()
  })
})
