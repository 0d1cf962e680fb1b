import { argumentKind, metricNeeds, timingNeeds, unknownModel } from '../../../diagnostics/catalog/expr.ts'
import { nearestName } from '../../../diagnostics/suggest.ts'
import type { ColumnInfo, ModelInfo } from '../../environment.ts'
import type { Aggregate, AggregateName } from '../../functions/aggregates.ts'
import { readsColumnsOnly, unlabelled } from '../../functions/argument-domains.ts'
import { printSyntax } from '../../print/syntax.ts'
import type { CallSyntax, Syntax } from '../../syntax.ts'
import type { TermArgument } from '../../must.ts'
import { type Context, report } from '../context.ts'
import { classesLack } from './class-metric.ts'
import { labelFreeLack } from './label-free-metric.ts'
import type { MustState } from './state.ts'

/** A metric with its arguments. */
interface Asked {
  readonly fn: AggregateName
  readonly row: Aggregate
  readonly args: readonly TermArgument[]
}

/** True when the relation has what the metric compares; else it is reported. */
export function hasWhatMetricNeeds(
  context: Context,
  state: MustState,
  node: CallSyntax,
  { fn, row, args }: Asked,
  other: ModelInfo | undefined,
): boolean {
  const { relation } = state.environment
  const lacks = (needs: string, fix: string): false => {
    report(context, node, metricNeeds, { name: printSyntax(node), relation: relation.name, needs, fix })
    return false
  }
  if (row.needs === 'timing') return isTimed(context, relation.name, node, other)
  const ofColumns = readsColumnsOnly(row)
  if (ofColumns && unlabelled.has(fn)) return true
  if (relation.kind !== 'model' && relation.kind !== 'requests') {
    const models = [...state.environment.models.keys()]
    const split = relation.name.split('.')[1]
    const example =
      models[0] === undefined ? 'a model' : `\`of: ${models[0]}${split === undefined ? '' : `.${split}`}\``
    return lacks('the predictions of a model', `Ask it of ${example}, the same rows with the model’s answers.`)
  }
  if (row.needs === 'model') {
    return relation.kind === 'model' || lacks('a model that is at hand', 'Ask it of the model: `of: champion`.')
  }
  if (row.needs === 'reference') {
    const lack = labelFreeLack(state, fn, args, other)
    return lack === undefined || lacks(lack.needs, lack.fix)
  }
  const model = other?.name ?? relation.model ?? relation.name
  if (relation.classes !== undefined || row.needs === 'answer' || row.needs === 'probabilities') {
    const lack = classesLack(relation, other, model, { fn, row, args })
    return lack === undefined || lacks(lack.needs, lack.fix)
  }
  const outputs = other?.outputs.kind === 'record' ? Object.entries(other.outputs.fields) : undefined
  const hasAmount =
    outputs === undefined ? relation.amount !== undefined : outputs.some(([, type]) => type.kind === 'double')
  if (row.needs === 'order') {
    if (!hasAmount && relation.score === undefined)
      return lacks('a number that orders rows', `Give \`${model}\` an output of type number.`)
    const relevance = relation.label === undefined ? undefined : relation.columns.get(relation.label)?.columnType
    return relevance === 'number' || relevance === 'integer' || relevance === 'boolean'
      ? true
      : lacks('a label that says how relevant a row is', 'Name a label of type number, integer or boolean.')
  }
  const ofAmount = row.needs === 'amount' || row.needs === 'series'
  if (ofAmount && !hasAmount) {
    return lacks('the answer of a regression', `Give \`${model}\` \`task: regression\` and an output of type number.`)
  }
  if (!unlabelled.has(fn) && relation.label === undefined) {
    return lacks('a label', 'Name the label column of the model: `label: …`.')
  }
  const label = relation.label === undefined ? undefined : relation.columns.get(relation.label)
  if (ofAmount || ofColumns) {
    if (label !== undefined && label.columnType !== 'number' && label.columnType !== 'integer')
      return lacks('a label that is a number', `Declare \`${label.name}\` as number or integer, or name another label.`)
  } else if (!unlabelled.has(fn) && label !== undefined && !isTwoValued(label)) {
    return lacks(
      'a label that is true or false',
      `Declare \`${label.name}\` as boolean (a source of 0 and 1 may be${truthExample(label)}), or name another label.`,
    )
  }
  const hasDecision =
    outputs === undefined ? relation.columns.has('decision') : outputs.some(([name]) => name === 'decision')
  if ((row.needs === 'decision' || row.needs === 'ranges') && !hasDecision) {
    return lacks('a decision', `Say when \`${model}\` decides positive: \`decision: risk >= 0.5\`.`)
  }
  const hasScore =
    outputs === undefined ? relation.score !== undefined : outputs.some(([, type]) => type.kind === 'double')
  if (row.needs === 'score' && !hasScore) {
    return lacks('a score', `Give \`${model}\` an output of type number with the range [0, 1].`)
  }
  return true
}

/** Time is measured on the staged server, and on nothing else. */
function isTimed(context: Context, relation: string, node: CallSyntax, other: ModelInfo | undefined): boolean {
  if (relation === 'release' && other === undefined) return true
  const fix = other === undefined ? 'Ask it of the release: `of: release`.' : 'Leave the name of the model out.'
  report(context, node, timingNeeds, { name: printSyntax(node), relation: other?.name ?? relation, fix })
  return false
}

/** Whether a label can say that the event happened or not: a truth value, or 0 and 1. */
function isTwoValued({ columnType, values }: ColumnInfo): boolean {
  if (values !== undefined) return values.every(({ code }) => typeof code === 'boolean' || code === 0 || code === 1)
  return columnType === 'boolean' || columnType === 'integer'
}

/** The model named by the last argument of a metric, as in `roc_auc(champion)`. */
export function modelArgument(
  context: Context,
  state: MustState,
  fn: AggregateName,
  syntax: Syntax,
): ModelInfo | undefined {
  if (syntax.kind !== 'name') {
    const example = `${fn}(champion)`
    return report(context, syntax, argumentKind, {
      name: fn,
      expected: 'the name of a model',
      found: printSyntax(syntax),
      example,
    })
  }
  const { models } = state.environment
  const model = models.get(syntax.name)
  if (model !== undefined) return model
  const known = [...models.keys()]
  return report(context, syntax, unknownModel, { name: syntax.name, near: nearestName(syntax.name, known), known })
}

/** How a column of two words is declared as boolean, with its own words where they are known. */
function truthExample({ columnType, values }: ColumnInfo): string {
  if (columnType !== 'text' && columnType !== 'category') return ''
  const [one, other, ...more] = (values ?? []).map(({ code }) => String(code))
  const words = one === undefined || other === undefined || more.length > 0 ? 'Yes/No' : `${one}/${other}`
  return `; of other words say which is true: \`{ type: boolean, format: ${JSON.stringify(words)} }\``
}
