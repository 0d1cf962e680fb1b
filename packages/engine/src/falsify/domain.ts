/** A cell of an input; null = missing. Integers of a range are numbers; bigint occurs only where `values` lists it. */
export type CellValue = number | bigint | boolean | string | null

/** One record, by column name. */
export type Row = ReadonlyMap<string, CellValue>

/** One candidate: the value of every bound variable, by name. */
export type Input = ReadonlyMap<string, Row | CellValue>

/**
 * The domain of a column. `integer` and `number` need `low` and `high` (both included) or `values`; `category` and `text`
 * need `values`; `boolean` needs nothing. `optional` adds the missing value. `interesting` lists numbers to try in
 * particular (the split thresholds of a model): the value itself and its neighbours.
 */
export interface ColumnDomain {
  readonly name: string
  readonly type: 'integer' | 'number' | 'boolean' | 'category' | 'text'
  readonly low?: number | undefined
  readonly high?: number | undefined
  readonly values?: readonly CellValue[] | undefined
  readonly optional?: boolean | undefined
  readonly interesting?: readonly number[] | undefined
}

/**
 * A variable of a quantifier: a record over column domains (`rows`: actual records inside it, to start from), one of
 * given rows and nothing else, or the value of one column.
 */
export type Variable =
  | {
      readonly kind: 'record'
      readonly name: string
      readonly columns: readonly ColumnDomain[]
      readonly rows?: readonly Row[] | undefined
    }
  | { readonly kind: 'row'; readonly name: string; readonly rows: readonly Row[] }
  | { readonly kind: 'value'; readonly name: string; readonly domain: ColumnDomain }

/** One degree of freedom of the search: a column of a variable, a value variable, or the index of a given row. */
export interface Coordinate {
  readonly variable: string
  readonly column: string | undefined
  readonly domain: ColumnDomain
  /** The only values there are, if they are finitely many; else the coordinate is a range of reals or large integers. */
  readonly values: readonly CellValue[] | undefined
  readonly low: number
  readonly high: number
}

/** A candidate as the search sees it: one value per coordinate. */
export type Point = readonly CellValue[]

/** The search space of some variables, or a sentence on what it lacks. */
export interface Space {
  readonly coordinates: readonly Coordinate[]
  /** The number of points, Infinity if not finite. */
  readonly size: number
  readonly toInput: (point: Point) => Input
  /** Points to start from: actual rows, the other coordinates at their simplest value. */
  readonly starts: readonly Point[]
  readonly simplest: Point
}

const ENUMERATED = 64

/** Builds the search space; a string says which column lacks a bound (inputs without one are the caller's diagnostic). */
export function spaceOf(variables: readonly Variable[]): Space | string {
  const coordinates: Coordinate[] = []
  for (const variable of variables) {
    if (variable.kind === 'row') {
      if (variable.rows.length === 0) return `the variable "${variable.name}" has no rows`
      const domain: ColumnDomain = { name: variable.name, type: 'integer', low: 0, high: variable.rows.length - 1 }
      const values = variable.rows.map((_, index) => index)
      coordinates.push({ variable: variable.name, column: undefined, domain, values, low: 0, high: values.length - 1 })
      continue
    }
    for (const domain of variable.kind === 'record' ? variable.columns : [variable.domain]) {
      const coordinate = coordinateOf(variable.name, variable.kind === 'record' ? domain.name : undefined, domain)
      if (typeof coordinate === 'string') return coordinate
      coordinates.push(coordinate)
    }
  }
  if (coordinates.length === 0) return 'there is nothing to vary'
  const simplest = coordinates.map(simplestValue)
  return {
    coordinates,
    size: coordinates.reduce((size, c) => size * (c.values?.length ?? countOf(c)), 1),
    toInput: (point) => inputOf(variables, coordinates, point),
    starts: startsOf(variables, coordinates, simplest),
    simplest,
  }
}

function coordinateOf(variable: string, column: string | undefined, domain: ColumnDomain): Coordinate | string {
  const missing: readonly CellValue[] = domain.optional === true ? [null] : []
  const listed = domain.values ?? (domain.type === 'boolean' ? [false, true] : undefined)
  const base = { variable, column, domain }
  if (listed !== undefined) {
    if (listed.length === 0) return `the column "${domain.name}" has no values`
    const numbers = listed.filter((value) => typeof value === 'number')
    const [low, high] = numbers.length === 0 ? [0, 0] : [Math.min(...numbers), Math.max(...numbers)]
    return { ...base, values: [...new Set([...listed, ...missing])], low, high }
  }
  if (domain.type === 'category' || domain.type === 'text') return `the column "${domain.name}" lists no values`
  const integer = domain.type === 'integer'
  const low = integer ? Math.ceil(domain.low ?? Number.NaN) : (domain.low ?? Number.NaN)
  const high = integer ? Math.floor(domain.high ?? Number.NaN) : (domain.high ?? Number.NaN)
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high)
    return `the column "${domain.name}" has no finite range`
  if (integer && high - low < ENUMERATED) {
    const values = Array.from({ length: high - low + 1 }, (_, i) => low + i)
    return { ...base, values: [...values, ...missing], low, high }
  }
  return { ...base, values: undefined, low, high }
}

function countOf(coordinate: Coordinate): number {
  const { low, high, domain } = coordinate
  if (domain.type !== 'integer') return low === high ? 1 : Infinity
  return high - low + 1 + (domain.optional === true ? 1 : 0)
}

/** The value a person would try first: 0, or what of a range is nearest to it; the first of a list of codes. */
function simplestValue(coordinate: Coordinate): CellValue {
  const { values, low, high, domain } = coordinate
  const nearest = low > 0 ? low : high < 0 ? high : 0
  if (values === undefined) return nearest
  if (domain.type !== 'integer' && domain.type !== 'number') return values[0] ?? null
  const distance = (value: CellValue): number => (typeof value === 'number' ? Math.abs(value) : Infinity)
  return values.reduce<CellValue>((best, value) => (distance(value) < distance(best) ? value : best), values[0] ?? null)
}

function inputOf(variables: readonly Variable[], coordinates: readonly Coordinate[], point: Point): Input {
  const input = new Map<string, Row | CellValue>()
  const records = new Map<string, Map<string, CellValue>>()
  for (const [i, coordinate] of coordinates.entries()) {
    const value = point[i] ?? null
    if (coordinate.column === undefined) input.set(coordinate.variable, value)
    else {
      const record = records.get(coordinate.variable) ?? new Map<string, CellValue>()
      records.set(coordinate.variable, record.set(coordinate.column, value))
    }
  }
  for (const [name, record] of records) input.set(name, record)
  for (const variable of variables) {
    if (variable.kind !== 'row') continue
    const row = variable.rows[Number(input.get(variable.name))]
    if (row !== undefined) input.set(variable.name, row)
  }
  return input
}

function startsOf(
  variables: readonly Variable[],
  coordinates: readonly Coordinate[],
  simplest: Point,
): readonly Point[] {
  const starts: Point[] = []
  const longest = Math.max(0, ...variables.map((v) => (v.kind === 'record' ? (v.rows?.length ?? 0) : 0)))
  const rowsOf = new Map(variables.map((v) => [v.name, v.kind === 'record' ? (v.rows ?? []) : []]))
  for (let r = 0; r < longest; r++) {
    starts.push(
      coordinates.map((coordinate, i) => {
        const rows = rowsOf.get(coordinate.variable) ?? []
        const value = rows.length === 0 ? undefined : rows[r % rows.length]?.get(coordinate.column ?? '')
        return value === undefined ? (simplest[i] ?? null) : value
      }),
    )
  }
  return starts
}
