import { cells, every, must, number, share, type Row, type Spec } from './case.ts'

const columns = `{ grade: { type: integer, range: [1, 6] }, tenure: { type: integer, range: [0, 40] }, manager: { type: boolean }, bonus: { type: number, range: [0, 900], optional: true } }`
const grades = [1, 2, 3, 4, 5, 6]
const both = [true, false]
const manages = (row: Row): boolean => row['manager'] === true

/** People and what they are paid. */
export const HR: readonly Spec[] = [
  {
    name: 'grades of managers, of whom there are none',
    columns,
    values: { grade: grades, manager: both },
    most: 1,
    clauses: [
      every('grade >= {0}', [4], (r, [a = 0]) => number(r, 'grade') >= a),
      every('manager || grade < {0}', [4], (r, [a = 0]) => manages(r) || number(r, 'grade') < a),
      every('!manager', [], (r) => !manages(r)),
    ],
  },
  {
    name: 'managers of high grades, and no high grades',
    columns,
    values: { grade: grades, manager: both },
    most: 1,
    clauses: [
      every('manager ? grade >= {0} : true', [5], (r, [a = 0]) => !manages(r) || number(r, 'grade') >= a),
      every('grade <= {0}', [3], (r, [a = 0]) => number(r, 'grade') <= a),
      every('manager', [], manages),
    ],
  },
  {
    name: 'five years, said twice',
    columns,
    values: { tenure: [0, 3, 4, 5, 6, 40] },
    most: 1,
    clauses: [
      every('tenure >= {0}', [5], (r, [a = 0]) => number(r, 'tenure') >= a),
      every('tenure > {0}', [4], (r, [a = 0]) => number(r, 'tenure') > a),
    ],
  },
  {
    name: 'more than all of them',
    columns,
    values: { manager: both },
    most: 10,
    clauses: [
      must('share(manager) >= {0}', [0.5], (t, [a = 0]) => share(t, manages) >= a),
      must('share(!manager) >= {0}', [0.6], (t, [a = 0]) => share(t, (r) => !manages(r)) >= a),
    ],
  },
  {
    name: 'few managers, and fewer',
    columns,
    values: { manager: both },
    most: 10,
    clauses: [
      must('share(manager) <= {0}', [0.5], (t, [a = 0]) => share(t, manages) <= a),
      must('share(manager) <= {0}', [0.3], (t, [a = 0]) => share(t, manages) <= a),
    ],
  },
  {
    name: 'bonuses of those who have one',
    columns,
    values: { bonus: [null, 0, 99, 100, 900], manager: both },
    most: 3,
    clauses: [
      every('bonus >= {0}', [100], (r, [a = 0]) => r['bonus'] === null || number(r, 'bonus') >= a, 'missing: pass, '),
      must('null_share(bonus) <= {0}', [0.5], (t, [a = 0]) => 1 - cells(t, 'bonus').length / t.length <= a),
      must('share(manager) >= {0}', [0.3], (t, [a = 0]) => share(t, manages) >= a),
    ],
  },
]
