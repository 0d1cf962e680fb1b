import type { ProgramColumn, ProgramDataset } from '../../clause/program.ts'
import { columnsOf } from '../../targets/children.ts'
import type { DataFault, DataOperator } from '../fault.ts'

/** Shares of rows, and factors, as they are met in practice; what is smaller is drowned in noise, what is larger is seen by eye. */
const SHARE = {
  burst: 0.05,
  duplicates: 0.02,
  flip: 0.1,
  overlap: 0.05,
  bias: 0.5,
  encoding: 0.03,
} as const

const percent = (share: number): string => `${Math.round(share * 100)} %`

type Draft = Omit<DataFault, 'group' | 'operator' | 'dataset' | 'id'>

/** Every fault that can be planted in a dataset, by operator. */
export function dataFaultsOf(dataset: ProgramDataset): ReadonlyMap<DataOperator, readonly DataFault[]> {
  const drafts = new Map<DataOperator, readonly Draft[]>()
  const { columns } = dataset
  const plain = columns.filter(({ role }) => role === undefined)
  const numbers = plain.filter(isNumber)
  const categories = plain.filter(({ values }) => (values?.length ?? 0) >= 2)
  drafts.set(
    'null-burst',
    plain.map((c) => one(c, SHARE.burst, `${c.name} is empty in ${percent(SHARE.burst)} of the rows`)),
  )
  drafts.set(
    'unit-change',
    numbers.map((c) => one(c, 1, `${c.name} comes in thousandths of its unit: × 1000`)),
  )
  drafts.set('category-swap', categories.map(swap))
  drafts.set('column-shift', shifted(plain))
  drafts.set(
    'encoding',
    plain
      .filter(isCoded)
      .map((c) =>
        one(
          c,
          SHARE.encoding,
          `${c.name} cannot be read in ${percent(SHARE.encoding)} of the rows (${c.columnType === 'image' ? 'cut off, no picture' : 'decimal comma, wrong character set'})`,
        ),
      ),
  )
  drafts.set(
    'sampling-bias',
    numbers.map((c) => ({
      ...rows([c.name], SHARE.bias),
      says: `half of the rows with ${c.name} above its median are missing`,
    })),
  )
  drafts.set(
    'slice-drop',
    categories.flatMap((c) =>
      (c.values ?? []).map(({ code }) => ({
        ...rows([c.name], 1),
        codes: [code],
        says: `no row with ${c.name} = ${String(code)} arrived`,
      })),
    ),
  )
  drafts.set('duplicates', [
    { ...rows([], SHARE.duplicates), says: `${percent(SHARE.duplicates)} of the rows are there twice` },
  ])
  const label = columns.find(({ name }) => name === dataset.label)
  if (label !== undefined && (label.type.kind === 'bool' || isNumber(label) || (label.values?.length ?? 0) >= 2)) {
    drafts.set('label-flip', [one(label, SHARE.flip, `${label.name} is wrong in ${percent(SHARE.flip)} of the rows`)])
    drafts.set(
      'label-leak',
      numbers.map((c) => ({
        ...one(c, 1, `${c.name} was filled in when ${label.name} was known`),
        columns: [c.name, label.name],
      })),
    )
  }
  drafts.set(
    'key-overlap',
    dataset.key.length === 0
      ? []
      : splitPairs(dataset).map(([from, to]) => ({
          ...rows([], SHARE.overlap),
          splits: [from, to] as const,
          says: `${percent(SHARE.overlap)} of the rows of ${from} are in ${to}, too`,
        })),
  )
  drafts.set(
    'stale-partition',
    splitPairs(dataset).map(([from, to]) => ({
      ...rows([], 1),
      splits: [from, to] as const,
      says: `${to} holds the rows of ${from} once more`,
    })),
  )
  return new Map(
    [...drafts].map(([operator, list]) => [operator, list.map((draft) => finished(dataset, operator, draft))]),
  )
}

function finished({ name }: ProgramDataset, operator: DataOperator, draft: Draft): DataFault {
  const parts = [...draft.columns, ...(draft.splits ?? []), ...(draft.codes ?? []).map(String)]
  const id = `${operator} ${[name, ...parts].join('.')}`
  return { group: 'data', operator, dataset: name, id, ...draft }
}

const one = (column: ProgramColumn, share: number, says: string): Draft => ({
  columns: [column.name],
  wholeRows: false,
  share,
  says,
})

const rows = (columns: readonly string[], share: number): Omit<Draft, 'says'> => ({ columns, wholeRows: true, share })

const isNumber = ({ type, values }: ProgramColumn): boolean =>
  values === undefined && (type.kind === 'int' || type.kind === 'double')

/** Columns whose text or bytes have to be read: a text is whatever it is. */
const isCoded = (column: ProgramColumn): boolean =>
  isNumber(column) || column.columnType === 'timestamp' || column.columnType === 'image'

function swap(column: ProgramColumn): Draft {
  const [a, b] = (column.values ?? []).map(({ code }) => code)
  const codes = [a, b].filter((code) => code !== undefined)
  return { ...one(column, 1, `${column.name}: ${codes.map(String).join(' and ')} are exchanged`), codes }
}

/** Neighbours of one type, as an export has them that lost a column's name. */
function shifted(columns: readonly ProgramColumn[]): readonly Draft[] {
  return columns.flatMap((column, i) => {
    const next = columns.slice(i + 1).find((each) => each.type.kind === column.type.kind)
    if (next === undefined) return []
    return [
      { ...one(column, 1, `${column.name} and ${next.name} have changed places`), columns: [column.name, next.name] },
    ]
  })
}

/** Pairs of splits that one column tells apart, so that a row can be moved from one to the other. */
function splitPairs({ splits, columns }: ProgramDataset): readonly (readonly [string, string])[] {
  const movable = splits.filter(({ condition }) =>
    [...columnsOf(condition)].every((name) => columns.find((column) => column.name === name)?.role === 'split'),
  )
  return movable.flatMap((from) => movable.filter((to) => to !== from).map((to) => [from.name, to.name] as const))
}
