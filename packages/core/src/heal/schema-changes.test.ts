import { describe, expect, it } from 'vitest'
import type { ProgramDataset } from '../clause/program.ts'
import { compile } from '../compile.ts'
import { createRandom } from '../stats/prng.ts'
import { distributionLikeness, nameLikeness, type SampleTable } from './evidence.ts'
import { schemaChanges } from './schema-changes.ts'

const SPEC = `plumbline: 1
system: { name: people, version: 0.1.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 100] }
      income: { type: number, range: [0, 100_000] }
      city: { type: category, values: [Bonn, Graz] }
      member: { type: boolean }
`
const dataset = (() => {
  const found = compile({ main: { path: 'plumb.yaml', text: SPEC }, others: [] }).value?.datasets[0]
  if (found === undefined) throw new Error('no dataset')
  return found
})()

const random = createRandom('people', 'test')
const ROWS = Array.from({ length: 200 }, (_, i) => ({
  id: `${i}`,
  age: `${18 + random.int(80)}`,
  income: (200 + random.float() * 90_000).toFixed(2),
  city: random.int(3) === 0 ? 'Bonn' : 'Graz',
  member: random.int(2) === 0 ? 'true' : 'false',
}))
type Person = (typeof ROWS)[number]

const tableOf = (rows: readonly Readonly<Record<string, string | null>>[]): SampleTable => ({
  rows: rows.length,
  columns: new Map(Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name] ?? null)])),
})
const before = tableOf(ROWS)
const now = (change: (row: Person) => Readonly<Record<string, string | null>>): SampleTable => tableOf(ROWS.map(change))
const without = (row: Person, left: keyof Person): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== left))

describe('schemaChanges', () => {
  it('finds nothing where nothing changed, and nothing in other rows or another order', () => {
    expect(schemaChanges(dataset, before, before)).toEqual([])
    expect(schemaChanges(dataset, tableOf(ROWS.toReversed().slice(20)), before)).toEqual([])
    expect(schemaChanges(dataset, before)).toEqual([])
  })

  it('takes a value inside of another for neither gone nor new', () => {
    const text = SPEC.replace('      member:', '      town: { type: text, path: home.town }\n      member:')
    const inside = compile({ main: { path: 'plumb.yaml', text }, others: [] }).value?.datasets[0]
    const rows = now((row) => ({ ...row, home: '{}' }))
    expect(inside?.columns.find(({ name }) => name === 'town')?.path).toEqual(['home', 'town'])
    expect(schemaChanges(inside as typeof dataset, rows, rows)).toEqual([])
  })

  it('finds a renamed column by the rows with the same key, whatever it is called now', () => {
    const changed = now((row) => ({ ...without(row, 'age'), zz: row.age, other: `${18 + (Number(row.id) % 80)}` }))
    expect(schemaChanges(dataset, changed, before)).toEqual([
      {
        kind: 'renamed',
        column: 'age',
        to: 'zz',
        evidence: { name: 0, type: 1, domain: 1, distribution: 1, key: { rows: 200, equal: 1 } },
      },
    ])
  })

  it('takes no column whose rows disagree, however alike names, types and distributions are', () => {
    const shuffled = random.shuffle(ROWS.map(({ age }) => age))
    const changed = now((row) => ({ ...without(row, 'age'), age_: shuffled[Number(row.id)] ?? '' }))
    const [change] = schemaChanges(dataset, changed, before)
    expect(change).toMatchObject({ kind: 'gone', column: 'age', nearest: 'age_', evidence: { distribution: 1 } })
  })

  it('takes neither of two columns with as much evidence, and one column for one only', () => {
    const twice = now((row) => ({ ...without(row, 'age'), age1: row.age, age2: row.age }))
    expect(schemaChanges(dataset, twice, before)).toMatchObject([{ kind: 'gone', column: 'age' }])
  })

  it('without earlier rows takes a like name in the declared domain, and no other', () => {
    const like = now((row) => ({ ...without(row, 'income'), Incomes: row.income }))
    expect(schemaChanges(dataset, like)).toMatchObject([{ kind: 'renamed', column: 'income', to: 'Incomes' }])
    const beyond = now((row) => ({ ...without(row, 'income'), Incomes: `${Number(row.income) * 1000}` }))
    expect(schemaChanges(dataset, beyond)).toMatchObject([{ kind: 'gone', column: 'income' }])
    const unlike = now((row) => ({ ...without(row, 'income'), x: row.income }))
    expect(schemaChanges(dataset, unlike)).toMatchObject([{ kind: 'gone', column: 'income', nearest: 'x' }])
  })

  it('finds codes that became others, one to one', () => {
    const recoded = now((row) => ({ ...row, city: row.city === 'Bonn' ? 'BN' : 'GZ' }))
    expect(schemaChanges(dataset, recoded, before)).toEqual([
      {
        kind: 'recoded',
        column: 'city',
        codes: [
          ['Bonn', 'BN'],
          ['Graz', 'GZ'],
        ],
        rows: 200,
      },
    ])
    const merged = now((row) => ({ ...row, city: 'town' }))
    expect(schemaChanges(dataset, merged, before), 'two codes became one: no recoding').toEqual([])
    const fault = now((row) => ({ ...row, city: Number(row.id) % 3 === 0 ? 'XX' : row.city }))
    expect(schemaChanges(dataset, fault, before), 'a fault of the data is no change of its schema').toEqual([])
  })

  it('finds another unit by one factor in all rows', () => {
    const scaled = now((row) => ({ ...row, income: `${Number(row.income) * 1000}` }))
    expect(schemaChanges(dataset, scaled, before)).toEqual([
      { kind: 'rescaled', column: 'income', factor: 1000, rows: 200, share: 1 },
    ])
    const some = now((row) => ({
      ...row,
      income: Number(row.id) % 10 === 0 ? `${Number(row.income) * 1000}` : row.income,
    }))
    expect(schemaChanges(dataset, some, before), 'a tenth of the rows is a fault').toEqual([])
  })

  it('finds another type', () => {
    const halves = now((row) => ({ ...row, age: `${Number(row.age) + 0.5}` }))
    expect(schemaChanges(dataset, halves)).toEqual([{ kind: 'retyped', column: 'age', to: 'number', unread: 1 }])
    const words = now((row) => ({ ...row, age: `${row.age} years` }))
    expect(schemaChanges(dataset, words)).toMatchObject([{ kind: 'retyped', column: 'age', to: 'text' }])
  })

  describe('times', () => {
    const timed = (format?: string): ProgramDataset => ({
      ...dataset,
      columns: [
        {
          name: 'at',
          columnType: 'timestamp',
          type: { kind: 'timestamp' },
          optional: false,
          protected: false,
          ...(format === undefined ? {} : { format }),
        },
      ],
    })
    const cells = (write: (day: string, month: string) => string, most = 28): SampleTable =>
      tableOf(
        Array.from({ length: 60 }, (_, i) => ({
          at: write(String(1 + (i % most)).padStart(2, '0'), String(1 + (i % 12)).padStart(2, '0')),
        })),
      )

    it('are as declared in the format of the column, and in that of RFC 3339', () => {
      expect(
        schemaChanges(
          timed('%d.%m.%Y'),
          cells((d, m) => `${d}.${m}.2026`),
        ),
      ).toEqual([])
      expect(
        schemaChanges(
          timed(),
          cells((d, m) => `2026-${m}-${d}T01:02:03.5Z`),
        ),
      ).toEqual([])
      const stored = { ...cells((d, m) => `2026-${m}-${d} 00:00:00`), times: new Set(['at']) }
      expect(schemaChanges(timed('%d.%m.%Y'), stored)).toEqual([])
      expect(
        schemaChanges(
          timed('epoch_s'),
          cells((d, m) => `17672${m}0${d}`),
        ),
      ).toEqual([])
    })

    it('that are written otherwise are found with their format, where the cells tell it', () => {
      expect(
        schemaChanges(
          timed('%d.%m.%Y'),
          cells((d, m) => `${m}/${d}/2026`),
        ),
      ).toEqual([{ kind: 'reformatted', column: 'at', to: '%m/%d/%Y', unread: 1 }])
      expect(
        schemaChanges(
          timed(),
          cells((d) => `May ${d}, 2026 3:04 PM`),
        ),
      ).toEqual([{ kind: 'reformatted', column: 'at', to: '%b %d, %Y %I:%M %p', unread: 1 }])
      expect(
        schemaChanges(
          timed(),
          cells((d, m) => `${d}/${m}/2026`, 12),
        ),
      ).toEqual([{ kind: 'reformatted', column: 'at', unread: 1 }])
      expect(
        schemaChanges(
          timed(),
          cells((d) => `day ${d}`),
        ),
      ).toMatchObject([{ kind: 'retyped', to: 'text' }])
    })
  })

  it('finds a column that was renamed and changed its unit or codes at once, by rows with the same key', () => {
    const changed = tableOf(
      ROWS.map(({ id, age, income, city, member }) => ({
        id,
        age,
        salary: String(Number(income) / 1000),
        place: city === 'Bonn' ? 'BN' : 'GZ',
        member,
      })),
    )
    expect(schemaChanges(dataset, changed, before)).toMatchObject([
      { kind: 'gone', column: 'income', became: { to: 'salary', rows: 200, factor: 0.001 } },
      {
        kind: 'gone',
        column: 'city',
        became: {
          to: 'place',
          codes: [
            ['Bonn', 'BN'],
            ['Graz', 'GZ'],
          ],
        },
      },
    ])
    // Without rows to compare nothing is claimed.
    for (const change of schemaChanges(dataset, changed)) expect(change).not.toHaveProperty('became')
  })

  it('bears tables without rows and without columns', () => {
    const nothing: SampleTable = { rows: 0, columns: new Map() }
    expect(schemaChanges(dataset, nothing, nothing).map(({ kind }) => kind)).toEqual(
      Array.from({ length: 5 }, () => 'gone'),
    )
    expect(
      schemaChanges(dataset, tableOf([{ id: null, age: null, income: null, city: null, member: null }]), before),
    ).toEqual([])
  })
})

describe('evidence', () => {
  it('of names goes by words and letters, not by case and separators', () => {
    expect(nameLikeness('pay_amt1', 'PayAmt1')).toBe(1)
    expect(nameLikeness('age', 'age_years')).toBe(0.5)
    expect(nameLikeness('age', 'income')).toBeLessThan(0.4)
    expect(nameLikeness('', '')).toBe(0)
  })

  it('of distributions is 1 for equal samples and 0 for ones apart', () => {
    expect(distributionLikeness(['1', '2', '3'], ['3', '2', '1'])).toBe(1)
    expect(distributionLikeness(['1', '2'], ['10', '20'])).toBe(0)
    expect(distributionLikeness(['a', 'a', 'b', 'b'], ['a', 'a', 'a', 'a'])).toBe(0.5)
    expect(distributionLikeness([], ['a'])).toBeUndefined()
  })
})
