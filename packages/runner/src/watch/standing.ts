import { type Evidence, type Program, readWindow } from '@plumbline/core'
import type { WatchPlan } from './plan.ts'

/** How things stand: over the newest decided window of every clause that blocks, on each of its slices. */
export type StandingVerdict = 'satisfied' | 'violated' | 'undecided'

/** Keeps the newest decided verdicts of production. */
export interface Standing {
  readonly observe: (evidence: Evidence) => void
  /** Violated if one is, else undecided if one is, else satisfied: so far. */
  readonly verdict: () => StandingVerdict
}

interface Newest {
  readonly to: number
  /** By version: a window in which the model was swapped has several. */
  readonly parts: Map<string, 'satisfied' | 'violated'>
}

/** Nothing is decided yet. */
export function standing(program: Program, plan: WatchPlan): Standing {
  const newest = new Map<string, Newest>()
  const severities = new Map(program.clauses.map(({ id, severity }) => [id, severity]))
  const blocks = (clause: string): boolean => severities.get(clause) === 'block'
  const keyOf = (clause: string, slice: string, width: number): string => JSON.stringify([clause, slice, width])
  const asked = [
    ...plan.windows.flatMap(({ clause, width, instances }) =>
      instances.map(({ slice }) => ({ clause: clause.id, key: keyOf(clause.id, slice.name, width) })),
    ),
    ...plan.events.map(({ id }) => ({ clause: id, key: keyOf(id, 'all', 0) })),
  ].filter(({ clause }) => blocks(clause))

  return {
    observe({ statement }) {
      const { clause, relation, slice, stage, verdict, window, digests, exploratory } = statement
      if (stage !== 'runtime' || exploratory === true || !blocks(clause)) return
      if (verdict !== 'satisfied' && verdict !== 'violated') return
      const span = window === undefined ? undefined : readWindow(window)
      if (span === undefined) return
      const key = keyOf(clause, slice, relation === 'requests' ? span.to - span.from : 0)
      const known = newest.get(key)
      if (known !== undefined && span.to < known.to) return
      const parts = known?.to === span.to ? known.parts : new Map<string, 'satisfied' | 'violated'>()
      parts.set(JSON.stringify(digests.models), verdict)
      newest.set(key, { to: span.to, parts })
    },
    verdict() {
      const parts = asked.map(({ key }) => [...(newest.get(key)?.parts.values() ?? [])])
      if (parts.flat().includes('violated')) return 'violated'
      return parts.some((each) => each.length === 0) ? 'undecided' : 'satisfied'
    },
  }
}
