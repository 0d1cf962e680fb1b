import {
  argumentCount,
  argumentKind,
  notClustered,
  notWeighted,
  typeMismatch,
} from '../../../diagnostics/catalog/expr.ts'
import type { RelationInfo } from '../../environment.ts'
import type { TermRef } from '../../expr.ts'
import type { Aggregate, AggregateName, ArgumentKind, MetricNeeds } from '../../functions/aggregates.ts'
import { shapeProblem, signatureOf } from '../../functions/argument-domains.ts'
import type { Term, TermArgument } from '../../must.ts'
import { columnText, quoted } from '../../print/text.ts'
import { printSyntax } from '../../print/syntax.ts'
import { printExpr } from '../../print/typed.ts'
import type { CallSyntax, Syntax } from '../../syntax.ts'
import { DOUBLE, INT, type Type } from '../../type.ts'
import { type Context, report } from '../context.ts'
import { countText } from '../functions.ts'
import { codeText } from '../category.ts'
import {
  classArgument,
  columnArgument,
  exprArgument,
  listArgument,
  relationArgument,
  type Site,
  textArgument,
  valueArgument,
} from './arguments.ts'
import { hasWhatMetricNeeds, modelArgument } from './metric.ts'
import { type MustState, termRef } from './state.ts'
import { termUnit } from './units.ts'

/** A call of an aggregate, metric or distance → one term to be measured. */
export function checkAggregate(context: Context, state: MustState, site: Site, node: CallSyntax): TermRef | undefined {
  const { fn, binding } = site
  const row = withClass(site.row, state)
  const kinds = kindsFor(row, node.args.length)
  if (kinds === undefined) {
    const expected = `${row.variadic ? 'at least ' : ''}${countText(row.args.length)}${row.needs === undefined ? '' : ', or a model’s name after them'}`
    const note = `It is written \`${signatureOf(fn, row)}\`.`
    return report(context, node, argumentCount, { name: fn, expected, found: node.args.length, note })
  }
  const modelSyntax = kinds.includes('model') ? node.args.at(-1) : undefined
  const model = modelSyntax === undefined ? undefined : modelArgument(context, state, fn, modelSyntax)
  if (modelSyntax !== undefined && model === undefined) return undefined
  const args = resolveArguments(context, state, { ...site, row }, kinds, node.args)
  if (args === undefined) return undefined
  if (row.needs !== undefined && !hasWhatMetricNeeds(context, state, node, { fn, row, args }, model)) return undefined
  const foreign = foreignMismatch(context, state, site, args)
  if (foreign !== undefined) return report(context, node, typeMismatch, foreign)
  const misshapen = shapeProblem(fn, args)
  if (misshapen !== undefined) {
    const found = args.map(argumentText).join(', ')
    return report(context, node, argumentKind, { name: fn, expected: misshapen, found, example: signatureOf(fn, row) })
  }
  const type = resultType(row, args)
  const written = [...args.map(argumentText), ...(model === undefined ? [] : [model.name])].join(', ')
  const estimates = estimatesOf(fn, row, state)
  const { cluster, weights } = state.environment
  const isGrouped = row.needs === 'order' && args.some((arg) => arg.kind === 'column' && arg.name === cluster)
  if (cluster !== undefined && estimates === 'population' && !isOfRows(row) && !isGrouped)
    return report(context, node, notClustered, { name: printSyntax(node), cluster, groups: row.needs === 'order' })
  if (weights !== undefined && !isOfRows(row))
    return report(context, node, notWeighted, { name: printSyntax(node), weights })
  const term: Term = {
    fn,
    args,
    type,
    ...(model === undefined ? {} : { model: model.name }),
    ...(binding.where === undefined ? {} : { where: binding.where }),
    expression: `${fn}(${written})${binding.where === undefined ? '' : ` where ${printExpr(binding.where)}`}`,
    ...(cluster !== undefined && estimates === 'population' && isOfRows(row) ? { cluster } : {}),
    ...(weights === undefined ? {} : { weights }),
    estimates,
  }
  const { columns, label = '' } = state.environment.relation
  return termRef(context, state, term, termUnit(context, term, columns.get(label)?.unit), node)
}

/** Metrics of single rows, whose resampling can draw whole clusters and whose sums can weigh rows. */
const isOfRows = ({ needs }: Aggregate): boolean => needs !== undefined && !DRAWN_WHOLE.has(needs)
const DRAWN_WHOLE: ReadonlySet<MetricNeeds> = new Set(['timing', 'order', 'ranges', 'boxes', 'reference'])

/** On a model of several classes a metric of one class takes its name first. */
function withClass(row: Aggregate, { environment: { relation } }: MustState): Aggregate {
  return row.ofClasses === 'one' && relation.classes !== undefined ? { ...row, args: ['class', ...row.args] } : row
}

/** The kinds of the arguments as written; undefined for a wrong number of them. */
function kindsFor(row: Aggregate, count: number): readonly (ArgumentKind | 'model')[] | undefined {
  const declared = row.args.length
  if (count === declared) return row.args
  const last = row.args.at(-1)
  if (row.variadic && count > declared && last !== undefined) {
    // Columns of most metrics come in pairs, so one more is a model.
    const hasModel = row.needs !== undefined && row.namesNoModel !== true && (count - declared) % 2 === 1
    const more = Array.from({ length: count - declared - (hasModel ? 1 : 0) }, () => last)
    return [...row.args, ...more, ...(hasModel ? (['model'] as const) : [])]
  }
  return row.needs !== undefined && row.namesNoModel !== true && count === declared + 1
    ? [...row.args, 'model']
    : undefined
}

function resolveArguments(
  context: Context,
  state: MustState,
  site: Site,
  kinds: readonly (ArgumentKind | 'model')[],
  syntax: readonly Syntax[],
): readonly TermArgument[] | undefined {
  // Relations first: a column must be in all of them. `overlap` names both; the others compare with `of`.
  const relations: (RelationInfo | undefined)[] = kinds.map((kind, i) => {
    const node = syntax[i]
    return kind === 'relation' && node !== undefined ? relationArgument(context, state, site, node) : undefined
  })
  const named = relations.filter((relation) => relation !== undefined)
  if (named.length !== kinds.filter((kind) => kind === 'relation').length) return undefined
  const apart = kinds.includes('foreign')
  const read = site.fn === 'overlap' ? named : [state.environment.relation, ...(apart ? [] : named)]

  const args: TermArgument[] = []
  for (const [i, kind] of kinds.entries()) {
    const node = syntax[i]
    if (node === undefined || kind === 'model') continue
    const asked = kind === 'foreign' ? named : read
    const argument = resolveArgument(context, state, site, kind, node, asked, relations[i], i)
    if (argument === undefined) return undefined
    args.push(argument)
  }
  return args
}

/** A column and one of another relation must hold values of one kind, or no reference could be found. */
function foreignMismatch(context: Context, state: MustState, { fn }: Site, args: readonly TermArgument[]) {
  const own = args.find((arg) => arg.kind === 'column')
  const foreign = args.find((arg) => arg.kind === 'foreign')
  if (own === undefined || foreign === undefined) return undefined
  const { relation, relations } = state.environment
  const [one, other] = [relation.columns.get(own.name), relations.get(foreign.relation)?.columns.get(foreign.column)]
  const kinds = [one, other].map((column) => (column?.type.kind === 'int' ? 'double' : column?.type.kind))
  if (kinds[0] === kinds[1]) return undefined
  return {
    what: `\`${fn}\` looks for cells of one column in another`,
    found: `${one?.columnType} and ${other?.columnType}`,
    fix: undefined,
  }
}

function resolveArgument(
  context: Context,
  state: MustState,
  site: Site,
  kind: ArgumentKind,
  node: Syntax,
  read: readonly RelationInfo[],
  relation: RelationInfo | undefined,
  place: number,
): TermArgument | undefined {
  switch (kind) {
    case 'relation':
      return relation === undefined ? undefined : { kind, relation: relation.name }
    case 'column': {
      const column = columnArgument(context, site, node, read, place)
      return column === undefined ? undefined : { kind, name: column.name }
    }
    case 'foreign': {
      const [other] = read
      const column = columnArgument(context, site, node, read)
      return column === undefined || other === undefined
        ? undefined
        : { kind, relation: other.name, column: column.name }
    }
    case 'expr': {
      const expr = exprArgument(context, state, site, node)
      return expr === undefined ? undefined : { kind, expr }
    }
    case 'value': {
      const value = valueArgument(context, site, node)
      return value === undefined ? undefined : { kind, value }
    }
    case 'text': {
      const text = textArgument(context, site, node)
      return text === undefined ? undefined : { kind, text }
    }
    case 'list': {
      const values = listArgument(context, site, node)
      return values === undefined ? undefined : { kind, values }
    }
    case 'class': {
      const code = classArgument(context, state, site, node)
      return code === undefined ? undefined : { kind, code }
    }
  }
}

function resultType(row: Aggregate, args: readonly TermArgument[]): Type {
  if (row.result === 'int') return INT
  const first = args[0]
  if (row.result === 'double' || first?.kind !== 'expr') return DOUBLE
  return { kind: first.expr.type.kind } as Type
}

function argumentText(argument: TermArgument): string {
  switch (argument.kind) {
    case 'column':
      return columnText(argument.name)
    case 'foreign':
      return columnText(argument.column)
    case 'expr':
      return printExpr(argument.expr)
    case 'relation':
      return argument.relation
    case 'value':
      return String(argument.value)
    case 'text':
      return quoted(argument.text)
    case 'list':
      return `[${argument.values.map((each) => (typeof each === 'string' ? quoted(each) : String(each))).join(', ')}]`
    case 'class':
      return codeText(argument.code)
  }
}

/** What a number speaks of (language.md part 2). An aggregate without an interval method can only describe its rows. */
function estimatesOf(fn: AggregateName, row: Aggregate, state: MustState): Term['estimates'] {
  const { confidence, sample, relation } = state.environment
  if (row.speaksOf === 'rows' || row.interval === 'none' || confidence === 'none') return 'rows'
  if (row.speaksOf === 'population' || confidence !== undefined || sample) return 'population'
  const onModel = relation.kind === 'model' || relation.kind === 'requests'
  return fn === 'share' && onModel ? 'population' : 'rows'
}
