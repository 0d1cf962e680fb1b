import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Host, type Instance, instancesOf, type Program, type ProgramMonitor } from '@plumbline/core'
import { declaredRequests, logColumnsOf } from '../requests/request-columns.ts'
import { openRequestLog, type RequestLogLimits } from '../requests/request-log.ts'
import type { LoggedRow } from '../requests/row-text.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

/** A day in microseconds. */
export const DAY = 86_400_000_000
/** 2026-01-07T00:00:00Z in microseconds since 1970. */
export const BEGIN = Date.UTC(2026, 0, 7) * 1000

/** A spec with people who ask for credit, and these clauses. */
export function requestProgram(clauses: string, monitor: Partial<ProgramMonitor> = {}): Program {
  const text = `plumbline: 1
system: { name: read, version: 1.0.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer, range: [18, 100] }
      city: { type: category, values: [Ulm, Bonn] }
      default: { type: boolean, role: label }
slices: { young: age < 30 }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: people, columns: [age, city] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
clauses:
${clauses}
`
  const value = compiledSpec(text)
  const labels = { source: 'outcomes.csv', join: ['id'], within: 45 * DAY, minShare: '0.8' }
  return { ...value, monitor: { windows: [DAY], lateness: 0, minRows: 0, labels, alerts: [], ...monitor } }
}

/** The authored clauses on requests, and those contracts that are named. */
export function onRequests(program: Program, ...contracts: readonly string[]): readonly Instance[] {
  return instancesOf(program, ['runtime']).filter(
    ({ clause, relation }) =>
      relation === 'requests' && (clause.origin === 'authored' || contracts.includes(clause.id)),
  )
}

/** A request that was answered, n seconds after the beginning. */
export function requestRow(n: number, more: Partial<LoggedRow> = {}): LoggedRow {
  return {
    requestId: `r${n}`,
    row: 0,
    at: BEGIN + n * 1_000_000,
    model: 'sha256:a',
    guard: 'accepted',
    clauses: [],
    request: { id: n, age: 18 + (n % 60), city: n % 2 === 0 ? 'Ulm' : 'Bonn' },
    answer: { risk: (n % 8) / 8, decision: n % 8 >= 4 },
    ...more,
  }
}

/** Writes rows into the log of a project and closes it. */
export async function writeLog(
  host: Host,
  root: string,
  program: Program,
  rows: readonly LoggedRow[],
  limits: Partial<RequestLogLimits> = {},
): Promise<void> {
  await mkdir(root, { recursive: true })
  const declared = declaredRequests(program)
  if (declared === undefined) throw new Error('no requests')
  const log = await openRequestLog({ host, directory: join(root, 'log'), columns: logColumnsOf(declared), limits })
  if (!log.ok) throw new Error(JSON.stringify(log.failure))
  const written = await Promise.all(rows.map((row) => log.value.append([row])))
  if (written.some(({ ok }) => !ok)) throw new Error('a row was not written')
  await log.value.close()
}

/** Adds labels: id, label, and when it arrived in microseconds since 1970 UTC. */
export function addLabels(root: string, labels: readonly (readonly [id: number, label: boolean, at: number])[]): void {
  const path = join(root, 'outcomes.csv')
  if (!existsSync(path)) writeFileSync(path, 'id,default,arrived_at\n')
  const lines = labels.map(([id, label, at]) => `${id},${label},${new Date(at / 1000).toISOString()}\n`)
  appendFileSync(path, lines.join(''))
}
