import {
  type Counterexample,
  evaluate,
  type ForallClause,
  isError,
  type Measured,
  type RecordValue,
  type Value,
} from '@plumbline/core'

/** One input of a counterexample: a record's fields, or a single value. */
export interface CounterexampleInput {
  readonly name: string
  /** `let` variables follow from the others; they are computed here from the clause. */
  readonly derived: boolean
  readonly value: Readonly<Record<string, Measured>> | Measured
}

/** The inputs of a counterexample, the derived ones (`let`) computed, so that both sides of a pair can be compared. */
export function inputsOf(clause: ForallClause | undefined, found: Counterexample): readonly CounterexampleInput[] {
  const bound = Object.entries(found.bindings).map(
    ([name, value]): CounterexampleInput => ({ name, derived: false, value }),
  )
  if (clause === undefined) return bound
  const locals = new Map<string, Value | null>()
  for (const { name, type } of clause.binders) {
    const value = Object.hasOwn(found.bindings, name) ? found.bindings[name] : undefined
    if (value === undefined) return bound
    if (isRecord(value)) {
      const fields = type.kind === 'record' ? type.fields : {}
      locals.set(name, new Map(Object.entries(value).map(([key, cell]) => [key, asValue(cell, fields[key]?.kind)])))
    } else locals.set(name, asValue(value, type.kind))
  }
  const derived: CounterexampleInput[] = []
  for (const { name, value } of clause.let) {
    const outcome = evaluate(value, { locals })
    // A digest of another wording may name other columns; then the bound variables are what can be shown.
    if (isError(outcome)) return [...bound, ...derived]
    locals.set(name, outcome)
    derived.push({ name, derived: true, value: asMeasured(outcome) })
  }
  return [...bound, ...derived]
}

/** The fields of all records in the order of the clause's columns, those on which the records differ first. */
export function fieldsOf(
  clause: ForallClause | undefined,
  inputs: readonly CounterexampleInput[],
): readonly { readonly name: string; readonly differs: boolean }[] {
  const records = inputs.map(({ value }) => value).filter(isRecord)
  // Evidence that was read back has its members sorted; the clause knows the order of the columns.
  const declared = (clause?.binders ?? []).flatMap(({ type }) =>
    type.kind === 'record' ? Object.keys(type.fields) : [],
  )
  const present = new Set(records.flatMap((record) => Object.keys(record)))
  const names = [...new Set([...declared.filter((name) => present.has(name)), ...present])]
  const fields = names.map((name) => ({
    name,
    differs: new Set(records.map((record) => String(record[name]))).size > 1,
  }))
  return [...fields.filter(({ differs }) => differs), ...fields.filter(({ differs }) => !differs)]
}

/** Whether a bound value is a record of fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, Measured>> {
  return typeof value === 'object' && value !== null
}

function asValue(cell: Measured, kind: string | undefined): Value | null {
  return kind === 'int' && typeof cell === 'number' && Number.isInteger(cell) ? BigInt(cell) : cell
}

function asMeasured(value: Value): Readonly<Record<string, Measured>> | Measured {
  if (value instanceof Map) {
    const record: RecordValue = value
    return Object.fromEntries([...record].map(([name, cell]) => [name, cell === null ? null : scalar(cell)]))
  }
  return scalar(value)
}

function scalar(value: Value): Measured {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value !== 'object') return value
  if ('timestamp' in value) return new Date(Number(value.timestamp / 1000n)).toISOString()
  if ('duration' in value) return `${value.duration} µs`
  return null
}
