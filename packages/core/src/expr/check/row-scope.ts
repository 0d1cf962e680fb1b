import {
  aggregateInRow,
  argumentCount,
  nestedAggregate,
  noFields,
  unknownClause,
  unknownColumn,
  unsupported,
  verdictScope,
} from '../../diagnostics/catalog/expr.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { ColumnInfo, RelationInfo } from '../environment.ts'
import type { Expr, VerdictOf } from '../expr.ts'
import { aggregates } from '../functions/aggregates.ts'
import { printSyntax } from '../print/syntax.ts'
import { columnText } from '../print/text.ts'
import type { CallSyntax, Range } from '../syntax.ts'
import { BOOL, typeName } from '../type.ts'
import { checkHas, checkLabel } from './cells.ts'
import { checkIndex, checkSelect } from './collections.ts'
import { at, type Context, nameRange, report, type Scope, UNHANDLED } from './context.ts'
import { isGeneral } from './general.ts'
import { known } from './inference.ts'

/** The macros of relation scope. */
export const macroNames: readonly string[] = ['min_over', 'max_over', 'all_over', 'ratio_across', 'gap_across']

/** What row scope may know beyond its relation. */
export interface RowScopeOptions {
  /** The aggregate whose argument is being checked. */
  readonly inside?: string
  /** `column` of a macro. */
  readonly column?: ColumnInfo
  /** Ids for `violated("…")`. */
  readonly clauses?: ReadonlySet<string>
}

const FUNCTIONS: readonly string[] = ['has', 'label']

/** Names and calls of a condition on one row of a relation. */
export function rowScope(relation: RelationInfo, options: RowScopeOptions = {}): Scope {
  return {
    functions: FUNCTIONS,
    declares: (name) => relation.columns.has(name),
    isList: (name) => relation.columns.get(name)?.columnType === 'list',
    unit: (expr) => (expr.node === 'column' ? relation.columns.get(expr.name)?.unit : undefined),
    column: (expr) => (expr.node === 'column' ? relation.columns.get(expr.name) : undefined),
    name: (context, node) => {
      if (node.name === 'column' && options.column !== undefined) return columnNode(options.column, node)
      const column = relation.columns.get(node.name)
      return column === undefined ? reportUnknown(context, node, node.name, relation) : columnNode(column, node)
    },
    member: (context, node) => {
      const dotted = printSyntax(node)
      if (relation.columns.has(dotted)) {
        return report(context, node, noFields, {
          text: printSyntax(node.operand),
          type: 'no row',
          instead: `Write ${columnText(dotted)} for the column.`,
        })
      }
      if (node.operand.kind === 'name' && isOwnName(context, node.operand.name, relation)) {
        return report(context, node, noFields, {
          text: node.operand.name,
          type: 'the row itself',
          instead: `Write \`${columnText(node.name)}\`: a condition on a row names its columns without it.`,
        })
      }
      const operand = context.check(node.operand)
      if (operand === undefined) return undefined
      if (isGeneral(known(context.inference, operand.type))) return checkSelect(context, node, operand)
      const method = /^get[A-Z]|^(size|lowerAscii|upperAscii)$/.test(node.name)
      const isLength = /^(len|length)$/i.test(node.name) && operand.type.kind === 'string'
      const written = isLength ? `size(${printSyntax(node.operand)})` : `${dotted}()`
      const instead = isLength || method ? `Write \`${written}\`.` : undefined
      return report(context, nameRange(node), noFields, {
        text: printSyntax(node.operand),
        type: typeName(operand.type),
        instead,
      })
    },
    index: (context, node) => {
      if (node.operand.kind === 'name' && node.operand.name === 'row' && node.index.kind === 'string') {
        const column = relation.columns.get(node.index.value)
        return column === undefined
          ? reportUnknown(context, node.index, node.index.value, relation)
          : columnNode(column, node)
      }
      const isCollection =
        node.operand.kind !== 'name' ||
        context.scope.isVariable?.(node.operand.name) === true ||
        context.scope.isList?.(node.operand.name) === true
      if (isCollection) {
        const operand = context.check(node.operand)
        if (operand === undefined) return undefined
        if (isGeneral(known(context.inference, operand.type))) return checkIndex(context, node, operand)
      }
      const instead = 'Write row["name"] for a column, with the name as a text literal.'
      return report(context, node, unsupported, { what: 'Indexes', instead })
    },
    call: (context, node) => {
      switch (node.name) {
        case 'has':
          return checkHas(context, node)
        case 'label':
          return checkLabel(context, node)
        case 'violated':
        case 'satisfied':
        case 'undecided':
          return checkVerdict(context, { ...node, name: node.name }, options.clauses)
      }
      if (!Object.hasOwn(aggregates, node.name) && !macroNames.includes(node.name)) return UNHANDLED
      const name = printSyntax(node)
      return options.inside === undefined
        ? report(context, node, aggregateInRow, { name })
        : report(context, node, nestedAggregate, { name, inside: options.inside })
    },
    method: () => UNHANDLED,
  }
}

/** `row` or the dataset's own name before a dot: habits of other languages. */
function isOwnName(context: Context, name: string, relation: RelationInfo): boolean {
  return (
    (name === 'row' || name === relation.name || relation.name.startsWith(`${name}.`)) &&
    !relation.columns.has(name) &&
    context.scope.isVariable?.(name) !== true
  )
}

function columnNode(column: ColumnInfo, node: Range): Expr {
  return { node: 'column', name: column.name, type: column.type, at: at(node) }
}

function reportUnknown(context: Context, range: Range, name: string, relation: RelationInfo): undefined {
  const columns = [...relation.columns.keys()]
  return report(context, range, unknownColumn, {
    name,
    relation: relation.name,
    near: nearestName(name, columns),
    known: columns,
  })
}

function checkVerdict(
  context: Context,
  node: CallSyntax & { readonly name: VerdictOf['is'] },
  clauses: ReadonlySet<string> | undefined,
): Expr | undefined {
  if (clauses === undefined) return report(context, node, verdictScope, { name: node.name })
  const id = node.args[0]
  if (id?.kind !== 'string' || node.args.length !== 1) {
    return report(context, node, argumentCount, {
      name: node.name,
      expected: 'the id of one clause in quotes',
      found: node.args.length,
    })
  }
  if (!clauses.has(id.value)) {
    return report(context, id, unknownClause, {
      name: id.value,
      near: nearestName(id.value, clauses),
      known: [...clauses],
    })
  }
  return { node: 'verdict-of', clause: id.value, is: node.name, type: BOOL, at: at(node) }
}
