import type { Term } from '../expr/must.ts'
import { boxesError } from './numbers/boxes.ts'
import { calibrationError, calibrationExcess } from './numbers/calibration.ts'
import { isClassMetric, scaledClasses } from './numbers/class-matrix.ts'
import { decisionError, type ScaledDecisions } from './numbers/decisions.ts'
import { isMatrixMetric, scaledMatrix } from './numbers/matrix.ts'
import { meanAreaError } from './numbers/mean-areas.ts'
import type { KnownError } from './numbers/normal-effect.ts'
import { averagePrecisionError, isTopMetric, topError } from './numbers/ranked.ts'
import type { RowCount } from './rows-at-hand.ts'
import { wayOf } from './ways.ts'

/** The classes of a matrix beyond which no decision is tried: its cells are resampled hundreds of times. */
export const MOST_CLASSES = 40
/** Share of the rows of each kind that a usual decision is wrong of, where two are compared. */
const USUAL_WRONG = 0.2

/**
 * The standard error of a number as it follows from rows and value; a text says why there is none. Of decisions it is that of one that is wrong of a
 * fifth of the rows of each kind, whatever the value.
 */
export function knownErrorOf(term: Term, count: RowCount): KnownError | string {
  const { fn } = term
  const { rows, positives } = count
  const [share] = term.args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []))
  const way = wayOf(fn)
  if (way.kind === 'decision') return decisionErrorOf(term, count)
  if (way.kind === 'mean-area') {
    const classes = [...(count.classes?.values() ?? [])]
    if (classes.length < 2 || classes.some((own) => own < 2)) return TOO_FEW_OF_CLASS
    return meanAreaError(classes, rows, way.average)
  }
  if (fn === 'detection_map' || fn === 'detection_map_at') {
    const [image] = term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
    const boxes = count.boxes?.get(image ?? '')?.filter((each) => each.boxes > 0)
    return boxes === undefined || boxes.length === 0 ? 'there is no true box' : boxesError(boxes)
  }
  if (fn === 'multilabel_f1_micro' || fn === 'multilabel_f1_macro') return labelsError(term, count)
  if (positives === undefined) return 'rows with a positive label are not known'
  if (positives < 1 || positives >= rows) return 'all rows have one label'
  if (fn === 'average_precision') return averagePrecisionError(positives)
  if (isTopMetric(fn) && share !== undefined && share > 0 && share <= 1) return topError(fn, share, rows, positives)
  const error = calibrationError(rows, positives)
  if (fn === 'calibration_bias')
    return {
      error: () => error,
      range: { low: -1, high: 1 },
      usual: 0,
      given: 'of a score that is about calibrated',
      atMost: true,
    }
  if (fn === 'calibration_error') {
    // Each measured one is too great by as much, and so are its resamples.
    const excess = calibrationExcess(rows, positives)
    return { error: () => error + excess, range: { low: 0, high: 1 }, usual: 0.1, atMost: true }
  }
  return 'its standard error is not known'
}

const TOO_FEW_OF_CLASS = 'a class has fewer than two rows'

/** The decisions that the rows at hand may bring; a text says why none are tried. */
export function decisionsOf({ fn, args }: Term, { rows, positives, classes }: RowCount): ScaledDecisions | string {
  const sizes = [...(classes?.values() ?? [])]
  if (positives === undefined && isClassMetric(fn) && sizes.length > 0) {
    if (sizes.length > MOST_CLASSES) return `of more than ${MOST_CLASSES} classes no decision is tried`
    return sizes.some((own) => own < 1) ? 'a class has no row' : scaledClasses(fn, sizes)
  }
  if (positives === undefined || !isMatrixMetric(fn)) return 'rows of each label are not known'
  const [argument] = args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []))
  return scaledMatrix(fn, positives, rows - positives, argument) ?? TOO_FEW_OF_CLASS
}

function decisionErrorOf(term: Term, count: RowCount): KnownError | string {
  const decisions = decisionsOf(term, count)
  if (typeof decisions === 'string') return decisions
  const own = decisions.of(decisions.rows)
  const found = decisionError(own, USUAL_WRONG)
  if (found === undefined) return 'so few rows have no interval'
  const { value, error } = found
  const given = `about ${value.toFixed(2)}, wrong as often of each label`
  return { error: () => error, range: own.range, usual: value, given, atMost: false }
}

/**
 * F1 = 2 J / (1 + J) of the share J of pairs of row and label that are in both sets among those in either; of the latter there are as many as true ones at least,
 * and those of a row go together wholly at most. Of the mean over labels the one with fewest true rows counts.
 */
function labelsError({ fn, args }: Term, { trues }: RowCount): KnownError | string {
  const labels = args.flatMap((arg, i) => (arg.kind === 'column' && i % 2 === 0 ? [trues?.get(arg.name) ?? 0] : []))
  const units =
    fn === 'multilabel_f1_macro'
      ? Math.min(...labels)
      : labels.reduce((sum, own) => sum + own, 0) / Math.max(1, labels.length)
  if (!(units >= 1)) return 'a label is true of no row'
  return {
    error: (value) => {
      const both = value / (2 - value)
      return (2 / (1 + both) ** 2) * Math.sqrt((both * (1 - both)) / units)
    },
    range: { low: 0, high: 1 },
    usual: 0.8,
    given: 'were no label answered that is not true, labels of a row right or wrong together',
    atMost: true,
  }
}
