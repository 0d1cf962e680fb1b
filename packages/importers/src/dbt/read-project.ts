import { field, type Fields, fieldsIn, isFields } from '../text/json.ts'

/** Conditions on the number of failing rows. */
export interface Thresholds {
  readonly errorIf?: string
  readonly warnIf?: string
  /** Names of settings that change what is counted. */
  readonly others: readonly string[]
}

/** A test of a model or of one of its columns. */
export interface DbtTest {
  /** `not_null`, `dbt_utils.accepted_range`. */
  readonly name: string
  readonly arguments: Fields
  readonly where: string
  readonly column?: string
  /** The rows it is asked of, as SQL. */
  readonly rows?: string
  readonly severity?: 'warn'
  /** When it fails. */
  readonly thresholds: Thresholds
  /** dbt does not run it. */
  readonly off?: true
}

/** A column of a model. */
export interface DbtColumn {
  readonly name: string
  readonly type?: string
  readonly says?: string
}

/** A model, source table, seed or snapshot. */
export interface DbtTable {
  readonly name: string
  readonly says?: string
  readonly columns: readonly DbtColumn[]
  readonly tests: readonly DbtTest[]
}

/** What a file declares. */
export interface DbtProject {
  readonly tables: readonly DbtTable[]
  /** Checks of other kinds, which are not about rows at hand: where and what. */
  readonly others: readonly { readonly where: string; readonly what: string }[]
}

const KINDS = ['models', 'seeds', 'snapshots'] as const

/** Whether a document declares models, seeds, snapshots or sources as dbt does. */
export function isDbt(document: Fields): boolean {
  const named = [...KINDS, 'sources'].flatMap((kind) => fieldsIn(field(document, kind)))
  return (
    named.length > 0 &&
    named.every((each) => typeof field(each, 'name') === 'string') &&
    field(document, 'kind') === undefined
  )
}

/** Reads a file of properties. */
export function readProject(document: Fields): DbtProject {
  const tables = KINDS.flatMap((kind) =>
    fieldsIn(field(document, kind)).map((each, i) => readTable(each, `${kind}[${i}]`)),
  )
  const sources = fieldsIn(field(document, 'sources')).flatMap((source, s) =>
    fieldsIn(field(source, 'tables')).map((each, i) => readTable(each, `sources[${s}].tables[${i}]`)),
  )
  const others = ['unit_tests', 'metrics', 'exposures', 'semantic_models', 'data_tests', 'tests'].flatMap((what) =>
    fieldsIn(field(document, what)).map((_, i) => ({ where: `${what}[${i}]`, what })),
  )
  const late = fieldsIn(field(document, 'sources')).flatMap((source, s) => [
    ...freshnessOf(source, `sources[${s}]`),
    ...fieldsIn(field(source, 'tables')).flatMap((each, i) => freshnessOf(each, `sources[${s}].tables[${i}]`)),
  ])
  return { tables: [...tables, ...sources], others: [...others, ...late] }
}

/** How late the rows of a source may be, which is told from now on. */
function freshnessOf(fields: Fields, where: string): DbtProject['others'] {
  return field(fields, 'freshness') == null ? [] : [{ where: `${where}.freshness`, what: 'freshness' }]
}

function readTable(fields: Fields, where: string): DbtTable {
  const columns = fieldsIn(field(fields, 'columns'))
  return {
    name: String(field(fields, 'name')),
    ...textOf(fields, 'description'),
    columns: columns.map((each) => ({
      name: String(field(each, 'name') ?? ''),
      ...(typeof field(each, 'data_type') === 'string' ? { type: String(field(each, 'data_type')) } : {}),
      ...textOf(each, 'description'),
    })),
    tests: [
      ...testsOf(fields, where, undefined),
      ...columns.flatMap((each, i) => testsOf(each, `${where}.columns[${i}]`, String(field(each, 'name') ?? ''))),
    ],
  }
}

const textOf = (fields: Fields, name: string): { readonly says?: string } => {
  const value = field(fields, name)
  return typeof value === 'string' && value.trim() !== '' ? { says: value.trim() } : {}
}

function testsOf(fields: Fields, where: string, column: string | undefined): readonly DbtTest[] {
  const own = ['tests', 'data_tests'].flatMap((key) => {
    const list = field(fields, key)
    return (Array.isArray(list) ? list : []).map((each, i) => readTest(each, `${where}.${key}[${i}]`, column))
  })
  const constraints = fieldsIn(field(fields, 'constraints')).map((each, i): DbtTest => {
    const at = `${where}.constraints[${i}]`
    const name = `constraint ${String(field(each, 'type'))}`
    return { name, arguments: each, where: at, thresholds: { others: [] }, ...(column === undefined ? {} : { column }) }
  })
  return [...own, ...constraints]
}

const SETTINGS = new Set([
  'config',
  'where',
  'severity',
  'error_if',
  'warn_if',
  'limit',
  'name',
  'alias',
  'description',
  'arguments',
  'tags',
  'meta',
  'enabled',
  'store_failures',
  'fail_calc',
])

function readTest(given: unknown, where: string, column: string | undefined): DbtTest {
  const [name = '', body] =
    typeof given === 'string' ? [given, undefined] : (Object.entries(isFields(given) ? given : {})[0] ?? [])
  const settings = isFields(body) ? body : {}
  const config = field(settings, 'config')
  const of = (key: string): unknown => field(settings, key) ?? (isFields(config) ? field(config, key) : undefined)
  const nested = field(settings, 'arguments')
  const own = Object.fromEntries(Object.entries(settings).filter(([key]) => !SETTINGS.has(key)))
  const rows = of('where')
  const [errorIf, warnIf] = [of('error_if'), of('warn_if')]
  const severity = String(of('severity') ?? '').toLowerCase()
  return {
    name,
    arguments: { ...own, ...(isFields(nested) ? nested : {}) },
    where,
    ...(column === undefined ? {} : { column }),
    ...(typeof rows === 'string' ? { rows } : {}),
    ...(severity === 'warn' ? { severity } : {}),
    thresholds: {
      ...(errorIf === undefined ? {} : { errorIf: String(errorIf) }),
      ...(warnIf === undefined ? {} : { warnIf: String(warnIf) }),
      others: ['limit', 'fail_calc'].filter((key) => of(key) !== undefined),
    },
    ...(of('enabled') === false ? { off: true } : {}),
  }
}
