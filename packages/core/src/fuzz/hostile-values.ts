const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const SAFE = 2n ** 53n

// biome-ignore format: a pool
/** Edges of int64 and of the whole numbers that float64 holds. */
export const hostileInts: readonly bigint[] = [
  MIN, MIN + 1n, MAX, MAX - 1n, SAFE, -SAFE, SAFE - 1n, 1n - SAFE, SAFE + 1n, -SAFE - 1n, SAFE + 2n, 2n ** 62n, -(2n ** 62n),
  2n ** 31n, -(2n ** 31n), 2n ** 32n, 3037000500n, -3037000500n, MAX - 1023n, 94906267n,
]
// biome-ignore format: a pool
/** Ordinary whole numbers. */
export const plainInts: readonly bigint[] = [0n, 1n, -1n, 2n, 3n, 5n, -7n, 10n, 18n, 100n, -100n, 1000n, 86400n]

// biome-ignore format: a pool
/** Not NaN: that is a missing cell. */
export const hostileDoubles: readonly number[] = [
  Infinity, -Infinity, -0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 1e308,
  1e300, -1e300, 1e-300, 2 ** 53, -(2 ** 53), 2 ** 53 + 2, 2 ** 63, -(2 ** 63), 2 ** 63 - 1024, 2 ** 64, -1e19, 1e19,
  0.5 - 2 ** -54, 2251799813685249.5, -2251799813685248.5, 9007199254740991, 0.1 + 0.2, 1e22,
]
// biome-ignore format: a pool
/** Ordinary numbers. */
export const plainDoubles: readonly number[] = [0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 2, 3, 10, 18, 99.99, -100.25, 1000]

// biome-ignore format: a pool
/** Empty, NUL, newline, beyond the basic plane, combining, things that look like numbers, and that break out of code. */
export const hostileTexts: readonly string[] = [
  '', '\0', 'a\0b', '\n', 'a\nb', 'ab\n', '\r\n', '😀', 'a😀b', '\u{10FFFF}', '\uE000', '\uFFFD', '\uFFFF', 'e\u0301', 'é', 'Straße',
  'STRASSE', 'İ', 'ſ', '\u212A', 'ǅ', '👩‍👩‍👧', ' ', ' 5', '5 ', '+', '-', '', '-0', '+7', '007', '1_000', '0x1F', '1e3', '1E3', '.5', '5.', '1.5e',
  '1e400', '-1e400', '1e-400', '9223372036854775807', '-9223372036854775808', '9223372036854775808', '000000000000000000000000042',
  '99999999999999999999999999999999', 'NaN', 'inf', '٣', "'", "''", '"', '"; DROP TABLE x; --', '\\', '%', '_', 'a%b', '\u2028', '</script>', '${t0}', 'null',
]
// biome-ignore format: a pool
/** Ordinary texts, and some that look like numbers. */
export const plainTexts: readonly string[] = ['Ä', 'äB', '😀b', 'a', 'b', 'ab', 'abc', 'ABC', 'aBc', 'xaby', 'red', 'z', '12', '-7', '2.5', 'true']

const DAY = 86_400_000_000n
// biome-ignore format: a pool
/** Hours that clocks skip or repeat: in New York, Berlin, on Lord Howe Island (half an hour), in Sao Paulo (midnight). */
const clockChanges: readonly bigint[] = [1710054000n, 1730613600n, 1711846800n, 1729994400n, 1712415600n, 1728142200n, 1541300400n].map(
  (seconds) => seconds * 1_000_000n,
)
/** Years 1 and 9999 and beyond, centuries, leap days, before 1970, beyond 2^53 microseconds, and changes of clocks. */
export const hostileTimes: readonly bigint[] = [
  ...clockChanges,
  ...clockChanges.map((at) => at - 1n),
  ...clockChanges.map((at) => at + 1_800_000_000n),
  -62135596800000000n,
  -62135596800000001n,
  253402300799999999n,
  253402300800000000n,
  -1n,
  -999n,
  -1000n,
  -1000001n,
  SAFE,
  -SAFE,
  SAFE + 1n,
  -8_630_000_000_000_000_000n,
  8_630_000_000_000_000_000n,
  -2208988800000000n,
  4102444799999999n,
  951782399999999n,
  951825600000000n,
  -62167219200000000n - DAY,
]
// biome-ignore format: a pool
/** Ordinary instants. */
export const plainTimes: readonly bigint[] = [0n, 1n, DAY, 1704067200000000n, 1709210096789012n, 1735689599999999n, 951782400000000n, 1000000n]
// biome-ignore format: a pool
/** Edges of int64, and more than the calendar is long. */
export const hostileDurations: readonly bigint[] = [MIN, MAX, SAFE, -SAFE, 2n ** 62n, 365n * 10000n * DAY, -365n * 10000n * DAY]
// biome-ignore format: a pool
/** Ordinary durations. */
export const plainDurations: readonly bigint[] = [0n, 1n, -1n, 1000000n, DAY, -DAY, 365n * DAY, 999n]
