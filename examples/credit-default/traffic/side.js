import { createHash } from 'node:crypto'

/**
 * Which side of the split into `learn` and `held-out` a key falls on: the parity of the second 32 bits of its MD5, as
 * `../window.js` splits and as labelled requests are split for retraining.
 * @param {number} id
 * @returns {0 | 1}
 */
export const sideOf = (id) => (createHash('md5').update(`${id}`).digest().readUInt32BE(4) % 2 === 0 ? 0 : 1)

/**
 * Ids from `first` on, each once, on the side that is asked for. An account asked about again, under another id, then stays
 * on its side, as it would if its own id were the key: nobody is both learned from and judged on.
 * @param {number} first
 * @returns {(side: 0 | 1) => number}
 */
export function idsFrom(first) {
  const next = [first, first]
  return (side) => {
    while (sideOf(next[side]) !== side) next[side] += 1
    next[side] += 1
    return next[side] - 1
  }
}
