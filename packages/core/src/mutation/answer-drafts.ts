import { judgedRelations } from '../clause/judged-relations.ts'
import type { Program, ProgramModel } from '../clause/program.ts'
import { asNumber, bonds, codeText, columnText, isWord, slug } from './draft-text.ts'
import type { Fault, ModelFault, ServingFault } from './fault.ts'
import { type Draft, quoted, type WrittenDraft } from './propose.ts'

/** Numbers that a model's answers have on labelled rows, by what it is for. */
const METRICS: Readonly<Record<ProgramModel['task'], readonly (readonly [id: string, says: string, term: string])[]>> =
  {
    'binary-classification': [
      ['ranks', 'It ranks as well as it did.', 'roc_auc()'],
      ['flags-as-often', 'As many are flagged as before.', 'positive_rate()'],
      ['calibrated', 'A score can be read as a probability.', 'calibration_error()'],
      ['unbiased', 'Scores are right on average.', 'calibration_bias()'],
      ['near', 'Scores are as near to the labels as they were.', 'brier()'],
      ['right', 'It decides as often rightly as it did.', 'accuracy()'],
    ],
    'multiclass-classification': [
      ['right', 'It answers as often rightly as it did.', 'accuracy()'],
      ['finds-each', 'It finds each class as often as it did.', 'recall_macro()'],
    ],
    regression: [
      ['near', 'It is as near to the label as it was.', 'mae()'],
      ['unbiased', 'It is right on average.', 'mean_error()'],
      ['explains', 'It explains as much as it did.', 'r2()'],
    ],
  }

/** The first metric that speaks of each fault of a model. */
const FIRST: Partial<Record<ModelFault['operator'], string>> = {
  'threshold-shift': 'flags-as-often',
  'over-confident': 'calibrated',
  'constant-on-slice': 'calibrated',
}

/** Numbers of a model's answers, the one that speaks of the fault first. */
export function draftsForModel(program: Program, fault: ModelFault): readonly Draft[] {
  const { model, operator } = fault
  const first = slug(`${model}-${FIRST[operator] ?? ''}`)
  return [
    ...metricDrafts(program, model).toSorted((a, b) => Number(b.id === first) - Number(a.id === first)),
    ...scoreDrafts(program, fault),
  ]
}

/** How the answers are distributed, all of them and those on a slice, and how they go with what is at fault. */
function scoreDrafts(program: Program, { model: name, columns, code }: ModelFault): readonly Draft[] {
  const model = program.models.find((each) => each.name === name)
  const output = model?.outputs.find((each) => each.name === (model.score ?? model.amount))
  if (model === undefined || output === undefined) return []
  const of = testedRelation(program, model)
  const answer = columnText(output)
  const draft = (id: string, says: string, term: string): Draft => ({
    id: slug(`${name}-${id}`),
    says,
    of,
    form: 'must',
    term,
  })
  const inputs = program.datasets.find((each) => each.name === model.from)?.columns ?? []
  const given = columns.flatMap((column) => inputs.find((each) => each.name === column) ?? [])
  const [slice] = given
  return [
    ...(slice === undefined || code === undefined
      ? []
      : [
          draft(
            `level-on-${slice.name}-${String(code)}`,
            `Answers on ${slice.name} = ${String(code)} are of the order they were.`,
            `mean(${columnText(slice)} == ${codeText(code)} ? ${answer} : 0.0)`,
          ),
          draft(
            `width-on-${slice.name}-${String(code)}`,
            `Answers on ${slice.name} = ${String(code)} are spread as they were.`,
            `stddev(${columnText(slice)} == ${codeText(code)} ? ${answer} : 0.0)`,
          ),
        ]),
    draft('level', 'Answers are of the order they were.', `mean(${answer})`),
    draft('width', 'Answers are spread as they were.', `stddev(${answer})`),
    draft('top', 'The upper end of the answers is where it was.', `quantile(${answer}, 0.9)`),
    draft('bottom', 'The lower end of the answers is where it was.', `quantile(${answer}, 0.1)`),
    ...given.flatMap((column) => {
      const own = asNumber(column)
      if (own === undefined) return []
      const says = `Answers go with ${column.name} as they did.`
      return [draft(`goes-with-${column.name}`, says, `correlation(${answer}, ${own})`)]
    }),
  ]
}

/** Metrics of a model on the rows that most clauses ask about. */
export function metricDrafts(program: Program, name: string): readonly Draft[] {
  const model = program.models.find((each) => each.name === name)
  if (model === undefined) return []
  const of = testedRelation(program, model)
  return METRICS[model.task].map(([id, says, term]) => ({ id: slug(`${name}-${id}`), says, of, form: 'must', term }))
}

/** Numbers of what a served model is given, and of its answers once there are labels. */
export function draftsForServing(program: Program, fault: ServingFault): readonly Draft[] {
  const reference = program.datasets.find((each) => each.name === fault.dataset)
  const column = reference?.columns.find((each) => each.name === fault.columns[0])
  if (reference === undefined || column === undefined) return []
  const [split] = reference.splits
  const of = split === undefined ? reference.name : `${reference.name}.${split.name}`
  const always = (id: string, says: string, term: string): Draft => ({
    id: slug(`requests-${id}`),
    says,
    of: 'requests',
    form: 'always',
    term,
  })
  const { name } = column
  const cell = columnText(column)
  const champion = program.models.find((each) => each.name === 'champion')
  const distributed = `${name} of the requests is distributed as in ${of}.`
  return [
    always(`${name}-stable`, distributed, `psi(${cell}, ${of})`),
    ...(column.values === undefined && (column.type.kind === 'int' || column.type.kind === 'double')
      ? [always(`${name}-near`, distributed, `ks(${cell}, ${of})`)]
      : []),
    // A value that is another request's is distributed as it should be; only what it goes with shows it, and the labels.
    ...bonds(reference, column, always),
    ...(program.monitor?.labels === undefined || champion === undefined
      ? []
      : METRICS[champion.task].map(([id, says, term]) => always(`${id}-in-production`, says, term))),
  ]
}

/** Other models' files may answer otherwise as an input rises, or where a category changes; more inputs than these are not tried. */
const MOST_INPUTS = 3

/**
 * What could hold of the model on all inputs and not of the file in its place: that it rises, or falls, with an input, or takes no heed of one. Which of it
 * holds shows when it is asked. Empty where no other file is in place: behind a fault nothing is proved.
 */
export function writtenDraftsFor(program: Program, fault: Fault): readonly WrittenDraft[] {
  if (fault.group !== 'model' || fault.instead === undefined) return []
  const model = program.models.find(({ name }) => name === fault.model)
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  const answer = model?.score ?? model?.amount
  if (model === undefined || dataset === undefined || answer === undefined || !isWord(answer)) return []
  const inputs = model.input.flatMap((name) => dataset.columns.find((each) => each.name === name) ?? [])
  const draft = (id: string, says: string, forall: string, to: string, holds: string): WrittenDraft => ({
    id: slug(`${model.name}-${id}`),
    lines: [
      `says: ${quoted(says)}`,
      `of: ${model.name}`,
      `forall: ${forall}`,
      `let: { y: ${quoted(to)} }`,
      `holds: ${quoted(holds)}`,
    ],
  })
  const numbers = inputs.filter(
    ({ name, type, values }) => isWord(name) && values === undefined && STEPS[type.kind] !== undefined,
  )
  const codes = inputs.filter(({ name, values }) => isWord(name) && values !== undefined)
  const answers = (op: string): string => `${model.name}(y).${answer} ${op} ${model.name}(x).${answer}`
  return [
    ...numbers.slice(0, MOST_INPUTS).flatMap(({ name, type }) => {
      const to = `x.with({'${name}': x.${name} + ${STEPS[type.kind] ?? ''}})`
      const all = `{ x: ${dataset.name} }`
      return [
        draft(
          `rises-with-${name}`,
          `Nothing else changed, more ${name} never lowers the answer.`,
          all,
          to,
          answers('>='),
        ),
        draft(
          `falls-with-${name}`,
          `Nothing else changed, more ${name} never raises the answer.`,
          all,
          to,
          answers('<='),
        ),
      ]
    }),
    ...codes
      .slice(0, MOST_INPUTS)
      .map(({ name }) =>
        draft(
          `heeds-no-${name}`,
          `Nothing else changed, ${name} changes no answer.`,
          `{ x: ${dataset.name}, s: ${dataset.name}.columns.${name} }`,
          `x.with({'${name}': s})`,
          answers('=='),
        ),
      ),
  ]
}

/** What one more of an input is. */
const STEPS: Readonly<Record<string, string>> = { int: '1', double: '1.0' }

/** The relation of the model that most clauses ask about; where none does, its rows that were not learned from. */
function testedRelation(program: Program, { name: model, from }: ProgramModel): string {
  const [asked] = judgedRelations(program, model)
  if (asked !== undefined) return asked.name
  const splits = program.datasets.find(({ name }) => name === from)?.splits.map(({ name }) => name) ?? []
  const split = splits.find((name) => name === 'test') ?? splits.find((name) => name !== 'train')
  return split === undefined ? model : `${model}.${split}`
}
