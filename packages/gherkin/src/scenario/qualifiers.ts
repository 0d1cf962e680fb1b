import { partOf, type PlacedText } from '../text/placed-text.ts'

/** A step without what may follow any estimate, and that. */
export interface Qualified {
  readonly step: PlacedText
  /** Of `with 99% confidence`. */
  readonly confidence?: PlacedText
  /** Of `on at least 500 rows`. */
  readonly rows?: PlacedText
}

/** What stands there is judged later, so that a mistake in it is blamed where it stands. */
const CONFIDENCE = / with (\S+(?:\s%)?) confidence$/
const ROWS = / on at least (\S+) rows$/

/** Takes `with 99% confidence` and `on at least 500 rows` off the end of a step, in either order. */
export function unqualified(step: PlacedText): Qualified {
  const take = (pattern: RegExp, from: Qualified, key: 'confidence' | 'rows'): Qualified => {
    const { text } = from.step
    const found = from[key] === undefined ? pattern.exec(text) : null
    if (found === null) return from
    const at = found.index + found[0].indexOf(found[1] ?? '')
    const value = partOf(from.step, at, at + (found[1] ?? '').length)
    return { ...from, [key]: value, step: partOf(from.step, 0, found.index) }
  }
  const first = take(ROWS, take(CONFIDENCE, { step }, 'confidence'), 'rows')
  return take(CONFIDENCE, first, 'confidence')
}
