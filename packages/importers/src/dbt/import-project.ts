import type { ColumnType } from '@plumbline/core'
import { datasetName } from '../draft/assemble.ts'
import type { ClauseDraft, ColumnDraft, DatasetDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { columnTypes } from '../great-expectations/column-types.ts'
import { itemOf } from '../great-expectations/import-suite.ts'
import type { Expectation } from '../great-expectations/read-suite.ts'
import { typeNamed } from '../great-expectations/type-names.ts'
import { readCondition } from '../text/condition.ts'
import { clauseId } from '../text/names.ts'
import { type Meaning, meaningOf, type Tables } from './generic-tests.ts'
import type { DbtProject, DbtTable, DbtTest } from './read-project.ts'
import { tolerated } from './thresholds.ts'

/** What is known beside the file. */
export interface DbtOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** A table with what its tests mean. */
interface Planned {
  readonly table: DbtTable
  readonly dataset: string
  readonly meanings: readonly { readonly test: DbtTest; readonly meaning: Meaning }[]
  readonly types: Map<string, ColumnType>
}

/** A file of dbt as a draft. */
export function importProject(project: DbtProject, options: DbtOptions): Draft {
  const names = new Map(project.tables.map(({ name }) => [name, datasetName(name)]))
  const wanted: { readonly dataset: string; readonly column: string; readonly from: string; readonly like: string }[] =
    []
  const planned = project.tables.map((table): Planned => {
    const dataset = names.get(table.name) ?? datasetName(table.name)
    const tables: Tables = {
      dataset: (reference) => tableNamed(reference, names),
      column: (other, column, like) => wanted.push({ dataset: other, column, from: dataset, like }),
    }
    const meanings = table.tests.map((test) => ({ test, meaning: meaningOf(test, tables) }))
    return { table, dataset, meanings, types: typesOf(table, meanings, options) }
  })
  const datasets = new Map(
    planned.map(({ table, dataset, types }) => [dataset, datasetOf(table, dataset, types, options)]),
  )
  for (const { dataset, column, from, like } of wanted) {
    const type = planned.find((each) => each.dataset === from)?.types.get(like) ?? 'text'
    const other = datasets.get(dataset) ?? { name: dataset, source: `data/${dataset}.csv`, columns: new Map() }
    datasets.set(dataset, { ...other, columns: new Map([[column, { type }], ...other.columns]) })
  }
  for (const name of names.values())
    if (!datasets.has(name)) datasets.set(name, { name, source: `data/${name}.csv`, columns: new Map() })
  const others = project.others.map(
    ({ where, what }): ItemDraft => ({
      what,
      where,
      about: '',
      clauses: [],
      differences: [],
      refused: 'It is no test of the rows of one table.',
    }),
  )
  return {
    name: project.tables[0]?.name ?? 'dbt',
    datasets: [...datasets.values()],
    items: [
      ...planned.flatMap((each) => each.meanings.map(({ test, meaning }) => item(each, test, meaning))),
      ...others,
    ],
    notes: [
      'A table of dbt has no file: the sources are guesses to be corrected.',
      'Types come from `data_type`, else from the tests (text where they show none); each is a contract of its own.',
      'Singular tests (SQL files) and macros are not read.',
    ],
  }
}

/** `ref('orders')`, `source('raw', 'orders')`. */
function tableNamed(reference: string, names: Map<string, string>): string | undefined {
  const [, name] =
    /^\s*(?:\{\{)?\s*(?:ref|source)\((?:[^)]*,)?\s*['"]([^'"]+)['"]\s*\)\s*(?:\}\})?\s*$/.exec(reference) ?? []
  if (name === undefined) return undefined
  const known = names.get(name) ?? datasetName(name)
  names.set(name, known)
  return known
}

function typesOf({ columns }: DbtTable, meanings: Planned['meanings'], options: DbtOptions): Map<string, ColumnType> {
  const declared = new Map<string, ColumnType>(options.columns ?? [])
  for (const { name, type } of columns) {
    const known = type === undefined ? undefined : typeNamed(type)
    if (known !== undefined && !declared.has(name)) declared.set(name, known)
  }
  const found = columnTypes(
    meanings.flatMap(({ test, meaning }) => (meaning.kind === 'expectation' ? [expectationOf(test, meaning)] : [])),
    declared,
  )
  return new Map([...columns.map(({ name }): [string, ColumnType] => [name, 'text']), ...found])
}

function expectationOf(
  { where, severity, rows }: DbtTest,
  { type, kwargs }: Meaning & { kind: 'expectation' },
): Expectation {
  return {
    type,
    kwargs: rows === undefined ? kwargs : { ...kwargs, row_condition: rows, condition_parser: 'spark' },
    where,
    ...(severity === undefined ? {} : { severity }),
  }
}

function datasetOf(
  { says, columns }: DbtTable,
  name: string,
  types: ReadonlyMap<string, ColumnType>,
  { source }: DbtOptions,
): DatasetDraft {
  const words = new Map(columns.map((column) => [column.name, column.says]))
  const drafts = [...types].map(([column, type]): [string, ColumnDraft] => {
    const told = words.get(column)
    return [column, told === undefined ? { type } : { type, says: told }]
  })
  return {
    name,
    source: source ?? `data/${name}.csv`,
    ...(says === undefined ? {} : { says }),
    columns: new Map(drafts),
  }
}

function item({ table, dataset, types }: Planned, test: DbtTest, meaning: Meaning): ItemDraft {
  const about = test.column === undefined ? table.name : `${table.name}.${test.column}`
  const base = { what: test.name, where: test.where, about, clauses: [], differences: [] }
  const says = `${about}: ${test.name.replace(/^.*\./, '').replaceAll('_', ' ')}.`
  if (test.off === true) return { ...base, trivial: 'It is not enabled, and dbt does not run it.' }
  switch (meaning.kind) {
    case 'refused':
      return { ...base, refused: meaning.because }
    case 'expectation': {
      const made = itemOf(expectationOf(test, meaning), dataset, types, new Map())
      const clauses = made.clauses.map((clause) => ({ ...clause, id: clauseId(`${dataset}-${clause.id}`), says }))
      const found = tolerated(test, clauses)
      const differences = [...made.differences, ...(meaning.differences ?? []), ...found.differences]
      return { ...made, ...base, clauses: found.clauses, differences }
    }
    default: {
      const rows =
        test.rows === undefined
          ? { cel: undefined }
          : readCondition(test.rows, { notation: 'sql', typeOf: (name) => types.get(name) })
      if ('problem' in rows) return { ...base, refused: `The condition \`where\` is not understood: ${rows.problem}.` }
      const asked = questionOf(meaning, types)
      if (typeof asked === 'string') return { ...base, refused: asked }
      const id = clauseId([dataset, test.column, meaning.id].filter((part) => part !== undefined).join('-'))
      const clause: ClauseDraft = {
        id,
        dataset,
        says,
        ...asked,
        ...(rows.cel === undefined ? {} : { where: rows.cel }),
        ...(test.severity === undefined ? {} : { severity: test.severity }),
      }
      return { ...base, ...tolerated(test, [clause]) }
    }
  }
}

/** The clause's question, or why there is none. A row whose condition is unknown does not fail a test of dbt. */
function questionOf(
  meaning: Exclude<Meaning, { kind: 'expectation' | 'refused' }>,
  types: ReadonlyMap<string, ColumnType>,
): Pick<ClauseDraft, 'every' | 'must' | 'missing' | 'allowEmpty'> | string {
  if (meaning.kind === 'must') return { must: meaning.must, allowEmpty: true }
  const read = readCondition(meaning.sql, { notation: 'sql', typeOf: (name) => types.get(name) })
  if ('problem' in read) return `Its expression is not understood: ${read.problem}.`
  return { every: read.cel, missing: 'pass', allowEmpty: true }
}
