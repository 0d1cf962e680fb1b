import type { ColumnType, Type } from './type.ts'

/** Expressions without columns: CEL as it stands, over declared variables. */
export interface PlainEnvironment {
  readonly scope: 'plain'
  /** By name; names may have dots. */
  readonly variables: ReadonlyMap<string, Type>
  /** Prefix that names may leave out, such as `a.b`. */
  readonly container?: string
  /** What is wrong with names and types is an error of the evaluation, which `&&`, `||` and `? :` can absorb. */
  readonly unchecked?: boolean
}

/** What the checker knows of a column. */
export interface ColumnInfo {
  readonly name: string
  readonly columnType: ColumnType
  readonly type: Type
  /** Null is allowed by the contract. */
  readonly optional: boolean
  /** What its numbers count, as declared. */
  readonly unit?: string
  readonly role?: 'key' | 'label' | 'split' | 'output'
  /** Declared values of a category, in the order written: codes and labels. */
  readonly values?: readonly { readonly code: string | number | boolean; readonly label?: string }[]
}

/** The classes of a label, and where a model answers them. */
export interface ClassInfo {
  /** The output that names the class; absent where the model gives probabilities only. */
  readonly answer?: string
  /** Every declared class in order, with the output that is its probability where there is one. */
  readonly all: readonly { readonly code: string | number | boolean; readonly probability?: string }[]
}

/** What the checker knows of a relation. `columns` in the order declared; model relations hold outputs and `decision` too. */
export interface RelationInfo {
  /** Canonical name, e.g. `accounts.train`, `champion.test`, `requests`. */
  readonly name: string
  readonly kind: 'data' | 'model' | 'requests' | 'system' | 'release'
  readonly columns: ReadonlyMap<string, ColumnInfo>
  /** The database that holds its rows, and is asked of them; absent: files, which DuckDB reads. */
  readonly engine?: 'duckdb' | 'postgresql' | 'spark' | 'trino' | 'clickhouse' | 'snowflake' | 'bigquery'
  /** Which of the databases of the spec that is, by its name there. */
  readonly database?: string
  /** For model relations (and requests): the model whose metrics it has. */
  readonly model?: string
  /** Conditions that hold names of a label and a score; metrics need them. */
  readonly label?: string
  readonly score?: string
  /** The output that a regression estimates its label by. */
  readonly amount?: string
  /** Of a model of several classes. */
  readonly classes?: ClassInfo
}

/** What the checker knows of a model. */
export interface ModelInfo {
  readonly name: string
  readonly input: readonly string[]
  /** The dataset its inputs come from. */
  readonly from: string
  /** Record type of `model(x)`: outputs and `decision`. */
  readonly outputs: Type
  readonly classes?: ClassInfo
}

/** `every`, slices, splits, `decision`, and the events of `system`. */
export interface RowEnvironment {
  readonly scope: 'row'
  readonly relation: RelationInfo
  /** Ids for `violated("…")`; given in time clauses only. */
  readonly clauses?: ReadonlySet<string>
}

/** `must`, `always`. */
export interface RelationEnvironment {
  readonly scope: 'relation'
  readonly relation: RelationInfo
  /** Relations by any legal name; undefined for unknown ones. */
  readonly relations: ReadonlyMap<string, RelationInfo>
  readonly models: ReadonlyMap<string, ModelInfo>
  /** `number` = confidence given or by default; 'none' = descriptive; undefined = not given. */
  readonly confidence: number | 'none' | undefined
  readonly sample: boolean
  /** The column whose equal values mark rows that are drawn together. */
  readonly cluster?: string
  /** The column that says how much each row counts. */
  readonly weights?: string
}

/** `assume`, `let`, `holds`. */
export interface BinderEnvironment {
  readonly scope: 'binder'
  readonly locals: ReadonlyMap<string, Type>
  /** The unit of a field, by what its record is of (a relation, or a model's answer) and its name. */
  readonly unit?: (of: string, field: string) => string | undefined
  readonly models: ReadonlyMap<string, ModelInfo>
}
