import { type Instance, type Program, stats, type Term } from '@plumbline/core'
import { termsOf } from '../decide/arithmetic.ts'
import { planMargin } from '../decide/margin.ts'
import { isEstimate } from '../decide/must.ts'
import { isBandTerm } from '../plan/bands-there.ts'
import { comparedTerm, isSampled } from '../plan/distance-terms.ts'
import { FEW_NUMBERS } from '../plan/estimates-there.ts'
import { LARGE } from '../plan/large-samples.ts'
import { isNormTerm } from '../plan/norms-there.ts'
import { isRowTerm, MOST_ROWS } from '../plan/samples.ts'

/** What of the rows of a database a clause has sent here, beside numbers about all of them and the failing rows that are shown. */
export interface FetchedValues {
  readonly clause: string
  /** `values`: distinct values of a column with how often each occurs. `rows`: cells row by row. */
  readonly fetches: 'values' | 'rows'
  /** Most values or rows, where there is a bound. */
  readonly most?: number
  readonly because: string
}

type Need = Omit<FetchedValues, 'clause'>

/** What an instance whose rows are in a database fetches of them, and why; each reason once. */
export function fetchedValues(instance: Instance, program: Program): readonly FetchedValues[] {
  const { clause, relation } = instance
  if (clause.form !== 'must') return []
  const { terms, comparisons } = clause.must
  const estimated = (index: number): boolean => {
    const term = terms[index]
    return term !== undefined && isEstimate(term)
  }
  const values = terms.map(() => 1)
  const joint = new Set(
    comparisons.flatMap((comparison) =>
      planMargin(comparison, estimated, values).kind === 'affine'
        ? []
        : [...termsOf(comparison.left), ...termsOf(comparison.right)].filter(estimated),
    ),
  )
  const found = terms.flatMap((term, index): readonly Need[] => {
    const own = needOf(term, joint.has(index), isElsewhere(program, relation, term))
    return [...(own === undefined ? [] : [own]), ...(joint.has(index) && isRowTerm(term) ? [ROW_BY_ROW] : [])]
  })
  const once = new Map(found.map((need) => [need.because, { clause: clause.id, ...need }]))
  return [...once.values()]
}

const ROW_BY_ROW: Need = {
  fetches: 'rows',
  most: MOST_ROWS,
  because: 'several estimates in one comparison are resampled row by row',
}

/** Whether a term compares with rows that the database of its relation does not hold. */
function isElsewhere(program: Program, relation: string, term: Term): boolean {
  const compared = comparedTerm(term)
  if (compared === undefined) return false
  const engineOf = (name: string): string | undefined => {
    const of = program.relations.find((each) => each.name === name)
    const dataset = of?.kind === 'data' ? program.datasets.find((each) => each.name === of.dataset) : undefined
    return dataset !== undefined && 'engine' in dataset.source ? dataset.source.engine.name : undefined
  }
  return engineOf(compared.reference) !== engineOf(relation)
}

function needOf(term: Term, resampled: boolean, elsewhere: boolean): Need | undefined {
  const { fn, expression } = term
  const counted = (because: string, most?: number): Need => ({
    fetches: 'values',
    ...(most === undefined ? {} : { most }),
    because: `\`${expression}\` ${because}`,
  })
  if (isSampled(fn)) {
    if (elsewhere) return counted('compares values with those of another place')
    if (isBandTerm(fn))
      return isEstimate(term)
        ? counted(
            'has a band that is resampled from its values; of more of them from counts of cells',
            stats.MOST_BAND_VALUES,
          )
        : undefined
    if (isNormTerm(fn))
      return counted('compares each value with each; more of them are rounded to a grid', stats.NORM_GRID)
    return fn === 'shift_auc' && resampled ? counted('is resampled together with others') : undefined
  }
  switch (fn) {
    case 'classifier_auc':
      return { fetches: 'rows', because: `\`${expression}\` trains a classifier, which learns from rows` }
    case 'variants':
    case 'new_variants':
      return counted('compares how texts are written')
    case 'median':
    case 'quantile':
      return isEstimate(term)
        ? counted('has an interval between two of its values; of more of them those around it are fetched', FEW_NUMBERS)
        : undefined
    case 'sum':
    case 'variance':
    case 'stddev':
      return isEstimate(term)
        ? counted(
            'has an interval that is resampled from its distinct values; of more of them it is made of moments',
            LARGE,
          )
        : undefined
    default:
      return undefined
  }
}
