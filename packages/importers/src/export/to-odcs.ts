import type { Program, ProgramColumn } from '@plumbline/core'
import type { Bound, ClauseFacts, Fact } from './fact.ts'
import type { Spoken } from './export-program.ts'
import { nearly, ofShares, refused, type Said, same, together } from './said.ts'

/** Something a contract says: a setting of a property, or a rule of quality. */
type OdcsItem =
  | { readonly kind: 'property'; readonly column: string; readonly set: Readonly<Record<string, unknown>> }
  | { readonly kind: 'options'; readonly column: string; readonly set: Readonly<Record<string, unknown>> }
  | { readonly kind: 'quality'; readonly column?: string; readonly rule: Readonly<Record<string, unknown>> }
  | { readonly kind: 'key'; readonly columns: readonly string[] }
  | { readonly kind: 'relationship'; readonly column: string; readonly to: string }

const LOGICAL: Readonly<Record<string, string>> = {
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  text: 'string',
  timestamp: 'timestamp',
}

/** The contract: an object of the schema for each dataset. */
export function toContract(
  program: Program,
  clauses: readonly ClauseFacts[],
  report: (spoken: Spoken<unknown>) => void,
): object {
  const columns = new Map(
    program.datasets.map(({ name, columns: all }) => [name, new Map(all.map((each) => [each.name, each]))]),
  )
  const keys = new Map(program.datasets.map(({ name, key }) => [name, key.join(' ')]))
  const taken = new Map<string, unknown>()
  const spoken = clauses.map((clause): Spoken<OdcsItem> => {
    const said = toItems(clause, columns.get(clause.dataset), keys.get(clause.dataset) ?? '')
    return { clause, said: onceEach(said, clause.dataset, taken) }
  })
  spoken.forEach(report)
  const { name, version } = program.spec
  return {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: name,
    name,
    version,
    status: 'active',
    ...(program.about.purpose === undefined ? {} : { description: { purpose: program.about.purpose } }),
    schema: program.datasets.map((dataset) => {
      const own = spoken.filter(({ clause }) => clause.dataset === dataset.name)
      const items = own.flatMap(({ clause, said }) =>
        'refused' in said ? [] : said.items.map((item) => ({ item, clause })),
      )
      const quality = items.flatMap(({ item, clause }) =>
        item.kind === 'quality' && item.column === undefined ? [ruleOf(item.rule, clause)] : [],
      )
      return {
        name: dataset.name,
        logicalType: 'object',
        properties: dataset.columns.map((column) => propertyOf(column, items)),
        ...(quality.length === 0 ? {} : { quality }),
      }
    }),
  }
}

/** A setting of a property has one value: a second clause that would give it another one is not there. */
function onceEach(said: Said<OdcsItem>, dataset: string, taken: Map<string, unknown>): Said<OdcsItem> {
  if ('refused' in said) return said
  const settings = said.items.flatMap((item) =>
    item.kind === 'options' || item.kind === 'property'
      ? Object.entries(item.set).map(([name, value]) => [JSON.stringify([dataset, item.column, name]), value] as const)
      : [],
  )
  if (settings.some(([at, value]) => taken.has(at) && taken.get(at) !== value))
    return refused('Another clause gives the same setting of the property another value.')
  for (const [at, value] of settings) taken.set(at, value)
  return said
}

type Placed = readonly { readonly item: OdcsItem; readonly clause: ClauseFacts }[]

function propertyOf(column: ProgramColumn, items: Placed): object {
  const property: Record<string, unknown> = { name: column.name, logicalType: logicalType(column) }
  if (column.says !== undefined) property['description'] = column.says
  const options: Record<string, unknown> = {}
  const quality: unknown[] = []
  const relationships: unknown[] = []
  for (const { item, clause } of items) {
    if (item.kind === 'key') {
      const place = item.columns.indexOf(column.name)
      if (place >= 0) Object.assign(property, { primaryKey: true, primaryKeyPosition: place + 1 })
    } else if (item.column !== column.name) continue
    else if (item.kind === 'property') Object.assign(property, item.set)
    else if (item.kind === 'options') Object.assign(options, item.set)
    else if (item.kind === 'quality') quality.push(ruleOf(item.rule, clause))
    else relationships.push({ type: 'foreignKey', to: item.to })
  }
  return {
    ...property,
    ...(Object.keys(options).length === 0 ? {} : { logicalTypeOptions: options }),
    ...(relationships.length === 0 ? {} : { relationships }),
    ...(quality.length === 0 ? {} : { quality }),
  }
}

function logicalType({ columnType, type }: ProgramColumn): string {
  if (columnType !== 'category') return LOGICAL[columnType] ?? 'string'
  return type.kind === 'int' ? 'integer' : type.kind === 'bool' ? 'boolean' : 'string'
}

const SEVERITIES = { block: 'error', warn: 'warning', info: 'info' } as const

const ruleOf = (rule: Readonly<Record<string, unknown>>, { says, severity }: ClauseFacts): object => ({
  type: 'library',
  ...rule,
  description: says,
  severity: SEVERITIES[severity],
})

function toItems(
  clause: ClauseFacts,
  columns: ReadonlyMap<string, ProgramColumn> | undefined,
  key: string,
): Said<OdcsItem> {
  if (clause.facts.length === 0)
    return refused('Its condition joins cells in a way that the standard has no words for but SQL.')
  if (clause.mostly < 1 && clause.facts.length > 1)
    return refused('A share of rows meets several conditions at once; rules of quality count each by itself.')
  const given = clause.required
    .filter((column) => !clause.facts.some((fact) => fact.kind === 'present' && fact.column === column))
    .map((column) => same<OdcsItem>({ kind: 'property', column, set: { required: true } }))
  const said = together([...clause.facts.map((fact) => itemsOf(fact, clause, columns, key)), ...given])
  if ('refused' in said) return said
  const settings = said.items.some(({ kind }) => kind !== 'quality')
  const severity =
    settings && clause.severity !== 'block'
      ? [`Its severity (${clause.severity}) is not said: what is not a rule of quality has none.`]
      : []
  return { ...said, notes: [...said.notes, ...ofShares(clause), ...severity] }
}

function itemsOf(
  fact: Fact,
  { mostly }: ClauseFacts,
  columns: ReadonlyMap<string, ProgramColumn> | undefined,
  key: string,
): Said<OdcsItem> {
  const percent = Number((100 * (1 - mostly)).toPrecision(12))
  const share = { mustBeLessOrEqualTo: percent, unit: 'percent' }
  switch (fact.kind) {
    case 'type': {
      const column = columns?.get(fact.column)
      if (column?.columnType === 'list') return refused('A list is not said as a property here.')
      return mostly < 1
        ? refused('A type that a share of cells may miss is not said there.')
        : same({ kind: 'property', column: fact.column, set: {} })
    }
    case 'present':
      return mostly < 1
        ? same({ kind: 'quality', column: fact.column, rule: { metric: 'nullValues', ...share } })
        : same({ kind: 'property', column: fact.column, set: { required: true } })
    case 'range':
      return mostly < 1
        ? refused('A range that a share of cells may leave is not said there.')
        : same({
            kind: 'options',
            column: fact.column,
            set: {
              ...limit(fact.low, 'minimum', 'exclusiveMinimum'),
              ...limit(fact.high, 'maximum', 'exclusiveMaximum'),
            },
          })
    case 'length':
      return mostly < 1
        ? refused('A length that a share of cells may leave is not said there.')
        : same({
            kind: 'options',
            column: fact.column,
            set: {
              ...(fact.low === undefined ? {} : { minLength: fact.low }),
              ...(fact.high === undefined ? {} : { maxLength: fact.high }),
            },
          })
    case 'values':
    case 'pattern':
      return cellsOf(fact, mostly, percent)
    case 'unique':
      return uniqueOf(fact, key)
    case 'refers':
      return same({ kind: 'relationship', column: fact.column, to: `${fact.dataset}.${fact.foreign}` })
    case 'number':
      return numberOf(fact)
    case 'pair':
      return refused('Columns are not compared with each other there, but by SQL.')
  }
}

function limit(bound: Bound | undefined, closed: string, open: string): Readonly<Record<string, unknown>> {
  return bound === undefined ? {} : { [bound.open ? open : closed]: bound.value }
}

function cellsOf(fact: Extract<Fact, { kind: 'values' | 'pattern' }>, mostly: number, percent: number): Said<OdcsItem> {
  if (fact.none) return refused('What cells must not be is not said there.')
  const { column } = fact
  if (fact.kind === 'pattern' && mostly === 1) return same({ kind: 'options', column, set: { pattern: fact.pattern } })
  const args = fact.kind === 'values' ? { validValues: fact.values } : { pattern: fact.pattern }
  const rule = { metric: 'invalidValues', arguments: args }
  return mostly === 1
    ? same({ kind: 'quality', column, rule: { ...rule, mustBe: 0 } })
    : nearly('The share is one of all rows; here of the cells that are there.', {
        kind: 'quality',
        column,
        rule: { ...rule, mustBeLessOrEqualTo: percent, unit: 'percent' },
      })
}

function uniqueOf({ columns, gaps }: Extract<Fact, { kind: 'unique' }>, key: string): Said<OdcsItem> {
  const [column] = columns
  if (gaps === 'none' && columns.join(' ') === key) return same({ kind: 'key', columns })
  const given = gaps === 'none' ? columns.map((each) => property(each, { required: true })) : []
  if (columns.length === 1 && column !== undefined && gaps !== 'equal')
    return same(property(column, { unique: true }), ...given)
  return same(...given, {
    kind: 'quality',
    rule: { metric: 'duplicateValues', mustBe: 0, arguments: { properties: columns } },
  })
}

const property = (column: string, set: Readonly<Record<string, unknown>>): OdcsItem => ({
  kind: 'property',
  column,
  set,
})

function numberOf({ measure, low, high }: Extract<Fact, { kind: 'number' }>): Said<OdcsItem> {
  const bounds = {
    ...limit(low, 'mustBeGreaterOrEqualTo', 'mustBeGreaterThan'),
    ...limit(high, 'mustBeLessOrEqualTo', 'mustBeLessThan'),
  }
  if (measure.of === 'rows') return same({ kind: 'quality', rule: { metric: 'rowCount', ...bounds } })
  if (measure.of !== 'missing-share' || measure.column === undefined)
    return refused('The library of metrics has no such number.')
  const hundredfold = Object.fromEntries(
    Object.entries(bounds).map(([name, value]) => [name, Number((100 * Number(value)).toPrecision(12))]),
  )
  return same({
    kind: 'quality',
    column: measure.column,
    rule: { metric: 'nullValues', unit: 'percent', ...hundredfold },
  })
}
