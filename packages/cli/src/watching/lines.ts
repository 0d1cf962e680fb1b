import type { Evidence, Program, TimeWindow } from '@plumbline/core'
import { windowText } from '@plumbline/core'
import type { Alert, Delivery, WatchEvent } from '@plumbline/runner'
import { shortDigest, verdictSign } from '@plumbline/report'
import { foundText, questionName } from '../reporters/words.ts'
import { oneLine } from '../terminal/one-line.ts'
import type { Style } from '../terminal/style.ts'

/** One line of `plumb watch --json`; `event` tells them apart. */
export type WatchLine =
  | {
      readonly event: 'decided'
      readonly at: string
      readonly id: string
      readonly clause: string
      readonly relation: string
      readonly slice: string
      readonly window: string | null
      readonly model: string | null
      readonly severity: string
      readonly verdict: string
      readonly reason: string | null
      readonly supersedes: string | null
    }
  | { readonly event: 'labels'; readonly window: string; readonly arrived: number; readonly of: number }
  | { readonly event: 'late-rows'; readonly window: string; readonly rows: number }
  | { readonly event: 'future-rows'; readonly rows: number }
  | { readonly event: 'absent-segments'; readonly segments: number }
  | { readonly event: 'problem'; readonly reason: string; readonly cause: string }
  | { readonly event: 'alert'; readonly alert: Alert }
  | {
      readonly event: 'delivery'
      readonly outcome: Delivery['kind']
      readonly receiver: string
      readonly alert: string
      readonly reason: string | null
    }
  | { readonly event: 'pass'; readonly position: string; readonly written: number; readonly problems: number }

/** An event of the watch as a line of JSON. */
export function lineOf(event: WatchEvent): WatchLine {
  switch (event.kind) {
    case 'decided': {
      const { id, statement, run } = event.evidence
      const { clause, relation, slice, window, severity, verdict, supersedes } = statement
      return {
        event: 'decided',
        at: run.at,
        id,
        clause,
        relation,
        slice,
        window: window ?? null,
        model: modelOf(event.evidence),
        severity,
        verdict,
        reason: 'reason' in statement ? statement.reason : null,
        supersedes: supersedes ?? null,
      }
    }
    case 'labels':
      return { event: 'labels', window: windowText(event.window), arrived: event.arrived, of: event.of }
    case 'late-rows':
      return { event: 'late-rows', window: windowText(event.window), rows: event.rows }
    case 'future-rows':
      return { event: 'future-rows', rows: event.rows }
    case 'absent-segments':
      return { event: 'absent-segments', segments: event.segments }
    case 'problem':
      return { event: 'problem', reason: event.failure.reason, cause: event.failure.cause }
  }
}

/** What became of an alert as a line of JSON. */
export function deliveryLine({ kind, receiver, alert, reason }: Delivery): WatchLine {
  return { event: 'delivery', outcome: kind, receiver, alert: alert.id, reason: reason ?? null }
}

function modelOf({ statement }: Evidence): string | null {
  return Object.values(statement.digests.models)[0] ?? null
}

/** An event of the watch as a line for people. */
export function textOf(event: WatchEvent, program: Program, style: Style): string {
  switch (event.kind) {
    case 'decided':
      return decidedText(event.evidence, program, style)
    case 'labels':
      return style.dim(`${spanText(event.window)}  ${event.arrived} of ${event.of} labels`)
    case 'late-rows':
      return style.yellow(`${spanText(event.window)}  ${event.rows} rows came after it had been decided`)
    case 'future-rows':
      return style.yellow(`${event.rows} rows have a time that is yet to come; they wait for their window`)
    case 'absent-segments':
      return style.yellow(
        `${event.segments} segments of the log of requests are not there; their rows are in no window`,
      )
    case 'problem':
      return style.red(`! ${oneLine(event.failure.cause)}`)
  }
}

function decidedText(evidence: Evidence, program: Program, { red, green, yellow, dim }: Style): string {
  const { statement } = evidence
  const clause = program.clauses.find(({ id }) => id === statement.clause)
  const { verdict } = statement
  const paint = verdict === 'satisfied' ? green : verdict === 'violated' || verdict === 'error' ? red : yellow
  const model = modelOf(evidence)
  const parts = [
    paint(verdictSign(verdict)),
    (statement.window ?? '').replace('/', ' – ').replaceAll('T00:00:00Z', ''),
    oneLine(questionName(clause, statement)),
    paint(verdict),
    ...(verdict === 'violated' && clause?.severity !== 'block' ? [`(${clause?.severity ?? ''})`] : []),
    oneLine(foundText(clause, statement)),
    ...(model === null ? [] : [dim(shortDigest(model))]),
    ...(statement.supersedes === undefined ? [] : [dim('supersedes an earlier record')]),
  ]
  return parts.join('  ')
}

function spanText(window: TimeWindow): string {
  return windowText(window).replace('/', ' – ').replaceAll('T00:00:00Z', '')
}

/** An alert as a line for people: what a receiver of the kind `stdout` gets. */
export function alertText({ status, clause, slice, says, window, model }: Alert, { red, green, dim }: Style): string {
  const paint = status === 'violated' ? red : green
  const of = slice === 'all' ? '' : ` [${oneLine(slice)}]`
  const version = model === null ? '' : `  ${dim(shortDigest(model))}`
  return `${paint(`alert ${status}`)}  ${oneLine(clause)}${of}  ${oneLine(says)}  ${(window ?? '').replace('/', ' – ')}${version}`
}

/** What became of an alert as a line for people; undefined for what needs no word. */
export function deliveryText({ kind, receiver, alert, reason }: Delivery): string | undefined {
  if (kind === 'sent') return undefined
  const what = kind === 'waits' ? 'waits' : 'was given up'
  return `warning: the alert on ${oneLine(alert.clause)} for ${oneLine(receiver)} ${what}: ${oneLine(reason ?? '')}`
}
