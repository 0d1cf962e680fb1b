import type { ColumnType } from '@plumbline/core'
import type { ClauseDraft, ColumnDraft, DatasetDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { typeNamed } from '../great-expectations/type-names.ts'
import { all } from '../text/cel.ts'
import { readCondition } from '../text/condition.ts'
import { field, type Fields, fieldsIn, isFields } from '../text/json.ts'
import { clauseId } from '../text/names.ts'
import { type Contract, nameOf } from './contract.ts'
import { type Check, plains, questionOf, SETTING } from './questions.ts'
import { thresholdsOf } from './threshold.ts'

/** What is known beside the file. */
export interface SodaContractOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** Whether a document is a data contract of Soda 4. */
export function isSodaContract(document: Fields): boolean {
  const dataset = field(document, 'dataset')
  const listed = ['columns', 'checks'].some((key) => Array.isArray(field(document, key)))
  return typeof dataset === 'string' && dataset.includes('/') && listed
}

/** A contract as a draft. */
export function importSodaContract(document: Fields, options: SodaContractOptions): Draft {
  const dataset = nameOf(String(field(document, 'dataset')))
  const listed = fieldsIn(field(document, 'columns'))
  const filter = field(document, 'filter')
  const contract: Contract = {
    dataset,
    columns: new Map(
      listed.filter(isDeclared).map((column) => [String(field(column, 'name')), typeOf(column, options)]),
    ),
    others: new Map(),
    ...(typeof filter === 'string' ? { filter } : {}),
  }
  const checksOf = (owner: Fields, where: string, column?: string): readonly ItemDraft[] => {
    const checks = field(owner, 'checks')
    // What is missing and valid may be said once, of the column; a check may say otherwise.
    const shared = Object.fromEntries(Object.entries(owner).filter(([key]) => SETTING.test(key)))
    return (Array.isArray(checks) ? checks : []).map((check, i) => {
      const [kind = '', body] =
        typeof check === 'string' ? [check] : (Object.entries(isFields(check) ? check : {})[0] ?? [])
      return checkItem({
        kind,
        body: { ...shared, ...(isFields(body) ? body : {}) },
        where: `${where}[${i}]`,
        column,
        contract,
        listed,
      })
    })
  }
  const items = [
    ...listed.flatMap((column, i) => typeItem(column, `columns[${i}]`, contract)),
    ...checksOf(document, 'checks'),
    ...listed.flatMap((column, i) => checksOf(column, `columns[${i}].checks`, String(field(column, 'name')))),
  ]
  const says = field(document, 'description')
  const columns = new Map(
    [...contract.columns].map(([name, type]): [string, ColumnDraft] => [name, drafted(name, type, listed)]),
  )
  const own: DatasetDraft = {
    name: dataset,
    source: options.source ?? `data/${dataset}.csv`,
    columns,
    ...(typeof says === 'string' && says !== '' ? { says } : {}),
  }
  return {
    name: dataset,
    datasets: [own, ...contract.others.values()],
    items,
    notes: [
      ...(options.source === undefined
        ? ['A contract names a table of a database: the source is a guess to be corrected.']
        : []),
      'Variables, schedules and attributes say how checks run, and are no part of the spec.',
    ],
  }
}

function drafted(name: string, type: ColumnType, listed: readonly Fields[]): ColumnDraft {
  const says = field(listed.find((column) => field(column, 'name') === name) ?? {}, 'description')
  return { type, ...(typeof says === 'string' && says !== '' ? { says } : {}) }
}

/** A column that need not be there can only be declared where a check asks for it anyway. */
const isDeclared = (column: Fields): boolean =>
  field(column, 'optional') !== true || fieldsIn(field(column, 'checks')).length > 0

/** The type that is named, or that the checks need: numbers where bounds or functions take numbers, else text. */
function typeOf(column: Fields, { columns }: SodaContractOptions): ColumnType {
  const known = columns?.get(String(field(column, 'name')))
  const named = field(column, 'data_type')
  const type = typeof named === 'string' ? typeNamed(named) : undefined
  if (known !== undefined || type !== undefined) return known ?? type ?? 'text'
  const bodies = fieldsIn(field(column, 'checks')).flatMap((check) => Object.values(check).filter(isFields))
  const numbers = bodies.some(
    (body) =>
      ['valid_min', 'valid_max'].some((key) => field(body, key) !== undefined) ||
      /^(avg|sum|min|max)$/.test(String(field(body, 'function'))) ||
      plains(field(body, 'valid_values')).some((value) => typeof value === 'number'),
  )
  return numbers ? 'number' : 'text'
}

function typeItem(column: Fields, where: string, { dataset, columns }: Contract): readonly ItemDraft[] {
  const named = field(column, 'data_type')
  const name = String(field(column, 'name'))
  if (typeof named !== 'string') return []
  const about = `${dataset}.${name}`
  const base = { what: 'data_type', where: `${where}.data_type`, about, clauses: [] }
  return typeNamed(named) === columns.get(name)
    ? [
        {
          ...base,
          contracts: [`${about}.type`],
          differences: ['Asks whether each cell can be read so, not what the database calls the column.'],
        },
      ]
    : [{ ...base, differences: [], refused: `${named} is no type of columns here, or not that of the data.` }]
}

function checkItem(check: Check): ItemDraft {
  const { kind, body, where, column, contract } = check
  const about = column === undefined ? contract.dataset : `${contract.dataset}.${column}`
  const base = { what: kind, where, about, clauses: [], differences: [] }
  const question = questionOf(check)
  if ('refused' in question) return { ...base, refused: question.refused }
  const rows = kind === 'schema' ? {} : filterOf(body, contract)
  if ('problem' in rows) return { ...base, refused: `Its filter is not understood: ${rows.problem}.` }
  const named = field(body, 'name')
  const clause = (suffix: string, asked: Partial<ClauseDraft>): ClauseDraft => ({
    id: clauseId(
      [contract.dataset, column, kind.replaceAll('_', '-'), suffix]
        .filter((part) => part !== undefined && part !== '')
        .join('-'),
    ),
    dataset: contract.dataset,
    says: typeof named === 'string' && named !== '' ? named : `${about}: ${kind.replaceAll('_', ' ')}.`,
    ...asked,
    ...(rows.cel === undefined ? {} : { where: rows.cel }),
    allowEmpty: true,
  })
  if ('every' in question) return { ...base, clauses: [clause('', { every: question.every, missing: 'pass' })] }
  if ('must' in question) return { ...base, clauses: [clause('', { must: question.must })] }
  const thresholds = thresholdsOf(body, question.standard)
  if (thresholds === undefined) return { ...base, refused: 'Its threshold is not understood, or there is none.' }
  return {
    ...base,
    differences: question.difference === undefined ? [] : [question.difference],
    clauses: thresholds.map(({ severity, within }, i) =>
      clause(i === 0 ? '' : severity === 'warn' ? 'warn' : 'fail', {
        must: within(question.term),
        ...(severity === 'warn' ? { severity } : {}),
      }),
    ),
  }
}

/** The rows asked: those of the contract, and those of the check. */
function filterOf(
  body: Fields,
  { filter, columns }: Contract,
): { readonly cel?: string } | { readonly problem: string } {
  const own = field(body, 'filter')
  const parts: string[] = []
  for (const each of [filter, own]) {
    if (typeof each !== 'string') continue
    const read = readCondition(each, { notation: 'sql', typeOf: (name) => columns.get(name) })
    if ('problem' in read) return read
    parts.push(read.cel)
  }
  return parts.length === 0 ? {} : { cel: all(parts) }
}
