import type { Case } from './case.ts'
import { type Decision, METRICS } from './decisions.ts'

type Metric = keyof typeof METRICS
const M = 'of: m.log, '
const all = (metric: Metric, meets: (value: number) => boolean) => (d: Decision) => meets(METRICS[metric](d.all))
const each = (metric: Metric, meets: (value: number) => boolean) => (d: Decision) =>
  meets(METRICS[metric](d.a)) && meets(METRICS[metric](d.b))
const inA = (metric: Metric, meets: (value: number) => boolean) => (d: Decision) => meets(METRICS[metric](d.a))
const least = (bound: number) => (value: number) => value >= bound - 1e-12
const most = (bound: number) => (value: number) => value <= bound + 1e-12
const SITES = ['log.site.required', 'log.site.values']

/** Metrics of all rows. */
export const WHOLE_CASES: readonly Case<Decision>[] = [
  {
    name: 'few false alarms of an unspecific test',
    clauses: [
      [`${M}must: false_positive_rate() <= 0.1`, all('fpr', most(0.1))],
      [`${M}must: specificity() <= 0.8`, all('specificity', most(0.8))],
    ],
    by: [],
  },
  {
    name: 'most are found, and a fifth is not',
    clauses: [
      [`${M}must: recall() >= 0.9`, all('recall', least(0.9))],
      [`${M}must: false_negative_rate() >= 0.2`, all('fnr', least(0.2))],
    ],
    by: [],
  },
  {
    name: 'precise, and wrong in a fifth',
    clauses: [
      [`${M}must: false_discovery_rate() <= 0.1`, all('fdr', most(0.1))],
      [`${M}must: precision() <= 0.8`, all('precision', most(0.8))],
    ],
    by: [],
  },
  {
    name: 'false discoveries beside precision, as far as it goes',
    clauses: [
      [`${M}must: false_discovery_rate() <= 0.2`, all('fdr', most(0.2))],
      [`${M}must: precision() <= 0.8`, all('precision', most(0.8))],
    ],
  },
  {
    name: 'accurate at many false alarms',
    clauses: [
      [`${M}must: accuracy() >= 0.9`, all('accuracy', least(0.9))],
      [`${M}must: false_positive_rate() >= 0.5`, all('fpr', least(0.5))],
      [`${M}must: share(ill) <= 0.5`, all('prevalence', most(0.5))],
    ],
    by: [],
  },
  {
    name: 'the overlap beside F1',
    clauses: [
      [`${M}must: jaccard() <= 0.5`, all('jaccard', most(0.5))],
      [`${M}must: f1() >= 0.8`, all('f1', least(0.8))],
    ],
    by: [],
  },
  {
    name: 'balanced beyond what recall leaves',
    slow: true,
    clauses: [
      [`${M}must: balanced_accuracy() >= 0.9`, all('balanced', least(0.9))],
      [`${M}must: recall() <= 0.7`, all('recall', most(0.7))],
    ],
    by: [],
  },
  {
    name: 'more precise alarms than ill people',
    clauses: [
      [`${M}must: precision() >= 0.9`, all('precision', least(0.9))],
      [`${M}must: positive_rate() >= 0.5`, all('rate', least(0.5))],
      [`${M}must: share(ill) <= 0.4`, all('prevalence', most(0.4))],
    ],
    by: [],
  },
  {
    name: 'as many precise alarms as ill people',
    clauses: [
      [`${M}must: precision() >= 0.8`, all('precision', least(0.8))],
      [`${M}must: positive_rate() >= 0.5`, all('rate', least(0.5))],
      [`${M}must: share(ill) <= 0.4`, all('prevalence', most(0.4))],
    ],
  },
  {
    name: 'accurate with fewer alarms than ill people',
    clauses: [
      [`${M}must: accuracy() >= 0.95`, all('accuracy', least(0.95))],
      [`${M}must: positive_rate() <= 0.1`, all('rate', most(0.1))],
      [`${M}must: share(ill) >= 0.2`, all('prevalence', least(0.2))],
    ],
    by: [],
  },
  {
    name: 'cheap, and half of the ill are missed',
    clauses: [
      [`${M}must: "expected_cost(1.0, 5.0) <= 0.25"`, all('cost', most(0.25))],
      [`${M}must: false_negative_rate() >= 0.5`, all('fnr', least(0.5))],
      [`${M}must: share(ill) >= 0.2`, all('prevalence', least(0.2))],
    ],
    by: [],
  },
  {
    name: 'cheap, and half of the few ill are missed',
    clauses: [
      [`${M}must: "expected_cost(1.0, 5.0) <= 0.25"`, all('cost', most(0.25))],
      [`${M}must: false_negative_rate() >= 0.5`, all('fnr', least(0.5))],
      [`${M}must: share(ill) >= 0.1`, all('prevalence', least(0.1))],
    ],
  },
  {
    name: 'a correlation near one of a decision that is mostly wrong',
    clauses: [
      [`${M}must: mcc() >= 0.9`, all('mcc', least(0.9))],
      [`${M}must: accuracy() <= 0.5`, all('accuracy', most(0.5))],
    ],
    by: [],
  },
  {
    name: 'a correlation that leaves as many mistakes as it can',
    clauses: [
      [`${M}must: mcc() >= 0.5`, all('mcc', least(0.5))],
      [`${M}must: accuracy() <= 0.67`, all('accuracy', most(0.67))],
    ],
  },
  {
    name: 'found in half beside a correlation that asks for more',
    clauses: [
      [`${M}must: mcc() >= 0.75`, all('mcc', least(0.75))],
      [`${M}must: recall() <= 0.5`, all('recall', most(0.5))],
    ],
    by: [],
  },
  {
    name: 'wrong on purpose, and right in half',
    clauses: [
      [`${M}must: mcc() <= -0.5`, all('mcc', most(-0.5))],
      [`${M}must: accuracy() >= 0.5`, all('accuracy', least(0.5))],
    ],
    by: [],
  },
  {
    name: 'neither of two that one has to be',
    clauses: [
      [
        `${M}must: "recall() >= 0.9 || precision() >= 0.9"`,
        (d) => METRICS.recall(d.all) >= 0.9 || METRICS.precision(d.all) >= 0.9,
      ],
      [`${M}must: recall() <= 0.8`, all('recall', most(0.8))],
      [`${M}must: precision() <= 0.8`, all('precision', most(0.8))],
    ],
    by: [],
  },
  {
    name: 'negative answers that are right where most are ill',
    slow: true,
    clauses: [
      [`${M}must: negative_predictive_value() >= 0.9`, all('npv', least(0.9))],
      [`${M}must: false_negative_rate() >= 0.5`, all('fnr', least(0.5))],
      [`${M}must: share(ill) >= 0.5`, all('prevalence', least(0.5))],
    ],
    by: [],
  },
]

/** Metrics of two sites beside those of all rows. */
export const DIVIDED_CASES: readonly Case<Decision>[] = [
  ...(
    [
      ['recall', 'recall'],
      ['specificity', 'specificity'],
      ['precision', 'precision'],
      ['accuracy', 'accuracy'],
      ['positive_rate', 'rate'],
      ['false_positive_rate', 'fpr'],
      ['jaccard', 'jaccard'],
    ] as const
  ).flatMap(([name, metric]): readonly Case<Decision>[] => [
    {
      name: `${name} of each site above that of all`,
      ...(name === 'recall' || name === 'false_positive_rate' ? {} : { slow: true }),
      clauses: [
        [`${M}slices: [by site], must: ${name}() >= 0.75`, each(metric, least(0.75))],
        [`${M}must: ${name}() <= 0.5`, all(metric, most(0.5))],
      ],
      by: SITES,
    },
    {
      name: `${name} of one site above that of all`,
      clauses: [
        [`${M}slices: [site-a], must: ${name}() >= 0.75`, inA(metric, least(0.75))],
        [`${M}must: ${name}() <= 0.5`, all(metric, most(0.5))],
      ],
    },
  ]),
  {
    name: 'balanced accuracy of each site above that of all: Simpson’s paradox',
    clauses: [
      [`${M}slices: [by site], must: balanced_accuracy() >= 0.75`, each('balanced', least(0.75))],
      [`${M}must: balanced_accuracy() <= 0.7`, all('balanced', most(0.7))],
    ],
  },
  {
    name: 'alarms alike in both sites, many in one, few in all',
    slow: true,
    clauses: [
      [
        `${M}must: "gap_across(site, positive_rate()) <= 0.1"`,
        (d) => Math.abs(METRICS.rate(d.a) - METRICS.rate(d.b)) <= 0.1,
      ],
      [`${M}slices: [site-a], must: positive_rate() >= 0.75`, inA('rate', least(0.75))],
      [`${M}must: positive_rate() <= 0.5`, all('rate', most(0.5))],
    ],
    by: SITES,
  },
  {
    name: 'most rows in a site that is judged well, all are not',
    slow: true,
    clauses: [
      [`${M}must: share(site == "a") >= 0.75`, (d) => d.rows(d.a) / d.rows(d.all) >= 0.75],
      [`${M}slices: [site-a], must: accuracy() >= 0.75`, inA('accuracy', least(0.75))],
      [`${M}must: accuracy() <= 0.5`, all('accuracy', most(0.5))],
    ],
    by: [],
  },
  {
    name: 'half of the rows in a site that is judged well',
    clauses: [
      [`${M}must: share(site == "a") >= 0.5`, (d) => d.rows(d.a) / d.rows(d.all) >= 0.5],
      [`${M}slices: [site-a], must: accuracy() >= 0.75`, inA('accuracy', least(0.75))],
      [`${M}must: accuracy() <= 0.5`, all('accuracy', most(0.5))],
    ],
  },
  {
    name: 'false alarms alike, and alarms far apart at like illness',
    clauses: [
      [
        `${M}must: "gap_across(site, false_positive_rate()) <= 0.05"`,
        (d) => Math.abs(METRICS.fpr(d.a) - METRICS.fpr(d.b)) <= 0.05,
      ],
      [
        `${M}must: "gap_across(site, false_positive_rate()) >= 0.2"`,
        (d) => Math.abs(METRICS.fpr(d.a) - METRICS.fpr(d.b)) >= 0.2,
      ],
    ],
    by: [],
  },
]
