import {
  argumentKind,
  categoryArithmetic,
  categoryOrder,
  columnType,
  typeMismatch,
  unknownClass,
  unknownColumn,
  unknownRelation,
  valueRange,
} from '../../../diagnostics/catalog/expr.ts'
import { nearestName } from '../../../diagnostics/suggest.ts'
import type { ColumnInfo, RelationInfo } from '../../environment.ts'
import type { Expr } from '../../expr.ts'
import type { Aggregate, AggregateName } from '../../functions/aggregates.ts'
import {
  acceptedAt,
  acceptedColumns,
  signatureOf,
  takesTwoValues,
  valueRanges,
} from '../../functions/argument-domains.ts'
import { printSyntax } from '../../print/syntax.ts'
import { columnText } from '../../print/text.ts'
import type { Syntax } from '../../syntax.ts'
import { type ColumnType, typeName } from '../../type.ts'
import { codeText } from '../category.ts'
import { type Context, report } from '../context.ts'
import { createContext } from '../expression.ts'
import { inUnit, unitOf } from '../units.ts'
import { checkLiteral } from '../literals.ts'
import { isCategory } from '../category.ts'
import { rowScope } from '../row-scope.ts'
import type { Binding, MustState } from './state.ts'

/** The aggregate whose arguments are being resolved. */
export interface Site {
  readonly fn: AggregateName
  readonly row: Aggregate
  readonly binding: Binding
}

/** `accounts.train` as text, where a node is a dotted name. */
export function dottedName(node: Syntax): string | undefined {
  if (node.kind === 'name') return node.name
  if (node.kind !== 'member') return undefined
  const operand = dottedName(node.operand)
  return operand === undefined ? undefined : `${operand}.${node.name}`
}

/** What most functions measure: single values. Whether a list is there can be asked of any column. */
const SCALAR: readonly ColumnType[] = ['integer', 'number', 'boolean', 'category', 'text', 'timestamp']

/** A relation argument. */
export function relationArgument(
  context: Context,
  state: MustState,
  site: Site,
  node: Syntax,
): RelationInfo | undefined {
  const name = dottedName(node)
  if (name === undefined) return wrongKind(context, site, node, 'a relation')
  const { relations } = state.environment
  const relation = relations.get(name)
  if (relation !== undefined) return relation
  const known = [...relations.keys()]
  return report(context, node, unknownRelation, { name, near: nearestName(name, known), known })
}

/** A column argument: present, with one type, in every relation that is read. */
export function columnArgument(
  context: Context,
  site: Site,
  node: Syntax,
  relations: readonly RelationInfo[],
  place = 0,
): ColumnInfo | undefined {
  const name = columnName(site, node)
  if (name === undefined) return wrongKind(context, site, node, 'the name of a column')
  let found: ColumnInfo | undefined
  for (const relation of relations) {
    const column = relation.columns.get(name)
    if (column === undefined) {
      const known = [...relation.columns.keys()]
      return report(context, node, unknownColumn, {
        name,
        relation: relation.name,
        near: nearestName(name, known),
        known,
      })
    }
    if (found !== undefined && found.columnType !== column.columnType) {
      const what = `\`${site.fn}\` compares the same column of two relations`
      return report(context, node, typeMismatch, {
        what,
        found: `${found.columnType} and ${column.columnType}`,
        fix: undefined,
      })
    }
    found ??= column
  }
  const accepts =
    acceptedAt[site.fn]?.[place] ?? acceptedColumns[site.fn] ?? (site.fn === 'null_share' ? undefined : SCALAR)
  if (found !== undefined && accepts !== undefined && !accepts.includes(found.columnType)) {
    return report(context, node, columnType, { name: site.fn, column: name, type: found.columnType, accepts })
  }
  const count = found?.values?.length
  if (takesTwoValues.has(site.fn) && found?.columnType === 'category' && count !== 2) {
    const what = `\`${site.fn}\` compares the shares of two values`
    return report(context, node, typeMismatch, {
      what,
      found: `a category of ${count ?? 0} values`,
      fix: `Write \`chi2_p(${name}, …)\`.`,
    })
  }
  return found
}

function columnName(site: Site, node: Syntax): string | undefined {
  if (node.kind === 'name')
    return node.name === 'column' && site.binding.column !== undefined ? site.binding.column.name : node.name
  const isRow = node.kind === 'index' && node.operand.kind === 'name' && node.operand.name === 'row'
  return isRow && node.index.kind === 'string' ? node.index.value : undefined
}

/** A row expression, of the kind that the aggregate expects. */
export function exprArgument(context: Context, state: MustState, site: Site, node: Syntax): Expr | undefined {
  const { column } = site.binding
  const scope = rowScope(state.environment.relation, { inside: site.fn, ...(column === undefined ? {} : { column }) })
  const inner = createContext(context.place, scope, context.diagnostics, context.units)
  const typed = inner.check(node)
  if (typed === undefined) return undefined
  // The scope around the aggregate knows no columns: what is known of the unit is kept now.
  inUnit(inner, typed, unitOf(inner, typed))
  const { kind } = typed.type
  const text = printSyntax(node, renaming(site.binding))
  const mismatch = (what: string, fix: string | undefined): undefined =>
    report(context, node, typeMismatch, { what: `\`${site.fn}\` ${what}`, found: typeName(typed.type), fix })
  switch (site.row.expects) {
    case 'number':
      if (isCategory(typed.type)) return report(context, node, categoryArithmetic, { text, op: site.fn })
      if (kind === 'int' || kind === 'double') return typed
      return mismatch(
        'takes a number',
        kind === 'bool'
          ? `Write \`share(${text})\` for the share of rows where it is true.`
          : kind === 'list'
            ? `Name one number of it, such as \`${text}[0]\` or \`size(${text})\`.`
            : undefined,
      )
    case 'bool':
      return kind === 'bool'
        ? typed
        : mismatch(
            'takes a condition',
            `Write a comparison, such as \`${site.fn}(${text} ${kind === 'string' ? '== "…"' : '> 0'})\`.`,
          )
    case 'ordered':
      if (isCategory(typed.type)) return report(context, node, categoryOrder, { text, op: site.fn, values: undefined })
      return kind === 'int' || kind === 'double' || kind === 'timestamp' || kind === 'string'
        ? typed
        : mismatch('takes a value with an order', undefined)
    default:
      return kind === 'list'
        ? mismatch('takes single values', 'Write what of the list is meant, such as `size(…)`.')
        : typed
  }
}

/** A plain number. */
export function valueArgument(context: Context, site: Site, node: Syntax): number | undefined {
  const literal = checkLiteral(context, node)
  if (literal === undefined) return undefined
  if (literal === 'none' || (literal.type.kind !== 'int' && literal.type.kind !== 'double'))
    return wrongKind(context, site, node, 'a plain number')
  const value = Number(literal.value)
  const range = valueRanges[site.fn]
  if (range !== undefined && (value < range[0] || value > range[1])) {
    return report(context, node, valueRange, { name: site.fn, value: printSyntax(node), low: range[0], high: range[1] })
  }
  return value
}

/** A text, such as a name that need not be declared. */
export function textArgument(context: Context, site: Site, node: Syntax): string | undefined {
  return node.kind === 'string' ? node.value : wrongKind(context, site, node, 'a text in quotes')
}

/** A list of plain values, all numbers, all texts or all booleans; at least one. */
export function listArgument(
  context: Context,
  site: Site,
  node: Syntax,
): readonly (number | string | boolean)[] | undefined {
  const wanted = 'a list of numbers, of texts or of true and false'
  if (node.kind !== 'list' || node.elements.length === 0 || node.optional !== undefined)
    return wrongKind(context, site, node, wanted)
  const values: (number | string | boolean)[] = []
  for (const item of node.elements) {
    const value = plainValue(context, item)
    if (value === undefined) return wrongKind(context, site, item, wanted)
    values.push(value)
  }
  const [first] = values
  if (values.some((value) => typeof value !== typeof first)) return wrongKind(context, site, node, wanted)
  return values
}

function plainValue(context: Context, node: Syntax): number | string | boolean | undefined {
  if (node.kind === 'string' || node.kind === 'bool') return node.value
  const literal = checkLiteral(context, node)
  if (literal === undefined || literal === 'none') return undefined
  return literal.type.kind === 'int' || literal.type.kind === 'double' ? Number(literal.value) : undefined
}

/** A class that the label declares. */
export function classArgument(
  context: Context,
  state: MustState,
  site: Site,
  node: Syntax,
): string | number | boolean | undefined {
  const { relation } = state.environment
  const codes = relation.classes?.all.map(({ code }) => code) ?? []
  const example = `${site.fn}(${site.row.args.map((kind, i) => (kind === 'class' ? codeText(codes[i] ?? 'a') : kind)).join(', ')})`
  const literal = checkLiteral(context, node)
  if (literal === undefined) return undefined
  if (literal === 'none')
    return report(context, node, argumentKind, {
      name: site.fn,
      expected: 'a class of the label',
      found: printSyntax(node),
      example,
    })
  const found = codes.find((code) => String(code) === String(literal.value) && kindOfCode(code) === literal.type.kind)
  if (found !== undefined) return found
  // Of a model that has no classes, what is lacking is said as a whole.
  if (relation.classes === undefined) return String(literal.value)
  const known = codes.map(codeText)
  const name = printSyntax(node)
  return report(context, node, unknownClass, { name, relation: relation.name, near: nearestName(name, known), known })
}

const kindOfCode = (code: string | number | boolean): 'string' | 'int' | 'bool' =>
  typeof code === 'string' ? 'string' : typeof code === 'number' ? 'int' : 'bool'

/** `column` of a macro as the column it stands for. */
export function renaming(binding: Binding): ReadonlyMap<string, string> {
  return new Map(binding.column === undefined ? [] : [['column', columnText(binding.column.name)]])
}

function wrongKind(context: Context, site: Site, node: Syntax, expected: string): undefined {
  return report(context, node, argumentKind, {
    name: site.fn,
    expected,
    found: printSyntax(node),
    example: signatureOf(site.fn, site.row),
  })
}
