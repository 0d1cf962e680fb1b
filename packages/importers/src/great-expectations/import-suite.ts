import type { ColumnType } from '@plumbline/core'
import { datasetName } from '../draft/assemble.ts'
import type { ClauseDraft, ColumnDraft, DatasetDraft, Draft, ItemDraft } from '../draft/draft.ts'
import { all } from '../text/cel.ts'
import { field } from '../text/json.ts'
import { clauseId, listed } from '../text/names.ts'
import type { Asked, Question } from './asked.ts'
import { columnsNamed, columnTypes } from './column-types.ts'
import { expectations as known } from './expectations/index.ts'
import type { Expectation, Suite } from './read-suite.ts'
import { rowsAsked } from './row-condition.ts'

/** What is known beside the suite. */
export interface SuiteOptions {
  /** The data it is about. Default: a file named like the suite, to be corrected. */
  readonly source?: string
  /** Types of columns, where the data was looked at. */
  readonly columns?: ReadonlyMap<string, ColumnType>
  readonly dataset?: string
}

/** A suite as a draft of a spec. */
export function importSuite(suite: Suite, options: SuiteOptions): Draft {
  const dataset = options.dataset ?? datasetName(suite.name)
  const others = new Map<string, DatasetDraft>()
  const types = columnTypes(suite.expectations, options.columns ?? new Map())
  const items = suite.expectations.map((expectation) => itemOf(expectation, dataset, types, others))
  const mostly = contractShares(suite.expectations, items)
  const columns = new Map(
    [...types].map(([name, type]): [string, ColumnDraft] => {
      const share = mostly.get(name)
      return [name, share === undefined || share === 1 ? { type } : { type, mostly: share }]
    }),
  )
  const source = options.source ?? `data/${dataset}.csv`
  return {
    name: suite.name,
    datasets: [{ name: dataset, source, columns }, ...others.values()],
    items,
    notes: [
      ...(options.source === undefined
        ? [`A suite names no data: \`source: ${source}\` is a guess to be corrected.`]
        : []),
      ...(options.columns === undefined && columns.size > 0
        ? [
            'Types of columns were read off the expectations (text where they show none); each is a contract of its own, which cells that cannot be read as it break.',
          ]
        : []),
      ...(others.size > 0 ? [`Other tables (${listed([...others.keys()])}) have a guessed source, too.`] : []),
      '`result_format`, `catch_exceptions`, `batch_id` and `meta` say how Great Expectations reports; clauses have no such thing.',
    ],
  }
}

/** `mostly` of an expectation that became the contract of a column is that of the contract; of several, the strictest. */
function contractShares(
  expectations: readonly Expectation[],
  items: readonly ItemDraft[],
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>()
  for (const [i, { kwargs }] of expectations.entries()) {
    const mostly = field(kwargs, 'mostly')
    const share = typeof mostly === 'number' && mostly > 0 ? mostly : 1
    const [column] = items[i]?.contracts === undefined ? [] : columnsNamed(kwargs)
    if (column !== undefined) shares.set(column, Math.max(share, shares.get(column) ?? 0))
  }
  return shares
}

/** Arguments that change what is asked and are known; others are named as a difference. */
const ARGUMENTS = new Set(
  `column column_A column_B column_list column_set column_index value value_set value_pairs_set min_value
  max_value strict_min strict_max mostly row_condition condition_parser ignore_row_if regex regex_list match_on
  like_pattern like_pattern_list strftime_format json_schema type_ type_list strictly threshold double_sided
  or_equal sum_total ties_okay exact_match other_table_name quantile_ranges allow_relative_error
  partition_object internal_weight_holdout tail_weight_holdout bucketize_data parse_strings_as_datetimes
  unexpected_rows_query`.split(/\s+/),
)

/** Arguments that say how a result is reported. */
const REPORTING = new Set(
  `result_format catch_exceptions batch_id meta notes include_config description severity output_strftime_format`.split(
    /\s+/,
  ),
)

const ABOUT_TYPES = /_of_type$|_in_type_list$|_type_to_be$/

/** What one expectation becomes, asked of a dataset with columns of these types. */
export function itemOf(
  expectation: Expectation,
  dataset: string,
  types: ReadonlyMap<string, ColumnType>,
  others: Map<string, DatasetDraft>,
): ItemDraft {
  const { type, kwargs, where, open } = expectation
  const columns = columnsNamed(kwargs)
  const about = listed(columns)
  const base = { what: type, where, about, clauses: [], differences: [] }
  const no = (refused: string): ItemDraft => ({ ...base, refused })
  const ask = Object.hasOwn(known, type) ? known[type] : undefined
  if (ask === undefined) return no(`\`${type}\` is none of Great Expectations’ own expectations.`)
  if (open !== undefined) return no(open)
  const given = field(kwargs, 'mostly') ?? 1
  if (typeof given !== 'number' || !(given >= 0 && given <= 1)) return no('`mostly` is no share from 0 to 1.')
  // A column has its type however few of its cells have to be of it.
  if (given === 0 && !ABOUT_TYPES.test(type)) return { ...base, trivial: '`mostly` is 0, and any share is enough.' }
  if (field(kwargs, 'auto') === true) return no('`auto` finds its arguments when Great Expectations runs.')
  const typeOf = (column: string): ColumnType => types.get(column) ?? 'text'
  const otherTable = (name: string): string => {
    const other = datasetName(name)
    if (other !== dataset) others.set(other, { name: other, source: `data/${other}.csv`, columns: new Map() })
    return other
  }
  const rows = rowsAsked(kwargs, (column) => types.get(column))
  if ('problem' in rows) return no(`The row condition is not understood: ${rows.problem}.`)
  const asked: Asked = ask({
    kwargs,
    mostly: given,
    typeOf,
    columnType: (column) => types.get(column),
    otherTable,
  })
  switch (asked.kind) {
    case 'refused':
      return no(asked.because)
    case 'trivial':
      return { ...base, trivial: asked.because }
    case 'contract':
      return rows.cel === undefined
        ? { ...base, contracts: [`${dataset}.${asked.column}.type`], differences: asked.differences }
        : no('A contract of a column holds for all rows, not for those of a condition.')
    case 'asked': {
      const strange = Object.keys(kwargs).filter((name) => !ARGUMENTS.has(name) && !REPORTING.has(name))
      return {
        ...base,
        clauses: asked.questions.map((question) => clauseOf(expectation, question, dataset, columns, rows.cel)),
        differences: [
          ...asked.differences,
          ...strange.map((name) => `The argument \`${name}\` is not known, and not regarded.`),
        ],
      }
    }
  }
}

function clauseOf(
  { type, says, severity }: Expectation,
  { id, where, ...question }: Question,
  dataset: string,
  columns: readonly string[],
  rows: string | undefined,
): ClauseDraft {
  const conditions = [rows, where].filter((each) => each !== undefined)
  const words = type.replace(/^expect_/, '').replaceAll('_', ' ')
  return {
    id: clauseId([...columns.slice(0, 3), id].join('-')),
    dataset,
    says: says ?? `${columns.length === 0 ? dataset : listed(columns)}: ${words}.`,
    ...question,
    ...(conditions.length === 0 ? {} : { where: all(conditions) }),
    ...(severity === undefined ? {} : { severity }),
  }
}
