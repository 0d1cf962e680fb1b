import type { RecordValue } from '../expr/value.ts'
import { ask, type Demand, refine, type SmtColumn, type Solver, type SolverLimits } from '../targets/smt/index.ts'
import { inDomain, meets, onRow } from './confirm.ts'

/** Whether a row can meet all demands. */
export type Satisfiability =
  /** This one does; the reference evaluator confirmed it. It holds the cells that the demands read. */
  | { readonly kind: 'satisfiable'; readonly row: RecordValue }
  /** None can, proved; these demands are enough for that, not necessarily the fewest. */
  | { readonly kind: 'unsatisfiable'; readonly core: readonly string[] }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Columns that are taken for granted, by name. */
export type Columns = ReadonlyMap<string, SmtColumn>

/** How a question is asked. */
export interface Asking {
  readonly solver: Solver
  readonly limits: SolverLimits
  /** The demands that contradict one another are wanted; without, a core names all. Costs the solver some of its ways. */
  readonly cores?: boolean
  /** Whether the time for all questions together is used up: no other is begun, one that was begun goes on to its end. */
  readonly isSpent?: () => boolean
  /** Whether the solver answers nothing any more: what is not decided without it stays open. */
  readonly isMute?: () => boolean
  /** The same with time of its own, for something that was found: it is worth being made minimal and repaired. */
  readonly extended?: () => Pick<Asking, 'solver' | 'isSpent' | 'isMute' | 'extended' | 'pause'>
  /** Lets others have their turn now and then; a search otherwise hears of no signal before its end. */
  readonly pause?: () => Promise<void>
}

/** How what was found is made minimal and repaired. */
export const finishing = (asking: Asking): Asking => ({ ...asking, ...asking.extended?.() })

/** The same, but that after so many questions without an answer none is asked any more: what is left of a search is given up. */
export function impatient(asking: Asking, most: number): Asking {
  let open = 0
  const { solver } = asking
  return {
    ...asking,
    solver: {
      check: async (query, limits) => {
        if (open >= most) return { kind: 'unknown', reason: 'interrupted', detail: 'too many questions stayed open' }
        const answer = await solver.check(query, limits)
        if (answer.kind === 'unknown') open++
        return answer
      },
    },
  }
}

/** Rounds in which a solver is told what it got wrong. */
const ROUNDS = 10
/** Each round has half of the time of the one before, but so much. */
const LEAST_MS = 100

/**
 * Looks for a row of the columns that meets all demands. What the solver proposes is evaluated; where that fails, it is
 * told the facts that it did not know and asked again, in less than three times the time together.
 */
export async function satisfiable(
  demands: readonly Demand[],
  columns: Columns,
  { solver, limits, cores = false }: Asking,
): Promise<Satisfiability> {
  const question = ask(demands, columns, cores)
  const facts = new Map<string, Parameters<typeof question.query>[0][number]>()
  let reason = 'no row that the solver proposed was confirmed'
  for (let round = 0; round < ROUNDS; round++) {
    // The second round tries rows on which nothing is rounded; its `unsat` says nothing.
    const guided = round === 1 && question.encoding.guides.length > 0
    const query = question.query([...facts.values()], guided)
    const milliseconds = Math.max(LEAST_MS, Math.round(limits.milliseconds / 2 ** round))
    const steps = limits.steps === undefined ? {} : { steps: Math.ceil(limits.steps / 2 ** round) }
    const answer = await solver.check(query, { ...limits, milliseconds, ...steps })
    if (answer.kind === 'unknown') {
      reason = `${answer.reason}: ${answer.detail}`
      if (round === 0 && question.encoding.guides.length > 0) continue
      if (!guided) break
      continue
    }
    if (answer.kind === 'unsat') {
      if (guided) continue
      return {
        kind: 'unsatisfiable',
        core: cores ? question.namesOf(answer.core) : demands.map(({ name }) => name),
      }
    }
    const row = question.row(answer.values)
    if (row === undefined) {
      reason = 'the solver proposed a value that no cell has'
      if (round === 0) continue
      break
    }
    const valueOf = onRow(row)
    if (inDomain(row, columns) && demands.every((demand) => meets(demand, valueOf))) return { kind: 'satisfiable', row }
    const before = facts.size
    for (const [key, fact] of refine(question, valueOf)) facts.set(key, fact)
    if (facts.size === before && round > 0) break
  }
  return { kind: 'unknown', reason }
}
