import { duplicateSlice, noDeclaredValues, tooManySlices, unknownName } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { RelationInfo } from '../../expr/environment.ts'
import type { Expr, Literal } from '../../expr/expr.ts'
import type { RowFunctionName } from '../../expr/functions/row-functions.ts'
import { BOOL } from '../../expr/type.ts'
import type { ClauseSource } from '../../language/spec.ts'
import type { ProgramColumn } from '../program.ts'
import type { SliceRef } from '../clause.ts'
import { type Context, rowCondition } from './context.ts'

/** Slices that one clause may be asked of. */
const MOST_SLICES = 10_000

const ALL: SliceRef = { name: 'all', condition: null }

/** The slices a clause is asked of; `all` alone when it names none. */
export function lowerSlices(context: Context, clause: ClauseSource, relation: RelationInfo): readonly SliceRef[] {
  if (clause.slices.length === 0) return [ALL]
  const slices: SliceRef[] = []
  const taken = new Set<string>()
  for (const { value, span } of clause.slices) {
    const found = partsOf(context, value, relation).map((part) =>
      part.kind === 'by' ? byColumn(context, part.column, relation, span) : named(context, part.name, relation, span),
    )
    const count = found.reduce((product, part) => product * part.length, 1)
    if (slices.length + count > MOST_SLICES) {
      context.report(diagnose(tooManySlices, span, { limit: MOST_SLICES }))
      break
    }
    for (const slice of found.reduce(crossed)) {
      if (taken.has(slice.name)) context.report(diagnose(duplicateSlice, span, { name: slice.name }))
      else slices.push(slice)
      taken.add(slice.name)
    }
  }
  return slices.length === 0 ? [ALL] : slices
}

type Place = ClauseSource['span']
type SliceUse = ClauseSource['slices'][number]['value']

/** `young & by sex`: its parts, unless a slice or column has that very name. */
function partsOf(context: Context, use: SliceUse, relation: RelationInfo): readonly SliceUse[] {
  const text = use.kind === 'by' ? `by ${use.column}` : use.name
  if (use.kind === 'by' ? relation.columns.has(use.column) : context.spec.slices.has(use.name)) return [use]
  return text.split(/\s+&\s+/).map((part): SliceUse => {
    const by = /^by\s+(\S.*)$/.exec(part)?.[1]
    return by === undefined ? { kind: 'named', name: part } : { kind: 'by', column: by }
  })
}

/** The rows that are in one of each: `young & sex=1`, `young & sex=2`. */
function crossed(left: readonly SliceRef[], right: readonly SliceRef[]): readonly SliceRef[] {
  return left.flatMap((a) =>
    right.map((b): SliceRef => {
      if (a.condition === null) return b
      if (b.condition === null) return a
      return {
        name: `${a.name} & ${b.name}`,
        condition: { node: 'and', type: BOOL, args: [a.condition, b.condition] },
      }
    }),
  )
}

function named(context: Context, name: string, relation: RelationInfo, span: Place): readonly SliceRef[] {
  if (name === 'all') return [ALL]
  const expression = context.spec.slices.get(name)
  if (expression === undefined) {
    const known = [...context.spec.slices.keys()]
    context.report(diagnose(unknownName, span, { what: 'slice', name, near: nearestName(name, known), known }))
    return []
  }
  const condition = rowCondition(context, expression, relation)
  return condition === undefined ? [] : [{ name, condition }]
}

function byColumn(context: Context, name: string, relation: RelationInfo, span: Place): readonly SliceRef[] {
  const column = relation.columns.get(name) as ProgramColumn | undefined
  if (column === undefined) {
    const known = [...relation.columns.keys()]
    context.report(diagnose(unknownName, span, { what: 'column', name, near: nearestName(name, known), known }))
    return []
  }
  const codes = column.columnType === 'boolean' ? [true, false] : column.values?.map((v) => v.code)
  if (codes === undefined || codes.length === 0) {
    context.report(diagnose(noDeclaredValues, span, { column: name }))
    return []
  }
  const slices = codes.map((code): SliceRef => ({ name: `${name}=${code}`, condition: equals(column, code) }))
  return column.optional ? [...slices, { name: `${name}=null`, condition: isMissing(column) }] : slices
}

/** `c == code` as a typed tree. */
export function equals(column: ProgramColumn, code: string | number | boolean): Expr {
  const fn = `eq_${column.type.kind}` as RowFunctionName
  return {
    node: 'call',
    fn,
    type: BOOL,
    args: [{ node: 'column', type: column.type, name: column.name }, codeLiteral(column, code)],
  }
}

/** A declared code as a literal of its column's kind. */
export function codeLiteral(column: ProgramColumn, code: string | number | boolean): Literal {
  const type = column.type.kind === 'int' ? { kind: 'int' as const } : column.type
  return { node: 'literal', type, value: typeof code === 'number' && type.kind === 'int' ? String(code) : code }
}

function isMissing(column: ProgramColumn): Expr {
  return {
    node: 'is-missing',
    type: BOOL,
    operand: { node: 'column', type: column.type, name: column.name },
    negated: false,
  }
}
