import type { Aggregate, IntervalMethod } from '../../packages/core/src/expr/functions/aggregates.ts'
import { aggregates } from '../../packages/core/src/expr/functions/aggregates.ts'
import { type RowFunction, rowFunctions } from '../../packages/core/src/expr/functions/row-functions.ts'
import { typeName } from '../../packages/core/src/expr/type.ts'
import { code, page, table } from './markdown.ts'

/** What a metric needs, in words. */
const NEEDS = {
  decision: 'decision of a model',
  score: 'score of a model',
  amount: 'number a regression answers',
  timing: 'timing of a staged model',
  answer: 'class that a model of several answers',
  probabilities: 'probability of every class',
  order: 'order that a model puts rows in',
  ranges: 'decision of a model, in the order of a column',
  series: 'number a regression answers, in the order of a column',
  columns: 'columns named',
  texts: 'columns named',
  boxes: 'columns named',
  reference: 'score of a model, and for all but the area its decision',
  model: 'model itself',
} as const

const INTERVALS: Readonly<Record<IntervalMethod, string>> = {
  none: '–',
  wilson: 'Wilson score',
  t: "Student's t",
  'fisher-z': 'Fisher z',
  'order-statistics': 'order statistics',
  delong: 'DeLong, on the logit; paired between two models',
  bca: 'BCa bootstrap',
  'bootstrap-t': 'bootstrap-t, on the logarithm',
  'folded-normal': 'score interval of folded normals',
  'bootstrap-two-sample': 'bootstrap of both sides',
  'bootstrap-band': 'bootstrap band of both sides',
}
const SPEAKS: Readonly<Record<Aggregate['speaksOf'], string>> = {
  rows: 'the rows',
  'rows-or-population': 'the rows; the population with `confidence` or `sample`',
  population: 'the population',
}

function signature({ syntax, args, result }: RowFunction): string {
  const [first = '', ...rest] = args.map(typeName)
  const written = {
    operator: syntax.name.startsWith('[')
      ? `${first}${syntax.name.slice(0, -1)}${rest.join(', ')}]`
      : args.length === 1
        ? `${syntax.name}${first}`
        : `${first} ${syntax.name} ${rest.join(', ')}`,
    global: `${syntax.name}(${[first, ...rest].join(', ')})`,
    method: `${first}.${syntax.name}(${rest.join(', ')})`,
  }
  return `${written[syntax.kind]} → ${typeName(result)}`
}

function aggregateSignature(name: string, { args, variadic, expects, result }: Aggregate): string {
  const words = args.map((kind) => (kind === 'expr' ? `expr: ${expects ?? 'any'}` : kind))
  const list = [...words, ...(variadic === true ? ['…'] : [])].join(', ')
  return `${name}(${list}) → ${result === 'as-argument' ? 'as its argument' : result}`
}

function rowTable(kind: RowFunction['syntax']['kind']): string {
  const rows = Object.values(rowFunctions as Readonly<Record<string, RowFunction>>).filter(
    (f) => f.syntax.kind === kind,
  )
  return table(
    ['signature', 'meaning', 'version'],
    rows.map((f) => [code(signature(f)), f.doc, String(f.version)]),
  )
}

/** `docs/reference/functions.md`: the function table, as people read it. */
export function functionsPage(): string {
  const measured = Object.entries(aggregates as Readonly<Record<string, Aggregate>>)
  const rowsOf = (wanted: (a: Aggregate) => boolean): string =>
    table(
      ['signature', 'meaning', 'speaks of', 'interval', 'version'],
      measured
        .filter(([, a]) => wanted(a))
        .map(([name, a]) => [
          code(aggregateSignature(name, a)),
          `${a.doc}${a.needs === undefined ? '' : ` Needs the ${NEEDS[a.needs]}.`}${a.ofClasses === 'one' ? ' Of several classes: name one first.' : ''}`,
          SPEAKS[a.speaksOf],
          INTERVALS[a.interval],
          String(a.version),
        ]),
    )
  return page(
    'Functions',
    'packages/core/src/expr/functions/',
    'Conditions are CEL. An argument that is an error makes the result that error; reading a missing cell (null or NaN) is the error `missing`. `&&`, `||` and `? :` absorb errors as CEL defines. The version of a function is part of the digest of every clause that uses it.',
    '## Rows: functions and methods',
    rowTable('global'),
    rowTable('method'),
    "Beside these: `c == null`, `c != null`, `has(c)`, `x in [literals]`, `label(category)`, a quantity `q(216, 'month')` ([units](../language.md#units)), `text.matches('RE2 pattern')`; `cel.bind(x, value, body)`; over lists and maps `all(x, c)`, `exists(x, c)`, `exists_one(x, c)`, `filter(x, c)`, `map(x, e)`, `map(x, c, e)`, `sortBy(x, key)`, and with two variables (place and element, or key and value) `all`, `exists`, `existsOne`, `transformList`, `transformMap`, `transformMapEntry`; over optionals `or(o)`, `orValue(e)`, `optMap(x, e)`, `optFlatMap(x, o)`, `m.?field`, `m[?key]`, `[?o]`, `{?key: o}`.",
    '## Rows: operators',
    rowTable('operator'),
    '## Relations: aggregates (`must`)',
    'Kinds of argument: `column` a bare column, `expr` a row expression, `relation` a relation by name, `foreign` a column of it, `value` a number, `text` a text in quotes, `list` a list of numbers, of texts or of true and false, `class` a declared class of the label. Missing cells are skipped and counted.',
    rowsOf((a) => a.needs === undefined && !(a.args.includes('relation') && a.speaksOf === 'population')),
    '## Relations: distances between two samples',
    rowsOf((a) => a.needs === undefined && a.args.includes('relation') && a.speaksOf === 'population'),
    '## Relations: metrics of models',
    'Asked of a model relation (`champion.test`). Every one may name another model on the same rows: `roc_auc(champion)`; a comparison of the two is one paired interval.',
    rowsOf((a) => a.needs !== undefined),
    '## Macros',
    table(
      ['written', 'stands for'],
      [
        [
          '`min_over(columns, f)` `max_over(columns, f)`',
          'the least or greatest f over columns; `column` is bound in f',
        ],
        ['`all_over(columns, f)`', 'f holds for every column'],
        [
          '`ratio_across(c, f)`',
          'least divided by greatest f over the declared values of c; of several columns (`ratio_across(c, d, f)`) over each combination',
        ],
        [
          '`gap_across(c, f)`',
          'greatest minus least f over the declared values of c; of several columns over each combination',
        ],
      ],
    ),
  )
}
