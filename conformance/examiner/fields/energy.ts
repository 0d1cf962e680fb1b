import { cells, every, max, mean, min, must, number, type Spec } from './case.ts'

const columns = `{ kwh: { type: number, range: [0, 100] }, temperature: { type: number, range: [-30, 45] }, tariff: { type: category, values: [day, night] }, load: { type: integer, range: [0, 10] } }`
const slices = `{ day: 'tariff == "day"', night: 'tariff == "night"', frozen: temperature < -40.0 }`
const loads = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const tariffs = ['day', 'night']

/** Meters and what they read. */
export const ENERGY: readonly Spec[] = [
  {
    name: 'little by day and by night, and much',
    columns,
    slices,
    values: { kwh: [0, 19, 20, 21, 25, 30, 31, 100], tariff: tariffs },
    most: 1,
    clauses: [
      every('kwh <= {0}', [20], (r, [a = 0]) => number(r, 'kwh') <= a),
      every('kwh >= {0}', [30], (r, [a = 0]) => number(r, 'kwh') >= a),
    ],
  },
  {
    name: 'a mean load above the greatest',
    columns,
    values: { load: loads },
    most: 3,
    clauses: [
      must('max(load) <= {0}', [5], (t, [a = 0]) => max(cells(t, 'load')) <= a),
      must('mean(load) >= {0}', [6], (t, [a = 0]) => mean(cells(t, 'load')) >= a),
    ],
  },
  {
    name: 'a mean load that the greatest leaves no choice',
    columns,
    values: { load: loads },
    most: 3,
    clauses: [
      must('max(load) <= {0}', [7], (t, [a = 0]) => max(cells(t, 'load')) <= a),
      must('mean(load) <= {0}', [8], (t, [a = 0]) => mean(cells(t, 'load')) <= a),
    ],
  },
  {
    name: 'readings colder than any',
    columns,
    slices,
    values: { kwh: [0, 50, 100], temperature: [-30, 0, 45] },
    most: 1,
    clauses: [
      every(
        'kwh >= {0}',
        [50],
        (r, [a = 0]) => !(number(r, 'temperature') < -40) || number(r, 'kwh') >= a,
        'slices: [frozen], ',
      ),
    ],
  },
  {
    name: 'loads between their ends',
    columns,
    values: { load: loads },
    most: 3,
    clauses: [
      must('min(load) >= {0}', [2], (t, [a = 0]) => min(cells(t, 'load')) >= a),
      must('max(load) <= {0}', [6], (t, [a = 0]) => max(cells(t, 'load')) <= a),
      must('mean(load) >= {0}', [3], (t, [a = 0]) => mean(cells(t, 'load')) >= a),
    ],
  },
  {
    name: 'odd loads that are even',
    columns,
    values: { load: loads },
    most: 1,
    clauses: [
      every('load in [1, 3, 5]', [], (r) => [1, 3, 5].includes(number(r, 'load'))),
      every('load in [2, 4, 6]', [], (r) => [2, 4, 6].includes(number(r, 'load'))),
      every('load != {0}', [9], (r, [a = 0]) => number(r, 'load') !== a),
    ],
  },
]
