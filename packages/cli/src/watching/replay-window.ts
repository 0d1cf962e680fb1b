import { join } from 'node:path'
import { type Evidence, type Program, readWindow, type Statement } from '@plumbline/core'
import { openRuntimeStage } from '@plumbline/engine'
import { evidenceIn, asRecorded, planWatch, promotedDatasets, windowHistory } from '@plumbline/runner'
import { failureText, readPromotion } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import type { ProjectState } from '../project/state.ts'
import { keptModel } from './kept-model.ts'

/** Decides the window of a piece of evidence again, from the log of requests, with the labels that had arrived then. */
export async function replayWindow(
  context: CommandContext,
  program: Program,
  { ledger, artifacts }: ProjectState,
  evidence: Evidence,
): Promise<Outcome<Statement>> {
  const { host, root, signal } = context
  const { statement, run, id } = evidence
  const window = statement.window === undefined ? undefined : readWindow(statement.window)
  const line = planWatch(program).windows.find(
    ({ clause, width }) => clause.id === statement.clause && window !== undefined && width === window.to - window.from,
  )
  if (statement.relation !== 'requests' || window === undefined || line === undefined) return NOT_OF_ROWS
  const history = windowHistory()
  const kept = promotedDatasets((record) => readPromotion(record, artifacts.path), artifacts.path)
  for await (const step of ledger.read()) {
    if (!step.ok) return unread(failureText(step.failure))
    const other = evidenceIn(step.record)
    // What an `always` clause rests on is what was known when it was recorded.
    if (other?.id === id) break
    if (other !== undefined) history.observe(other)
    kept.observe(step.record)
  }
  const stage = await openRuntimeStage({
    host,
    program,
    root,
    log: join(root, '.plumb', 'requests'),
    toolVersion: statement.digests.tool,
    instances: line.instances,
    frozen: kept.of,
    models: (version) => keptModel(artifacts, version),
    signal,
  })
  if (!stage.ok) return unread(stage.failure.cause)
  try {
    const now = Date.parse(run.at) * 1000
    const decided = await stage.value.decide({ window, now, instances: line.instances })
    if (!decided.ok) return unread(decided.failure.cause)
    const version = JSON.stringify(statement.digests.models)
    const again = decided.value.statements.find(
      ({ slice, digests }) => slice === statement.slice && JSON.stringify(digests.models) === version,
    )
    if (again === undefined || !sameData(statement, again)) return CHANGED
    // How many rows were late is told by the record before, not by the window.
    const late = 'late' in statement && statement.late !== undefined ? { late: statement.late } : {}
    return success({ ...asRecorded(history, program, again), ...late } as Statement)
  } finally {
    await stage.value.close()
  }
}

function sameData(a: Statement, b: Statement): boolean {
  const names = new Set([...Object.keys(a.digests.data), ...Object.keys(b.digests.data)])
  return [...names].every((name) => a.digests.data[name] === b.digests.data[name])
}

const CHANGED = failure(
  'replay/changed',
  'The window does not hold the rows and labels that the evidence was made on.',
  'A verdict can be repeated only on the same digests.',
  'Rows may have come since, or were removed to bound the log: replay the last record of the window.',
)

const NOT_OF_ROWS = failure(
  'replay/not-of-rows',
  'This evidence was not made from rows.',
  'A clause over events is decided from the ledger itself, which `plumb verify` checks.',
  'Replay the evidence of the windows it names.',
)

function unread(cause: string): Outcome<never> {
  return failure(
    'replay/unreadable',
    `The window cannot be read: ${cause.replace(/\.$/, '')}.`,
    'It is decided again from the log of requests.',
    'Remove the cause, then replay again.',
    EXIT.environment,
  )
}
