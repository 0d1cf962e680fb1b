import type { Clause, MustClause } from '../clause/clause.ts'
import type { Program } from '../clause/program.ts'
import type { Comparison, Term } from '../expr/must.ts'
import { isAuthored } from './asked.ts'
import type { Finding } from './findings.ts'
import { keyOfJson } from './key.ts'

const RANK = { info: 0, warn: 1, block: 2 } as const

/** A number beside a constant that it has to reach (or not to pass). */
interface Bound {
  readonly term: string
  readonly atLeast: boolean
  readonly value: number
  readonly strict: boolean
}

/**
 * Clauses that bound one number less than another clause does, of the same rows at no higher confidence: what shows the other
 * shows them. Where nothing blocks, several bounds of one number are steps of a ladder, and only equal ones say nothing. No
 * solver is needed, and none is asked: of intervals nothing else follows.
 */
export function weakerBounds({ clauses }: Program): readonly Finding[] {
  const bounding = clauses.filter(
    (clause): clause is MustClause => clause.form === 'must' && isAuthored(clause) && clause.unenforced === undefined,
  )
  const dropped = new Set<Clause>()
  return bounding.toReversed().flatMap((clause): readonly Finding[] => {
    const [own, ...more] = boundsOf(clause)
    if (own === undefined || more.length > 0 || clause.must.comparisons.length > 1) return []
    const by = bounding.find(
      (other) =>
        other !== clause &&
        !dropped.has(other) &&
        coversRows(other, clause) &&
        RANK[other.severity] >= RANK[clause.severity] &&
        levelOf(other) >= levelOf(clause) &&
        boundsOf(other).some(
          (bound) => isAtLeast(bound, own) && (other.severity === 'block' || bound.value === own.value),
        ),
    )
    if (by === undefined) return []
    dropped.add(clause)
    const [target] = clause.of
    return [{ kind: 'redundant', relation: target?.relation ?? '', clause, by: [by] }]
  })
}

const levelOf = ({ confidence }: MustClause): number => (confidence === 'none' ? 0 : confidence)

function coversRows(other: MustClause, clause: MustClause): boolean {
  const relations = new Set(other.of.map(({ relation }) => relation))
  const slices = new Set(other.slices.map(({ name }) => name))
  return (
    clause.of.every(({ relation }) => relations.has(relation)) && clause.slices.every(({ name }) => slices.has(name))
  )
}

function isAtLeast(stronger: Bound, weaker: Bound): boolean {
  if (stronger.term !== weaker.term || stronger.atLeast !== weaker.atLeast) return false
  if (stronger.value === weaker.value) return stronger.strict || !weaker.strict
  return stronger.value > weaker.value === stronger.atLeast
}

/** The bounds that all have to hold: those of a conjunction; none where the condition is another. */
function boundsOf({ must: { condition, comparisons, terms } }: MustClause): readonly Bound[] {
  const parts: Comparison[] = []
  const open = [condition]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.node === 'and') open.push(...node.args)
    else if (node.node === 'comparison') parts.push(comparisons[node.index] as Comparison)
    else return []
  }
  return parts.flatMap((part) => boundOf(part, terms))
}

function boundOf({ op, left, right }: Comparison, terms: readonly Term[]): readonly Bound[] {
  if (op === '==' || op === '!=') return []
  const mirrored = left.node === 'literal'
  const [side, literal] = mirrored ? [right, left] : [left, right]
  const term = side.node === 'term' ? terms[side.index] : undefined
  if (term === undefined || literal.node !== 'literal') return []
  const value = Number(literal.value)
  if (!Number.isFinite(value)) return []
  const { fn, args, model, where, estimates } = term
  const key = keyOfJson([fn, args, model ?? null, where ?? null, estimates])
  return [{ term: key, atLeast: op.startsWith('>') !== mirrored, value, strict: !op.endsWith('=') }]
}
