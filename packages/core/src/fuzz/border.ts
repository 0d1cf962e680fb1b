import { createEvaluator } from '../expr/evaluate/evaluate.ts'
import type { Expr } from '../expr/expr.ts'
import type { RecordValue, Value } from '../expr/value.ts'
import { answerOf } from './answer.ts'
import { ofRank, rankOf } from './float64.ts'

/**
 * Two neighbouring rows between which the answer of a condition changes: the cells of one are put into the other one by
 * one until the answer turns, and that cell is halved until nothing lies between. Empty where both answer alike.
 */
export function borderBetween(condition: Expr, from: RecordValue, to: RecordValue): readonly RecordValue[] {
  const evaluator = createEvaluator()
  const answer = (row: RecordValue): string =>
    String(Object.values(answerOf(evaluator.evaluate(condition, { row })))[0])
  const before = answer(from)
  if (before === answer(to)) return []
  let row = from
  for (const [name, cell] of to) {
    const next = new Map([...row, [name, cell]])
    if (answer(next) !== before) return halved(row, name, cell, (of) => answer(of) === before)
    row = next
  }
  return []
}

function halved(
  row: RecordValue,
  name: string,
  far: Value | null,
  same: (row: RecordValue) => boolean,
): readonly RecordValue[] {
  const put = (cell: Value | null): RecordValue => new Map([...row, [name, cell]])
  const [near, end] = [placeOf(row.get(name) ?? null), placeOf(far)]
  if (near === undefined || end === undefined || near.kind !== end.kind) return [row, put(far)]
  let [low, high] = [near.place, end.place]
  while (low - high > 1n || high - low > 1n) {
    const middle = (low + high) / 2n
    if (same(put(near.cell(middle)))) low = middle
    else high = middle
  }
  return [put(near.cell(low)), put(near.cell(high))]
}

interface Place {
  readonly kind: string
  readonly place: bigint
  cell(place: bigint): Value
}

/** Where a cell stands among all of its kind; undefined for what is in no order that can be halved. */
function placeOf(cell: Value | null): Place | undefined {
  if (typeof cell === 'bigint') return { kind: 'int', place: cell, cell: (place) => place }
  if (typeof cell === 'number')
    return Number.isNaN(cell) ? undefined : { kind: 'double', place: rankOf(cell), cell: ofRank }
  if (cell === null || typeof cell !== 'object') return undefined
  if ('timestamp' in cell)
    return { kind: 'timestamp', place: cell.timestamp as bigint, cell: (timestamp) => ({ timestamp }) }
  if ('duration' in cell)
    return { kind: 'duration', place: cell.duration as bigint, cell: (duration) => ({ duration }) }
  return undefined
}
