import type { ModelInfo, RelationInfo } from '../../environment.ts'
import type { AggregateName } from '../../functions/aggregates.ts'
import type { TermArgument } from '../../must.ts'
import type { MustState } from './state.ts'

/** What a metric without labels lacks, and how to give it; undefined when it lacks nothing. */
export function labelFreeLack(
  { environment: { relation, relations } }: MustState,
  fn: AggregateName,
  args: readonly TermArgument[],
  other: ModelInfo | undefined,
): { readonly needs: string; readonly fix: string } | undefined {
  const [argument] = args
  const reference = argument?.kind === 'relation' ? relations.get(argument.relation) : undefined
  const model = relation.model ?? relation.name
  if (other !== undefined)
    return { needs: 'one model', fix: 'Leave the name of the model out: it is that of the relation.' }
  if (relation.classes !== undefined)
    return { needs: 'a model of two classes', fix: 'Of several classes nothing is estimated without labels.' }
  if (relation.score === undefined)
    return { needs: 'a score', fix: `Give \`${model}\` an output of type number with the range [0, 1].` }
  if (fn !== 'estimated_roc_auc' && !relation.columns.has('decision'))
    return { needs: 'a decision', fix: `Say when \`${model}\` decides positive: \`decision: risk >= 0.5\`.` }
  if (reference?.kind !== 'model' || reference.model !== model)
    return {
      needs: `labelled rows that ${model} answered`,
      fix: `Name such a relation as the argument: \`${fn}(${exampleOf(relations, model)})\`.`,
    }
  return reference.label === undefined
    ? { needs: 'a label', fix: 'Name the label column of the model: `label: …`.' }
    : undefined
}

function exampleOf(relations: ReadonlyMap<string, RelationInfo>, model: string): string {
  const splits = [...relations.values()].filter((each) => each.kind === 'model' && each.model === model)
  return (splits.find(({ name }) => name.endsWith('.test')) ?? splits[0])?.name ?? `${model}.test`
}
