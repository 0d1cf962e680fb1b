import type { WeakSegment } from '../../stats/segments/confirm.ts'
import { type Gap, gap } from './gap.ts'

/** A weak segment, as a slice is written. */
export interface NamedSegment extends Pick<WeakSegment, 'inside' | 'outside' | 'p'> {
  readonly condition: string
}

/** Weak segments that were confirmed, and of what. */
export interface ConfirmedSegments {
  readonly relation: string
  readonly loss: 'wrong-answer' | 'absolute-error'
  readonly tested: number
  readonly alpha: number
  readonly segments: readonly NamedSegment[]
}

/** Confirmed segments as gaps, each with the slice that names it, ready to paste. */
export function segmentGaps({ relation, loss, tested, alpha, segments }: ConfirmedSegments): readonly Gap[] {
  return segments.map(({ condition, inside, outside, p }, i) => {
    const name = `weak-${i + 1}`
    const [here, there] = [inside.loss, outside.loss].map((each) =>
      loss === 'wrong-answer' ? `${(100 * each).toFixed(1)} %` : each.toPrecision(3),
    )
    const what = loss === 'wrong-answer' ? 'wrong answers' : 'mean absolute error'
    const says = `On ${relation} ${what} of ${here} on ${inside.rows} rows, ${there} on the other ${outside.rows}: found in half of the rows, confirmed in the other (p ${p < 1e-4 ? '< 0.0001' : p.toFixed(4)}; ${tested} asked, Holm at ${100 * alpha} %).`
    const yaml = `slices:\n  ${name}: '${condition.replaceAll("'", "''")}'\n`
    const fix = `Declare the slice and ask a metric of it: \`slices: [${name}]\`.`
    return gap('segment', condition, says, fix, inside.rows / Math.max(1, inside.rows + outside.rows), yaml)
  })
}
