import { modelOf } from '../../steps/scene.ts'
import type { Frame } from './frame.ts'
import type { Vocabulary } from './names.ts'
import type { SentenceReading } from './reading.ts'
import type { Term } from './terms.ts'

/** What a number is asked of, and the clause of it. */
export function about(
  { vocabulary, qualifiers }: Frame,
  term: Term,
  cel: string,
  modal: { readonly severity?: 'warn' },
): SentenceReading {
  const { on } = qualifiers
  const assumed: string[] = term.assumed === undefined ? [] : [term.assumed]
  const of = relationOfTerm(vocabulary, term, on, assumed)
  const topic =
    term.of === 'model' && term.topic[0] === 'metric' ? [...term.topic, of.split('.').at(-1) ?? ''] : term.topic
  const rows = qualifiers.leastRows === undefined ? cel : `count() >= ${qualifiers.leastRows} && ${cel}`
  return { asked: { form: 'must', of, cel: rows }, topic, qualifiers, assumed, ...modal }
}

function relationOfTerm({ spec, split }: Vocabulary, term: Term, on: string | undefined, assumed: string[]): string {
  const assume = (name: string): string => {
    assumed.push(`It is asked of ${name}, which the sentence does not name.`)
    return name
  }
  if (term.of === 'artifact') return term.model ?? 'champion'
  if (on === 'requests' || term.of === 'release') return term.of === 'release' ? 'release' : 'requests'
  if (term.of === 'requests') return on === undefined ? assume('requests') : withDataset(on, term.dataset, spec)
  if (term.of === 'data') {
    const [only] = spec.data.keys()
    const dataset = term.dataset ?? only ?? ''
    if (on !== undefined) return withDataset(on, dataset, spec)
    return term.dataset === undefined && spec.data.size > 1 ? assume(dataset) : dataset
  }
  const model = term.model ?? 'champion'
  const from = modelOf(spec, model === 'challenger' && !spec.models.has(model) ? 'champion' : model)?.input?.from.value
  if (on === undefined) {
    const own = spec.data.get(from ?? '')?.splits
    const held = split !== undefined && own?.has(split) === true ? split : heldOut([...(own?.keys() ?? [])])
    return assume(held === undefined ? model : `${model}.${held}`)
  }
  const [head = '', tail] = on.split('.')
  if (spec.models.has(head) || head === 'challenger') return on
  if (tail !== undefined && head === from) return `${model}.${tail}`
  return spec.data.has(head) && head === from ? model : `${model}.${on}`
}

/** The split of rows that a model has not learned from. */
export const heldOut = (splits: readonly string[]): string | undefined =>
  splits.find((name) => name === 'test') ?? splits.find((name) => name !== 'train')

/** The rows a name stands for, of a dataset where it is a split. */
export const withDataset = (on: string, dataset: string | undefined, spec: Vocabulary['spec']): string =>
  on.includes('.') || spec.data.has(on) || dataset === undefined ? on : `${dataset}.${on}`
