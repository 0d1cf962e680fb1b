/** What is uncovered. */
export type GapKind =
  | 'hazard'
  | 'requirement'
  | 'surviving-fault'
  | 'pair'
  | 'output'
  | 'segment'
  | 'column'
  | 'slice'
  | 'monitor'
  | 'guard'
  | 'level'

/** One thing that nothing speaks of. */
export interface Gap {
  readonly kind: GapKind
  /** What it is about: a name of the spec, or the id of a fault. */
  readonly subject: string
  readonly says: string
  /** What would close it. */
  readonly fix: string
  /** Weight of its kind, times how much of the traffic (or of the harm) it concerns; more is graver. Orders the list and means nothing else. */
  readonly weight: number
  /** A clause that would close it, as YAML. */
  readonly yaml?: string
}

/** Harm comes before loss of sight, and both before what is only unwatched. */
export const WEIGHTS: Readonly<Record<GapKind, number>> = {
  hazard: 100,
  requirement: 90,
  'surviving-fault': 70,
  segment: 65,
  output: 60,
  pair: 50,
  column: 40,
  slice: 35,
  monitor: 30,
  guard: 25,
  level: 10,
}

/** Graver first; equal ones in the order of kinds and names. */
export function ranked(gaps: readonly Gap[]): readonly Gap[] {
  return gaps.toSorted(
    (a, b) =>
      b.weight - a.weight ||
      a.kind.localeCompare(b.kind) ||
      (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0),
  )
}

/** A gap of a kind, of which `part` in (0, 1] is concerned. */
export const gap = (kind: Gap['kind'], subject: string, says: string, fix: string, part = 1, yaml?: string): Gap => ({
  kind,
  subject,
  says,
  fix,
  weight: Math.round(WEIGHTS[kind] * part * 1000) / 1000,
  ...(yaml === undefined ? {} : { yaml }),
})
