import type { ColumnType } from '@plumbline/core'
import type { ColumnDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { refused } from '../draft/item.ts'
import { itemOf } from '../great-expectations/import-suite.ts'
import { typeNamed } from '../great-expectations/type-names.ts'
import { field, type Fields, isFields, textsIn } from '../text/json.ts'
import { checksOf } from './checks.ts'

/** What is known beside the file. */
export interface DataframeOptions {
  readonly source?: string
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** Whether a document is a schema of Pandera. */
export function isPandera(document: Fields): boolean {
  return field(document, 'schema_type') === 'dataframe' && isFields(field(document, 'columns'))
}

const DATASET = 'rows'

/** A schema as a draft. */
export function importDataframe(document: Fields, options: DataframeOptions): Draft {
  const given = field(document, 'columns')
  const properties = Object.entries(isFields(given) ? given : {}).map(
    ([name, each]) => [name, isFields(each) ? each : {}] as const,
  )
  const types = new Map<string, ColumnType>(
    properties.map(([name, each]) => [
      name,
      options.columns?.get(name) ?? typeNamed(String(field(each, 'dtype') ?? '')) ?? 'text',
    ]),
  )
  const expectation = (what: string, where: string, type: string, kwargs: Fields, warns = false): ItemDraft => {
    const severity = warns ? ({ severity: 'warn' } as const) : {}
    return { ...itemOf({ type, kwargs, where, ...severity }, DATASET, types, new Map()), what }
  }
  const items: ItemDraft[] = []
  const columns = new Map<string, ColumnDraft>()
  for (const [name, each] of properties) {
    const where = `columns.${name}`
    const about = `${DATASET}.${name}`
    if (field(each, 'regex') === true) {
      items.push(refused('regex', where, about, 'Columns by a pattern of their names are not declared here.'))
      continue
    }
    const says = field(each, 'description')
    columns.set(name, { type: types.get(name) ?? 'text', ...(typeof says === 'string' ? { says } : {}) })
    items.push(dtypeItem(field(each, 'dtype'), where, about))
    if (field(each, 'nullable') !== true)
      items.push(expectation('nullable', `${where}.nullable`, 'expect_column_values_to_not_be_null', { column: name }))
    if (field(each, 'unique') === true)
      items.push(expectation('unique', `${where}.unique`, 'expect_column_values_to_be_unique', { column: name }))
    if (field(each, 'required') === false)
      items.push(
        refused(
          'required',
          `${where}.required`,
          about,
          'A clause that reads a column needs it: take out the clauses where it may be absent.',
        ),
      )
    for (const check of checksOf(field(each, 'checks'))) {
      const at = `${where}.checks.${check.name}`
      items.push(
        'type' in check
          ? expectation(check.name, at, check.type, { column: name, ...check.kwargs }, check.warns)
          : refused(check.name, at, about, `\`${check.name}\` is a check of your own: its code is not in the file.`),
      )
    }
  }
  items.push(
    ...ofFrame(
      document,
      [...columns.keys()],
      properties.some(([, each]) => field(each, 'regex') === true),
      expectation,
    ),
  )
  return {
    name: 'dataframe',
    datasets: [{ name: DATASET, source: options.source ?? `data/${DATASET}.csv`, columns }],
    items,
    notes:
      options.source === undefined
        ? [`A schema names no data: \`source: data/${DATASET}.csv\` is a guess to be corrected.`]
        : [],
  }
}

function dtypeItem(dtype: unknown, where: string, about: string): ItemDraft {
  const base = { what: 'dtype', where: `${where}.dtype`, about, clauses: [], differences: [] }
  if (typeof dtype !== 'string' || typeNamed(dtype) === undefined)
    return { ...base, trivial: 'No type is known for it, and every cell is a text.' }
  return {
    ...base,
    contracts: [`${about}.type`],
    differences: ['Asks what each cell can be read as, not how pandas holds the column.'],
  }
}

type Expect = (what: string, where: string, type: string, kwargs: Fields) => ItemDraft

function ofFrame(
  document: Fields,
  columns: readonly string[],
  withPatterns: boolean,
  expectation: Expect,
): readonly ItemDraft[] {
  const items: ItemDraft[] = []
  const unique = textsIn(field(document, 'unique'))
  if (unique.length > 1)
    items.push(
      expectation('unique', 'unique', 'expect_compound_columns_to_be_unique', {
        column_list: unique,
        ignore_row_if: 'never',
      }),
    )
  if (unique.length === 1)
    items.push(expectation('unique', 'unique', 'expect_column_values_to_be_unique', { column: unique[0] }))
  const strict = field(document, 'strict') === true
  if (strict && withPatterns)
    items.push(refused('strict', 'strict', DATASET, 'Which columns there may be is said by a pattern, too.'))
  else if (field(document, 'ordered') === true && strict)
    items.push(
      expectation('ordered', 'ordered', 'expect_table_columns_to_match_ordered_list', { column_list: columns }),
    )
  else if (strict)
    items.push(
      expectation('strict', 'strict', 'expect_table_columns_to_match_set', { column_set: columns, exact_match: true }),
    )
  else if (field(document, 'ordered') === true)
    items.push(refused('ordered', 'ordered', DATASET, 'The order is asked of all columns only (`strict`).'))
  const index = field(document, 'index')
  if (Array.isArray(index) && index.length > 0)
    items.push(refused('index', 'index', DATASET, 'Rows have no index here; declare it as a column.'))
  const checks = field(document, 'checks')
  for (const name of Object.keys(isFields(checks) ? checks : {}))
    items.push(refused(name, `checks.${name}`, DATASET, 'It is a check of whole rows: write it as a clause.'))
  return items
}
