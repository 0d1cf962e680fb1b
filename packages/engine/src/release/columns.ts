import type { GuardColumn, GuardPlan, Program, ProgramColumn } from '@plumbline/core'
import type { CellValue, ColumnDomain, Row } from '../falsify/domain.ts'
import { columnDomain } from '../forall/domains.ts'

/** A field of a request (or an output) with what is declared of it, and a finite domain to draw from. */
export interface SpecColumn extends GuardColumn {
  readonly declared: ProgramColumn
  readonly domain: ColumnDomain
}

/** The inputs of the guarded model, in their order. What the spec does not bound, the rows at hand do. */
export function inputColumns(program: Program, plan: GuardPlan, rows: readonly Row[]): readonly SpecColumn[] {
  const model = program.models.find(({ name }) => name === plan.model)
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  return columnsOf(plan.inputs, dataset?.columns ?? [], rows)
}

/** The outputs of the guarded model. An unbounded number is drawn between −1 and 1, and beyond. */
export function outputColumns(program: Program, plan: GuardPlan): readonly SpecColumn[] {
  const model = program.models.find(({ name }) => name === plan.model)
  return columnsOf(plan.outputs, model?.outputs ?? [], [])
}

function columnsOf(
  columns: readonly GuardColumn[],
  declared: readonly ProgramColumn[],
  rows: readonly Row[],
): readonly SpecColumn[] {
  return columns.flatMap((column) => {
    const found = declared.find(({ name }) => name === column.name)
    return found === undefined
      ? []
      : [{ ...column, declared: found, domain: finite(columnDomain(found, undefined), rows) }]
  })
}

/** Values shown for a text that nothing limits. */
const MOST_TEXTS = 50
/** The bounds of a number that neither the spec nor a row speaks of. */
const UNBOUNDED = 1

function finite(domain: ColumnDomain, rows: readonly Row[]): ColumnDomain {
  if (domain.values !== undefined || domain.type === 'boolean') return domain
  const seen = rows.map((row) => row.get(domain.name) ?? null).filter((cell) => cell !== null)
  if (domain.type === 'text' || domain.type === 'category') {
    const texts = [...new Set(seen)].slice(0, MOST_TEXTS)
    return { ...domain, values: texts.length === 0 ? ['a', ''] : texts }
  }
  const numbers = seen.filter((cell): cell is number => typeof cell === 'number' && Number.isFinite(cell))
  const least = numbers.reduce((a, b) => Math.min(a, b), numbers.length === 0 ? -UNBOUNDED : Infinity)
  const greatest = numbers.reduce((a, b) => Math.max(a, b), numbers.length === 0 ? UNBOUNDED : -Infinity)
  const low = domain.low ?? Math.min(least, domain.high ?? least)
  const high = domain.high ?? Math.max(greatest, low)
  return { ...domain, low, high }
}

/** The values at the edges of a column's declared domain, each still inside it: range ends, codes, null where optional. */
export function edges({ kind, declared }: SpecColumn): readonly CellValue[] {
  const missing: readonly CellValue[] = declared.optional ? [null] : []
  if (declared.values !== undefined) return [...declared.values.map(({ code }) => code), ...missing]
  if (kind === 'bool') return [true, false, ...missing]
  if (kind === 'string') return ['', 'ü', 'x'.repeat(256), ...missing]
  const { MAX_SAFE_INTEGER: most, MIN_SAFE_INTEGER: least } = Number
  const whole = kind === 'int'
  const low = declared.low === undefined ? undefined : Number(declared.low)
  const high = declared.high === undefined ? undefined : Number(declared.high)
  const ends = [low ?? (whole ? least : undefined), high ?? (whole ? most : undefined)]
  const inner = [0, low === undefined ? undefined : low + 1, high === undefined ? undefined : high - 1]
  const inside = [...ends, ...inner].filter(
    (cell): cell is number =>
      cell !== undefined && Number.isFinite(cell) && cell >= (low ?? -Infinity) && cell <= (high ?? Infinity),
  )
  const safe = kind === 'double' ? inside : inside.filter((cell) => Number.isSafeInteger(cell))
  return [...new Set(safe.map((cell) => cell + 0)), ...missing]
}

/** Values that a column does not admit, most readable first; of the right type unless `wrongTyped`. */
export function outside(column: SpecColumn): readonly CellValue[] {
  const { kind, declared } = column
  const codes = declared.values?.map(({ code }) => code)
  if (codes !== undefined) {
    const numbers = codes.filter((code) => typeof code === 'number')
    const texts = codes.filter((code) => typeof code === 'string')
    const beyond = numbers.length === 0 ? [] : [Math.max(...numbers) + 1, Math.min(...numbers) - 1]
    const unlisted = texts.length === 0 ? [] : ['undeclared', '']
    return [...[...beyond, ...unlisted].filter((cell) => !codes.includes(cell)), null]
  }
  if (kind === 'bool') return [null]
  if (kind === 'string') return ['', 'x'.repeat(1000), 'undeclared', null]
  const low = Number(declared.low ?? column.domain.low)
  const high = Number(declared.high ?? column.domain.high)
  const width = Math.max(1, high - low)
  const far = [low - 1, high + 1, low - width, high + width]
  const close = kind === 'double' ? [nextAfter(high, 1), nextAfter(low, -1)] : []
  const numbers = [...far, ...close].filter((cell) =>
    kind === 'double' ? Number.isFinite(cell) : Number.isSafeInteger(cell),
  )
  return [...new Set(numbers), null]
}

/** A value of another JSON type than the column's. */
export function wrongTyped({ kind }: GuardColumn): CellValue {
  switch (kind) {
    case 'string':
      return 7
    case 'bool':
      return 2
    case 'int':
      return 0.5
    default:
      return 'not a number'
  }
}

/** The double next to a finite number in a direction. */
export function nextAfter(number: number, direction: 1 | -1): number {
  if (number === 0) return direction * Number.MIN_VALUE
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, number)
  const step = number > 0 === (direction === 1) ? 1n : -1n
  view.setBigInt64(0, view.getBigInt64(0) + step)
  return view.getFloat64(0)
}
