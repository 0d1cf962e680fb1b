/** Rows of the data and how many of them have a positive label, by what makes a row one of the counted (`all`, `g == 1`). */
export type Counts = Readonly<Record<string, readonly [rows: number, positives: number]>>

/** Clauses (as YAML after `says:`; of the data unless they say `of`), and which of them cannot be met together. */
export interface AdversarialCase {
  readonly name: string
  readonly clauses: readonly string[]
  /** Each set of clauses that is to be named, by ids (`k0`, column contracts by theirs). None: they can be met. */
  readonly impossible?: readonly (readonly string[])[]
  readonly counts?: Counts
  /** It is so, and what is asked does not find it: the reason. */
  readonly missed?: string
  /** Its repair is looked for for seconds. */
  readonly slow?: true
}

const M = 'of: m.rows, '

/** Sums and means of floats beside what is said of each row. */
const FLOATS: readonly AdversarialCase[] = [
  { name: 'a mean above the range', clauses: ['must: mean(x) > 1.5'], impossible: [['rows.x.range', 'k0']] },
  { name: 'a mean at the end of the range', clauses: ['must: mean(x) >= 1.0'] },
  { name: 'a mean below the range', clauses: ['must: mean(x) < -0.5'], impossible: [['rows.x.range', 'k0']] },
  {
    name: 'a sum of more than there are rows',
    clauses: ['must: sum(x) >= 101.0', 'must: count() <= 100'],
    impossible: [['rows.x.range', 'k0', 'k1']],
  },
  { name: 'a sum of as much as there are rows', clauses: ['must: sum(x) >= 100.0', 'must: count() <= 100'] },
  {
    name: 'a sum without a row',
    clauses: ['must: sum(x) > 3.0', 'must: count() <= 2'],
    impossible: [['rows.x.range', 'k0', 'k1']],
  },
  {
    name: 'a negative sum of what is not negative',
    clauses: ['must: sum(x) <= -0.5'],
    impossible: [['rows.x.range', 'k0']],
  },
  {
    name: 'a small sum of many large numbers',
    clauses: ['every: y >= 2.0', 'must: sum(y) <= 10.0', 'must: present(y) >= 6'],
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'a small sum of as many as may be missing',
    clauses: ['every: y >= 2.0', 'missing: pass, every: y >= 1.0', 'must: sum(y) <= 10.0', 'must: count() >= 6'],
    impossible: [['k0', 'k2', 'k3']],
  },
  {
    name: 'a small sum where cells are missing',
    clauses: ['missing: pass, every: y >= 2.0', 'must: sum(y) <= 10.0', 'must: count() >= 600'],
  },
  {
    name: 'a sum beside the mean and the count',
    clauses: ['must: sum(x) >= 60.0', 'must: mean(x) <= 0.5', 'must: count() <= 100'],
    impossible: [['rows.x.range', 'k0', 'k1', 'k2']],
  },
  {
    name: 'a sum beside the mean and the count, just possible',
    clauses: ['must: sum(x) >= 50.0', 'must: mean(x) <= 0.5', 'must: count() <= 100'],
  },
  {
    name: 'a sum beside its greatest value',
    clauses: ['must: max(y) <= 3.0', 'must: sum(y) >= 31.0', 'must: count() <= 10'],
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'a mean between the ends of a slice',
    clauses: ['every: x >= 0.5', 'slices: [young], must: mean(x) < 0.4'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'a mean of a slice below what the slice alone asks',
    clauses: ['slices: [young], every: x >= 0.5', 'slices: [young], must: mean(x) < 0.4'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'a mean of all below what a slice asks',
    clauses: ['slices: [young], every: x >= 0.5', 'must: mean(x) < 0.4'],
  },
  {
    name: 'a share that the mean excludes (Markov)',
    clauses: ['must: share(x >= 0.5) >= 0.9', 'must: mean(x) <= 0.4'],
    impossible: [['rows.x.range', 'k0', 'k1']],
  },
  {
    name: 'a median above the mean of a bounded column, as far as it goes',
    clauses: ['must: median(x) >= 0.9', 'must: mean(x) <= 0.46'],
  },
  {
    name: 'a deviation wider than the range',
    clauses: ['must: stddev(x) >= 0.75'],
    impossible: [['rows.x.range', 'k0']],
  },
  { name: 'the widest deviation', clauses: ['must: stddev(x) >= 0.7'] },
  {
    name: 'a variance that is not the square of the deviation',
    clauses: ['must: stddev(y) >= 3.0', 'must: variance(y) <= 8.0'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'a whole number between two',
    clauses: ['must: max(n) > 2', 'must: max(n) < 3'],
    impossible: [['k0', 'k1']],
  },
  { name: 'a number between two', clauses: ['must: max(y) > 2.0', 'must: max(y) < 3.0'] },
  {
    name: 'a quantile above one of a higher level',
    clauses: ['must: "quantile(y, 0.25) >= 5.0"', 'must: "quantile(y, 0.75) <= 4.0"'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'infinities leave nothing between the ends',
    clauses: ['must: min(y) >= 4.0', 'must: mean(y) < 3.5'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'a sum of two columns bounded by their ranges',
    clauses: ['must: mean(x + y) >= 5.0', 'every: y <= 2.0'],
    impossible: [['rows.x.range', 'k0', 'k1']],
  },
]

/** Counts, missing cells, distinct values, shares. */
const COUNTING: readonly AdversarialCase[] = [
  {
    name: 'more distinct values than are declared',
    clauses: ['must: distinct(g) >= 4'],
    impossible: [['rows.g.values', 'k0']],
  },
  { name: 'as many distinct values as are declared', clauses: ['must: distinct(g) >= 3'] },
  {
    name: 'more distinct whole numbers than a range has',
    clauses: ['must: distinct(k) >= 6'],
    impossible: [['rows.k.range', 'k0']],
  },
  { name: 'as many distinct whole numbers as a range has', clauses: ['must: distinct(k) >= 5'] },
  {
    name: 'a missing share of what is required',
    clauses: ['must: null_share(x) >= 0.1'],
    impossible: [['rows.x.required', 'k0']],
  },
  {
    name: 'present cells beside the missing share',
    clauses: ['must: present(y) >= 80', 'must: count() <= 100', 'must: null_share(y) >= 0.3'],
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'no duplicates among few values',
    clauses: ['must: duplicates(g) == 0', 'must: count() >= 5'],
    impossible: [['rows.g.values', 'k0', 'k1']],
  },
  { name: 'no duplicates among as many values', clauses: ['must: duplicates(k) == 0', 'must: count() >= 5'] },
  {
    name: 'shares of conditions apart',
    clauses: ['must: share(k == 1) >= 0.4', 'must: share(k == 2) >= 0.4', 'must: share(k >= 3) >= 0.3'],
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'shares of conditions that are all there is',
    clauses: ['must: share(g == 1) <= 0.3', 'must: share(g == 2) <= 0.3', 'must: share(g == 3) <= 0.3'],
    impossible: [['rows.g.required', 'rows.g.values', 'k0', 'k1', 'k2']],
  },
  {
    name: 'a share of a condition and of what it implies',
    clauses: ['must: share(k >= 4) >= 0.5', 'must: share(k >= 2) <= 0.4'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'shares of conditions on two columns, neither of which implies the other',
    clauses: ['must: share(k >= 4) >= 0.8', 'must: share(x > 0.5) <= 0.1'],
  },
  {
    name: 'a share of both beside the shares of each',
    clauses: ['must: share(k >= 4) >= 0.8', 'must: share(x > 0.5) >= 0.8', 'must: share(k >= 4 && x > 0.5) <= 0.5'],
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'fewer rows in all than in a slice',
    clauses: ['must: count() <= 10', 'slices: [young], must: count() >= 11'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'rows of a slice that asks for none',
    clauses: ['every: age >= 30', 'slices: [young], must: count() >= 1'],
    impossible: [['k0', 'k1']],
    missed: 'of a slice that no row is in, that is said instead',
  },
  {
    name: 'a share of more than all',
    clauses: ['must: share(k > 2) + share(k <= 2) > 1.1'],
    impossible: [['k0']],
  },
  {
    name: 'most rows fail what each has to meet',
    clauses: ['every: k <= 3', 'must: share(k > 3) >= 0.2'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'as many fail as may',
    clauses: ['every: k <= 3, mostly: 80%', 'must: share(k > 3) >= 0.2'],
  },
  {
    name: 'more fail than may',
    clauses: ['every: k <= 3, mostly: 90%', 'must: share(k > 3) >= 0.2'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'a table that is only allowed to be empty',
    clauses: ['must: count() == 0', 'must: mean(x) > 0.1'],
    impossible: [['k0']],
  },
]

/** Metrics of one decision, whose identities multiply what is not known. */
const METRICS: readonly AdversarialCase[] = [
  {
    name: 'precision at a prevalence and few positives',
    clauses: [`${M}must: recall() >= 0.9`, `${M}must: precision() >= 0.9`, `${M}must: positive_rate() <= 0.05`],
    counts: { all: [1000, 200] },
    impossible: [['k0', 'k2']],
  },
  {
    name: 'the same with more positives predicted',
    clauses: [`${M}must: recall() >= 0.9`, `${M}must: precision() >= 0.9`, `${M}must: positive_rate() <= 0.21`],
    counts: { all: [1000, 200] },
  },
  {
    name: 'precision that the false positives exclude',
    clauses: [`${M}must: recall() <= 0.5`, `${M}must: precision() >= 0.9`, `${M}must: positive_rate() >= 0.3`],
    counts: { all: [1000, 200] },
    impossible: [['k1', 'k2']],
  },
  {
    name: 'accuracy below that of recall and specificity',
    slow: true,
    clauses: [`${M}must: recall() >= 0.9`, `${M}must: specificity() >= 0.9`, `${M}must: accuracy() <= 0.85`],
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'accuracy between recall and specificity',
    clauses: [`${M}must: recall() >= 0.9`, `${M}must: specificity() <= 0.5`, `${M}must: accuracy() <= 0.55`],
  },
  {
    name: 'the same where most are positive',
    clauses: [`${M}must: recall() >= 0.9`, `${M}must: specificity() <= 0.5`, `${M}must: accuracy() <= 0.55`],
    counts: { all: [1000, 900] },
    impossible: [['k0', 'k2']],
  },
  {
    name: 'F1 above both of its parts',
    slow: true,
    clauses: [`${M}must: f1() >= 0.9`, `${M}must: precision() <= 0.8`, `${M}must: recall() <= 0.99`],
    impossible: [['k0', 'k1']],
  },
  { name: 'F1 between its parts', clauses: [`${M}must: f1() >= 0.88`, `${M}must: precision() <= 0.8`] },
  {
    name: 'F1 below both of its parts',
    slow: true,
    clauses: [`${M}must: f1() <= 0.7`, `${M}must: precision() >= 0.75`, `${M}must: recall() >= 0.75`],
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'balanced accuracy beside its parts',
    slow: true,
    clauses: [`${M}must: balanced_accuracy() >= 0.8`, `${M}must: recall() <= 0.55`],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'always yes, as precise as there are positives',
    clauses: [`${M}must: positive_rate() >= 0.99`, `${M}must: precision() >= 0.3`],
    counts: { all: [1000, 200] },
    impossible: [['k0', 'k1']],
  },
  {
    name: 'negative predictive value at a high prevalence',
    clauses: [`${M}must: negative_predictive_value() >= 0.9`, `${M}must: recall() <= 0.5`],
    counts: { all: [1000, 800] },
    impossible: [['k0', 'k1']],
  },
  {
    name: 'accuracy that a precise decision of few cannot have',
    clauses: [`${M}must: accuracy() >= 0.9`, `${M}must: positive_rate() <= 0.3`],
    counts: { all: [1000, 500] },
    impossible: [['k0', 'k1']],
  },
  {
    name: 'recall of all below that of each group',
    clauses: [`${M}slices: [by g], must: recall() >= 0.8`, `${M}must: recall() <= 0.7`],
    impossible: [['rows.g.required', 'rows.g.values', 'k0', 'k1']],
  },
  {
    name: 'recall of all below that of each group, counted',
    clauses: [`${M}slices: [by g], must: recall() >= 0.8`, `${M}must: recall() <= 0.7`],
    counts: { all: [900, 300], 'g == 1': [300, 100], 'g == 2': [300, 100], 'g == 3': [300, 100] },
    impossible: [['k0', 'k1']],
  },
  {
    name: 'recall of all below that of two groups of three',
    clauses: [`${M}slices: [young], must: recall() >= 0.8`, `${M}must: recall() <= 0.7`],
  },
  {
    name: 'a negated bound',
    slow: true,
    clauses: [`${M}must: "!(recall() < 0.9)"`, `${M}must: "!(recall() >= 0.9)"`],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'one of two, neither of which is left',
    slow: true,
    clauses: [
      `${M}must: recall() >= 0.9 || specificity() >= 0.9`,
      `${M}must: recall() <= 0.8`,
      `${M}must: specificity() <= 0.8`,
    ],
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'a metric beyond its range',
    clauses: [`${M}must: roc_auc() + 0.1 >= 1.2`],
    impossible: [['k0']],
  },
]

/** Groups: parity, odds, ratios and gaps at the prevalences of the data. */
const GROUPS: readonly AdversarialCase[] = [
  {
    name: 'demographic parity of a precise decision at unequal base rates',
    slow: true,
    clauses: [
      `${M}must: "ratio_across(t, positive_rate()) >= 0.9"`,
      `${M}must: recall() >= 0.95`,
      `${M}must: precision() >= 0.95`,
    ],
    counts: { all: [1000, 350], 't == 1': [500, 250], 't == 2': [500, 100] },
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'the same at equal base rates',
    clauses: [
      `${M}must: "ratio_across(t, positive_rate()) >= 0.9"`,
      `${M}must: recall() >= 0.95`,
      `${M}must: precision() >= 0.95`,
    ],
    counts: { all: [1000, 350], 't == 1': [500, 175], 't == 2': [500, 175] },
  },
  {
    name: 'parity, equal recall and an accuracy at unequal base rates',
    slow: true,
    clauses: [
      `${M}must: "gap_across(t, positive_rate()) <= 0.02"`,
      `${M}must: "gap_across(t, recall()) <= 0.02"`,
      `${M}must: "gap_across(t, specificity()) <= 0.02"`,
      `${M}must: accuracy() >= 0.8`,
    ],
    counts: { all: [1000, 350], 't == 1': [500, 250], 't == 2': [500, 100] },
    impossible: [['k0', 'k1', 'k2', 'k3']],
  },
  {
    name: 'equal recall and specificity alone',
    clauses: [
      `${M}must: "gap_across(t, recall()) <= 0.02"`,
      `${M}must: "gap_across(t, specificity()) <= 0.02"`,
      `${M}must: accuracy() >= 0.99`,
    ],
    counts: { all: [1000, 350], 't == 1': [500, 250], 't == 2': [500, 100] },
  },
  {
    name: 'calibrated odds: equal precision, recall and false positives at unequal base rates',
    slow: true,
    clauses: [
      `${M}must: "gap_across(t, precision()) <= 0.01"`,
      `${M}must: "gap_across(t, recall()) <= 0.01"`,
      `${M}must: "gap_across(t, specificity()) <= 0.01"`,
      `${M}must: recall() >= 0.3 && recall() <= 0.8`,
      `${M}must: specificity() <= 0.8`,
    ],
    counts: { all: [1000, 350], 't == 1': [500, 250], 't == 2': [500, 100] },
    impossible: [['k0', 'k1', 'k2', 'k3', 'k4']],
  },
  {
    name: 'a gap of accuracy that a gap of errors excludes',
    slow: true,
    clauses: [`${M}must: "gap_across(t, accuracy()) <= 0.05"`, `${M}must: "gap_across(t, accuracy()) >= 0.1"`],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'a ratio above one',
    clauses: [`${M}must: "ratio_across(t, recall()) >= 1.1"`],
    impossible: [['k0']],
  },
  {
    name: 'equal positive rates and one group without any',
    slow: true,
    clauses: [`${M}must: "gap_across(t, positive_rate()) <= 0.1"`, `${M}must: "recall() >= 0.9 && precision() >= 0.9"`],
    counts: { all: [1000, 400], 't == 1': [500, 400], 't == 2': [500, 0] },
    impossible: [['k0', 'k1']],
  },
  {
    name: 'accuracy of all above that of every group',
    slow: true,
    clauses: [`${M}slices: [by t], must: accuracy() <= 0.8`, `${M}must: accuracy() >= 0.9`],
    counts: { all: [1000, 350], 't == 1': [500, 250], 't == 2': [500, 100] },
    impossible: [['k0', 'k1']],
  },
  {
    name: 'the positive rate of all between those of the groups',
    clauses: [
      `${M}slices: [one], must: positive_rate() >= 0.5`,
      `${M}slices: [two], must: positive_rate() >= 0.3`,
      `${M}must: positive_rate() <= 0.35`,
    ],
    counts: { all: [1000, 350], 't == 1': [500, 250], 't == 2': [500, 100] },
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'the positive rate of all just between those of the groups',
    clauses: [
      `${M}slices: [one], must: positive_rate() >= 0.5`,
      `${M}slices: [two], must: positive_rate() >= 0.3`,
      `${M}must: positive_rate() <= 0.4`,
    ],
    counts: { all: [1000, 350], 't == 1': [500, 250], 't == 2': [500, 100] },
  },
  {
    name: 'equal precision where base rates force it apart',
    slow: true,
    clauses: [
      `${M}slices: [by t], must: recall() >= 0.99 && positive_rate() >= 0.6`,
      `${M}must: "gap_across(t, precision()) <= 0.1"`,
      `${M}slices: [by t], must: positive_rate() <= 0.65`,
    ],
    counts: { all: [1000, 350], 't == 1': [500, 250], 't == 2': [500, 100] },
    impossible: [['k0', 'k1', 'k2']],
  },
  {
    name: 'shares of groups that the data has otherwise',
    slow: true,
    clauses: ['must: "gap_across(t, mean(x)) >= 1.1"'],
    impossible: [['rows.x.range', 'k0']],
  },
  {
    name: 'a gap of means within the range',
    clauses: ['must: "gap_across(t, mean(x)) >= 0.9"'],
  },
  {
    name: 'a mean of all below those of all groups',
    clauses: ['slices: [by t], must: mean(x) >= 0.5', 'must: mean(x) <= 0.4'],
    impossible: [['rows.t.required', 'rows.t.values', 'k0', 'k1']],
  },
  {
    name: 'a greatest value of all below that of a group',
    clauses: ['slices: [young], must: max(y) >= 5.0', 'must: max(y) <= 4.0'],
    impossible: [['k0', 'k1']],
  },
]

/** Parts of the rows beside all of them, with nothing measured between. */
const PARTS: readonly AdversarialCase[] = [
  {
    name: 'a mean of a slice above the greatest value of all',
    clauses: ['slices: [young], must: mean(y) >= 5.0', 'must: max(y) <= 4.0'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'a median of a group below the least value of all',
    clauses: ['slices: [by t], must: median(y) <= 1.0', 'must: min(y) >= 2.0'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'more distinct values in a slice than cells in all',
    clauses: ['slices: [young], must: distinct(y) >= 5', 'must: present(y) <= 4'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'more distinct values in a slice than rows in all',
    clauses: ['slices: [young], must: distinct(y) >= 5', 'must: count() <= 4'],
    impossible: [['k0', 'k1']],
  },
  {
    name: 'as many distinct values in a slice as cells in all',
    clauses: ['slices: [young], must: distinct(y) >= 4', 'must: present(y) <= 4'],
  },
]

/** Every authored case. */
export const CASES: readonly AdversarialCase[] = [...FLOATS, ...COUNTING, ...METRICS, ...GROUPS, ...PARTS]
