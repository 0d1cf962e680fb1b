import { type ClauseSource, featureDiagnostics as catalog, type Located } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { cel, nameOf, refuse, type Scene } from '../scene.ts'
import type { StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { directed, metricOf, must, namesMetric } from './clauses.ts'
import { knownModel, rowsOf, subjectModel, subjectRows } from './subjects.ts'
import { type Bound, boundOf, bytesOf, compared, durationOf, listOf, numberText } from './values.ts'

const { state } = inArea('metrics')

type SliceUse = ClauseSource['slices'][number]

/** `young`, or `by education`. */
function sliceOf(written: PlacedText): SliceUse {
  const by = /^(?:by|each) (.+)$/s.exec(written.text)
  const { value: name, span } = nameOf(by === null ? written : derived(by[1] ?? '', written.span))
  return { value: by === null ? { kind: 'named', name } : { kind: 'by', column: name }, span }
}

/** Each slice keeps a bound exactly when the worst does: one that says the worst may be no worse. */
function boundsTheWorst(scene: Scene, better: 'higher' | 'lower', bound: Bound): boolean {
  const allowed = better === 'higher' ? ['>', '>='] : ['<', '<=']
  if (bound.comparisons.every(({ operator }) => allowed.includes(operator))) return true
  const expects = better === 'higher' ? 'a lower bound, such as at least 0.7' : 'an upper bound, such as at most 0.2'
  refuse(scene, catalog.badArgument, bound.written.span, { text: bound.written.text, expects })
  return false
}

/** A bound on time in milliseconds, as `latency_ms` measures it. */
function millis(scene: Scene, written: PlacedText): PlacedText | undefined {
  const micros = durationOf(scene, written)
  if (micros === undefined) return undefined
  const text = micros % 1000n === 0n ? String(micros / 1000n) : String(Number(micros) / 1000)
  return derived(text, written.span)
}

function onRows(scene: Scene, measured: PlacedText, rows: Located<string> | undefined, written: PlacedText) {
  const metric = metricOf(scene, measured)
  const bound = boundOf(scene, written)
  return metric && rows && bound && { metric, rows, bound }
}

/** What a model is worth. */
export const metricSteps: readonly StepPattern[] = [
  state(
    '{metric} on {split} is {bound}',
    {
      number: 24,
      topic: 'metric',
      estimates: true,
      example: 'Then roc_auc on test is at least 0.7',
      doc: 'The metric on a split, or on `requests`.',
    },
    (scene, measured, split, written) => {
      const asked = measured && split && written && onRows(scene, measured, rowsOf(scene, split), written)
      return asked && must(asked.rows, compared(scene, asked.metric.call(), asked.bound))
    },
  ),
  state(
    '{metric} is {bound}',
    {
      number: 24,
      topic: 'metric',
      estimates: true,
      example: 'Then roc_auc is at least 0.7',
      doc: 'The same, on the rows that the scenario names (`Given model champion on test`).',
      reads: ([metric = '']) => namesMetric(metric),
    },
    (scene, measured, written) => {
      const asked = measured && written && onRows(scene, measured, subjectRows(scene), written)
      return asked && must(asked.rows, compared(scene, asked.metric.call(), asked.bound))
    },
  ),
  state(
    ['{metric} for slice {slice} is {bound}', '{metric} for slice {slice} on {split} is {bound}'],
    {
      number: 25,
      topic: 'slice',
      estimates: true,
      example: 'Then roc_auc for slice young is at least 0.65',
      doc: 'The metric on the rows of a slice; `by education` asks it of each value.',
    },
    (scene, measured, slice, ...rest) => {
      const [split, written] = rest.length > 1 ? rest : [undefined, rest[0]]
      if (measured === undefined || slice === undefined || written === undefined) return undefined
      const rows = split === undefined ? subjectRows(scene) : rowsOf(scene, split)
      const asked = onRows(scene, measured, rows, written)
      return asked && must(asked.rows, compared(scene, asked.metric.call(), asked.bound), { slices: [sliceOf(slice)] })
    },
  ),
  state(
    'worst-slice {metric} over {cols} is {bound}',
    {
      number: 26,
      topic: 'worst-slice',
      estimates: true,
      example: 'Then worst-slice roc_auc over education is at least 0.66',
      doc: 'The metric on each value of each column, judged as one family (Holm): the worst keeps the bound when each does.',
    },
    (scene, measured, columns, written) => {
      const asked = measured && written && onRows(scene, measured, subjectRows(scene), written)
      if (asked === undefined || columns === undefined) return undefined
      const better = directed(scene, asked.metric)
      if (better === undefined || !boundsTheWorst(scene, better, asked.bound)) return undefined
      const slices = listOf(columns).map((each): SliceUse => {
        const { value: column, span } = nameOf(each)
        return { value: { kind: 'by', column }, span }
      })
      return must(asked.rows, compared(scene, asked.metric.call(), asked.bound), { slices })
    },
  ),
  state(
    'expected calibration error is {bound}',
    {
      number: 27,
      topic: 'calibration',
      estimates: true,
      example: 'Then expected calibration error is at most 0.03',
      doc: 'The distance of scores from frequencies, over ten bins of equal mass.',
    },
    (scene, written) => {
      const rows = subjectRows(scene)
      const bound = written && boundOf(scene, written)
      return rows && bound && must(rows, compared(scene, cel(scene)`calibration_error()`, bound))
    },
  ),
  state(
    [
      '{metric} is not worse than {model} by more than {number}',
      '{metric} on {split} is not worse than {model} by more than {number}',
    ],
    {
      number: 28,
      topic: 'not-worse',
      estimates: true,
      example: 'Then roc_auc is not worse than scorecard by more than 0.01',
      doc: 'The metric beside that of another model on the same rows, with one paired interval.',
    },
    (scene, measured, ...rest) => {
      const [split, model, number] = rest.length > 2 ? rest : [undefined, ...rest]
      if (measured === undefined || model === undefined || number === undefined) return undefined
      const rows = split === undefined ? subjectRows(scene) : rowsOf(scene, split)
      const metric = metricOf(scene, measured)
      const other = knownModel(scene, model)
      const margin = numberText(scene, number)
      const better = metric && directed(scene, metric)
      if (rows === undefined || metric === undefined || other === undefined || margin === undefined) return undefined
      const theirs = metric.call(derived(other.value, other.span))
      const [own, worse] = [metric.call(), better === 'higher' ? '-' : '+']
      const condition = cel(scene)`${own} ${better === 'higher' ? '>=' : '<='} ${theirs} ${worse} ${margin}`
      return better && must(rows, condition)
    },
  ),
  state(
    'p{count} latency is {duration-bound}',
    {
      number: 29,
      topic: 'latency',
      example: 'Then p99 latency is at most 50ms',
      doc: 'A quantile of the time to one answer of the staged candidate.',
    },
    (scene, percentile, written) => {
      const bound = written && boundOf(scene, written, millis)
      if (bound === undefined || percentile === undefined) return undefined
      const share = numberText(scene, derived(`${percentile.text}%`, percentile.span))
      const of = { value: 'release', span: scene.span }
      return share && must(of, compared(scene, cel(scene)`latency_ms(${share})`, bound))
    },
  ),
  state(
    'model size is {size-bound}',
    {
      number: 30,
      topic: 'size',
      example: 'Then model size is at most 10 MB',
      doc: 'Bytes of the file of the model: kB, MB and GB are thousands, KiB, MiB and GiB 1024s.',
    },
    (scene, written) => {
      const model = subjectModel(scene)
      const bound = written && boundOf(scene, written, bytesOf)
      return model && bound && must(model, compared(scene, cel(scene)`model_bytes()`, bound))
    },
  ),
]
