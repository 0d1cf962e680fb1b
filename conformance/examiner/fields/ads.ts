import { cells, every, max, mean, min, must, number, type Spec, sum } from './case.ts'

const columns = `{ clicks: { type: integer, range: [0, 50] }, shown: { type: integer, range: [0, 1_000] }, bid: { type: number, range: [0, 5] }, paid: { type: boolean } }`

/** Advertisements and who clicked. */
export const ADS: readonly Spec[] = [
  {
    name: 'more clicks than were shown',
    columns,
    values: { clicks: [0, 9, 10, 11, 12, 50], shown: [0, 9, 10, 11, 12, 1_000] },
    most: 1,
    clauses: [
      every('clicks <= shown', [], (r) => number(r, 'clicks') <= number(r, 'shown')),
      every('shown <= {0}', [10], (r, [a = 0]) => number(r, 'shown') <= a),
      every('clicks >= {0}', [12], (r, [a = 0]) => number(r, 'clicks') >= a),
    ],
  },
  {
    name: 'a rule for bids that nobody can make',
    columns,
    values: { bid: [0, 2, 5], paid: [true, false] },
    most: 1,
    clauses: [every('bid > {0} ? paid : true', [6], (r, [a = 0]) => !(number(r, 'bid') > a) || r['paid'] === true)],
  },
  {
    name: 'few clicks on many that are clicked much',
    columns,
    values: { clicks: [0, 1, 2, 3, 4, 10, 50] },
    most: 4,
    clauses: [
      must('sum(clicks) <= {0}', [10], (t, [a = 0]) => sum(cells(t, 'clicks')) <= a),
      must('count() >= {0}', [4], (t, [a = 0]) => t.length >= a),
      must('min(clicks) >= {0}', [3], (t, [a = 0]) => min(cells(t, 'clicks')) >= a),
    ],
  },
  {
    name: 'just enough clicks',
    columns,
    values: { clicks: [0, 1, 2, 3, 4, 10, 50] },
    most: 4,
    clauses: [
      must('sum(clicks) <= {0}', [12], (t, [a = 0]) => sum(cells(t, 'clicks')) <= a),
      must('count() >= {0}', [3], (t, [a = 0]) => t.length >= a),
      must('min(clicks) >= {0}', [3], (t, [a = 0]) => min(cells(t, 'clicks')) >= a),
    ],
  },
  {
    name: 'as many clicks as there can be',
    columns,
    values: { clicks: [0, 10, 49, 50], bid: [0, 1, 2, 5] },
    most: 2,
    clauses: [
      must('max(clicks) <= {0}', [50], (t, [a = 0]) => max(cells(t, 'clicks')) <= a),
      must('mean(bid) >= {0}', [1], (t, [a = 0]) => mean(cells(t, 'bid')) >= a),
    ],
  },
  {
    name: 'on average more clicks than were shown',
    columns,
    values: { clicks: [0, 5, 10, 50], shown: [0, 5, 10, 1_000] },
    most: 2,
    clauses: [
      every('clicks <= shown', [], (r) => number(r, 'clicks') <= number(r, 'shown')),
      must('mean(clicks) > mean(shown)', [], (t) => mean(cells(t, 'clicks')) > mean(cells(t, 'shown'))),
    ],
  },
]
