/** A visit to the clinic; `null` is a missing cell. */
export interface Row {
  readonly site: string
  readonly urgent: boolean
  readonly wait: number
  readonly cost: number | null
  readonly visits: number
}

type Cell = (row: Row) => number | null
type Where = (row: Row) => boolean

/** What clauses measure of rows, each by its definition; NaN where it has no value, so that no comparison is met. */
export class Table {
  readonly rows: readonly Row[]
  constructor(rows: readonly Row[]) {
    this.rows = rows
  }
  where(holds: Where): Table {
    return new Table(this.rows.filter(holds))
  }
  count(): number {
    return this.rows.length
  }
  share(holds: Where): number {
    return this.where(holds).rows.length / this.rows.length
  }
  cells(cell: Cell): readonly number[] {
    return this.rows.flatMap((row) => cell(row) ?? [])
  }
  sum(cell: Cell): number {
    const cells = this.cells(cell)
    return cells.length === 0 ? Number.NaN : cells.reduce((a, b) => a + b, 0)
  }
  mean(cell: Cell): number {
    const cells = this.cells(cell)
    return cells.reduce((a, b) => a + b, 0) / cells.length
  }
  min(cell: Cell): number {
    const cells = this.cells(cell)
    return cells.length === 0 ? Number.NaN : Math.min(...cells)
  }
  max(cell: Cell): number {
    const cells = this.cells(cell)
    return cells.length === 0 ? Number.NaN : Math.max(...cells)
  }
  median(cell: Cell): number {
    const cells = this.cells(cell).toSorted((a, b) => a - b)
    const [low, high] = [cells[Math.floor((cells.length - 1) / 2)], cells[Math.ceil((cells.length - 1) / 2)]]
    return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
  }
  stddev(cell: Cell): number {
    const [cells, mean] = [this.cells(cell), this.mean(cell)]
    return cells.length < 2
      ? Number.NaN
      : Math.sqrt(cells.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (cells.length - 1))
  }
  distinct(cell: (row: Row) => unknown): number {
    return new Set(this.rows.map(cell).filter((each) => each !== null)).size
  }
  every(holds: Where): boolean {
    return this.rows.every(holds)
  }
}

/** Cells that are tried of each column. */
const VALUES = {
  site: ['a', 'b'],
  urgent: [false, true],
  wait: [0, 1, 2, 3, 4],
  cost: [null, -1, 0, 2, 8],
  visits: [0, 1, 2, 3],
} as const
const USUAL: Row = { site: 'a', urgent: false, wait: 2, cost: 2, visits: 1 }
/** Tables that are tried for one question, at most. */
const MOST_TABLES = 400_000

/** Whether some table of one to `most` rows, of the cells above in the columns named, meets all conditions. */
export function someTable(
  columns: readonly string[],
  conditions: readonly ((table: Table) => boolean)[],
  most = 4,
): boolean {
  let kinds: readonly Row[] = [USUAL]
  for (const name of Object.keys(VALUES) as (keyof Row)[])
    if (columns.includes(name)) kinds = kinds.flatMap((row) => VALUES[name].map((value) => ({ ...row, [name]: value })))
  let tried = 0
  const look = (rows: readonly Row[], from: number): boolean => {
    if (rows.length > 0 && tried++ < MOST_TABLES) {
      const table = new Table(rows)
      if (conditions.every((meets) => meets(table))) return true
    }
    if (rows.length === most || tried >= MOST_TABLES) return false
    for (let i = from; i < kinds.length; i++) if (look([...rows, kinds[i] as Row], i)) return true
    return false
  }
  return look([], 0)
}
