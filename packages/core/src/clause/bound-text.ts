import { formatTimestamp } from '../expr/time.ts'
import type { Type } from '../expr/type.ts'

/** An end of a declared range as it is written: times are kept as counts of microseconds. Undefined where there is none. */
export function boundText(type: Type, bound: number | string | undefined): string | undefined {
  if (bound === undefined) return undefined
  const { kind } = type.kind === 'list' ? type.element : type
  return kind === 'timestamp' ? formatTimestamp(BigInt(bound)) : String(bound)
}
