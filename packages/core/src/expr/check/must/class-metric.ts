import type { ClassInfo, ModelInfo, RelationInfo } from '../../environment.ts'
import type { Aggregate, AggregateName } from '../../functions/aggregates.ts'
import { unlabelled } from '../../functions/argument-domains.ts'
import type { TermArgument } from '../../must.ts'
import { codeText } from '../category.ts'

/** What a metric lacks on the answers of a model of several classes, and how to give it; undefined when it lacks nothing. */
export function classesLack(
  relation: RelationInfo,
  other: ModelInfo | undefined,
  model: string,
  { fn, row, args }: { readonly fn: AggregateName; readonly row: Aggregate; readonly args: readonly TermArgument[] },
): { readonly needs: string; readonly fix: string } | undefined {
  const classes = other === undefined ? relation.classes : other.classes
  if (relation.classes === undefined || classes === undefined)
    return {
      needs: 'a model of several classes',
      fix: `Give \`${model}\` \`task: multiclass-classification\`, a label that is a category, and an output that is one.`,
    }
  if (row.ofClasses === undefined)
    return {
      needs: row.needs === 'amount' ? 'the answer of a regression' : 'a model of two classes',
      fix: 'Ask for a metric of several classes, such as `accuracy()`, `f1_macro()` or `recall("…")`.',
    }
  if (!unlabelled.has(fn)) {
    if (relation.label === undefined)
      return { needs: 'a label', fix: 'Name the label column of the model: `label: …`.' }
    const label = relation.columns.get(relation.label)
    if (label?.columnType !== 'category')
      return {
        needs: 'a label with declared classes',
        fix: `Declare \`${relation.label}\` as \`type: category\` with its \`values\`.`,
      }
  }
  const reads = row.needs === 'decision' || row.needs === 'answer' ? undefined : probabilitiesRead(classes, args)
  if (reads === undefined)
    return classes.answer === undefined
      ? { needs: 'an output that names the class', fix: `Give \`${model}\` an output of type category.` }
      : undefined
  const [without] = reads.filter(({ probability }) => probability === undefined)
  return without === undefined
    ? undefined
    : {
        needs: `the probability of ${codeText(without.code)}`,
        fix: `Name the output that is it: \`p: { type: number, range: [0, 1], class: ${String(without.code)} }\`.`,
      }
}

/** The classes whose probabilities a metric reads: the one it names, else all. */
function probabilitiesRead({ all }: ClassInfo, args: readonly TermArgument[]): ClassInfo['all'] {
  const named = args.find((arg) => arg.kind === 'class')
  return named === undefined ? all : all.filter(({ code }) => code === named.code)
}
