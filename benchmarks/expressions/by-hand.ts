// What a careful programmer would write for the clauses of `clauses.ts`, with the rules of the language: a cell is missing
// where it is null, undefined or NaN; ints are exact, as numbers where they are safe integers and as bigints beyond (cells,
// too), and their overflow is an error; so is a number that is not finite, and a division by zero. An error is a value.

type Cell = number | bigint | string | null | undefined
type Row = Readonly<Record<string, Cell>>
type Failure = { readonly error: string }
type Int = number | bigint

const MISSING: Failure = { error: 'missing' }
const OVERFLOW: Failure = { error: 'overflow' }
const NON_FINITE: Failure = { error: 'non-finite' }
const DIVISION_BY_ZERO: Failure = { error: 'division-by-zero' }

const absent = (cell: Cell): cell is null | undefined => cell === null || cell === undefined || cell !== cell

function whole(x: bigint): Int | Failure {
  if (x >= -9007199254740991n && x <= 9007199254740991n) return Number(x)
  return x >= -(2n ** 63n) && x < 2n ** 63n ? x : OVERFLOW
}
function add(a: Int, b: Int): Int | Failure {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return whole(BigInt(a) + BigInt(b))
}
function subtract(a: Int, b: Int): Int | Failure {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return whole(BigInt(a) - BigInt(b))
}
function multiply(a: Int, b: Int): Int | Failure {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Number.isSafeInteger(product)) return product
  }
  return whole(BigInt(a) * BigInt(b))
}
function codePoints(text: string): number {
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++
    count++
  }
  return count
}

/** The clauses by hand, in the order of `CLAUSES`. */
export const BY_HAND: readonly ((row: Row) => boolean | Failure)[] = [
  ({ bill, limit }) => {
    if (absent(bill) || absent(limit)) return MISSING
    const twice = 2 * (limit as number)
    if (!Number.isFinite(twice)) return NON_FINITE
    return (bill as number) <= twice
  },
  ({ age, tenure }) => {
    if (absent(age)) return MISSING
    if ((age as Int) < 18) return false
    if (absent(tenure)) return MISSING
    const sum = add(age as Int, tenure as Int)
    return typeof sum === 'object' ? sum : sum < 150
  },
  ({ amount, income }) => {
    let failed: Failure
    if (absent(amount) || absent(income)) failed = MISSING
    else if (income === 0) failed = DIVISION_BY_ZERO
    else {
      const share = (amount as number) / (income as number)
      if (Number.isFinite(share)) return share < 0.5 || (income as number) < 1000
      failed = NON_FINITE
    }
    // The other side may decide.
    return !absent(income) && (income as number) < 1000 ? true : failed
  },
  ({ delay0, delay1 }) => {
    if (absent(delay0) || absent(delay1)) return MISSING
    const product = multiply(delay0 as Int, 3)
    if (typeof product === 'object') return product
    const difference = subtract(product, delay1 as Int)
    return typeof difference === 'object' ? difference : difference <= 40
  },
  ({ term }) => {
    if (absent(term)) return MISSING
    // A number or a bigint: both equal loosely.
    return term == 12 || term == 24 || term == 36 || term == 48 || term == 60
  },
  ({ country, purpose }) => {
    if (absent(country)) return !absent(purpose) && codePoints(purpose as string) > 40 ? false : MISSING
    if (country !== 'DE' && country !== 'FR' && country !== 'IT') return false
    return absent(purpose) ? MISSING : codePoints(purpose as string) <= 40
  },
  ({ bonus, rate }) => {
    if (absent(bonus)) return absent(rate) ? MISSING : (rate as number) < 20
    const part = (bonus as number) * 0.01
    if (!Number.isFinite(part)) return NON_FINITE
    if (absent(rate)) return MISSING
    const sum = part + (rate as number)
    return Number.isFinite(sum) ? sum < 30.5 : NON_FINITE
  },
  ({ bill, amount, limit, purpose }) => {
    let failed: Failure
    if (absent(bill) || absent(amount)) failed = MISSING
    else {
      const apart = Math.abs((bill as number) - (amount as number))
      if (!Number.isFinite(apart)) failed = NON_FINITE
      else if (absent(limit)) failed = MISSING
      else if (apart <= (limit as number)) return true
      else return absent(purpose) ? MISSING : (purpose as string).startsWith('re')
    }
    return !absent(purpose) && (purpose as string).startsWith('re') ? true : failed
  },
]
