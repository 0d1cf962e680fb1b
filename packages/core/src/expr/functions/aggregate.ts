/** What an argument of an aggregate may be: a column name, a row expression, a relation, a plain number, a text, a list of plain values, a class of the label, a column of the relation that is named. */
export type ArgumentKind = 'column' | 'foreign' | 'expr' | 'relation' | 'value' | 'text' | 'list' | 'class'

/** How an aggregate's interval is made; `none` = it describes the rows at hand. */
export type IntervalMethod =
  | 'none'
  | 'wilson'
  | 't'
  | 'fisher-z'
  | 'order-statistics'
  | 'delong'
  | 'bca'
  | 'bootstrap-t'
  | 'folded-normal'
  | 'bootstrap-two-sample'
  | 'bootstrap-band'

/**
 * What a metric reads of a model's answers: its decision, its score, the number of a regression, the time it took; of a model of
 * several classes the class it names, or the probability of every class; the order that its score or number puts rows in; its decisions
 * or numbers in the order of a column; just the columns named (truth values or numbers, texts, boxes in images), which data may have, too;
 * its scores and decisions beside those of labelled rows (the reference); nothing of an answer, but the model that gave it.
 */
export type MetricNeeds =
  | 'decision'
  | 'score'
  | 'amount'
  | 'timing'
  | 'answer'
  | 'probabilities'
  | 'order'
  | 'ranges'
  | 'series'
  | 'columns'
  | 'texts'
  | 'boxes'
  | 'reference'
  | 'model'

/** One aggregate, metric or distance of relation scope. */
export interface Aggregate {
  readonly args: readonly ArgumentKind[]
  /** The last argument kind may repeat (`duplicates(c, …)`). */
  readonly variadic?: true
  /** Of a metric of columns in any number, not in pairs: no model’s name can stand after them. */
  readonly namesNoModel?: true
  /** What an `expr` argument must be. `number` accepts int and double; `ordered` also timestamps and texts. */
  readonly expects?: 'number' | 'bool' | 'ordered' | 'any'
  readonly result: 'int' | 'double' | 'as-argument'
  /** Needs a model relation: its label, and what of the model's answers. */
  readonly needs?: MetricNeeds
  /** Of a model of several classes: `one` = asked of one class, named first (`recall("a")`); `all` = of all at once. */
  readonly ofClasses?: 'one' | 'all'
  /** `rows` = always describes the rows; `rows-or-population` = population once `confidence` or `sample` is given, or on a model relation for `share`; `population` = always an estimate. */
  readonly speaksOf: 'rows' | 'rows-or-population' | 'population'
  readonly interval: IntervalMethod
  /** Closed range of possible results, for the check of thresholds. */
  readonly range?: readonly [number, number]
  /** Which sign of change is better, where the field agrees on one. */
  readonly better?: 'higher' | 'lower'
  readonly version: number
  readonly doc: string
}

/** A number that describes the rows at hand. */
export const rows = (
  args: readonly ArgumentKind[],
  result: Aggregate['result'],
  doc: string,
  more: Partial<Aggregate> = {},
): Aggregate => ({
  args,
  result,
  speaksOf: 'rows',
  interval: 'none',
  version: 1,
  doc,
  ...more,
})
/** Describes the rows, or estimates the population where `confidence` or `sample` says so. */
export const either = (
  args: readonly ArgumentKind[],
  expects: Aggregate['expects'] & string,
  interval: IntervalMethod,
  doc: string,
  more: Partial<Aggregate> = {},
): Aggregate => ({
  args,
  expects,
  result: 'double',
  speaksOf: 'rows-or-population',
  interval,
  version: 1,
  doc,
  ...more,
})
/** A metric of a model on labelled rows. */
export const metric = (
  needs: MetricNeeds,
  interval: IntervalMethod,
  better: 'higher' | 'lower' | undefined,
  range: readonly [number, number] | undefined,
  doc: string,
  more: Partial<Aggregate> = {},
): Aggregate => ({
  args: [],
  result: 'double',
  needs,
  speaksOf: 'population',
  interval,
  version: 1,
  doc,
  ...(better === undefined ? {} : { better }),
  ...(range === undefined ? {} : { range }),
  ...more,
})
/** A distance of the rows of one column from those of another relation. */
export const distance = (
  range: readonly [number, number] | undefined,
  doc: string,
  interval: 'bootstrap-two-sample' | 'bootstrap-band' | 'delong' | 'fisher-z' = 'bootstrap-two-sample',
  better: 'lower' | 'neither' = 'lower',
): Aggregate => ({
  args: ['column', 'relation'],
  result: 'double',
  speaksOf: 'population',
  interval,
  ...(better === 'neither' ? {} : { better }),
  version: 1,
  doc,
  ...(range === undefined ? {} : { range }),
})
