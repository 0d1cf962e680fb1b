import type { MustClause } from '../clause/clause.ts'
import type { Program, ProgramRelation } from '../clause/program.ts'
import type { Literal } from '../expr/expr.ts'
import type { Comparison } from '../expr/must.ts'
import type { Finding, Findings } from './findings.ts'
import type { Instance } from './instance.ts'
import { conflictOf } from './metric-question.ts'
import type { Repair } from './repair.ts'
import type { Asking } from './satisfiable.ts'

/** Sets of `must` clauses of one relation that no numbers can meet together: each set is minimal. */
export async function analyseMetrics(program: Program, asking: Asking): Promise<Findings> {
  const findings: Finding[] = []
  const reported: ReadonlySet<MustClause>[] = []
  let undecided = 0
  for (const relation of program.relations) {
    let left: readonly Instance[] = program.clauses.flatMap((clause) =>
      clause.form === 'must' &&
      clause.unenforced === undefined &&
      clause.of.some((of) => of.relation === relation.name || isDataOf(program, of.relation, relation))
        ? clause.slices.map((slice) => ({ clause, slice }))
        : [],
    )
    while (left.length > 0) {
      const core = await conflictOf(program, relation, left, asking)
      if (core === 'unknown') undecided++
      if (typeof core === 'string') break
      let minimal = core
      for (const each of core) {
        const without = minimal.filter((other) => other !== each)
        const answer = await conflictOf(program, relation, without, asking)
        if (typeof answer !== 'string') minimal = answer
      }
      if (minimal.length === 0) break
      left = left.filter((each) => !minimal.includes(each))
      // What clauses on the data alone contradict was found on the data.
      if (reported.some((clauses) => minimal.every(({ clause }) => clauses.has(clause)))) continue
      reported.push(new Set(minimal.map(({ clause }) => clause)))
      const repair = await smallestMove(program, relation, minimal, asking)
      findings.push({
        kind: 'impossible-metrics',
        relation: relation.name,
        clauses: [...new Set(minimal.map(({ clause }) => clause))],
        ...(repair === undefined ? {} : { repair }),
      })
    }
  }
  return { findings, undecided }
}

/** Whether a relation holds the rows that a model answers in another: what is asked of their labels is true there, too. */
function isDataOf({ relations }: Program, name: string, model: ProgramRelation): boolean {
  const data = relations.find((relation) => relation.name === name)
  return data?.kind === 'data' && model.kind === 'model' && data.dataset === model.dataset && data.split === model.split
}

/** Steps between 0 and the old bound: a bound is moved by whole thousandths. */
const GRAIN = 1_000

/** The smallest move of one constant bound with which numbers are possible again; undefined where none between 0 and 1 is. */
async function smallestMove(
  program: Program,
  relation: ProgramRelation,
  conflict: readonly Instance[],
  asking: Asking,
): Promise<Repair | undefined> {
  let best: Repair | undefined
  for (const instance of conflict) {
    const [comparison, ...others] = instance.clause.must.comparisons
    if (comparison === undefined || others.length > 0 || comparison.right.node !== 'literal') continue
    const { right } = comparison
    const old = Number(right.value)
    const free = comparison.op.startsWith('<') ? 1 : 0
    if (right.type.kind !== 'double' || !(old >= 0 && old <= 1) || !/^[<>]/.test(comparison.op)) continue
    const possible = async (bound: number): Promise<boolean> => {
      const moved = conflict.map((each) => (each === instance ? withBound(each, comparison, right, bound) : each))
      return (await conflictOf(program, relation, moved, asking)) === 'possible'
    }
    // In thousandths, counted from the old bound to where it asks nothing.
    const toward = free === 1 ? Math.ceil : Math.floor
    const at = (step: number): number =>
      step === 0 ? old : toward(old * GRAIN + (free === 1 ? step - 1e-9 : 1e-9 - step)) / GRAIN
    let [low, high] = [0, Math.ceil(Math.abs(free - old) * GRAIN)]
    if (high === 0 || !(await possible(free))) continue
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (await possible(at(middle))) high = middle
      else low = middle
    }
    const to = Math.abs(free - at(high)) > 1 || high === Math.ceil(Math.abs(free - old) * GRAIN) ? free : at(high)
    const repair = {
      name: instance.clause.id,
      from: right,
      to: { ...right, value: to },
      distance: Math.abs(to - old) / Math.max(1, Math.abs(old)),
    }
    if (best === undefined || repair.distance < best.distance) best = repair
  }
  return best
}

function withBound({ clause, slice }: Instance, comparison: Comparison, right: Literal, bound: number): Instance {
  const changed: Comparison = { ...comparison, right: { ...right, value: bound } }
  const moved: MustClause = { ...clause, must: { ...clause.must, comparisons: [changed] } }
  return { clause: moved, slice }
}
