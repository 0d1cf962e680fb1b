const view = new DataView(new ArrayBuffer(8))

/** Where a float64 stands among all of them in their order: −0 and 0 at 0, the least positive at 1. NaN has no place. */
export function rankOf(value: number): bigint {
  view.setFloat64(0, value)
  const bits = view.getBigInt64(0)
  return bits >= 0n ? bits : -(bits & 0x7fff_ffff_ffff_ffffn)
}

/** The float64 at a place. */
export function ofRank(rank: bigint): number {
  view.setBigInt64(0, rank < 0n ? -rank : rank)
  const size = view.getFloat64(0)
  return rank < 0n ? -size : size
}

/** The float64 that many steps up (down, if negative); at most an infinity. */
export function stepped(value: number, steps: number): number {
  const limit = rankOf(Number.POSITIVE_INFINITY)
  const rank = rankOf(value) + BigInt(steps)
  return ofRank(rank > limit ? limit : rank < -limit ? -limit : rank)
}
