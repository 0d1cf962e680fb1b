import { macroShape, noColumns } from '../../../diagnostics/catalog/expr.ts'
import { type Diagnostic, hasErrors } from '../../../diagnostics/diagnostic.ts'
import type { ColumnInfo } from '../../environment.ts'
import { aggregateNamed } from '../../functions/argument-domains.ts'
import { type CallSyntax, partsOf, type Syntax } from '../../syntax.ts'
import { type Context, report } from '../context.ts'
import { dottedName } from './arguments.ts'
import { attempt, type Binding, MOST_TERMS, type MustState } from './state.ts'

/** Findings which say that a function does not accept the type of a column; `columns` then leaves it out. */
const TYPE_FINDINGS: ReadonlySet<string> = new Set([
  'expr/column-type',
  'expr/type-mismatch',
  'expr/category-arithmetic',
  'expr/category-order',
])

/**
 * `min_over | max_over | all_over(columns, f)`: checks f once for each column that `columns` stands for. Columns of
 * types that f does not accept are left out and listed; any other finding is reported once.
 */
export function overColumns<T>(
  context: Context,
  state: MustState,
  binding: Binding,
  node: CallSyntax,
  each: (inner: Context, binding: Binding, f: Syntax) => T | undefined,
): readonly T[] | undefined {
  const [columns, f] = node.args
  const example = `${node.name}(columns, psi(column, accounts.train)${node.name === 'all_over' ? ' < 0.1' : ''})`
  const shape = (problem: string): undefined => report(context, node, macroShape, { name: node.name, problem, example })
  if (columns?.kind !== 'name' || columns.name !== 'columns' || f === undefined || node.args.length !== 2) {
    return shape('takes `columns` and a function of `column`')
  }
  if (binding.column !== undefined) return shape('stands inside another one; `column` would mean two things')
  if (!readsColumn(f)) return shape('does not read `column`, so all its measurements are the same')

  const relations = [state.environment.relation.name, ...namedRelations(state, f)]
  const skipped: string[] = []
  const included: string[] = []
  const results: T[] = []
  for (const column of candidates(state, relations)) {
    if (state.terms.length > MOST_TERMS) return shape(`would measure more than ${MOST_TERMS} things`)
    const findings: Diagnostic[] = []
    const inner: Binding = { ...binding, column }
    const result = attempt(state, () => {
      const value = each(state.contextFor(inner, findings), inner, f)
      return hasErrors(findings) ? undefined : value
    })
    if (result !== undefined) {
      included.push(column.name)
      results.push(result)
    } else if (findings.every((finding) => TYPE_FINDINGS.has(finding.code))) skipped.push(column.name)
    else {
      context.diagnostics.push(...findings)
      return undefined
    }
  }
  if (results.length === 0) return report(context, columns, noColumns, { relations: [...new Set(relations)], skipped })
  state.columns = {
    included: union(state.columns?.included, included),
    skipped: union(state.columns?.skipped, skipped),
  }
  return results
}

/** Columns of `of` that are in every relation named, and in none of them key, label, split or output. */
function candidates(state: MustState, relations: readonly string[]): readonly ColumnInfo[] {
  const others = relations.map((name) => state.environment.relations.get(name)).filter((other) => other !== undefined)
  return [...state.environment.relation.columns.values()].filter(
    (column) =>
      column.role === undefined &&
      others.every((other) => {
        const same = other.columns.get(column.name)
        return same !== undefined && same.role === undefined
      }),
  )
}

/** Relations that stand as arguments inside f; unknown ones are reported when f is checked. */
function namedRelations(state: MustState, f: Syntax): readonly string[] {
  const named = f.kind === 'call' ? aggregateNamed(f.name) : undefined
  const own = (named?.row.args ?? []).flatMap((kind, i) => {
    const node = f.kind === 'call' ? f.args[i] : undefined
    const name = kind === 'relation' && node !== undefined ? dottedName(node) : undefined
    return name !== undefined && state.environment.relations.has(name) ? [name] : []
  })
  return [...own, ...partsOf(f).flatMap((part) => namedRelations(state, part))]
}

function readsColumn(node: Syntax): boolean {
  return node.kind === 'name' ? node.name === 'column' : partsOf(node).some(readsColumn)
}

function union(a: readonly string[] | undefined, b: readonly string[]): readonly string[] {
  return [...new Set([...(a ?? []), ...b])]
}
