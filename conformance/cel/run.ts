import { readPlain } from '../../packages/core/src/expr/check/check.ts'
import { createEvaluator } from '../../packages/core/src/expr/evaluate/evaluate.ts'
import { kindOf } from '../../packages/core/src/expr/evaluate/kinds.ts'
import { equal } from '../../packages/core/src/expr/evaluate/equality.ts'
import type { Type } from '../../packages/core/src/expr/type.ts'
import { isError, type Value } from '../../packages/core/src/expr/value.ts'
import type { Vector } from './vectors.ts'

const place = { span: (start: number, end: number) => ({ file: 'vector', start, end }) }
const evaluator = createEvaluator()

/** Undefined where a case passes, else what is wrong. */
export function problemOf(vector: Vector): string | undefined {
  const { expected } = vector
  const read = readPlain(
    vector.expression,
    { scope: 'plain', variables: variablesOf(vector), container: vector.container, unchecked: vector.disableCheck },
    place,
  )
  if (read.value === undefined) {
    // What is an error when it is evaluated may be found before.
    if ('error' in expected) return undefined
    return `check: ${read.diagnostics[0]?.code} ${read.diagnostics[0]?.message}`
  }
  const type = typeText(read.value.type)
  if (vector.type !== undefined && vector.type !== type) return `type: ${type} instead of ${vector.type}`
  if (vector.checkOnly || 'nothing' in expected) return undefined
  const outcome = evaluator.evaluate(read.value, { locals: vector.bindings, plain: true })
  if ('error' in expected) return isError(outcome) ? undefined : `value ${show(outcome)} instead of an error`
  if (isError(outcome)) return `error ${outcome.error} instead of ${show(expected.value)}`
  return same(outcome, expected.value) ? undefined : `${show(outcome)} instead of ${show(expected.value)}`
}

/** Without a check in the case, what is bound has an open type. */
function variablesOf({ variables, bindings }: Vector): ReadonlyMap<string, Type> {
  return new Map([...[...bindings.keys()].map((name) => [name, { kind: 'dyn' }] as const), ...variables])
}

/** The same value of the same kind: 1, 1u and 1.0 are not the same here, and NaN is. */
function same(a: Value, b: Value): boolean {
  if (kindOf(a) !== kindOf(b)) return false
  if (typeof a === 'number') return Object.is(a, b) || a === b
  if (typeof a === 'object' && 'list' in a && typeof b === 'object' && 'list' in b) {
    const [x, y] = [a.list as readonly Value[], b.list as readonly Value[]]
    return x.length === y.length && x.every((value, i) => same(value, y[i] as Value))
  }
  return equal(a, b)
}

function show(value: Value): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}n` : part instanceof Map ? [...part.values()] : part,
  )
}

/** A type as the vectors write it. */
function typeText(type: Type): string {
  switch (type.kind) {
    case 'list':
      return `list(${typeText(type.element)})`
    case 'map':
      return `map(${typeText(type.key)}, ${typeText(type.value)})`
    case 'optional':
      return `optional_type(${typeText(type.of)})`
    case 'type':
      return `type(${typeText(type.of)})`
    default:
      return type.kind
  }
}
