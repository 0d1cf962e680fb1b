import { ParameterType, ParameterTypeRegistry } from '@cucumber/cucumber-expressions'

const NAME = /"(?:[^"\\]|\\.)+"|[^\s"',]+/.source
const NUMBER = /[-+]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d[\d_]*)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?(?:\s?%)?/.source
const DURATION = /(?:\d[\d_]*(?:\.\d+)?|an?|one)\s?[A-Za-z]+/.source
const SIZE = /\d[\d_]*(?:\.\d+)?\s?[A-Za-z]+/.source
const OPERATOR =
  /<=|>=|<|>|=|≤|≥|at least|at most|below|above|under|over|less than|more than|greater than|no less than|no more than|exactly|equal to/
    .source
const bound = (value: string): string => `between ${value} and ${value}|(?:${OPERATOR})\\s?${value}`

/** The kinds of gaps of a step: what fits (a regular expression without groups that capture), and how it is spoken of. */
export const PARAMETERS = {
  col: { pattern: NAME, expects: 'the name of a column, such as age or "monthly rent"' },
  cols: {
    pattern: `(?:${NAME})(?:, (?:${NAME}))*(?: and (?:${NAME}))?`,
    expects: 'names of columns, such as a, b and c',
  },
  attr: { pattern: NAME, expects: 'the name of a column' },
  key: { pattern: NAME, expects: 'the name of a column' },
  dataset: { pattern: NAME, expects: 'the name of a dataset, such as accounts' },
  source: { pattern: NAME, expects: 'the path of a file, such as data/accounts.csv' },
  split: { pattern: NAME, expects: 'a split or relation, such as test' },
  slice: { pattern: `(?:by |each )?(?:${NAME})`, expects: 'the name of a slice, or by and the name of a column' },
  model: { pattern: NAME, expects: 'the name of a model, such as champion' },
  baseline: { pattern: NAME, expects: 'the name of a model, such as scorecard' },
  clause: { pattern: NAME, expects: 'the id of a clause' },
  label: { pattern: NAME, expects: 'a class of the label' },
  type: { pattern: '[A-Za-z]+', expects: 'a type: integer, number, boolean, category, text or timestamp' },
  metric: {
    pattern: `[A-Za-z][\\w-]*(?: [A-Za-z][\\w'’-]*){0,4}(?:\\([^()]*\\))?`,
    expects: 'a metric such as recall, ROC AUC or lift(0.1)',
  },
  drift: { pattern: '[A-Za-z][\\w-]*(?: [A-Za-z][\\w-]*){0,2}', expects: 'a distance, such as psi or ks' },
  number: { pattern: NUMBER, expects: 'a number, such as 0.8 or 80%' },
  count: { pattern: '\\d[\\d_]*', expects: 'a whole number, such as 20_000' },
  percent: { pattern: NUMBER, expects: 'a share, such as 5% or 0.05' },
  bound: { pattern: bound(NUMBER), expects: 'a bound, such as at most 5% or between 0.1 and 0.2' },
  day: { pattern: '\\d{4}-\\d{2}-\\d{2}', expects: 'a day, such as 2026-11-01' },
  param: { pattern: NAME, expects: 'the name of a parameter of type text, such as since' },
  duration: { pattern: DURATION, expects: 'a duration, such as 7d or 2 weeks' },
  'duration-bound': { pattern: bound(DURATION), expects: 'a bound on time, such as at most 50ms' },
  set: { pattern: '.+', expects: 'values, such as red, green, "dark blue"' },
  regex: { pattern: '.+', expects: 'a regular expression' },
  cel: { pattern: '.+', expects: 'a condition in CEL' },
  action: { pattern: '[a-z][\\w .-]*', expects: 'what happens, such as retraining is decided' },
  transform: { pattern: '(?!changing |adding |multiplying |swapping ).+', expects: 'a transformation' },
  noise: { pattern: '.+?', expects: 'a kind of noise' },
  'size-bound': { pattern: bound(SIZE), expects: 'a bound on a size, such as at most 10 MB' },
  reason: { pattern: '.+', expects: 'how it is rejected: 400' },
  words: { pattern: '.+?', expects: 'words' },
} as const satisfies Readonly<Record<string, { readonly pattern: string; readonly expects: string }>>

/** The name of a kind of gap. */
export type ParameterName = keyof typeof PARAMETERS

/** Whether a text names a kind of gap. */
export function isParameterName(name: string): name is ParameterName {
  return Object.hasOwn(PARAMETERS, name)
}

/** Whether a whole text fits a kind of gap. */
export function fits(name: ParameterName, text: string): boolean {
  return new RegExp(`^(?:${PARAMETERS[name].pattern})$`).test(text)
}

/** The kinds of gaps, as cucumber expressions take them. */
export function parameterTypes(): ParameterTypeRegistry {
  const registry = new ParameterTypeRegistry()
  for (const [name, { pattern }] of Object.entries(PARAMETERS))
    registry.defineParameterType(new ParameterType(name, new RegExp(pattern), String, (text) => text, false, false))
  return registry
}
