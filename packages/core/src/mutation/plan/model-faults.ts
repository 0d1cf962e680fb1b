import type { Program, ProgramModel } from '../../clause/program.ts'
import type { ModelFault, ModelOperator } from '../fault.ts'

/** Log odds by which a threshold is off: 1 takes a probability of 0.5 to 0.73. */
const SHIFT = 1
/** Factor on the log odds of an over-confident model. */
const SHARPENING = 3

/** Share of the light of a picture that is scaled wrongly. */
const DIMMED = 0.1

type Draft = Omit<ModelFault, 'group' | 'operator' | 'model' | 'id'>

/** Every fault that can be planted in the model in the role `champion`, by operator. */
export function modelFaultsOf(program: Program): ReadonlyMap<ModelOperator, readonly ModelFault[]> {
  const model = program.models.find(({ name }) => name === 'champion')
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  if (model === undefined || dataset === undefined) return new Map()
  const inputs = dataset.columns.filter(({ name }) => model.input.includes(name))
  const numbers = inputs.filter(
    ({ type, values }) =>
      values === undefined && type.kind !== 'string' && type.kind !== 'bool' && type.kind !== 'image',
  )
  const images = inputs.filter(({ type }) => type.kind === 'image')
  const categories = inputs.filter(({ values }) => (values?.length ?? 0) >= 2)
  const others = otherModels(program, model)
  const drafts = new Map<ModelOperator, readonly Draft[]>()
  drafts.set(
    'wrong-checkpoint',
    others.length > 0
      ? others.map((instead) => ({
          columns: [],
          instead,
          says: `the file of \`${instead}\` is in the place of the model`,
        }))
      : [UNTRAINED],
  )
  drafts.set(
    'feature-order',
    numbers.flatMap((column, i) => {
      const next = numbers[i + 1]
      if (next === undefined || next.type.kind !== column.type.kind) return []
      return [
        {
          columns: [column.name, next.name],
          says: `the model is given ${column.name} for ${next.name} and the reverse`,
        },
      ]
    }),
  )
  drafts.set('missing-preprocessing', [
    ...numbers.map(({ name }) => ({
      columns: [name],
      says: `the model is given ${name} standardised (mean 0, deviation 1), as it never learned it`,
    })),
    ...images.map(({ name }) => ({
      columns: [name],
      amount: DIMMED,
      says: `the model is given ${name} at a tenth of its light, as where its values are scaled in another way than it learned`,
    })),
  ])
  if (model.score !== undefined) {
    drafts.set(
      'threshold-shift',
      [SHIFT, -SHIFT].map((amount) => ({
        columns: [],
        amount,
        says: `every score is ${amount > 0 ? 'too high' : 'too low'} by ${SHIFT} in log odds, so that the threshold is off`,
      })),
    )
    drafts.set('over-confident', [
      {
        columns: [],
        amount: SHARPENING,
        says: `every score is ${SHARPENING} times as far from even odds (in log odds)`,
      },
    ])
  }
  drafts.set(
    'constant-on-slice',
    categories.flatMap(({ name, values }) =>
      (values ?? []).map(({ code }) => ({
        columns: [name],
        code,
        says: `where ${name} = ${String(code)} the ${model.score === undefined ? 'answer' : 'score'} is always the same`,
      })),
    ),
  )
  return new Map(
    [...drafts].map(([operator, list]) => [operator, list.map((draft) => finished(model, operator, draft))]),
  )
}

function finished({ name }: ProgramModel, operator: ModelOperator, draft: Draft): ModelFault {
  const parts = [draft.instead, ...draft.columns, draft.code, draft.amount].filter((part) => part !== undefined)
  const id = `${operator} ${[name, ...parts].map(String).join('.')}`
  return { group: 'model', operator, model: name, id, ...draft }
}

/** Where no other file is known: one whose answers are those of other rows, as before anything was learned. */
const UNTRAINED: Draft = {
  columns: [],
  says: 'an untrained file is in the place of the model: it deals out its answers at random',
}

/** Models that answer the same outputs from the same inputs. */
function otherModels({ models }: Program, model: ProgramModel): readonly string[] {
  return models
    .filter(({ name }) => name !== model.name && name !== 'challenger')
    .filter(({ from, input }) => from === model.from && input.every((column) => model.input.includes(column)))
    .map(({ name }) => name)
}
