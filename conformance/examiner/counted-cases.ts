import type { Bounded, Group } from '../solver/decisions-of-groups.ts'

/** A spec on the decisions of a model whose rows and labels were counted in two groups, as somebody of a field wrote it. */
export interface CountedCase {
  readonly name: string
  readonly groups: readonly [Group, Group]
  readonly clauses: readonly Bounded[]
  /** Places of clauses that its author believes no decision meets together; none where all are met by some. */
  readonly against?: readonly number[]
}

const clause = (metric: string, op: Bounded['op'], bound: number, how: Bounded['how'] = 'all'): Bounded => ({
  metric: `${metric}()`,
  how,
  op,
  bound,
})
const groups = (a: number, positive: number, b: number, ofB: number): readonly [Group, Group] => [
  { rows: a, positives: positive },
  { rows: b, positives: ofB },
]

export const COUNTED_CASES: readonly CountedCase[] = [
  {
    name: 'triage: nearly every urgent patient is found, few beds, by day and night',
    groups: groups(40, 10, 20, 12),
    clauses: [clause('recall', '>=', 0.95, 'each'), clause('positive_rate', '<=', 0.3), clause('precision', '>=', 0.5)],
    against: [0, 1],
  },
  {
    name: 'triage: nearly every urgent patient is found, and half of the others wait',
    groups: groups(40, 10, 20, 12),
    clauses: [clause('recall', '>=', 0.95, 'each'), clause('specificity', '>=', 0.5, 'each'), clause('f1', '>=', 0.6)],
  },
  {
    name: 'insurance: claims are looked at alike in both regions, fraud is not alike',
    groups: groups(50, 5, 30, 15),
    clauses: [
      clause('positive_rate', '<=', 0.05, 'gap'),
      clause('recall', '>=', 0.8, 'each'),
      clause('precision', '>=', 0.7),
    ],
    against: [0, 1, 2],
  },
  {
    name: 'insurance: claims are looked at alike in both regions, that is all',
    groups: groups(50, 5, 30, 15),
    clauses: [clause('positive_rate', '<=', 0.05, 'gap'), clause('recall', '>=', 0.5), clause('accuracy', '>=', 0.6)],
  },
  {
    name: 'hiring: four fifths, of as many as are fit, and hardly a mistake',
    groups: groups(40, 20, 40, 8),
    clauses: [
      clause('positive_rate', '>=', 0.8, 'ratio'),
      clause('accuracy', '>=', 0.95, 'each'),
      clause('recall', '<=', 0.1, 'gap'),
    ],
    against: [0, 1],
  },
  {
    name: 'hiring: four fifths where as many are fit',
    groups: groups(40, 16, 40, 15),
    clauses: [
      clause('positive_rate', '>=', 0.8, 'ratio'),
      clause('accuracy', '>=', 0.95, 'each'),
      clause('recall', '<=', 0.1, 'gap'),
    ],
  },
  {
    name: 'fraud: few cards are stopped, most fraud is seen, in the shop and online',
    groups: groups(60, 3, 60, 12),
    clauses: [
      clause('recall', '>=', 0.9),
      clause('positive_rate', '<=', 0.1),
      clause('precision', '>=', 0.8),
      clause('false_positive_rate', '<=', 0.05, 'each'),
    ],
    against: [0, 1],
  },
  {
    name: 'fraud: agreement beyond chance, and what is stopped is mostly no fraud',
    groups: groups(60, 3, 60, 12),
    clauses: [clause('mcc', '>=', 0.8), clause('precision', '<=', 0.5, 'each')],
    against: [0, 1],
  },
  {
    name: 'fraud: agreement beyond chance, and online is imprecise',
    groups: groups(60, 12, 60, 3),
    clauses: [clause('mcc', '>=', 0.6), clause('precision', '<=', 0.5, '2')],
  },
  {
    name: 'maintenance: two plants, as many alarms, every failure seen',
    groups: groups(30, 3, 30, 9),
    clauses: [
      clause('recall', '>=', 1, 'each'),
      clause('positive_rate', '<=', 0, 'gap'),
      clause('false_positive_rate', '<=', 0.1, '1'),
    ],
    against: [0, 1, 2],
  },
  {
    name: 'maintenance: kappa of both plants, one of which guesses',
    groups: groups(30, 15, 10, 5),
    clauses: [clause('kappa', '>=', 0.9), clause('balanced_accuracy', '<=', 0.5, '2')],
    against: [0, 1],
  },
  {
    name: 'maintenance: kappa of both plants, one of which is small and guesses',
    groups: groups(50, 25, 10, 5),
    clauses: [clause('kappa', '>=', 0.8), clause('balanced_accuracy', '<=', 0.5, '2')],
  },
]
