/** Sets of what a condition may come to on a row, as bits. */
export const TRUE = 1
export const FALSE = 2
/** The error `missing`. */
export const MISSING = 4
/** Any other error. */
export const ERROR = 8
export const ANY = TRUE | FALSE | MISSING | ERROR

const SINGLE = [TRUE, FALSE, MISSING, ERROR] as const

/** The decisive value on either side wins over an error; then the left error: what the reference evaluator does. */
function absorbed(decisive: number, left: number, right: number): number {
  if (left === decisive || right === decisive) return decisive
  return left >= MISSING ? left : right
}

/** What two sets come to together: at `left * 16 + right`. */
const tableOf = (decisive: number): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, at) => {
    const [lefts, rights] = [at >> 4, at & 15]
    let found = 0
    for (const left of SINGLE)
      for (const right of SINGLE)
        if ((lefts & left) !== 0 && (rights & right) !== 0) found |= absorbed(decisive, left, right)
    return found
  })

const AND = tableOf(FALSE)
const OR = tableOf(TRUE)

/** What `a && b` and `a || b` may come to. */
export const both = (a: number, b: number): number => AND[(a << 4) | b] as number
export const either = (a: number, b: number): number => OR[(a << 4) | b] as number
/** What `!a` may come to. */
export const opposite = (a: number): number =>
  (a & (MISSING | ERROR)) | ((a & TRUE) === 0 ? 0 : FALSE) | ((a & FALSE) === 0 ? 0 : TRUE)
/** What `c ? a : b` may come to. */
export const chosen = (c: number, a: number, b: number): number =>
  (c & (MISSING | ERROR)) | ((c & TRUE) === 0 ? 0 : a) | ((c & FALSE) === 0 ? 0 : b)
