import { featureDiagnostics as catalog } from '@plumbline/core'
import { nameOf, refuse, type Scene } from '../scene.ts'
import type { StepPattern } from '../step-pattern.ts'
import { knownDataset, knownModel, rowsOf } from './subjects.ts'
import type { PlacedText } from '../../text/placed-text.ts'

const subject = (
  expressions: StepPattern['expressions'],
  example: string,
  doc: string,
  set: (scene: Scene, args: readonly PlacedText[]) => void,
  number?: number,
): StepPattern => ({
  ...(number === undefined ? {} : { number }),
  area: 'subject',
  expressions,
  example,
  doc,
  topic: 'subject',
  meaning: {
    kind: 'subject',
    set: (scene, args) => {
      let failed = false
      const report: Scene['report'] = (d) => {
        failed = true
        scene.report(d)
      }
      set({ ...scene, report }, args)
      if (failed) scene.about({ failed: true })
    },
  },
})

/** Steps that say what a scenario is about. */
export const subjectSteps: readonly StepPattern[] = [
  subject(
    ['dataset {dataset} from {source}'],
    'Given dataset accounts from data/accounts.csv',
    'What follows is asked of a dataset of the spec, which must be read from this file.',
    (scene, [name, source]) => {
      if (name === undefined || source === undefined) return
      const relation = knownDataset(scene, name)
      if (relation === undefined) return
      const of = scene.spec.data.get(relation.value.split('.')[0] ?? '')?.source.value
      const declared = of !== undefined && 'engine' in of ? of.table : of?.path
      const path = nameOf(source)
      if (declared !== path.value)
        refuse(scene, catalog.disagrees, path.span, {
          problem: `The spec reads \`${relation.value}\` from ${declared}, not from ${path.value}.`,
          fix: `Write ${declared}, or change the source in the spec.`,
        })
      scene.about({ relation })
    },
    1,
  ),
  subject(
    ['dataset {dataset}'],
    'Given dataset accounts.test',
    'What follows is asked of a dataset of the spec, or of one of its splits.',
    (scene, [name]) => {
      const relation = name === undefined ? undefined : knownDataset(scene, name)
      if (relation !== undefined) scene.about({ relation })
    },
  ),
  subject(
    ['model {model} on {split}'],
    'Given model champion on test',
    'Metrics that follow are asked of this model on these rows.',
    (scene, [name, split]) => {
      const model = name === undefined ? undefined : knownModel(scene, name)
      if (model === undefined || split === undefined) return
      scene.about({ model })
      const rows = rowsOf({ ...scene, subject: { model } }, split)
      if (rows !== undefined) scene.about({ relation: rows, rows })
    },
  ),
  subject(['model {model}'], 'Given model champion', 'What follows is asked of this model.', (scene, [name]) => {
    const model = name === undefined ? undefined : knownModel(scene, name)
    if (model !== undefined) scene.about({ model })
  }),
  subject(
    ['model {model} is trained with seed {count}'],
    'When model champion is trained with seed 7',
    'What follows is asked of this model; a stage of the pipeline must have a parameter `seed` of this value.',
    (scene, [name, seed]) => {
      const model = name === undefined ? undefined : knownModel(scene, name)
      if (model === undefined || seed === undefined) return
      const stages = [...(scene.spec.pipeline?.stages ?? [])]
      const seeds = stages.flatMap(([, { params }]) => params.get('seed') ?? [])
      if (!seeds.some((each) => String(each) === seed.text.replaceAll('_', '')))
        refuse(scene, catalog.disagrees, seed.span, {
          problem: `No stage of the pipeline has the seed ${seed.text}.`,
          fix:
            seeds.length === 0
              ? 'Give the stage that trains `params: { seed: … }` in the spec.'
              : `The spec has ${seeds.join(', ')}.`,
        })
      scene.about({ model })
    },
    19,
  ),
  subject(
    ['requests in production', 'the requests in production'],
    'Given requests in production',
    'What follows is asked of what production sees.',
    (scene) => {
      const requests = { value: 'requests', span: scene.span }
      scene.about({ relation: requests, rows: requests })
    },
  ),
]
