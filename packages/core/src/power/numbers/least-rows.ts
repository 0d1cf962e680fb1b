/**
 * The fewest rows that do, where more do as well: by doubling, then by halving. Undefined beyond `most`. `from`: where the search begins,
 * of which half does not do.
 */
export function leastRows(holds: (rows: number) => boolean, most: number, from = 1): number | undefined {
  let high = from
  while (!holds(high)) {
    high *= 2
    if (high > most) return undefined
  }
  let low = Math.floor(high / 2)
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
