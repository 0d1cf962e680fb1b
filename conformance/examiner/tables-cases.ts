import type { Case } from './case.ts'
import type { Row, Table } from './tables.ts'

const wait = (row: Row): number => row.wait
const cost = (row: Row): number | null => row.cost
const visits = (row: Row): number => row.visits
const inA = (row: Row): boolean => row.site === 'a'
const inB = (row: Row): boolean => row.site === 'b'
const urgent = (row: Row): boolean => row.urgent
const calm = (row: Row): boolean => !row.urgent
const late = (row: Row): boolean => row.wait >= 2
const early = (row: Row): boolean => row.wait < 2

/** Of the rows of each site. */
const each =
  (meets: (table: Table) => boolean) =>
  (table: Table): boolean =>
    meets(table.where(inA)) && meets(table.where(inB))
/** What is asked of a group that is not there is not met. */
const gap = (table: Table, of: (part: Table) => number): number => Math.abs(of(table.where(inA)) - of(table.where(inB)))
const ratio = (table: Table, of: (part: Table) => number): number => {
  const [a, b] = [of(table.where(inA)), of(table.where(inB))]
  return Math.min(a, b) / Math.max(a, b)
}

const SITES = ['log.site.required', 'log.site.values']
const RANGE = ['log.wait.range']

/** Groups and slices beside all rows. */
const PARTS: readonly Case<Table>[] = [
  {
    name: 'waits of every site above the wait of all',
    clauses: [
      ['slices: [by site], must: mean(wait) >= 3.0', each((t) => t.mean(wait) >= 3)],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
    by: SITES,
  },
  {
    name: 'waits of every site as long as that of all',
    clauses: [
      ['slices: [by site], must: mean(wait) >= 3.0', each((t) => t.mean(wait) >= 3)],
      ['must: mean(wait) <= 3.0', (t) => t.mean(wait) <= 3],
    ],
  },
  {
    name: 'the wait of one site above that of all',
    clauses: [
      ['slices: [site-a], must: mean(wait) >= 3.0', (t) => t.where(inA).mean(wait) >= 3],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
  },
  {
    name: 'both halves of a boolean below all',
    clauses: [
      ['slices: [hot], must: mean(visits) <= 1.0', (t) => t.where(urgent).mean(visits) <= 1],
      ['slices: [calm], must: mean(visits) <= 1.0', (t) => t.where(calm).mean(visits) <= 1],
      ['must: mean(visits) >= 2.0', (t) => t.mean(visits) >= 2],
    ],
    by: ['log.urgent.required'],
  },
  {
    name: 'slices that share the waits between them',
    clauses: [
      ['slices: [late], must: mean(visits) >= 2.0', (t) => t.where(late).mean(visits) >= 2],
      ['slices: [early], must: mean(visits) >= 2.0', (t) => t.where(early).mean(visits) >= 2],
      ['must: mean(visits) <= 1.0', (t) => t.mean(visits) <= 1],
    ],
    by: ['log.wait.required'],
  },
  {
    name: 'one of the slices alone',
    clauses: [
      ['slices: [late], must: mean(visits) >= 2.0', (t) => t.where(late).mean(visits) >= 2],
      ['must: mean(visits) <= 1.0', (t) => t.mean(visits) <= 1],
    ],
  },
  {
    name: 'a small gap, and one site far above all',
    clauses: [
      ['must: "gap_across(site, mean(wait)) <= 0.5"', (t) => gap(t, (p) => p.mean(wait)) <= 0.5],
      ['slices: [site-a], must: mean(wait) >= 3.0', (t) => t.where(inA).mean(wait) >= 3],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
    by: SITES,
  },
  {
    name: 'a small gap, and one site a little above all',
    clauses: [
      ['must: "gap_across(site, mean(wait)) <= 1.0"', (t) => gap(t, (p) => p.mean(wait)) <= 1],
      ['slices: [site-a], must: mean(wait) >= 3.0', (t) => t.where(inA).mean(wait) >= 3],
      ['must: mean(wait) <= 2.5', (t) => t.mean(wait) <= 2.5],
    ],
  },
  {
    name: 'a ratio that the ends of the range exclude',
    clauses: [
      ['must: "ratio_across(site, mean(wait)) >= 0.9"', (t) => ratio(t, (p) => p.mean(wait)) >= 0.9],
      ['slices: [site-a], must: mean(wait) >= 4.0', (t) => t.where(inA).mean(wait) >= 4],
      ['slices: [site-b], must: mean(wait) <= 3.0', (t) => t.where(inB).mean(wait) <= 3],
    ],
    by: [],
  },
  {
    name: 'a ratio that just is',
    clauses: [
      ['must: "ratio_across(site, mean(wait)) >= 0.75"', (t) => ratio(t, (p) => p.mean(wait)) >= 0.75],
      ['slices: [site-a], must: mean(wait) >= 4.0', (t) => t.where(inA).mean(wait) >= 4],
      ['slices: [site-b], must: mean(wait) <= 3.0', (t) => t.where(inB).mean(wait) <= 3],
    ],
  },
  {
    name: 'most rows in the site that waits longest',
    slow: true,
    clauses: [
      ['must: share(site == "a") >= 0.75', (t) => t.share(inA) >= 0.75],
      ['slices: [site-a], must: mean(wait) >= 4.0', (t) => t.where(inA).mean(wait) >= 4],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
    by: ['log.wait.range', 'log.wait.required'],
  },
  {
    name: 'more rows in the site that waits longest than the other one makes up for',
    slow: true,
    clauses: [
      ['must: share(site == "a") >= 0.5', (t) => t.share(inA) >= 0.5],
      ['slices: [site-a], must: mean(wait) >= 4.0', (t) => t.where(inA).mean(wait) >= 4],
      ['slices: [site-b], must: mean(wait) >= 2.0', (t) => t.where(inB).mean(wait) >= 2],
      ['must: mean(wait) <= 2.5', (t) => t.mean(wait) <= 2.5],
    ],
    by: [...SITES, 'log.wait.required'],
  },
  {
    name: 'few rows in the site that waits longest',
    clauses: [
      ['must: share(site == "a") <= 0.25', (t) => t.share(inA) <= 0.25],
      ['slices: [site-a], must: mean(wait) >= 4.0', (t) => t.where(inA).mean(wait) >= 4],
      ['slices: [site-b], must: mean(wait) >= 1.0', (t) => t.where(inB).mean(wait) >= 1],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
  },
  {
    name: 'urgent in every site, seldom in all',
    clauses: [
      ['slices: [by site], must: share(urgent) >= 0.5', each((t) => t.share(urgent) >= 0.5)],
      ['must: share(urgent) <= 0.25', (t) => t.share(urgent) <= 0.25],
    ],
    by: SITES,
  },
  {
    name: 'rows of the sites, more than of all',
    clauses: [
      ['slices: [site-a], must: count() >= 2', (t) => t.where(inA).count() >= 2],
      ['slices: [site-b], must: count() >= 2', (t) => t.where(inB).count() >= 2],
      ['must: count() <= 3', (t) => t.count() <= 3],
    ],
    by: [],
  },
  {
    name: 'rows of the sites, as many as of all',
    clauses: [
      ['slices: [site-a], must: count() >= 2', (t) => t.where(inA).count() >= 2],
      ['slices: [site-b], must: count() >= 2', (t) => t.where(inB).count() >= 2],
      ['must: count() <= 4', (t) => t.count() <= 4],
    ],
  },
  {
    name: 'rows of the sites, fewer than of all',
    clauses: [
      ['slices: [site-a], must: count() <= 1', (t) => t.where(inA).count() <= 1],
      ['slices: [site-b], must: count() <= 1', (t) => t.where(inB).count() <= 1],
      ['must: count() >= 3', (t) => t.count() >= 3],
    ],
    by: SITES,
  },
  {
    name: 'sums of the sites beside that of all',
    clauses: [
      ['slices: [by site], must: sum(wait) >= 4.0', each((t) => t.sum(wait) >= 4)],
      ['must: sum(wait) <= 6.0', (t) => t.sum(wait) <= 6],
    ],
    by: SITES,
  },
  {
    name: 'the longest wait is in no site',
    clauses: [
      ['slices: [by site], must: max(wait) <= 2.0', each((t) => t.max(wait) <= 2)],
      ['must: max(wait) >= 3.0', (t) => t.max(wait) >= 3],
    ],
    by: SITES,
  },
  {
    name: 'the longest wait is in the other site',
    clauses: [
      ['slices: [site-a], must: max(wait) <= 2.0', (t) => t.where(inA).max(wait) <= 2],
      ['must: max(wait) >= 3.0', (t) => t.max(wait) >= 3],
    ],
  },
  {
    name: 'missing costs in every site, few in all',
    clauses: [
      ['slices: [by site], must: null_share(cost) >= 0.5', each((t) => t.share((row) => row.cost === null) >= 0.5)],
      ['must: null_share(cost) <= 0.25', (t) => t.share((row) => row.cost === null) <= 0.25],
    ],
    by: SITES,
  },
  {
    name: 'medians of the sites beside that of all',
    clauses: [
      ['slices: [by site], must: median(wait) >= 3.0', each((t) => t.median(wait) >= 3)],
      ['must: median(wait) <= 2.0', (t) => t.median(wait) <= 2],
    ],
    by: SITES,
  },
  {
    name: 'deviations of the sites beside that of all: between sites there is one, too',
    clauses: [
      ['slices: [by site], must: stddev(wait) <= 0.5', each((t) => t.stddev(wait) <= 0.5)],
      ['must: stddev(wait) >= 2.0', (t) => t.stddev(wait) >= 2],
    ],
  },
  {
    name: 'each row of every site waits, the mean does not',
    clauses: [
      ['slices: [site-a], every: wait >= 3.0', (t) => t.where(inA).every((row) => row.wait >= 3)],
      ['slices: [site-b], every: wait >= 3.0', (t) => t.where(inB).every((row) => row.wait >= 3)],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
    by: SITES,
  },
]

/** Columns of the same rows. */
const ROWS: readonly Case<Table>[] = [
  {
    name: 'a wait and the visits together, beyond what visits can add',
    clauses: [
      ['must: mean(wait + double(visits)) >= 6.0', (t) => t.mean((row) => row.wait + row.visits) >= 6],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
    by: ['log.visits.range', 'log.visits.required', 'log.wait.required'],
  },
  {
    name: 'a wait and the visits together, as far as it goes',
    clauses: [
      ['must: mean(wait + double(visits)) >= 5.0', (t) => t.mean((row) => row.wait + row.visits) >= 5],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
  },
  {
    name: 'a difference greater than what it is taken from',
    clauses: [
      ['must: mean(wait - double(visits)) >= 3.0', (t) => t.mean((row) => row.wait - row.visits) >= 3],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
    by: ['log.visits.range', 'log.visits.required', 'log.wait.required'],
  },
  {
    name: 'means of two columns and of their sum',
    clauses: [
      ['must: mean(wait + double(visits)) <= 2.0', (t) => t.mean((row) => row.wait + row.visits) <= 2],
      ['must: mean(wait) >= 2.0', (t) => t.mean(wait) >= 2],
      ['must: mean(visits) >= 1.0', (t) => t.mean(visits) >= 1],
    ],
    by: ['log.visits.required', 'log.wait.required'],
  },
  {
    name: 'means of a sum where cells may be missing',
    clauses: [
      ['must: mean(wait + cost) >= 6.0', (t) => t.mean((row) => (row.cost === null ? null : row.wait + row.cost)) >= 6],
      ['must: mean(wait) <= 1.0', (t) => t.mean(wait) <= 1],
      ['must: mean(cost) <= 2.0', (t) => t.mean(cost) <= 2],
    ],
  },
  {
    name: 'twice a wait',
    clauses: [
      ['must: mean(2.0 * wait) >= 6.0', (t) => t.mean((row) => 2 * row.wait) >= 6],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
    by: ['log.wait.required'],
  },
  {
    name: 'half of the waits are long, their mean is short',
    clauses: [
      ['must: median(wait) >= 3.0', (t) => t.median(wait) >= 3],
      ['must: mean(wait) <= 1.0', (t) => t.mean(wait) <= 1],
    ],
    by: RANGE,
  },
  {
    name: 'half of the waits are long, their mean is not too short',
    clauses: [
      ['must: median(wait) >= 3.0', (t) => t.median(wait) >= 3],
      ['must: mean(wait) <= 2.5', (t) => t.mean(wait) <= 2.5],
    ],
  },
  {
    name: 'most waits are long, the median is short',
    clauses: [
      ['must: share(wait >= 3.0) >= 0.75', (t) => t.share((row) => row.wait >= 3) >= 0.75],
      ['must: median(wait) <= 2.0', (t) => t.median(wait) <= 2],
    ],
    by: [],
  },
  {
    name: 'half of the waits are long, the median is just between',
    clauses: [
      ['must: share(wait >= 3.0) >= 0.5', (t) => t.share((row) => row.wait >= 3) >= 0.5],
      ['must: median(wait) <= 2.0', (t) => t.median(wait) <= 2],
    ],
  },
  {
    name: 'few waits are long, their mean is',
    clauses: [
      ['must: share(wait >= 3.0) <= 0.25', (t) => t.share((row) => row.wait >= 3) <= 0.25],
      ['must: mean(wait) >= 3.5', (t) => t.mean(wait) >= 3.5],
    ],
    by: ['log.wait.range', 'log.wait.required'],
  },
  {
    name: 'few waits are long, their mean is less so',
    clauses: [
      ['must: share(wait >= 3.0) <= 0.5', (t) => t.share((row) => row.wait >= 3) <= 0.5],
      ['must: mean(wait) >= 3.0', (t) => t.mean(wait) >= 3],
    ],
  },
  {
    name: 'many long waits and a short mean',
    clauses: [
      ['must: share(wait >= 3.0) >= 0.75', (t) => t.share((row) => row.wait >= 3) >= 0.75],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
    by: RANGE,
  },
  {
    name: 'a deviation that the range leaves no room for',
    clauses: [['must: stddev(wait) >= 3.0', (t) => t.stddev(wait) >= 3]],
    by: RANGE,
  },
  {
    name: 'the widest deviation there is',
    clauses: [['must: stddev(wait) >= 2.75', (t) => t.stddev(wait) >= 2.75]],
  },
  {
    name: 'more kinds of visits than there are',
    clauses: [['must: distinct(visits) >= 5', (t) => t.distinct(visits) >= 5]],
    by: ['log.visits.range'],
  },
  {
    name: 'as many kinds of visits as there are',
    clauses: [['must: distinct(visits) >= 4', (t) => t.distinct(visits) >= 4]],
  },
  {
    name: 'ten visits in three rows',
    clauses: [
      ['must: sum(visits) >= 10', (t) => t.sum(visits) >= 10],
      ['must: count() <= 3', (t) => t.count() <= 3],
    ],
    by: ['log.visits.range'],
  },
  {
    name: 'nine visits in three rows',
    clauses: [
      ['must: sum(visits) >= 9', (t) => t.sum(visits) >= 9],
      ['must: count() <= 3', (t) => t.count() <= 3],
    ],
  },
  {
    name: 'a cost that no row may have',
    clauses: [
      ['every: cost <= 2.0, missing: pass', (t) => t.every((row) => row.cost === null || row.cost <= 2)],
      ['must: mean(cost) >= 5.0', (t) => t.mean(cost) >= 5],
    ],
    by: [],
  },
  {
    name: 'more rows fail than may',
    clauses: [
      ['every: wait <= 2.0, mostly: 75%', (t) => t.share((row) => row.wait <= 2) >= 0.75],
      ['must: share(wait > 2.0) >= 0.5', (t) => t.share((row) => row.wait > 2) >= 0.5],
    ],
    by: [],
  },
  {
    name: 'no wait is short, a quarter is none',
    clauses: [
      ['must: min(wait) >= 1.0', (t) => t.min(wait) >= 1],
      ['must: share(wait == 0.0) >= 0.25', (t) => t.share((row) => row.wait === 0) >= 0.25],
    ],
    by: [],
  },
  {
    name: 'half have no visit, half have one, a quarter has two',
    clauses: [
      ['must: share(visits == 0) >= 0.5', (t) => t.share((row) => row.visits === 0) >= 0.5],
      ['must: share(visits == 1) >= 0.5', (t) => t.share((row) => row.visits === 1) >= 0.5],
      ['must: share(visits >= 2) >= 0.25', (t) => t.share((row) => row.visits >= 2) >= 0.25],
    ],
    by: [],
  },
  {
    name: 'urgent ones wait shortly, all are urgent, and wait long',
    clauses: [
      ['every: "!urgent || wait <= 1.0"', (t) => t.every((row) => !row.urgent || row.wait <= 1)],
      ['must: share(urgent) >= 1.0', (t) => t.share(urgent) >= 1],
      ['must: mean(wait) >= 2.0', (t) => t.mean(wait) >= 2],
    ],
    by: [],
  },
  {
    name: 'half are urgent and wait shortly, the mean is as long as the others could make it',
    clauses: [
      ['every: "!urgent || wait <= 1.0"', (t) => t.every((row) => !row.urgent || row.wait <= 1)],
      ['must: share(urgent) >= 0.5', (t) => t.share(urgent) >= 0.5],
      ['must: mean(wait) >= 2.0', (t) => t.mean(wait) >= 2],
    ],
  },
  {
    name: 'what two clauses leave no urgent row, and some are urgent',
    clauses: [
      ['every: "!urgent || wait <= 1.0"', (t) => t.every((row) => !row.urgent || row.wait <= 1)],
      ['every: "!urgent || wait >= 3.0"', (t) => t.every((row) => !row.urgent || row.wait >= 3)],
      ['must: share(urgent) >= 0.25', (t) => t.share(urgent) >= 0.25],
    ],
    by: [],
  },
  {
    name: 'two clauses that leave urgent rows one wait',
    clauses: [
      ['every: "!urgent || wait <= 1.0"', (t) => t.every((row) => !row.urgent || row.wait <= 1)],
      ['every: "!urgent || wait >= 1.0"', (t) => t.every((row) => !row.urgent || row.wait >= 1)],
      ['must: share(urgent) >= 0.25', (t) => t.share(urgent) >= 0.25],
    ],
  },
  {
    name: 'no more visits than hours in each row, more of them on average',
    clauses: [
      ['every: double(visits) <= wait', (t) => t.every((row) => row.visits <= row.wait)],
      ['must: mean(visits) >= 2.0', (t) => t.mean(visits) >= 2],
      ['must: mean(wait) <= 1.5', (t) => t.mean(wait) <= 1.5],
    ],
    by: [],
  },
  {
    name: 'no more visits than hours in each row, as many on average',
    clauses: [
      ['every: double(visits) <= wait', (t) => t.every((row) => row.visits <= row.wait)],
      ['must: mean(visits) >= 2.0', (t) => t.mean(visits) >= 2],
      ['must: mean(wait) <= 2.0', (t) => t.mean(wait) <= 2],
    ],
  },
  {
    name: 'no more visits than hours in each row, most of them at the median',
    clauses: [
      ['every: double(visits) <= wait', (t) => t.every((row) => row.visits <= row.wait)],
      ['must: median(visits) >= 3.0', (t) => t.median(visits) >= 3],
      ['must: median(wait) <= 2.0', (t) => t.median(wait) <= 2],
    ],
    by: [],
  },
  {
    name: 'no more visits than hours in each row, more of them by their difference',
    clauses: [
      ['every: double(visits) <= wait', (t) => t.every((row) => row.visits <= row.wait)],
      ['must: mean(double(visits) - wait) >= 0.5', (t) => t.mean((row) => row.visits - row.wait) >= 0.5],
    ],
    by: [],
  },
  {
    name: 'a load of waits and visits in each row, both great on average',
    clauses: [
      [
        'every: "2.0 * wait + 3.0 * double(visits) <= 12.0"',
        (t) => t.every((row) => 2 * row.wait + 3 * row.visits <= 12),
      ],
      ['must: mean(wait) >= 3.5', (t) => t.mean(wait) >= 3.5],
      ['must: mean(visits) >= 2.0', (t) => t.mean(visits) >= 2],
    ],
    by: [],
  },
  {
    name: 'bounds of one clause against one another',
    clauses: [['must: "count() >= 4 && count() <= 3"', (t) => t.count() >= 4 && t.count() <= 3]],
    by: [],
  },
  {
    name: 'no repeated site among three rows',
    clauses: [
      ['must: duplicates(site) == 0', (t) => t.distinct((row) => row.site) === t.count()],
      ['must: count() >= 3', (t) => t.count() >= 3],
    ],
    by: SITES,
  },
]

/** Cases that tables decide. */
export const TABLE_CASES: readonly Case<Table>[] = [...PARTS, ...ROWS]
