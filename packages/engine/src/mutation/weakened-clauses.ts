import { type Fault, type Instance, type SpecResult, type Statement, type Weakened, weakenings } from '@plumbline/core'
import { modelCatalogs } from '../model-stage/model-catalog.ts'
import { ask } from './ask.ts'
import { type Answers, questionOf } from './reactions.ts'
import { type Planting, withFault } from './planting.ts'

/** Faults that are planted again for one clause, at most: those it noticed by the least. */
const TRIED = 3

/** A fault that was killed, and the answers it was given. */
export interface Killed {
  readonly fault: Fault
  readonly after: readonly Statement[]
}

/**
 * Weakens every authored clause in each way, and asks the weaker one what the clause was asked: on the data as they are, and on
 * faults that the clause kills. Nobody notices a weakening after which all these answers are the same.
 */
export async function weakenedClauses(
  planting: Planting,
  before: Answers,
  killed: readonly Killed[],
): Promise<readonly SpecResult[]> {
  const { request, instances } = planting
  const clauses = request.program.clauses.filter(({ origin }) => origin === 'authored' || origin === 'profiled')
  const open = new Map<string, { readonly weak: Weakened; readonly own: readonly Instance[]; by?: string }>()
  for (const clause of clauses) {
    const own = instances.filter((each) => each.clause === clause && (each.stage === 'data' || each.stage === 'model'))
    if (!own.some((each) => isAnswered(before, each, 'satisfied'))) continue
    for (const weak of weakenings(clause)) open.set(weak.id, { weak, own })
  }
  const noticeIn = async (where: string, answers: Answers, ids: readonly string[], planted?: Fault): Promise<void> => {
    const still = ids.filter((id) => open.get(id)?.by === undefined)
    if (still.length === 0) return
    const faulty = planted === undefined ? { asking: planting.asking } : await withFault(planting, planted)
    if ('cause' in faulty) return
    const asking = { ...faulty.asking, catalogs: modelCatalogs(faulty.asking) }
    // One at a time: a weaker clause has the id of the one it came from.
    for (const id of still) {
      const entry = open.get(id)
      if (entry === undefined || request.signal?.aborted === true) return
      const statements = await ask(
        asking,
        entry.own.map((each) => ({ ...each, clause: entry.weak.clause })),
      )
      const differs = statements.some((statement) => answers.get(questionOf(statement))?.verdict !== statement.verdict)
      if (differs) entry.by = where
    }
  }
  await noticeIn('as-is', before, [...open.keys()])
  for (const [fault, ids] of faultsToTry(killed, open)) {
    const found = killed.find((each) => each.fault === fault)
    if (found !== undefined)
      await noticeIn(fault.id, new Map([...before, ...found.after.map((s) => [questionOf(s), s] as const)]), ids, fault)
  }
  return [...open.values()].map(({ weak, by }) => ({
    id: weak.id,
    operator: weak.operator,
    clause: weak.clause.id,
    says: weak.says,
    outcome: by === undefined ? 'survived' : 'killed',
    ...(by === undefined ? {} : { by }),
  }))
}

function isAnswered(answers: Answers, { clause, relation, slice }: Instance, verdict: Statement['verdict']): boolean {
  return answers.get(JSON.stringify([clause.id, relation, slice.name]))?.verdict === verdict
}

/** For each fault worth planting again, the weakenings it could show: of clauses that killed it, by the least. */
function faultsToTry(
  killed: readonly Killed[],
  open: ReadonlyMap<string, { readonly weak: Weakened; readonly by?: string }>,
): ReadonlyMap<Fault, readonly string[]> {
  const wanted = new Map<Fault, string[]>()
  const byClause = Map.groupBy(
    [...open].filter(([, { by }]) => by === undefined),
    ([, { weak }]) => weak.clause.id,
  )
  for (const [clause, entries] of byClause) {
    const near = killed
      .map(({ fault, after }) => ({ fault, distance: distanceOf(after, clause) }))
      .filter(({ distance }) => distance !== undefined)
      .toSorted((a, b) => (a.distance ?? 0) - (b.distance ?? 0))
      .slice(0, TRIED)
    for (const { fault } of near) wanted.set(fault, [...(wanted.get(fault) ?? []), ...entries.map(([id]) => id)])
  }
  return wanted
}

/** How far a clause is from being satisfied, where it is violated: its margin, or the share of rows that fail. */
function distanceOf(after: readonly Statement[], clause: string): number | undefined {
  const violated = after.filter((statement) => statement.clause === clause && statement.verdict === 'violated')
  const distances = violated.flatMap((statement) => {
    if (statement.verdict !== 'violated') return []
    const margins = statement.comparisons?.map(({ margin }) => Math.abs(margin.value ?? 0)) ?? []
    return margins.length > 0 ? margins : [(statement.failing ?? 0) / Math.max(1, statement.n)]
  })
  return distances.length === 0 ? undefined : Math.min(...distances)
}
