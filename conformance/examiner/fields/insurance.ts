import { cells, every, max, mean, must, number, type Spec } from './case.ts'

const columns = `{ claim: { type: number, range: [0, 5_000] }, deductible: { type: number, range: [0, 500] }, age: { type: integer, range: [18, 90] }, smoker: { type: boolean } }`
const claims = [0, 50, 100, 150, 160, 161, 200, 250, 300, 5_000]
const deductibles = [0, 49, 50, 75, 79, 80, 100, 400, 420, 450, 500]

/** Claims and what is kept of them. */
export const INSURANCE: readonly Spec[] = [
  {
    name: 'small claims of large deductibles',
    columns,
    values: { claim: claims, deductible: deductibles },
    most: 1,
    clauses: [
      every('claim <= {0}', [100], (r, [a = 0]) => number(r, 'claim') <= a),
      every('claim >= 2.0 * deductible', [], (r) => number(r, 'claim') >= 2 * number(r, 'deductible')),
      every('deductible >= {0}', [80], (r, [a = 0]) => number(r, 'deductible') >= a),
    ],
  },
  {
    name: 'small claims of deductibles half as large',
    columns,
    values: { claim: claims, deductible: deductibles },
    most: 1,
    clauses: [
      every('claim <= {0}', [100], (r, [a = 0]) => number(r, 'claim') <= a),
      every('claim >= 2.0 * deductible', [], (r) => number(r, 'claim') >= 2 * number(r, 'deductible')),
      every('deductible >= {0}', [49], (r, [a = 0]) => number(r, 'deductible') >= a),
    ],
  },
  {
    name: 'a rule for people older than any',
    columns,
    values: { age: [18, 40, 89, 90], smoker: [true, false] },
    most: 1,
    clauses: [every('!(age > {0}) || smoker', [95], (r, [a = 0]) => !(number(r, 'age') > a) || r['smoker'] === true)],
  },
  {
    name: 'two deductibles, one of which says it all',
    columns,
    values: { deductible: deductibles },
    most: 1,
    clauses: [
      every('deductible <= {0}', [400], (r, [a = 0]) => number(r, 'deductible') <= a),
      every('deductible < {0}', [450], (r, [a = 0]) => number(r, 'deductible') < a),
    ],
  },
  {
    name: 'a mean above the most',
    columns,
    values: { claim: claims },
    most: 3,
    clauses: [
      must('mean(claim) >= {0}', [300], (t, [a = 0]) => mean(cells(t, 'claim')) >= a),
      every('claim <= {0}', [250], (r, [a = 0]) => number(r, 'claim') <= a),
    ],
  },
  {
    name: 'a mean and a greatest that agree',
    columns,
    values: { claim: claims },
    most: 3,
    clauses: [
      must('mean(claim) >= {0}', [150], (t, [a = 0]) => mean(cells(t, 'claim')) >= a),
      must('max(claim) <= {0}', [300], (t, [a = 0]) => max(cells(t, 'claim')) <= a),
    ],
  },
]
