/** Cells of a table as texts, by column; null = missing. */
export interface SampleTable {
  readonly rows: number
  readonly columns: ReadonlyMap<string, readonly (string | null)[]>
  /** Columns that are stored as times, not as texts. */
  readonly times?: ReadonlySet<string>
}

/** What speaks for two columns being the same. Shares are in [0, 1]; absent where it could not be asked. */
export interface ColumnEvidence {
  /** How alike the names are: 1 − edit distance / length, or the share of common words. */
  readonly name: number
  /** Share of the new cells that can be read as the declared type. */
  readonly type: number
  /** Share of the new cells inside the declared range or values. */
  readonly domain: number
  /** 1 − Kolmogorov-Smirnov distance of numbers, or 1 − total variation distance of other cells, before and now. */
  readonly distribution?: number
  /** Rows found by their key before and now, and the share of them with equal cells. */
  readonly key?: { readonly rows: number; readonly equal: number }
}

/** How alike two names are, without regard to case and to what separates words. */
export function nameLikeness(a: string, b: string): number {
  const words = (name: string): readonly string[] =>
    name
      .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '')
  const [left, right] = [words(a), words(b)]
  const common = left.filter((word) => right.includes(word)).length
  const all = new Set([...left, ...right]).size
  const [x, y] = [left.join(''), right.join('')]
  const longest = Math.max(x.length, y.length)
  return longest === 0 ? 0 : Math.max(common / all, 1 - editDistance(x, y) / longest)
}

/** Levenshtein distance in UTF-16 units. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** Cells that are not missing. */
export const present = (cells: readonly (string | null)[]): readonly string[] => cells.filter((cell) => cell !== null)

/** Whether a text is a finite number. */
export const isNumber = (cell: string): boolean => cell.trim() !== '' && Number.isFinite(Number(cell))

/** 1 − the distance of two samples: Kolmogorov-Smirnov where all cells are numbers, else total variation. */
export function distributionLikeness(a: readonly string[], b: readonly string[]): number | undefined {
  if (a.length === 0 || b.length === 0) return undefined
  if (a.every(isNumber) && b.every(isNumber)) return 1 - kolmogorovSmirnov(a.map(Number), b.map(Number))
  const share = (cells: readonly string[]): ReadonlyMap<string, number> =>
    new Map([...Map.groupBy(cells, (cell) => cell)].map(([cell, own]) => [cell, own.length / cells.length]))
  const [p, q] = [share(a), share(b)]
  const apart = [...new Set([...p.keys(), ...q.keys()])].reduce(
    (sum, cell) => sum + Math.abs((p.get(cell) ?? 0) - (q.get(cell) ?? 0)),
    0,
  )
  return 1 - apart / 2
}

function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [a.toSorted((m, n) => m - n), b.toSorted((m, n) => m - n)]
  let [i, j, most] = [0, 0, 0]
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i] ?? 0, y[j] ?? 0)
    while (i < x.length && (x[i] ?? 0) <= at) i++
    while (j < y.length && (y[j] ?? 0) <= at) j++
    most = Math.max(most, Math.abs(i / x.length - j / y.length))
  }
  return most
}

/** Pairs of cells of the rows that have the same key before and now; undefined where there is no such key. */
export function joined(
  before: SampleTable,
  now: SampleTable,
  key: readonly string[],
): ((old: string, found: string) => readonly (readonly [string, string])[]) | undefined {
  if (key.length === 0 || key.some((name) => !before.columns.has(name) || !now.columns.has(name))) return undefined
  const keyAt = (table: SampleTable, row: number): string =>
    JSON.stringify(key.map((name) => table.columns.get(name)?.[row] ?? null))
  const rows = new Map(Array.from({ length: before.rows }, (_, row) => [keyAt(before, row), row]))
  const pairs = Array.from({ length: now.rows }, (_, row) => [rows.get(keyAt(now, row)), row] as const)
  return (old, found) =>
    pairs.flatMap(([earlier, row]) => {
      const a = earlier === undefined ? null : (before.columns.get(old)?.[earlier] ?? null)
      const b = now.columns.get(found)?.[row] ?? null
      return a === null || b === null ? [] : [[a, b] as const]
    })
}

/** Whether two cells are the same: as numbers where both are, else as texts. */
export const sameCell = (a: string, b: string): boolean =>
  a === b || (isNumber(a) && isNumber(b) && Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.abs(Number(a)))
