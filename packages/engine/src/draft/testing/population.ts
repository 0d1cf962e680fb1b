import { stats } from '@plumbline/core'

/** A table as rows of cells; an empty cell is missing. */
export interface CellTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const HEADER = [
  'order_id',
  'customer',
  'placed',
  'channel',
  'items',
  'net',
  'tax',
  'total',
  'weight',
  'rating',
  'comment',
  'express',
]

/** A table of orders drawn at random: amounts that add up, a heavy tail, gaps that come together, ids, formats. */
export function orders(rows: number, seed: string): CellTable {
  const random = stats.createRandom('orders', seed)
  const hex = (digits: number): string => Array.from({ length: digits }, () => random.int(16).toString(16)).join('')
  return {
    header: HEADER,
    rows: Array.from({ length: rows }, (_, i) => {
      const items = 1 + Math.min(9, Math.floor(-3 * Math.log(1 - random.float())))
      const net = Math.round(items * 1000 * Math.exp(0.4 * random.normal()))
      const tax = Math.round(net * 0.19)
      const isRated = random.float() < 0.7
      const channel = ['web', 'shop', 'phone', 'partner'][Math.floor(4 * random.float() ** 2)] ?? 'web'
      const day = 1 + random.int(28)
      return [
        String(i + 1),
        `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
        `2025-${String(1 + random.int(12)).padStart(2, '0')}-${String(day).padStart(2, '0')}T${String(random.int(24)).padStart(2, '0')}:30:00Z`,
        channel,
        String(items),
        String(net),
        String(tax),
        String(net + tax),
        (items * 0.8 + 0.2 * Math.abs(random.normal())).toFixed(3),
        isRated ? String(1 + random.int(5)) : '',
        isRated ? `note ${hex(6)}` : '',
        random.float() < 0.1 ? 'true' : 'false',
      ]
    }),
  }
}

/** As a CSV file. */
export function csvOf({ header, rows }: CellTable): string {
  return `${[header, ...rows].map((cells) => cells.join(',')).join('\n')}\n`
}

/** Something that goes wrong with a table. */
export interface Fault {
  readonly name: string
  plant(table: CellTable, random: stats.Random): CellTable
}

function inColumn(
  name: string,
  column: string,
  share: number,
  change: (cell: string, row: readonly string[]) => string,
): Fault {
  return {
    name,
    plant: ({ header, rows }, random) => {
      const at = header.indexOf(column)
      return {
        header,
        rows: rows.map((row) => (random.float() < share ? row.with(at, change(row[at] ?? '', row)) : row)),
      }
    },
  }
}

/** Faults of the kinds that pipelines have; each changes what some clause could notice. */
export const FAULTS: readonly Fault[] = [
  inColumn('5 % of a complete column are missing', 'weight', 0.05, () => ''),
  inColumn('twice as many gaps', 'rating', 0.3, () => ''),
  inColumn('a note without its rating', 'rating', 0.01, () => ''),
  inColumn('3 % in cents times a hundred', 'net', 0.03, (cell) => `${Number(cell) * 100}`),
  inColumn('1 % of the totals are wrong', 'total', 0.01, (cell) => `${Number(cell) + 7}`),
  inColumn('negative amounts', 'tax', 0.02, (cell) => `-${cell}`),
  inColumn('grams instead of kilograms', 'weight', 1, (cell) => String(Number(cell) * 1000)),
  inColumn('a channel that nobody knows', 'channel', 0.02, () => 'kiosk'),
  inColumn('a tenth of the web is booked as shop', 'channel', 0.2, (cell) => (cell === 'web' ? 'shop' : cell)),
  inColumn('every order has one item more', 'items', 1, (cell) => String(Number(cell) + 1)),
  inColumn('ids of another kind', 'customer', 0.02, (_, row) => `C${row[0]}`),
  inColumn('dates of another form', 'placed', 0.02, (cell) => cell.slice(0, 10).split('-').toReversed().join('.')),
  inColumn('a flag stuck at true', 'express', 1, () => 'true'),
  inColumn('a number written in words', 'items', 0.01, () => 'three'),
  {
    name: 'half of the rows are lost',
    plant: ({ header, rows }) => ({ header, rows: rows.slice(0, rows.length / 2) }),
  },
  {
    name: 'a tenth of the rows are loaded twice',
    plant: ({ header, rows }) => ({ header, rows: [...rows, ...rows.slice(0, rows.length / 10)] }),
  },
  {
    name: 'weights of other rows',
    plant: ({ header, rows }, random) => {
      const at = header.indexOf('weight')
      const shuffled = random.shuffle(rows.map((row) => row[at] ?? ''))
      return { header, rows: rows.map((row, i) => row.with(at, shuffled[i] ?? '')) }
    },
  },
]
