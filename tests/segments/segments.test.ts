import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stats } from '@plumbline/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { plumb, ROOT, scratch } from '../support/plumb.ts'

// Weak segments beside those of Deepchecks, on the same rows: four where a model errs more on some of them, and four where it does not.

const PYTHON = join(ROOT, '.work', 'benchmarks', 'peers', 'deepchecks', 'bin', 'python')

interface Row {
  readonly age: number
  readonly income: number
  readonly region: string
  readonly kind: string
}

const REGIONS = ['north', 'south', 'east', 'west'] as const
/** Where the model errs more; of nowhere there are several draws. */
const WORLDS: Readonly<Record<string, (row: Row) => boolean>> = {
  'a value and a range': ({ region, age }) => region === 'north' && age < 35,
  'a value': ({ region }) => region === 'east',
  'a range': ({ income }) => income > 52,
  'two ranges': ({ age, income }) => age >= 60 && income < 38,
  'nowhere, 1': () => false,
  'nowhere, 2': () => false,
  'nowhere, 3': () => false,
  'nowhere, 4': () => false,
}
const ROWS = 4000

function rowsOf(world: string): readonly Row[] {
  const random = stats.createRandom('segments-peer', world)
  return Array.from({ length: ROWS }, () => ({
    age: 18 + random.int(62),
    income: Math.round(100 * (40 + 9 * random.normal())) / 100,
    region: REGIONS[random.int(4)] as string,
    kind: random.float() < 0.5 ? 'a' : 'b',
  }))
}

const SPEC = `plumbline: 1
system: { name: segments, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer }
      income: { type: number }
      region: { type: category, values: [north, south, east, west] }
      kind: { type: category, values: [a, b] }
      label: { type: boolean, role: label }
      score: { type: number }
models:
  champion:
    artifact: { column: score }
    task: binary-classification
    input: { from: rows, columns: [age, income, region, kind] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
    label: label
clauses:
  right: { says: It is right., of: champion, must: accuracy() >= 0.5 }
`

interface Gaps {
  readonly gaps: readonly { readonly kind: string; readonly yaml?: string }[]
}

/** Rows that both have, as a share of those that either has. */
function shared(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const both = [...a].filter((row) => b.has(row)).length
  return both / (a.size + b.size - both || 1)
}

/** The rows of a condition as a slice is written: comparisons joined by &&. */
function rowsOfCondition(condition: string, rows: readonly Row[]): ReadonlySet<number> {
  const parts = condition.split(' && ').map((part) => /^\(?(\w+) (==|>=|<=|<|>) "?([^"]+?)"?\)?$/.exec(part.trim()))
  const holds = (row: Row): boolean =>
    parts.every((part) => {
      if (part === null) throw new Error(condition)
      const [, name = '', sign = '', bound = ''] = part
      const cell = row[name as keyof Row]
      if (sign === '==') return String(cell) === bound
      const [left, right] = [Number(cell), Number(bound)]
      return sign === '>=' ? left >= right : sign === '<=' ? left <= right : sign === '<' ? left < right : left > right
    })
  return new Set(rows.flatMap((row, i) => (holds(row) ? [i] : [])))
}

describe.skipIf(!existsSync(PYTHON))('weak segments (skipped without Deepchecks: benchmarks/peers)', () => {
  const names = Object.keys(WORLDS)
  const ours = new Map<string, readonly ReadonlySet<number>[]>()
  const theirs = new Map<string, readonly ReadonlySet<number>[]>()
  beforeAll(() => {
    const root = scratch('segments-peer')
    const files = names.map((world, i) => {
      const folder = join(root, String(i))
      mkdirSync(folder)
      const random = stats.createRandom('segments-peer-labels', world)
      const rows = rowsOf(world)
      const lines = rows.map((row, id) => {
        const isRight = random.float() < (WORLDS[world]?.(row) === true ? 0.65 : 0.9)
        const label = random.float() < 0.5 ? 1 : 0
        const score = (label === 1) === isRight ? 0.8 : 0.2
        return [id, row.age, row.income, row.region, row.kind, label, score].join(',')
      })
      const file = join(folder, 'rows.csv')
      writeFileSync(file, `id,age,income,region,kind,label,score\n${lines.join('\n')}\n`)
      writeFileSync(join(folder, 'plumb.yaml'), SPEC)
      const { gaps } = plumb(folder, 'gaps', '--segments', '--json').json<Gaps>()
      // A condition on the answer itself says nothing of the rows.
      const conditions = gaps.flatMap(({ kind, yaml }) =>
        kind === 'segment' && yaml?.includes('score') === false ? [yaml] : [],
      )
      ours.set(
        world,
        conditions.map((yaml) => rowsOfCondition(/: '?(.*?)'?\s*$/.exec(yaml)?.[1] ?? yaml, rows)),
      )
      return file
    })
    const ran = spawnSync(PYTHON, [join(import.meta.dirname, 'deepchecks.py'), ...files], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    })
    if (ran.status !== 0) throw new Error(ran.stderr)
    for (const [i, line] of ran.stdout.trim().split('\n').entries())
      theirs.set(
        names[i] ?? '',
        (JSON.parse(line) as readonly number[][]).map((rows) => new Set(rows)),
      )
  })

  const weakRows = (world: string): ReadonlySet<number> =>
    new Set(rowsOf(world).flatMap((row, i) => (WORLDS[world]?.(row) === true ? [i] : [])))
  const best = (found: readonly ReadonlySet<number>[] | undefined, weak: ReadonlySet<number>): number =>
    Math.max(0, ...(found ?? []).map((segment) => shared(segment, weak)))

  it.each(names.filter((name) => !name.startsWith('nowhere')))(
    '%s: found, and confirmed in the other half',
    (world) => {
      const weak = weakRows(world)
      expect(best(ours.get(world), weak)).toBeGreaterThan(0.6)
      // What is confirmed beside it is a part of it, or holds it: the same weakness.
      for (const segment of ours.get(world) ?? []) expect(shared(segment, weak)).toBeGreaterThan(0.05)
    },
  )

  it('nothing is named where nothing is', () => {
    const none = names.filter((name) => name.startsWith('nowhere'))
    expect(none.map((world) => ours.get(world)?.length)).toEqual(none.map(() => 0))
  })

  it('Deepchecks names nothing there, either, and finds three of the four: its model of the errors does not learn the smallest', () => {
    expect(names.filter((world) => best(theirs.get(world), weakRows(world)) > 0.6)).toEqual([
      'a value',
      'a range',
      'two ranges',
    ])
    expect(names.filter((world) => (theirs.get(world) ?? []).length > 0).length).toBe(3)
  })
})
