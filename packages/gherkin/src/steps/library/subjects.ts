import { featureDiagnostics as catalog, type Located, nearestName } from '@plumbline/core'
import { derived, type PlacedText } from '../../text/placed-text.ts'
import { datasetOf, modelOf, nameOf, refuse, type Scene } from '../scene.ts'

/** The relation that data steps are asked of: the scenario's, else the only dataset. */
export function dataRelation(scene: Scene): Located<string> | undefined {
  if (scene.subject.relation !== undefined || scene.subject.failed) return scene.subject.relation
  const [only, ...more] = scene.spec.data.keys()
  if (only !== undefined && more.length === 0) return { value: only, span: scene.span }
  const fix = `Write \`Given dataset ${only ?? 'accounts'}\`.`
  return refuse(scene, catalog.noSubject, scene.span, { what: 'dataset', fix })
}

/** The model that steps are asked of: the scenario's, else the champion, else the only one. */
export function subjectModel(scene: Scene): Located<string> | undefined {
  if (scene.subject.model !== undefined || scene.subject.failed) return scene.subject.model
  const [only = '', ...more] = scene.spec.models.keys()
  if (scene.spec.models.has('champion')) return { value: 'champion', span: scene.span }
  if (only !== '' && more.length === 0) return { value: only, span: scene.span }
  return refuse(scene, catalog.noSubject, scene.span, { what: 'model', fix: 'Write `Given model champion`.' })
}

/** `test` → `champion.test`; a relation named in full stays what it is. */
export function rowsOf(scene: Scene, split: PlacedText): Located<string> | undefined {
  const { value, span } = nameOf(split)
  if (value === 'requests' || value.includes('.') || scene.spec.data.has(value)) {
    const [first = ''] = value.split('.')
    const model = scene.spec.data.has(first) ? subjectModel(scene) : undefined
    // A dataset has no metrics; its rows with the answers of the model have.
    if (scene.spec.data.has(first)) return model && { value: answersOn(scene, model.value, value), span }
    return { value, span }
  }
  const model = subjectModel(scene)
  return model && { value: `${model.value}.${value}`, span }
}

function answersOn(scene: Scene, model: string, data: string): string {
  const from = modelOf(scene.spec, model)?.input?.from.value
  const [dataset = '', split] = data.split('.')
  if (dataset === from) return split === undefined ? model : `${model}.${split}`
  return `${model}.${data}`
}

/** The rows that metrics are asked of where the step does not say. */
export function subjectRows(scene: Scene): Located<string> | undefined {
  if (scene.subject.rows !== undefined || scene.subject.failed) return scene.subject.rows
  const model = scene.subject.model?.value ?? 'champion'
  return refuse(scene, catalog.noSubject, scene.span, {
    what: 'rows',
    fix: `Write \`Given model ${model} on test\`.`,
  })
}

/** The data relation a name stands for beside another one: `train` → `accounts.train`. */
export function besides(scene: Scene, split: PlacedText, relation: string): Located<string> {
  const { value, span } = nameOf(split)
  const [first = ''] = value.split('.')
  if (scene.spec.data.has(first) || scene.spec.models.has(first) || value === 'requests') return { value, span }
  const from = scene.spec.models.has('champion') ? modelOf(scene.spec, 'champion')?.input?.from.value : undefined
  const [owner = ''] = relation === 'requests' ? [from] : relation.split('.')
  return { value: `${owner}.${value}`, span }
}

/** The dataset a step names; reported where the spec has none of that name. */
export function knownDataset(scene: Scene, name: PlacedText): Located<string> | undefined {
  const { value, span } = nameOf(name)
  const [first = '', split] = value.split('.')
  const dataset = scene.spec.data.get(first)
  if (dataset !== undefined && (split === undefined || dataset.splits.has(split))) return { value, span }
  const known = [...scene.spec.data].flatMap(([each, { splits }]) => [
    each,
    ...[...splits.keys()].map((s) => `${each}.${s}`),
  ])
  const near = nearestName(value, known)
  return refuse(scene, catalog.disagrees, span, {
    problem: `The spec declares no dataset \`${value}\`.`,
    fix: near === undefined ? `Declared: ${known.slice(0, 12).join(', ')}.` : `Did you mean \`${near}\`?`,
  })
}

/** The model a step names; reported where the spec has none of that name. */
export function knownModel(scene: Scene, name: PlacedText): Located<string> | undefined {
  const { value, span } = nameOf(name)
  if (modelOf(scene.spec, value) !== undefined) return { value, span }
  const known = [...scene.spec.models.keys()]
  const near = nearestName(value, known)
  return refuse(scene, catalog.disagrees, span, {
    problem: `The spec declares no model \`${value}\`.`,
    fix: near === undefined ? `Declared: ${known.join(', ') || 'none'}.` : `Did you mean \`${near}\`?`,
  })
}

/** The column that says when a row happened: the `time` of the dataset, else its only timestamp. */
export function timeOf(scene: Scene, relation: string): PlacedText | undefined {
  const dataset = datasetOf(scene.spec, relation)
  const stamps = [...(dataset?.columns.values() ?? [])].filter(({ type }) => type.value === 'timestamp')
  const name = dataset?.time?.value ?? (stamps.length === 1 ? stamps[0]?.name : undefined)
  if (name !== undefined) return derived(JSON.stringify(name), scene.span)
  return refuse(scene, catalog.noSubject, scene.span, {
    what: 'time',
    fix: `Name the column of time of ${dataset?.name ?? relation} in the spec: \`time: …\`.`,
  })
}
