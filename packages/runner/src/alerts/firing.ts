import { type Evidence, type Program, readWindow, type Statement } from '@plumbline/core'
import { type Alert, makeAlert } from './alert.ts'

/** An alert that stands: the violation as it was told, and the window seen last. */
export type Firing = {
  readonly alert: Alert
  /** End of the last window that violates it, in microseconds since 1970 UTC. */
  readonly to: number
}

/** What is known of all alerts; plain JSON. */
export type FiringState = {
  /** By line (clause, relation, slice, width of the window): the end of the newest window decided. */
  readonly newest: Readonly<Record<string, number>>
  /** By line and version. */
  readonly firing: Readonly<Record<string, Firing>>
}

/** Nothing is known, nothing fires. */
export const QUIET: FiringState = { newest: {}, firing: {} }

/** The state after a piece of evidence, and what is to be told. */
export type Advanced = { readonly state: FiringState; readonly alerts: readonly Alert[] }

/**
 * Takes evidence in the order of the ledger. Only decided windows speak: what is inconclusive changes nothing. A line
 * that is violated fires once for each version, and is resolved by a satisfied window of that version, or by a later
 * window that only other versions answered. A record about an older window than the newest decided one (late rows)
 * changes nothing: what fires is the present, the past is in the ledger.
 */
export function advance(state: FiringState, program: Program, evidence: Evidence): Advanced {
  const { statement } = evidence
  if (statement.stage !== 'runtime' || statement.exploratory === true) return { state, alerts: [] }
  if (statement.verdict !== 'violated' && statement.verdict !== 'satisfied') return { state, alerts: [] }
  const { line, from, to } = placeOf(evidence)
  if (to < (state.newest[line] ?? to)) return { state, alerts: [] }
  const model = modelOf(statement)
  const key = keyOf(line, model)
  const firing: Record<string, Firing> = { ...state.firing }
  const alerts: Alert[] = []
  const resolve = (at: string, standing: Firing, because: 'satisfied' | 'version-replaced'): void => {
    delete firing[at]
    const { since, model: of } = standing.alert
    alerts.push(makeAlert(program, evidence, { status: 'resolved', because, since, model: of }))
  }
  for (const [other, standing] of Object.entries(state.firing)) {
    if (other !== key && lineOf(other) === line && standing.to <= from) resolve(other, standing, 'version-replaced')
  }
  const standing = state.firing[key]
  if (statement.verdict === 'satisfied') {
    if (standing !== undefined) resolve(key, standing, 'satisfied')
  } else if (standing !== undefined) firing[key] = { ...standing, to }
  else {
    const alert = makeAlert(program, evidence, { status: 'violated', since: timeText(to), model })
    firing[key] = { alert, to }
    alerts.push(alert)
  }
  return { state: { newest: { ...state.newest, [line]: to }, firing }, alerts }
}

/** Which line a statement belongs to, and which span of time it speaks of. */
function placeOf({ statement, run }: Evidence): { readonly line: string; readonly from: number; readonly to: number } {
  const { clause, relation, slice, form, window } = statement
  const span = window === undefined ? undefined : readWindow(window)
  const at = Date.parse(run.at) * 1000
  const tumbling = form === 'every' || form === 'must' || form === 'always'
  const width = span !== undefined && tumbling ? span.to - span.from : 0
  const line = JSON.stringify([clause, relation, slice, width])
  return { line, from: span?.from ?? at, to: span?.to ?? at }
}

function modelOf({ digests }: Statement): string | null {
  const models = Object.values(digests.models)
  return models.length === 0 ? null : models.toSorted().join(' ')
}

const SEPARATOR = '\n'

function keyOf(line: string, model: string | null): string {
  return `${line}${SEPARATOR}${model ?? ''}`
}

function lineOf(key: string): string {
  return key.slice(0, key.indexOf(SEPARATOR))
}

function timeText(micros: number): string {
  return new Date(micros / 1000).toISOString()
}
