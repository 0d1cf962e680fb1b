import type { ProgramColumn } from '../../clause/program.ts'
import { badRange, categoryWithoutValues, notForType } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { unitOfNoNumber, unknownUnit } from '../../diagnostics/catalog/units.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { parseTimestamp } from '../../expr/time.ts'
import { type ColumnType, IMAGE, type Type } from '../../expr/type.ts'
import { parseUnit } from '../../expr/units/unit.ts'
import type { ColumnSource, OutputSource } from '../../language/spec.ts'
import { truthWords } from '../../language/sections/truth-format.ts'
import type { Located } from '../../source/span.ts'

type Bound = number | string | null

/** Resolves one declared column: its CEL type, its values, its bounds encoded like literals. */
export function resolveColumn(
  source: ColumnSource,
  role: ProgramColumn['role'],
  report: (d: Diagnostic) => void,
): ProgramColumn {
  const base = resolveTyped(source, report)
  if (source.format !== undefined) {
    const { value, span } = source.format
    const ofTruth = truthWords(value) !== undefined
    if (base.columnType !== (ofTruth ? 'boolean' : 'timestamp'))
      report(diagnose(notForType, span, { key: `format: ${value}`, type: base.columnType }))
  }
  return {
    ...base,
    optional: source.optional,
    protected: source.protected,
    ...(source.sensitive ? { sensitive: true as const } : {}),
    ...(source.path === undefined ? {} : { path: source.path.value }),
    ...(source.format === undefined ? {} : { format: source.format.value }),
    ...(role === undefined ? {} : { role }),
  }
}

/** Resolves one declared output of a model. */
export function resolveOutput(source: OutputSource, report: (d: Diagnostic) => void): ProgramColumn {
  return {
    ...resolveTyped(source, report),
    optional: false,
    protected: false,
    role: 'output',
    ...(source.tensor === undefined ? {} : { tensor: source.tensor.value }),
    ...(source.index === undefined ? {} : { index: source.index }),
  }
}

function resolveTyped(source: ColumnSource | OutputSource, report: (d: Diagnostic) => void): ProgramColumn {
  const columnType = source.type.value
  const values = source.values?.value.map(({ code, label }) => ({ code, ...(label === undefined ? {} : { label }) }))
  if (columnType === 'category' && (values === undefined || values.length === 0)) {
    report(diagnose(categoryWithoutValues, source.type.span, { column: source.name }))
  }
  const element = 'element' in source ? source.element : undefined
  const length = 'length' in source ? source.length : undefined
  if (columnType === 'list' || columnType === 'image') refuseForWholes(source, columnType, report)
  if (source.values !== undefined && ['boolean', 'timestamp', 'list', 'image'].includes(columnType)) {
    report(diagnose(notForType, source.values.span, { key: 'values', type: columnType }))
  }
  const unit = source.unit === undefined ? undefined : resolveUnit(source, source.unit, report)
  const [low, high] = source.range === undefined ? [null, null] : boundsOf(source, element ?? columnType, report)
  return {
    name: source.name,
    columnType,
    type:
      element === undefined
        ? typeOf(columnType, values?.[0]?.code)
        : { kind: 'list', element: typeOf(element, undefined) },
    optional: false,
    protected: false,
    ...(values === undefined || columnType === 'list' || columnType === 'image' ? {} : { values }),
    ...(length === undefined ? {} : { length }),
    ...(unit === undefined ? {} : { unit }),
    ...(low === null ? {} : { low }),
    ...(high === null ? {} : { high }),
    ...(source.says === undefined ? {} : { says: source.says }),
  }
}

/** What speaks of one value: a list of them or an image is no key, and no group of rows. */
function refuseForWholes(
  source: ColumnSource | OutputSource,
  type: 'list' | 'image',
  report: (d: Diagnostic) => void,
): void {
  if ('role' in source && source.role !== undefined)
    report(diagnose(notForType, source.role.span, { key: `role: ${source.role.value}`, type }))
  if ('protected' in source && source.protected)
    report(diagnose(notForType, source.nameSpan, { key: 'protected', type }))
}

/** The unit as written, if it is one. */
function resolveUnit(
  { name, type }: ColumnSource | OutputSource,
  { value, span }: Located<string>,
  report: (d: Diagnostic) => void,
): string | undefined {
  if (type.value !== 'integer' && type.value !== 'number') {
    report(diagnose(unitOfNoNumber, span, { column: name, type: type.value }))
    return undefined
  }
  const unit = parseUnit(value)
  if (!('problem' in unit)) return value
  report(diagnose(unknownUnit, span, { text: value, problem: unit.problem, near: unit.near }))
  return undefined
}

function typeOf(columnType: ColumnType, code: string | number | boolean | undefined): Type {
  switch (columnType) {
    case 'integer':
      return { kind: 'int' }
    case 'number':
      return { kind: 'double' }
    case 'boolean':
      return { kind: 'bool' }
    case 'text':
      return { kind: 'string' }
    case 'timestamp':
      return { kind: 'timestamp' }
    case 'list':
      return { kind: 'list', element: { kind: 'double' } }
    case 'image':
      return IMAGE
    case 'category':
      if (typeof code === 'number') return { kind: 'int', category: true }
      return typeof code === 'boolean' ? { kind: 'bool', category: true } : { kind: 'string', category: true }
  }
}

function boundsOf(
  source: ColumnSource | OutputSource,
  type: ColumnType,
  report: (d: Diagnostic) => void,
): [Bound, Bound] {
  const range = source.range
  if (range === undefined) return [null, null]
  if (type !== 'integer' && type !== 'number' && type !== 'timestamp') {
    report(diagnose(notForType, range.span, { key: 'range', type }))
    return [null, null]
  }
  const refuse = (what: string): [Bound, Bound] => {
    report(diagnose(badRange, range.span, { low: String(range.value[0]), high: String(range.value[1]), what }))
    return [null, null]
  }
  const encoded = range.value.map((bound) => encodeBound(bound, type))
  const [low, high] = encoded
  if (low === undefined || high === undefined) return refuse(`A bound is not a value of the type ${type}.`)
  if (low !== null && high !== null && greater(low, high, type))
    return refuse('It holds no value: the least is above the greatest.')
  return [low, high]
}

function encodeBound(bound: Bound, type: ColumnType): Bound | undefined {
  if (bound === null) return null
  if (type === 'timestamp') {
    const read = typeof bound === 'string' ? parseTimestamp(bound) : undefined
    return read === undefined || 'problem' in read ? undefined : String(read.value)
  }
  if (type === 'integer') {
    if (typeof bound === 'string') return /^-?\d+$/.test(bound) ? bound : undefined
    return Number.isSafeInteger(bound) ? String(bound) : undefined
  }
  const value = Number(bound)
  return Number.isNaN(value) ? undefined : value
}

function greater(low: number | string, high: number | string, type: ColumnType): boolean {
  return type === 'number' ? Number(low) > Number(high) : BigInt(low) > BigInt(high)
}
