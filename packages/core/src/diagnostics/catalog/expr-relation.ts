import { defineDiagnostic } from '../define.ts'

/** `count()` in a condition on rows. */
export const aggregateInRow = defineDiagnostic<{ readonly name: string }>({
  code: 'expr/aggregate-in-row',
  severity: 'error',
  message: ({ name }) => `\`${name}\` speaks of a whole relation; here one row is asked at a time.`,
  why: 'A row knows nothing of the others.',
  fix: ({ name }) => `Write a clause with \`must:\` for \`${name}\`.`,
})

/** `mean(count())`. */
export const nestedAggregate = defineDiagnostic<{ readonly name: string; readonly inside: string }>({
  code: 'expr/nested-aggregate',
  severity: 'error',
  message: ({ name, inside }) => `\`${name}\` stands inside \`${inside}\`; aggregates do not nest.`,
  why: ({ inside }) => `The argument of \`${inside}\` is computed for each row, and a row knows nothing of the others.`,
  fix: 'Compare the two aggregates side by side instead.',
})

/** A column outside any aggregate in `must`. */
export const bareColumn = defineDiagnostic<{ readonly name: string; readonly example: string }>({
  code: 'expr/bare-column',
  severity: 'error',
  message: ({ name }) => `\`${name}\` is a column, but \`must\` speaks of the whole relation.`,
  why: 'A column has one value per row; a relation needs one number of it.',
  fix: ({ example }) => `Say which, such as \`${example}\`; or write \`every:\` to ask it of each row.`,
})

/** A relation or a model where a number belongs. */
export const notANumber = defineDiagnostic<{ readonly name: string; readonly kind: 'relation' | 'model' }>({
  code: 'expr/not-a-number',
  severity: 'error',
  message: ({ name, kind }) => `\`${name}\` is a ${kind}, not a number.`,
  why: 'Relations and models stand only as arguments of functions that take them.',
  fix: ({ name, kind }) =>
    kind === 'model' ? `Write it like \`roc_auc(${name})\`.` : `Write it like \`psi(column, ${name})\`.`,
})

/** Something in `must` that is not a comparison. */
export const notACondition = defineDiagnostic<{
  readonly text: string
  readonly problem: string
  readonly fix: string
}>({
  code: 'expr/not-a-condition',
  severity: 'error',
  message: ({ text, problem }) => `\`${text}\` ${problem}.`,
  why: 'A `must` condition is made of comparisons, joined by && || !: each is measured and decided with its own interval.',
  fix: ({ fix }) => fix,
})

/** A comparison that measures nothing. */
export const constantComparison = defineDiagnostic<{ readonly text: string }>({
  code: 'expr/constant-comparison',
  severity: 'error',
  message: ({ text }) => `\`${text}\` measures nothing.`,
  why: 'Its answer is known before any data is read.',
  fix: 'Compare an aggregate or a metric, such as `count() >= 1000`.',
})

/** `mean(x) == 3.0` where the mean is an estimate. */
export const estimateEquality = defineDiagnostic<{
  readonly op: string
  readonly term: string
  readonly other: string | undefined
}>({
  code: 'expr/estimate-equality',
  severity: 'error',
  message: ({ op, term }) => `\`${term}\` is an estimate; \`${op}\` cannot be decided for it.`,
  why: 'An estimate has an interval: it can lie above or below a bound, but it is never known to be equal to one.',
  fix: ({ term, other }) =>
    other === undefined
      ? 'Write bounds with <= and >=.'
      : `Write bounds: \`${term} >= ${other} - tolerance && ${term} <= ${other} + tolerance\`.`,
})

/** A bound that the function can never reach. */
export const impossibleThreshold = defineDiagnostic<{
  readonly term: string
  readonly bound: string
  readonly low: number
  readonly high: number
}>({
  code: 'expr/impossible-threshold',
  severity: 'error',
  message: ({ term, bound, low, high }) => {
    if (high === Infinity) return `\`${term}\` is never below ${low}, but is compared with ${bound}.`
    if (low === -Infinity) return `\`${term}\` is never above ${high}, but is compared with ${bound}.`
    return `\`${term}\` lies between ${low} and ${high}, but is compared with ${bound}.`
  },
  why: 'The comparison has the same answer on all data.',
  fix: ({ bound, low, high }) => {
    const percent = Number(bound)
    return low === 0 && high === 1 && percent > 1 && percent <= 100
      ? `Write ${Number((percent / 100).toPrecision(15))} for ${percent} %.`
      : 'Choose a bound inside the range.'
  },
})

/** A metric on a relation that cannot have it. */
export const metricNeeds = defineDiagnostic<{
  readonly name: string
  readonly relation: string
  readonly needs: string
  readonly fix: string
}>({
  code: 'expr/metric-needs',
  severity: 'error',
  message: ({ name, relation, needs }) => `\`${name}\` needs ${needs}; \`${relation}\` has none.`,
  why: 'A metric compares what a model says with what came true.',
  fix: ({ fix }) => fix,
})

/** A number whose interval cannot be made from clusters. */
export const notClustered = defineDiagnostic<{
  readonly name: string
  readonly cluster: string
  readonly groups: boolean
}>({
  code: 'expr/not-clustered',
  severity: 'error',
  message: ({ name, cluster }) => `The interval of \`${name}\` cannot be made from clusters by \`${cluster}\`.`,
  why: 'Rows that belong together and are drawn one by one look like more evidence than they are; to pass over `cluster` would claim too much.',
  fix: ({ groups }) =>
    groups
      ? 'Its groups are drawn whole already: remove `cluster`, or give it the column of the groups.'
      : 'Ask for a metric of a model, or put it into a clause of its own without `cluster`.',
})

/** A number that has no weighted form. */
export const notWeighted = defineDiagnostic<{
  readonly name: string
  readonly weights: string
}>({
  code: 'expr/not-weighted',
  severity: 'error',
  message: ({ name, weights }) => `\`${name}\` cannot weigh rows by \`${weights}\`.`,
  why: 'A number that counts each row once, in a clause that says rows count differently, would be read as weighted.',
  fix: () => 'Ask for a metric of a model on single rows, or put it into a clause of its own without `weights`.',
})

/** A time asked of what is not the staged candidate. */
export const timingNeeds = defineDiagnostic<{
  readonly name: string
  readonly relation: string
  readonly fix: string
}>({
  code: 'expr/timing-needs',
  severity: 'error',
  message: ({ name, relation }) => `\`${name}\` is measured on the staged candidate, not on \`${relation}\`.`,
  why: 'A model that is run offline answers at another pace than one behind a server and its guard.',
  fix: ({ fix }) => fix,
})

/** A column whose type the function does not take. */
export const columnType = defineDiagnostic<{
  readonly name: string
  readonly column: string
  readonly type: string
  readonly accepts: readonly string[]
}>({
  code: 'expr/column-type',
  severity: 'error',
  message: ({ name, column, type }) => `\`${name}\` does not take \`${column}\`, which is ${type}.`,
  why: ({ name, accepts }) => `\`${name}\` is defined for columns of type ${accepts.join(', ')}.`,
  fix: 'Name another column or another function.',
})

/** A value argument outside its range. */
export const valueRange = defineDiagnostic<{
  readonly name: string
  readonly value: string
  readonly low: number
  readonly high: number
}>({
  code: 'expr/value-range',
  severity: 'error',
  message: ({ name, value, low, high }) => `\`${name}\` takes a number between ${low} and ${high}, not ${value}.`,
  why: 'Outside of it the function is not defined.',
  fix: ({ value, high }) =>
    high === 1 && Number(value) > 1 && Number(value) <= 100
      ? `Write ${Number(value) / 100}.`
      : 'Choose a value inside.',
})

/** `max_over`, `ratio_across`, … not used as they are meant. */
export const macroShape = defineDiagnostic<{
  readonly name: string
  readonly problem: string
  readonly example: string
}>({
  code: 'expr/macro-shape',
  severity: 'error',
  message: ({ name, problem }) => `\`${name}\` ${problem}.`,
  why: 'It stands for one measurement per column or per group, written out before anything is measured.',
  fix: ({ example }) => `Write it like \`${example}\`.`,
})

/** `columns` stands for nothing. */
export const noColumns = defineDiagnostic<{
  readonly relations: readonly string[]
  readonly skipped: readonly string[]
}>({
  code: 'expr/no-columns',
  severity: 'error',
  message: () => '`columns` stands for no column here.',
  why: ({ relations, skipped }) =>
    skipped.length === 0
      ? `\`columns\` are those present in ${relations.join(' and ')}, without key, label, split and outputs.`
      : `The function accepts none of ${skipped.join(', ')}.`,
  fix: 'Name relations that share columns, or a function that accepts their types.',
})

/** Groups that are not declared. */
export const noGroups = defineDiagnostic<{ readonly name: string; readonly column: string }>({
  code: 'expr/no-groups',
  severity: 'error',
  message: ({ name, column }) => `\`${name}\` needs a column with declared groups; \`${column}\` has fewer than two.`,
  why: 'Groups come from the spec, not from the data, so that an absent group is noticed.',
  fix: ({ column }) => `Declare \`${column}\` as a category with its values, or as boolean.`,
})
