import type { Program } from '../../clause/program.ts'
import type { ServingFault, ServingOperator } from '../fault.ts'

/** Factor by which an input is off between training and serving. */
const SKEW = 1.5
/** Share of requests for which a value could not be had. */
const FILLED = 0.3

type Draft = Omit<ServingFault, 'group' | 'operator' | 'dataset' | 'id'>

/** Every fault that can be planted between a request and the model, by operator. */
export function servingFaultsOf(program: Program): ReadonlyMap<ServingOperator, readonly ServingFault[]> {
  const model = program.models.find(({ name }) => name === 'champion')
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  const asked = program.clauses.some(({ of }) => of.some(({ relation }) => relation === 'requests'))
  if (model === undefined || dataset === undefined || !asked) return new Map()
  const inputs = dataset.columns.filter(({ name }) => model.input.includes(name))
  const numbers = inputs.filter(
    ({ type, values }) => values === undefined && (type.kind === 'int' || type.kind === 'double'),
  )
  const drafts = new Map<ServingOperator, readonly Draft[]>([
    [
      'skew',
      numbers.map(({ name }) => ({
        columns: [name],
        share: 1,
        amount: SKEW,
        says: `${name} is computed otherwise in serving: × ${SKEW}`,
      })),
    ],
    [
      'default-fill',
      numbers.map(({ name }) => ({
        columns: [name],
        share: FILLED,
        says: `${name} is 0 in ${Math.round(FILLED * 100)} % of the requests, since it could not be had`,
      })),
    ],
    [
      'stale-feature',
      numbers.map(({ name }) => ({
        columns: [name],
        share: 1,
        says: `${name} is that of another request: a cache answers for the wrong key`,
      })),
    ],
  ])
  return new Map(
    [...drafts].map(([operator, list]) => [
      operator,
      list.map(
        (draft): ServingFault => ({
          group: 'serving',
          operator,
          dataset: dataset.name,
          id: `${operator} requests.${draft.columns.join('.')}`,
          ...draft,
        }),
      ),
    ]),
  )
}
