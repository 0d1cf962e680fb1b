import { type CelInput, run } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { create } from '@bufbuild/protobuf'
import { TimestampSchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, it } from 'vitest'
import type { Expr } from '../expr.ts'
import type { RowFunctionName } from '../functions/row-functions.ts'
import { printExpr } from '../print/typed.ts'
import { exprOf, rowOf } from '../testing/generate.ts'
import { randomOf } from '../testing/random.ts'
import { isError, type Value } from '../value.ts'
import { createEvaluator } from './evaluate.ts'
import type { Outcome } from './implementation.ts'

/** Functions that the other implementation has not, or that CEL leaves open and our table settles. */
const OURS_ALONE =
  /^(abs|ceil|floor|round|trunc|sqrt|greatest|least|is_inf|int_of_string|double_of_string|.*duration.*|sub_timestamp)/

function isShared(expr: Expr): boolean {
  if (expr.node === 'lookup' || expr.node === 'is-missing') return false
  if (expr.type.kind === 'duration') return false
  if (expr.node === 'call' && OURS_ALONE.test(expr.fn satisfies RowFunctionName)) return false
  const parts = 'args' in expr ? expr.args : 'operand' in expr ? [expr.operand] : []
  return parts.every(isShared)
}

function theirInput(value: Value | null): CelInput | undefined {
  if (value === null || Number.isNaN(value)) return undefined
  if (typeof value !== 'object') return value
  if (!('timestamp' in value)) return undefined
  const { timestamp } = value as { readonly timestamp: bigint }
  const micros = ((timestamp % 1_000_000n) + 1_000_000n) % 1_000_000n
  return create(TimestampSchema, { seconds: (timestamp - micros) / 1_000_000n, nanos: Number(micros) * 1000 })
}

/** Their answer: a plain value, or 'error'. */
function theirs(text: string, bindings: Record<string, CelInput>): unknown {
  const value = run(text, bindings, { funcs: strings })
  return value instanceof Error || (typeof value === 'object' && value !== null && 'cause' in value) ? 'error' : value
}

const ours = (outcome: Outcome): unknown => (isError(outcome) ? 'error' : outcome)

describe('the evaluator against an independent implementation of CEL', () => {
  it('gives the same truth value or an error on the shared part of the language', () => {
    const evaluator = createEvaluator()
    let compared = 0
    let errors = 0
    for (let seed = 0; seed < 60_000 && compared < 1500; seed++) {
      const random = randomOf(seed)
      const expr = exprOf(random, 'bool', 3)
      if (expr.node === 'column' || expr.node === 'literal' || !isShared(expr)) continue
      const row = rowOf(random)
      const outcome = evaluator.evaluate(expr, { row })
      // CEL knows neither missing cells nor our rule that arithmetic on doubles must stay finite.
      if (isError(outcome) && outcome.error !== 'overflow') continue
      if (mayMeetOurErrors(expr, row, evaluator)) continue
      const cells = [...row].flatMap(([name, value]) => {
        const input = theirInput(value)
        return input === undefined ? [] : [[name, input] as const]
      })
      const bindings = { ...Object.fromEntries(cells), row: new Map(cells) } as Record<string, CelInput>
      const text = printExpr(expr)
      expect({ text, answer: theirs(text, bindings) }, `seed ${seed}`).toEqual({ text, answer: ours(outcome) })
      compared += 1
      if (isError(outcome)) errors += 1
    }
    expect(compared).toBe(1500)
    expect(errors).toBeGreaterThan(10)
  })
})

/** True where some part ends in an error that only our language has, even if it is absorbed. */
function mayMeetOurErrors(
  expr: Expr,
  row: ReadonlyMap<string, Value | null>,
  evaluator: ReturnType<typeof createEvaluator>,
): boolean {
  const outcome = evaluator.evaluate(expr, { row })
  if (isError(outcome) && outcome.error === 'non-finite') return true
  if (expr.node === 'call' && expr.fn === 'div_double' && isError(outcome)) return true
  const parts = 'args' in expr ? expr.args : 'operand' in expr ? [expr.operand] : []
  return parts.some((part) => mayMeetOurErrors(part, row, evaluator))
}
