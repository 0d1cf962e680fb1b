import type { ModelInfo, RelationInfo } from '../../environment.ts'
import type { AggregateName } from '../../functions/aggregates.ts'
import type { TermArgument } from '../../must.ts'
import type { MustState } from './state.ts'

/** What is missing, and how to give it. */
interface Lack {
  readonly needs: string
  readonly fix: string
}

/** What a metric without labels lacks, and how to give it; undefined when it lacks nothing. */
export function labelFreeLack(
  { environment: { relation, relations } }: MustState,
  fn: AggregateName,
  args: readonly TermArgument[],
  other: ModelInfo | undefined,
): Lack | undefined {
  const [argument] = args
  const reference = argument?.kind === 'relation' ? relations.get(argument.relation) : undefined
  const model = relation.model ?? relation.name
  if (other !== undefined)
    return { needs: 'one model', fix: 'Leave the name of the model out: it is that of the relation.' }
  const lack = answerLack(relation, fn, model)
  if (lack !== undefined) return lack
  if (reference?.kind !== 'model' || reference.model !== model)
    return {
      needs: `labelled rows that ${model} answered`,
      fix: `Name such a relation as the argument: \`${fn}(${exampleOf(relations, model)})\`.`,
    }
  return reference.label === undefined
    ? { needs: 'a label', fix: 'Name the label column of the model: `label: …`.' }
    : undefined
}

const OF_CLASSES: ReadonlySet<AggregateName> = new Set<AggregateName>([
  'estimated_precision_macro',
  'estimated_recall_macro',
  'estimated_f1_macro',
])
const OF_AMOUNTS: ReadonlySet<AggregateName> = new Set<AggregateName>(['estimated_mae', 'estimated_rmse'])

/** What the metric reads of the model's answers, and is not there. */
function answerLack(relation: RelationInfo, fn: AggregateName, model: string): Lack | undefined {
  if (OF_AMOUNTS.has(fn)) return amountLack(relation, model)
  const { classes } = relation
  if (classes === undefined) {
    if (OF_CLASSES.has(fn))
      return {
        needs: 'a model of several classes',
        fix: 'Of two classes ask `estimated_precision`, `estimated_recall` or `estimated_f1`.',
      }
    if (relation.score === undefined)
      return { needs: 'a score', fix: `Give \`${model}\` an output of type number with the range [0, 1].` }
    return fn === 'estimated_roc_auc' || relation.columns.has('decision')
      ? undefined
      : { needs: 'a decision', fix: `Say when \`${model}\` decides positive: \`decision: risk >= 0.5\`.` }
  }
  if (fn !== 'estimated_accuracy' && !OF_CLASSES.has(fn))
    return {
      needs: 'a model of two classes',
      fix: 'Of several classes ask `estimated_accuracy`, `estimated_precision_macro`, `estimated_recall_macro` or `estimated_f1_macro`.',
    }
  if (classes.answer === undefined)
    return { needs: 'the class answered', fix: `Give \`${model}\` an output of type category that names the class.` }
  return classes.all.some(({ probability }) => probability === undefined)
    ? {
        needs: 'the probability of each class',
        fix: `Give \`${model}\` an output of type number for each class (\`class: …\`).`,
      }
    : undefined
}

function amountLack({ amount, label, columns }: RelationInfo, model: string): Lack | undefined {
  if (amount === undefined)
    return {
      needs: 'the answer of a regression',
      fix: `Give \`${model}\` \`task: regression\` and an output of type number.`,
    }
  const declared = label === undefined ? undefined : columns.get(label)?.columnType
  return declared === undefined || declared === 'number' || declared === 'integer'
    ? undefined
    : { needs: 'a label that is a number', fix: `Declare \`${label}\` as number or integer, or name another label.` }
}

function exampleOf(relations: ReadonlyMap<string, RelationInfo>, model: string): string {
  const splits = [...relations.values()].filter((each) => each.kind === 'model' && each.model === model)
  return (splits.find(({ name }) => name.endsWith('.test')) ?? splits[0])?.name ?? `${model}.test`
}
