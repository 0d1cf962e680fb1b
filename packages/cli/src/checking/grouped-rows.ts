import type { Expr, Literal, Program, ProgramColumn, Statement, Term } from '@plumbline/core'
import { type BoxCount, type GroupCount, wayOf } from '@plumbline/core/power'
import { columnsOfData, dataOf, labelColumnOf } from './relations.ts'

/** How rows belong together, which rows a label is true of, and the boxes of images: what else metrics vary with than rows. */
export interface GroupedRows {
  readonly groups: ReadonlyMap<string, GroupCount>
  readonly trues: ReadonlyMap<string, number>
  readonly boxes: ReadonlyMap<string, readonly BoxCount[]>
}

/** What a term counts, as the beginning of its expression. */
const [GROUPS, LARGEST, RELEVANT, TRUES, BOXES, IMAGES, MOST] = [
  'groups of ',
  'largest group of ',
  'relevant groups of ',
  'rows that are ',
  'true boxes ',
  'images with true boxes ',
  'most true boxes ',
]

/** Terms that count them, of whatever the clauses ask of a relation. */
export function groupingTerms(program: Program, relation: string): readonly Term[] {
  const columns = new Map(columnsOfData(program, relation).map((column) => [column.name, column]))
  const label = labelColumnOf(program, relation)
  const terms = termsAsked(program, relation).flatMap((term): readonly Term[] => {
    const named = term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
    const [first] = named
    const clusters = term.cluster === undefined ? [] : groupTerms(term.cluster)
    if (wayOf(term.fn).kind === 'group-mean' && first !== undefined)
      return [...clusters, ...groupTerms(first), ...relevantTerms(first, label)]
    if (term.fn === 'multilabel_f1_micro' || term.fn === 'multilabel_f1_macro')
      return [...clusters, ...named.filter((_, i) => i % 2 === 0).flatMap((name) => trueTerms(columns.get(name)))]
    if (term.fn === 'detection_map' || term.fn === 'detection_map_at') return [...clusters, ...boxTerms(named, columns)]
    return clusters
  })
  return [...new Map(terms.map((term) => [term.expression, term])).values()]
}

/** What a statement counted of them. */
export function groupedRowsOf(statement: Statement): GroupedRows {
  const terms = 'terms' in statement ? (statement.terms ?? []) : []
  const values = new Map(terms.map(({ expression, value }) => [expression, Number(value ?? 0)]))
  const named = (begin: string) =>
    [...values].flatMap(([name, value]) => (name.startsWith(begin) ? [[name.slice(begin.length), value] as const] : []))
  const boxes = named(BOXES).map(([name, count]) => ({
    image: JSON.parse(name)[0] as string,
    count: {
      boxes: count,
      images: values.get(`${IMAGES}${name}`) ?? 0,
      largest: values.get(`${MOST}${name}`) ?? 0,
    },
  }))
  return {
    groups: new Map(
      named(GROUPS).map(([name, groups]) => {
        const relevant = values.get(`${RELEVANT}${name}`)
        const largest = values.get(`${LARGEST}${name}`) ?? 0
        return [name, { groups, largest, ...(relevant === undefined ? {} : { relevant }) }]
      }),
    ),
    trues: new Map(named(TRUES)),
    boxes: new Map(
      [...Map.groupBy(boxes, ({ image }) => image)].map(([image, counts]) => [image, counts.map(({ count }) => count)]),
    ),
  }
}

function termsAsked(program: Program, relation: string): readonly Term[] {
  return program.clauses.flatMap((clause) =>
    clause.form === 'must' && clause.of.some((of) => dataOf(program, of.relation) === relation)
      ? clause.must.terms
      : [],
  )
}

const counting = { args: [], type: { kind: 'int' }, estimates: 'rows' } as const
const ofColumn = (fn: 'distinct' | 'mode_count', name: string, expression: string, where?: Expr): Term => ({
  ...counting,
  fn,
  args: [{ kind: 'column', name }],
  expression,
  ...(where === undefined ? {} : { where }),
})
const countWhere = (expression: string, where: Expr): Term => ({ ...counting, fn: 'count', where, expression })

const groupTerms = (name: string): readonly Term[] => [
  ofColumn('distinct', name, `${GROUPS}${name}`),
  ofColumn('mode_count', name, `${LARGEST}${name}`),
]

function relevantTerms(name: string, label: ProgramColumn | undefined): readonly Term[] {
  const where = label === undefined ? undefined : aboveZero(label)
  return where === undefined ? [] : [ofColumn('distinct', name, `${RELEVANT}${name}`, where)]
}

function trueTerms(column: ProgramColumn | undefined): readonly Term[] {
  if (column?.type.kind !== 'bool') return []
  return [countWhere(`${TRUES}${column.name}`, { node: 'column', name: column.name, type: column.type })]
}

function boxTerms(named: readonly string[], columns: ReadonlyMap<string, ProgramColumn>): readonly Term[] {
  const [image, truth, ofClass] = named
  const isTrue = columns.get(truth ?? '')
  if (image === undefined || isTrue?.type.kind !== 'bool') return []
  const column: Expr = { node: 'column', name: isTrue.name, type: isTrue.type }
  const classes = columns.get(ofClass ?? '')
  const codes = classes?.values ?? []
  const wheres =
    classes === undefined || codes.length === 0
      ? [{ code: null, where: column }]
      : codes.map(({ code }) => ({ code, where: both(column, isOneOf(classes, code)) }))
  return wheres.flatMap(({ code, where }) => {
    const name = JSON.stringify([image, code])
    return [
      countWhere(`${BOXES}${name}`, where),
      ofColumn('distinct', image, `${IMAGES}${name}`, where),
      ofColumn('mode_count', image, `${MOST}${name}`, where),
    ]
  })
}

const both = (one: Expr, other: Expr): Expr => ({ node: 'and', type: { kind: 'bool' }, args: [one, other] })

/** That the cell of a column is one declared value. */
export function isOneOf({ name, type }: ProgramColumn, code: string | number | boolean): Expr {
  const element: Literal = { node: 'literal', type, value: typeof code === 'number' ? String(code) : code }
  return { node: 'in-list', type: { kind: 'bool' }, operand: { node: 'column', name, type }, elements: [element] }
}

function aboveZero({ name, type }: ProgramColumn): Expr | undefined {
  const column: Expr = { node: 'column', name, type }
  if (type.kind === 'bool') return column
  if (type.kind !== 'int' && type.kind !== 'double') return undefined
  const double = { kind: 'double' } as const
  const number: Expr =
    type.kind === 'int' ? { node: 'call', fn: 'double_of_int', args: [column], type: double } : column
  return {
    node: 'call',
    fn: 'gt_double',
    args: [number, { node: 'literal', type: double, value: 0 }],
    type: { kind: 'bool' },
  }
}
