import { parseExpression, type Spec, type Syntax } from '@plumbline/core'

import { distanceNames } from './clauses.ts'

/** The ids of the `always` clauses whose condition keeps a distance below a number. */
export function boundsOfDrift(spec: Spec, bound: number): readonly string[] {
  return [...spec.clauses.values()].flatMap(({ name, body }) => {
    if (body.form !== 'always') return []
    const { value } = parseExpression(body.condition.text, { span: body.condition.place })
    return value !== undefined && bounds(value, bound) ? [name] : []
  })
}

function bounds(node: Syntax, bound: number): boolean {
  if (node.kind !== 'binary') return false
  if (node.op === '&&') return bounds(node.left, bound) || bounds(node.right, bound)
  const { right } = node
  if ((node.op !== '<' && node.op !== '<=') || (right.kind !== 'double' && right.kind !== 'int')) return false
  return Number(right.value) === bound && measures(node.left)
}

function measures(node: Syntax): boolean {
  if (node.kind !== 'call') return false
  return distanceNames.includes(node.name) || (node.name === 'max_over' && node.args.some(measures))
}
