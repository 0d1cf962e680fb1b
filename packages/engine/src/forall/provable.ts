import type { Expr, ForallClause } from '@plumbline/core'

/** A statement that a proof can settle: how one output behaves when one column changes. */
export type Provable =
  | {
      readonly kind: 'monotone'
      readonly model: string
      readonly output: string
      readonly column: string
      readonly direction: 'non-decreasing' | 'non-increasing'
    }
  /** The outputs do not depend on the columns. `decision` among them stands for what the decision reads. */
  | {
      readonly kind: 'independent'
      readonly model: string
      readonly outputs: readonly string[]
      readonly columns: readonly string[]
    }

/**
 * Recognises the statements that proofs can settle, for a bound record `x` and `y = x.with({…})`:
 * `m(y).o >= m(x).o` with one column moved by a literal step (monotone), and `m(x).o == m(y).o` with any columns replaced
 * (independent). Undefined for every other shape; `assume` only narrows the domain, so a proof without it is enough.
 */
export function provable(clause: ForallClause): Provable | undefined {
  const [change, ...more] = clause.let
  if (change === undefined || more.length > 0 || change.value.node !== 'with') return undefined
  const { operand, fields } = change.value
  if (operand.node !== 'local') return undefined
  const sides = answersOf(clause.holds, operand.name, change.name)
  if (sides === undefined) return undefined
  const { model, output, relation } = sides
  const step =
    fields.length === 1 && fields[0] !== undefined ? stepOf(fields[0].value, operand.name, fields[0].name) : undefined
  if (relation !== 'equal' && step !== undefined && step !== 0 && fields[0] !== undefined) {
    const rises = relation === 'changed-at-least' ? step > 0 : step < 0
    return {
      kind: 'monotone',
      model,
      output,
      column: fields[0].name,
      direction: rises ? 'non-decreasing' : 'non-increasing',
    }
  }
  return { kind: 'independent', model, outputs: [output], columns: fields.map((f) => f.name) }
}

interface Sides {
  readonly model: string
  readonly output: string
  /** What `holds` says of the changed record's answer beside the original's. */
  readonly relation: 'equal' | 'changed-at-least' | 'changed-at-most'
}

function answersOf(holds: Expr, original: string, changed: string): Sides | undefined {
  if (holds.node !== 'call') return undefined
  const [op] = holds.fn.split('_')
  const [left, right] = holds.args.map(answerOf)
  if (left === undefined || right === undefined || left.model !== right.model || left.output !== right.output)
    return undefined
  const turned = left.record === original && right.record === changed
  if (!turned && !(left.record === changed && right.record === original)) return undefined
  const { model, output } = left
  if (op === 'eq') return { model, output, relation: 'equal' }
  if (op !== 'ge' && op !== 'le') return undefined
  return { model, output, relation: (op === 'ge') !== turned ? 'changed-at-least' : 'changed-at-most' }
}

function answerOf(
  expr: Expr,
): { readonly model: string; readonly output: string; readonly record: string } | undefined {
  if (expr.node !== 'field' || expr.operand.node !== 'predict' || expr.operand.operand.node !== 'local')
    return undefined
  return { model: expr.operand.model, output: expr.name, record: expr.operand.operand.name }
}

/** The literal step of `x.c + k`, `k + x.c` or `x.c - k`; undefined for anything else. */
function stepOf(value: Expr, record: string, column: string): number | undefined {
  if (value.node !== 'call') return undefined
  const [a, b] = value.args
  if (a === undefined || b === undefined) return undefined
  const isCell = (e: Expr): boolean =>
    e.node === 'field' && e.name === column && e.operand.node === 'local' && e.operand.name === record
  const number = (e: Expr): number | undefined =>
    e.node === 'literal' && (e.type.kind === 'int' || e.type.kind === 'double') ? Number(e.value) : undefined
  switch (value.fn) {
    case 'add_int':
    case 'add_double':
      return isCell(a) ? number(b) : isCell(b) ? number(a) : undefined
    case 'sub_int':
    case 'sub_double': {
      const step = isCell(a) ? number(b) : undefined
      return step === undefined ? undefined : -step
    }
    default:
      return undefined
  }
}
