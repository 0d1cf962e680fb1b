import { canonicalJson } from '../../evidence/canonical-json.ts'
import type { Expr } from '../../expr/expr.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import { possibleErrors } from '../../targets/errors.ts'
import type { LinearForm } from './linear.ts'

/** What a formula asks about: a column (or term), or a value computed from some. */
export interface Leaf {
  readonly key: string
  readonly kind: 'int' | 'double' | 'string' | 'bool' | 'timestamp' | 'duration' | 'other'
  /** Columns it is computed from; a column reads itself. */
  readonly reads: ReadonlySet<string>
  readonly computed: boolean
  /** It is missing exactly where one of the columns it reads is. */
  readonly strict: boolean
  /** It may end in an error other than `missing`. */
  readonly fails: boolean
  /** Where it is a sum of columns: with what weights. */
  readonly form?: LinearForm
}

/**
 * What is known of a column: whether a cell may be missing, and closed bounds of its values. `certain`: no value can lie
 * outside (a share, a count); declared ranges are contracts, which rows may break, and count for sums of columns only.
 */
export interface ColumnFacts {
  readonly nullable: boolean
  readonly certain?: true
  readonly low?: number
  readonly high?: number
}

/** Facts about columns by name. */
export type Facts = (column: string) => ColumnFacts

/** Text that is equal for equal trees: places and the fields of records stay out. */
export function exprKey(expr: unknown): string {
  return canonicalJson(expr, (name, value) => name === 'at' || (name === 'fields' && !Array.isArray(value)))
}

/** The leaf of a column: named by the column. */
export const columnLeaf = (expr: Extract<Expr, { node: 'column' }>): Leaf => ({
  key: expr.name,
  kind: kindOf(expr),
  reads: new Set([expr.name]),
  computed: false,
  strict: true,
  fails: false,
})

/** The leaf of anything else: named by its tree. */
export function computedLeaf(expr: Expr): Leaf {
  if (expr.node === 'column') return columnLeaf(expr)
  const errors = possibleErrors(expr)
  return {
    key: `=${exprKey(expr)}`,
    kind: kindOf(expr),
    reads: columnsOf(expr),
    computed: true,
    strict: walk(expr).every(({ node }) => STRICT.has(node)),
    fails: [...errors].some((code) => code !== 'missing'),
  }
}

const STRICT: ReadonlySet<Expr['node']> = new Set([
  'call',
  'column',
  'literal',
  'in-list',
  'matches',
  'reduce',
  'local',
])

const KINDS = ['int', 'double', 'string', 'bool', 'timestamp', 'duration'] as const

function kindOf({ type }: Expr): Leaf['kind'] {
  return KINDS.find((kind) => kind === type.kind) ?? 'other'
}
