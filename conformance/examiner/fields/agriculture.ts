import { cells, every, mean, must, number, type Row, share, type Spec, type Table } from './case.ts'

const columns = `{ ph: { type: number, range: [3, 9] }, harvest: { type: number, range: [0, 12] }, rain: { type: integer, range: [0, 300] }, crop: { type: category, values: [wheat, maize] }, organic: { type: boolean } }`
const slices = `{ organic-plots: organic, usual: "!organic" }`
const crops = ['wheat', 'maize']
const of = (table: Table, crop: string): Table => table.filter((row) => row['crop'] === crop)
const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) / 2
  return ((sorted[Math.floor(at)] ?? Number.NaN) + (sorted[Math.ceil(at)] ?? Number.NaN)) / 2
}
const isDry = (row: Row): boolean => number(row, 'rain') < 100

/** Plots and what they yield. */
export const AGRICULTURE: readonly Spec[] = [
  {
    name: 'a soil on both sides of a bound',
    columns,
    values: { ph: [3, 5, 6, 6.499, 6.5, 6.501, 7, 9] },
    most: 1,
    clauses: [
      every('ph >= {0}', [6.5], (r, [a = 0]) => number(r, 'ph') >= a),
      every('ph < {0}', [6.5], (r, [a = 0]) => number(r, 'ph') < a),
    ],
  },
  {
    name: 'each crop above all of them',
    columns,
    values: { harvest: [0, 4, 5, 6, 12], crop: crops },
    most: 3,
    clauses: [
      must(
        'mean(harvest) >= {0}',
        [6],
        (t, [a = 0]) => crops.every((crop) => mean(cells(of(t, crop), 'harvest')) >= a),
        'slices: [by crop], ',
      ),
      must('mean(harvest) <= {0}', [5], (t, [a = 0]) => mean(cells(t, 'harvest')) <= a),
    ],
  },
  {
    name: 'every plot of either kind, and their mean',
    columns,
    slices,
    values: { harvest: [0, 2, 3, 4, 5, 12], organic: [true, false] },
    most: 3,
    clauses: [
      every('harvest >= {0}', [4], (r, [a = 0]) => number(r, 'harvest') >= a, 'slices: [organic-plots, usual], '),
      must('mean(harvest) <= {0}', [3], (t, [a = 0]) => mean(cells(t, 'harvest')) <= a),
    ],
  },
  {
    name: 'mostly dry, and wet in the middle',
    columns,
    values: { rain: [0, 50, 99, 100, 101, 300] },
    most: 5,
    clauses: [
      must('median(rain) >= {0}', [100], (t, [a = 0]) => median(cells(t, 'rain')) >= a),
      must('share(rain < 100) >= {0}', [0.6], (t, [a = 0]) => share(t, isDry) >= a),
    ],
  },
  {
    name: 'partly dry, and wet in the middle',
    columns,
    values: { rain: [0, 50, 99, 100, 101, 300] },
    most: 5,
    clauses: [
      must('median(rain) >= {0}', [100], (t, [a = 0]) => median(cells(t, 'rain')) >= a),
      must('share(rain < 100) <= {0}', [0.4], (t, [a = 0]) => share(t, isDry) <= a),
    ],
  },
  {
    name: 'as many crops as there can be',
    columns,
    values: { crop: crops, organic: [true, false] },
    most: 3,
    clauses: [
      must('distinct(crop) <= {0}', [2], (t, [a = 0]) => new Set(t.map((row) => row['crop'])).size <= a),
      must('share(organic) >= {0}', [0.4], (t, [a = 0]) => share(t, (row) => row['organic'] === true) >= a),
    ],
  },
]
