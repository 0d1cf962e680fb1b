import {
  type CellPath,
  type ClauseSeverity,
  type ColumnInfo,
  type ColumnType,
  type Expr,
  digestOf,
  type EveryClause,
  type ExprPlace,
  type MissingPolicy,
  type MustClause,
  type Program,
  type ProgramColumn,
  type ProgramDataset,
  type ProgramRelation,
  readMust,
  readRow,
  type RelationInfo,
  type RowCondition,
  type SliceRef,
  type Type,
} from '@plumbline/core'

/** A column as a test declares it. */
export interface TestColumn {
  readonly name: string
  readonly type: Exclude<ColumnType, 'list'>
  readonly values?: readonly (string | number | boolean)[]
  readonly optional?: boolean
  readonly role?: 'key' | 'label' | 'split'
  readonly path?: CellPath
}

/** A dataset as a test declares it. */
export interface TestDataset {
  readonly name: string
  readonly source: ProgramDataset['source']
  readonly columns: readonly TestColumn[]
  readonly key?: readonly string[]
  readonly splits?: Readonly<Record<string, string>>
}

/** A clause as a test writes it: exactly one of `every`, `must`, `castable`, `uniqueKey`, `disjointSplits`. */
export interface TestClause {
  readonly id: string
  /** Default: the first dataset. */
  readonly of?: string
  readonly every?: string
  readonly must?: string
  readonly castable?: string
  readonly uniqueKey?: readonly string[]
  readonly disjointSplits?: true
  readonly missing?: MissingPolicy
  readonly mostly?: string
  readonly severity?: ClauseSeverity
  readonly confidence?: number | 'none'
  /** Conditions by name; `all` is the whole relation. Default: all. */
  readonly slices?: Readonly<Record<string, string>>
  readonly allowEmpty?: boolean
}

const SCALARS: Readonly<Record<Exclude<ColumnType, 'category' | 'list'>, Type>> = {
  image: { kind: 'image' },
  integer: { kind: 'int' },
  number: { kind: 'double' },
  boolean: { kind: 'bool' },
  text: { kind: 'string' },
  timestamp: { kind: 'timestamp' },
}

const place: ExprPlace = { span: (start, end) => ({ file: 'test', start, end }) }

/** A lowered spec made from texts by the real parser and checker; throws what they find fault with. */
export function buildProgram(datasets: readonly TestDataset[], clauses: readonly TestClause[]): Program {
  const relations: ProgramRelation[] = datasets.flatMap((dataset) => [
    { kind: 'data', name: dataset.name, dataset: dataset.name } as const,
    ...Object.keys(dataset.splits ?? {}).map(
      (split) => ({ kind: 'data', name: `${dataset.name}.${split}`, dataset: dataset.name, split }) as const,
    ),
  ])
  const infos = new Map<string, RelationInfo>()
  for (const relation of relations) {
    const dataset = datasets.find((each) => relation.kind === 'data' && each.name === relation.dataset)
    const columns = new Map((dataset?.columns ?? []).map((column) => [column.name, columnInfo(column)]))
    infos.set(relation.name, { name: relation.name, kind: 'data', columns })
  }
  const programDatasets = datasets.map((dataset) => programDataset(dataset, infos))
  return {
    schema: 'plumbline/program/1',
    spec: { name: 'test', version: '1.0.0', digest: digestOf(clauses) },
    about: { intendedUse: [], excludedUse: [], owners: [], frameworks: [], requirements: [], hazards: [] },
    datasets: programDatasets,
    models: [],
    relations,
    clauses: clauses.map((clause) => buildClause(clause, clause.of ?? datasets[0]?.name ?? '', infos, programDatasets)),
    pipeline: { stages: [] },
    release: {
      staging: { requires: ['data', 'model'], rollback: [] },
      production: { requires: ['data', 'model'], rollback: [] },
    },
    unenforced: [],
  }
}

/** A row condition of a relation as a typed tree. */
export function rowExpr(text: string, relation: RelationInfo): Expr {
  const read = readRow(text, { scope: 'row', relation }, place)
  if (read.value === undefined) throw new Error(`${text}: ${JSON.stringify(read.diagnostics)}`)
  return read.value
}

function columnInfo(column: TestColumn): ColumnInfo {
  const code = column.values?.[0]
  const kind = typeof code === 'number' ? 'int' : typeof code === 'boolean' ? 'bool' : 'string'
  return {
    name: column.name,
    columnType: column.type,
    type: column.type === 'category' ? { kind, category: true } : SCALARS[column.type],
    optional: column.optional ?? true,
    ...(column.role === undefined ? {} : { role: column.role }),
    ...(column.values === undefined ? {} : { values: column.values.map((each) => ({ code: each })) }),
  }
}

function programDataset(dataset: TestDataset, infos: ReadonlyMap<string, RelationInfo>): ProgramDataset {
  const info = infos.get(dataset.name)
  if (info === undefined) throw new Error(dataset.name)
  const paths = new Map(dataset.columns.map(({ name, path }) => [name, path]))
  const columns: ProgramColumn[] = [...info.columns.values()].map((column) => {
    const path = paths.get(column.name)
    return { ...column, protected: false, ...(path === undefined ? {} : { path }) }
  })
  const splits = Object.entries(dataset.splits ?? {}).map(([name, text]) => ({
    name,
    text,
    condition: rowExpr(text, info),
  }))
  return { name: dataset.name, source: dataset.source, key: dataset.key ?? [], columns, splits }
}

function buildClause(
  clause: TestClause,
  of: string,
  infos: ReadonlyMap<string, RelationInfo>,
  datasets: readonly ProgramDataset[],
): EveryClause | MustClause {
  const relation = infos.get(of)
  if (relation === undefined) throw new Error(`no relation ${of}`)
  const slices: SliceRef[] = Object.entries(clause.slices ?? { all: '' }).map(([name, text]) => ({
    name,
    condition: text === '' ? null : rowExpr(text, relation),
  }))
  const base = {
    id: clause.id,
    says: clause.id,
    severity: clause.severity ?? 'block',
    origin: 'authored',
    of: [{ relation: of, stage: 'data' }],
    slices,
    meets: [],
    hazards: [],
    allowEmpty: clause.allowEmpty ?? false,
    place: { file: 'test', line: 1, column: 1 },
    models: [],
    digest: digestOf(clause),
  } as const
  if (clause.must !== undefined) {
    const read = readMust(
      clause.must,
      {
        scope: 'relation',
        relation,
        relations: infos,
        models: new Map(),
        confidence: clause.confidence,
        sample: false,
      },
      place,
    )
    if (read.value === undefined) throw new Error(`${clause.must}: ${JSON.stringify(read.diagnostics)}`)
    return { ...base, form: 'must', must: read.value, text: clause.must, confidence: clause.confidence ?? 0.95 }
  }
  const dataset = datasets.find((each) => each.name === of)
  return {
    ...base,
    form: 'every',
    condition: conditionOf(clause, relation, dataset),
    missing: clause.missing ?? 'fail',
    mostly: clause.mostly ?? '1',
  }
}

function conditionOf(clause: TestClause, relation: RelationInfo, dataset: ProgramDataset | undefined): RowCondition {
  if (clause.every !== undefined) return { kind: 'expr', expr: rowExpr(clause.every, relation), text: clause.every }
  if (clause.castable !== undefined) return { kind: 'castable', column: clause.castable }
  if (clause.uniqueKey !== undefined) return { kind: 'unique-key', columns: clause.uniqueKey }
  return { kind: 'disjoint-splits', splits: dataset?.splits ?? [] }
}
