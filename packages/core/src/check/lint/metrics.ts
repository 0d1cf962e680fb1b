import { aggregates } from '../../expr/functions/aggregates.ts'
import type { Aggregate } from '../../expr/functions/aggregates.ts'
import type { ClauseSource, Spec } from '../../language/spec.ts'
import type { NamedModel, Names } from '../names/names.ts'
import { metricClauses, relationsOf, wholeText } from './asked.ts'

const ROWS: Readonly<Record<string, Aggregate>> = aggregates

/** The functions that a condition calls; names within texts are none. */
export function functionsOf(text: string): ReadonlySet<string> {
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""')
  return new Set([...plain.matchAll(/(?<![\w.])([a-z_]\w*)\s*\(/g)].map(([, name = '']) => name))
}

/** Whether a function judges answers against labels: of a metric more, or less, is better. */
export function isQuality(name: string): boolean {
  const row = ROWS[name]
  return row?.needs !== undefined && row.needs !== 'timing' && row.needs !== 'reference' && row.better !== undefined
}

/** Whether a function compares the distribution of a column with that of other rows. */
export function isDistance(name: string): boolean {
  return ROWS[name]?.args.join() === 'column,relation' && ROWS[name].speaksOf === 'population'
}

/** What a metric needs of a model; undefined for what is none. */
export function needOf(name: string): Aggregate['needs'] {
  return ROWS[name]?.needs
}

/** Closed range of a function's results, and which of its ends is the better one. */
export function scaleOf(name: string): Pick<Aggregate, 'range' | 'better'> {
  return ROWS[name] ?? {}
}

/** Whether a clause judges answers against labels. */
export function judges(clause: ClauseSource): boolean {
  return [...functionsOf(wholeText(clause))].some(isQuality)
}

/** The declared models that clauses judge by metrics, each with those clauses. */
export function judgedModels(
  spec: Spec,
  found: Names,
): readonly { readonly model: NamedModel; readonly clauses: readonly ClauseSource[] }[] {
  const clauses = metricClauses(spec, found).filter(judges)
  return [...spec.models.keys()].flatMap((name) => {
    const model = found.models.get(name)
    const own = clauses.filter((clause) => relationsOf(clause, found).some(({ info }) => info.model === name))
    return model === undefined || own.length === 0 ? [] : [{ model, clauses: own }]
  })
}

/** Whether a clause stops a release or a deployment when it is violated. */
export function blocks({ severity }: ClauseSource): boolean {
  return (severity?.value ?? 'block') === 'block'
}
