import {
  bareColumn,
  macroShape,
  notANumber,
  unknownName,
  unsupported,
  verdictScope,
} from '../../../diagnostics/catalog/expr.ts'
import { nearestName } from '../../../diagnostics/suggest.ts'
import type { ColumnInfo } from '../../environment.ts'
import { aggregates } from '../../functions/aggregates.ts'
import { aggregateNamed } from '../../functions/argument-domains.ts'
import { printSyntax } from '../../print/syntax.ts'
import { columnText } from '../../print/text.ts'
import type { Range } from '../../syntax.ts'
import { codeText } from '../category.ts'
import { type Context, report, type Scope, UNHANDLED } from '../context.ts'
import { macroNames } from '../row-scope.ts'
import { checkAggregate } from './aggregate.ts'
import { dottedName } from './arguments.ts'
import { checkAcross, checkOver } from './macros.ts'
import type { Binding, MustState } from './state.ts'

const SCOPE = '`must` can name functions of the relation; relations, models and columns stand only as their arguments.'

const FUNCTIONS: readonly string[] = [...Object.keys(aggregates), ...macroNames]

/** Names and calls of a `must` condition. */
export function relationScope(state: MustState, binding: Binding): Scope {
  return {
    functions: FUNCTIONS,
    scalar: true,
    column: () => undefined,
    name: (context, node) => bareName(context, state, binding, node, node.name),
    member: (context, node) => {
      const name = dottedName(node)
      return name === undefined
        ? report(context, node, unsupported, { what: 'Fields of measurements', instead: 'Use the measurement itself.' })
        : bareName(context, state, binding, node, name)
    },
    index: (context, node) => {
      if (node.operand.kind === 'name' && node.operand.name === 'row' && node.index.kind === 'string') {
        return bareName(context, state, binding, node, node.index.value)
      }
      return report(context, node, unsupported, {
        what: 'Indexes',
        instead: 'Write row["name"] for a column, as the argument of a function.',
      })
    },
    call: (context, node) => {
      const named = aggregateNamed(node.name)
      if (named !== undefined) return checkAggregate(context, state, { ...named, binding }, node)
      switch (node.name) {
        case 'min_over':
          return checkOver(context, state, binding, node, 'min')
        case 'max_over':
          return checkOver(context, state, binding, node, 'max')
        case 'ratio_across':
          return checkAcross(context, state, binding, node, 'ratio')
        case 'gap_across':
          return checkAcross(context, state, binding, node, 'gap')
        case 'all_over':
          return report(context, node, macroShape, {
            name: node.name,
            problem: 'is a condition, not a number',
            example: 'all_over(columns, null_share(column) <= 0.01) && count() >= 1000',
          })
        case 'violated':
        case 'satisfied':
        case 'undecided':
          return report(context, node, verdictScope, { name: node.name })
        case 'has':
        case 'label': {
          const text = printSyntax(node)
          const instead =
            node.name === 'has'
              ? `Write null_share(…), or share(${text}).`
              : `Use it inside an aggregate, such as share(${text} == "…").`
          return report(context, node, unsupported, {
            what: `Calls of \`${node.name}\` outside of an aggregate`,
            instead,
          })
        }
        default:
          return UNHANDLED
      }
    },
    method: () => UNHANDLED,
  }
}

function bareName(context: Context, state: MustState, binding: Binding, range: Range, name: string): undefined {
  const { relation, relations, models } = state.environment
  const column = name === 'column' && binding.column !== undefined ? binding.column : relation.columns.get(name)
  if (column !== undefined) return report(context, range, bareColumn, { name, example: exampleFor(column, name) })
  if (models.has(name)) return report(context, range, notANumber, { name, kind: 'model' })
  if (relations.has(name)) return report(context, range, notANumber, { name, kind: 'relation' })
  const known = [...relation.columns.keys(), ...relations.keys(), ...models.keys()]
  const asFunction = aggregateNamed(name)
  const near = asFunction !== undefined || macroNames.includes(name) ? `${name}(…)` : nearestName(name, known)
  return report(context, range, unknownName, { name, near, known, scope: SCOPE })
}

function exampleFor(column: ColumnInfo, name: string): string {
  const text = name === 'column' ? name : columnText(name)
  switch (column.columnType) {
    case 'integer':
    case 'number':
      return `mean(${text})`
    case 'boolean':
      return `share(${text})`
    case 'category':
      return `share(${text} == ${codeText(column.values?.[0]?.code ?? '…')})`
    case 'timestamp':
      return `max(${text})`
    case 'text':
      return `distinct(${text})`
    case 'list':
      return `mean(size(${text}))`
    case 'image':
      return `min(${text}.width())`
  }
}
