import type {
  BinderEnvironment,
  ColumnInfo,
  ModelInfo,
  RelationEnvironment,
  RelationInfo,
  RowEnvironment,
} from '../environment.ts'
import type { ExprPlace } from '../syntax.ts'
import { BOOL, type ColumnType, DOUBLE, INT, STRING, TIMESTAMP, type Type } from '../type.ts'

const TYPES: Readonly<Record<Exclude<ColumnType, 'category' | 'list'>, Type>> = {
  image: { kind: 'image' },
  integer: INT,
  number: DOUBLE,
  boolean: BOOL,
  text: STRING,
  timestamp: TIMESTAMP,
}

/** A column of a type, required and without a role unless `more` says otherwise. */
export function column(
  name: string,
  columnType: Exclude<ColumnType, 'category' | 'list'>,
  more: Partial<ColumnInfo> = {},
): ColumnInfo {
  return { name, columnType, type: TYPES[columnType], optional: false, ...more }
}

/** A category; its CEL type is that of its codes. */
export function category(
  name: string,
  values: NonNullable<ColumnInfo['values']>,
  more: Partial<ColumnInfo> = {},
): ColumnInfo {
  const kind = typeof values[0]?.code === 'number' ? 'int' : typeof values[0]?.code === 'boolean' ? 'bool' : 'string'
  return { name, columnType: 'category', type: { kind, category: true }, optional: false, values, ...more }
}

/** The columns of the example: one of every kind, and names that need quoting. */
export const accountColumns: readonly ColumnInfo[] = [
  column('id', 'integer', { role: 'key' }),
  column('limit_bal', 'number'),
  category('sex', [
    { code: 1, label: 'male' },
    { code: 2, label: 'female' },
  ]),
  category('status', [{ code: 'open' }, { code: 'closed' }]),
  category('consent', [{ code: true }, { code: false }]),
  column('age', 'integer'),
  column('pay_0', 'integer', { optional: true }),
  column('bill_amt1', 'number'),
  column('name', 'text', { optional: true }),
  column('note', 'text'),
  column('opened', 'timestamp'),
  column('closed', 'timestamp', { optional: true }),
  column('active', 'boolean'),
  column('weird name', 'integer'),
  category('split', [{ code: 'train' }, { code: 'test' }], { role: 'split' }),
  column('default', 'boolean', { role: 'label' }),
]

const outputs: readonly ColumnInfo[] = [
  column('risk', 'number', { role: 'output' }),
  column('decision', 'boolean', { role: 'output' }),
]

const byName = (columns: readonly ColumnInfo[]): ReadonlyMap<string, ColumnInfo> =>
  new Map(columns.map((c) => [c.name, c]))

const GUESS: ColumnInfo = {
  name: 'guess',
  columnType: 'category',
  type: { kind: 'int', category: true },
  optional: false,
  role: 'output',
  values: [{ code: 1 }, { code: 2 }],
}

/** `accounts` and its splits, `champion` and `sorter` (which tells classes apart) on them, `requests`, `release`. */
export function accountRelations(): ReadonlyMap<string, RelationInfo> {
  const data = (name: string): RelationInfo => ({ name, kind: 'data', columns: byName(accountColumns) })
  const metrics = { model: 'champion', label: 'default', score: 'risk' }
  const relations: readonly RelationInfo[] = [
    data('accounts'),
    data('accounts.train'),
    data('accounts.test'),
    { name: 'champion.test', kind: 'model', columns: byName([...accountColumns, ...outputs]), ...metrics },
    {
      name: 'requests',
      kind: 'requests',
      columns: byName([...accountColumns.filter((c) => c.role !== 'split'), ...outputs]),
      ...metrics,
    },
    {
      name: 'release',
      kind: 'release',
      columns: byName([...accountColumns.filter((c) => c.role !== 'split' && c.role !== 'label'), ...outputs]),
      model: 'champion',
      score: 'risk',
    },
    {
      name: 'sorter.test',
      kind: 'model',
      columns: byName([...accountColumns, GUESS]),
      model: 'sorter',
      label: 'sex',
      classes: { answer: 'guess', all: [{ code: 1, probability: 'p_1' }, { code: 2 }] },
    },
    { name: 'bare.test', kind: 'model', columns: byName(accountColumns), model: 'bare' },
    {
      name: 'other',
      kind: 'data',
      columns: byName([column('age', 'text'), column('code', 'integer', { role: 'key' })]),
    },
  ]
  return new Map(relations.map((r) => [r.name, r]))
}

const model = (name: string): ModelInfo => ({
  name,
  input: ['limit_bal', 'sex', 'age', 'pay_0'],
  from: 'accounts',
  outputs: { kind: 'record', of: name, fields: { risk: DOUBLE, decision: BOOL } },
})

/** `champion` and `challenger`. */
export const models: ReadonlyMap<string, ModelInfo> = new Map(
  ['champion', 'challenger'].map((name) => [name, model(name)]),
)

/** Row scope on a relation. */
export function rowEnvironment(of = 'accounts', clauses?: readonly string[]): RowEnvironment {
  const relation = accountRelations().get(of)
  if (relation === undefined) throw new Error(`no relation ${of}`)
  return { scope: 'row', relation, ...(clauses === undefined ? {} : { clauses: new Set(clauses) }) }
}

/** Relation scope on a relation. */
export function relationEnvironment(of = 'accounts', more: Partial<RelationEnvironment> = {}): RelationEnvironment {
  const { relation } = rowEnvironment(of)
  return {
    scope: 'relation',
    relation,
    relations: accountRelations(),
    models,
    confidence: undefined,
    sample: false,
    ...more,
  }
}

/** Binder scope: `x` and `y` are accounts, `s` a value of `sex`. */
export function binderEnvironment(): BinderEnvironment {
  const record: Type = {
    kind: 'record',
    of: 'accounts',
    fields: Object.fromEntries(accountColumns.map((c) => [c.name, c.type])),
  }
  return {
    scope: 'binder',
    locals: new Map<string, Type>([
      ['x', record],
      ['y', record],
      ['s', { kind: 'int', category: true }],
    ]),
    models,
  }
}

/** Offsets of the expression as offsets of a file of its own. */
export const place: ExprPlace = { span: (start, end) => ({ file: 'test', start, end }) }
