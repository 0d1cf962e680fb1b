import { macroShape, noGroups, typeMismatch } from '../../../diagnostics/catalog/expr.ts'
import type { ColumnInfo } from '../../environment.ts'
import type { Expr, Literal, Reduce } from '../../expr.ts'
import { printSyntax } from '../../print/syntax.ts'
import type { CallSyntax, Range, Syntax } from '../../syntax.ts'
import { BOOL, DOUBLE, INT, typeName } from '../../type.ts'
import { declaredGroups } from '../category.ts'
import { at, type Context, report } from '../context.ts'
import { choose } from '../overloads.ts'
import { PURE } from '../../units/unit.ts'
import { inUnit } from '../units.ts'
import { commonUnit } from './units.ts'
import { columnArgument, renaming } from './arguments.ts'
import { overColumns } from './columns.ts'
import { termsOf } from './terms.ts'
import { type Binding, MOST_TERMS, type MustState } from './state.ts'

/** `min_over(columns, f)`, `max_over(columns, f)`. */
export function checkOver(
  context: Context,
  state: MustState,
  binding: Binding,
  node: CallSyntax,
  op: 'min' | 'max',
): Expr | undefined {
  const values = overColumns(context, state, binding, node, (inner, within, f) => numberOf(inner, within, node.name, f))
  return values === undefined ? undefined : inUnit(context, reduce(op, values, node), commonUnit(context, values))
}

/** Combinations of declared groups that one clause may compare. */
const MOST_GROUPS = 256

/** `ratio_across(c, …, f)`, `gap_across(c, …, f)`: f of each declared group of c, or of each combination of groups of several columns. */
export function checkAcross(
  context: Context,
  state: MustState,
  binding: Binding,
  node: CallSyntax,
  op: 'ratio' | 'gap',
): Expr | undefined {
  const f = node.args.at(-1)
  const columns = node.args.slice(0, -1)
  const shape = (problem: string): undefined =>
    report(context, node, macroShape, { name: node.name, problem, example: `${node.name}(sex, recall())` })
  if (f === undefined || columns.length === 0) return shape('takes a column and a measurement')
  if (binding.where !== undefined) return shape('stands inside another one; groups of groups are a slice of their own')
  const site = {
    fn: 'distinct',
    row: { args: ['column'], result: 'int', speaksOf: 'rows', interval: 'none', version: 1, doc: '' },
    binding,
  } as const
  let groups: readonly (Expr | undefined)[] = [undefined]
  for (const group of columns) {
    const column = columnArgument(context, site, group, [state.environment.relation])
    if (column === undefined) return undefined
    const codes = declaredGroups(column) ?? []
    if (codes.length < 2) return report(context, group, noGroups, { name: node.name, column: column.name })
    groups = groups.flatMap((within) => codes.map((code) => both(within, isGroup(column, code))))
    if (groups.length > MOST_GROUPS) return shape(`would compare more than ${MOST_GROUPS} groups`)
  }
  const values: Expr[] = []
  for (const where of groups) {
    if (where === undefined) continue
    if (state.terms.length > MOST_TERMS) return shape(`would measure more than ${MOST_TERMS} things`)
    const within: Binding = { ...binding, where }
    const value = numberOf(state.contextFor(within, context.diagnostics), within, node.name, f)
    if (value === undefined) return undefined
    if (termsOf(value).size === 0) return shape(`measures nothing: \`${printSyntax(f)}\` is the same for every group`)
    values.push(value)
  }
  return inUnit(context, reduce(op, values, node), op === 'ratio' ? PURE : commonUnit(context, values))
}

function numberOf(context: Context, binding: Binding, name: string, f: Syntax): Expr | undefined {
  const value = context.check(f)
  if (value === undefined || value.type.kind === 'int' || value.type.kind === 'double') return value
  const fix = value.type.kind === 'bool' ? 'Write all_over(columns, …) for a condition.' : undefined
  const what = `\`${name}\` takes a number, and \`${printSyntax(f, renaming(binding))}\` is none; it must be int or double`
  return report(context, f, typeMismatch, { what, found: typeName(value.type), fix })
}

/** `column == code`, by the overload of the column's kind. */
function isGroup(column: ColumnInfo, code: Literal): Expr {
  const left: Expr = { node: 'column', name: column.name, type: column.type }
  const choice = choose('operator', '==', [left, code])
  if (choice === undefined) throw new Error(`a code of ${column.name} has another kind than the column`)
  return { node: 'call', fn: choice.fn, args: choice.args, type: BOOL }
}

/** Rows in both groups. */
const both = (left: Expr | undefined, right: Expr): Expr =>
  left === undefined ? right : { node: 'and', args: [left, right], type: BOOL }

/** All of one kind: ints become doubles beside a double, and in a ratio. */
function reduce(op: Reduce['op'], values: readonly Expr[], node: Range): Reduce {
  const exact = op !== 'ratio' && values.every((value) => value.type.kind === 'int')
  const args = exact
    ? values
    : values.map(
        (value): Expr =>
          value.type.kind === 'int' ? { node: 'call', fn: 'double_of_int', args: [value], type: DOUBLE } : value,
      )
  return { node: 'reduce', op, args, type: exact ? INT : DOUBLE, at: at(node) }
}
