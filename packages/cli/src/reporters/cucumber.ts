import type { Clause, Evidence, Verdict } from '@plumbline/core'
import { clausesFeature, cucumberMessages, type StepOutcome } from '@plumbline/gherkin'
import { conditionText } from '@plumbline/report'
import { createStyle } from '../terminal/style.ts'
import { jsonForTerminal } from '../terminal/streams.ts'
import { TOOL_VERSION } from '../version.ts'
import { clausesById, exitCodeOf } from './outcome.ts'
import type { Reporter, TestResult } from './reporter.ts'
import { evidenceLines } from './terminal/evidence.ts'
import { foundText, questionName } from './words.ts'

/**
 * Cucumber messages, a line of JSON each: the features of the spec with a result at each step, and a feature written for
 * the clauses that none states. violated and error = failed, inconclusive = pending, not asked in this run = skipped.
 */
export const cucumberReporter: Reporter = { render: renderCucumber }

function renderCucumber(result: TestResult): string {
  const { program, evidence, specPath, features } = result
  const clauses = clausesById(program)
  const byClause = Map.groupBy(evidence, ({ statement }) => statement.clause)
  const stated = new Set((features?.features ?? []).flatMap(({ steps }) => steps.map(({ clause }) => clause)))
  const others = program.clauses.filter(({ id }) => !stated.has(id) && byClause.has(id))
  const written = clausesFeature(
    specPath,
    others.map((clause) => ({ id: clause.id, says: clause.says, asks: `${clause.form}: ${conditionText(clause)}` })),
  )
  const accepted = new Set(result.baseline?.accepted)
  const envelopes = cucumberMessages({
    features: [...(features?.features ?? []), ...(written === undefined ? [] : [written])],
    outcome: (id) => outcomeOf(clauses.get(id), byClause.get(id) ?? [], accepted),
    tool: { name: 'plumb', version: TOOL_VERSION },
    host: evidence[0]?.run.host ?? { os: 'unknown', arch: 'unknown', node: 'unknown' },
    startedAt: Math.min(...evidence.map(({ run }) => Date.parse(run.at)), ...(evidence.length === 0 ? [0] : [])),
    success: exitCodeOf(program, evidence, result.baseline?.accepted) === 0,
  })
  return envelopes.map((envelope) => `${jsonForTerminal(JSON.stringify(envelope))}\n`).join('')
}

const STATUS: Readonly<Record<Verdict, StepOutcome['status']>> = {
  satisfied: 'PASSED',
  violated: 'FAILED',
  error: 'FAILED',
  inconclusive: 'PENDING',
  skipped: 'SKIPPED',
}
const WORST: readonly StepOutcome['status'][] = ['FAILED', 'PENDING', 'PASSED', 'SKIPPED']

/** The worst of what was found on the relations and slices of a clause. */
function outcomeOf(clause: Clause | undefined, found: readonly Evidence[], accepted: ReadonlySet<string>): StepOutcome {
  if (found.length === 0) {
    const stages = [...new Set(clause?.of.map(({ stage }) => stage))].join(', ')
    return { status: 'SKIPPED', message: `Not asked in this run; stage: ${stages}.`, found: [], durationMs: 0 }
  }
  const statuses = found.map(({ id, statement }) => (accepted.has(id) ? 'SKIPPED' : STATUS[statement.verdict]))
  const status = WORST.find((each) => statuses.includes(each)) ?? 'SKIPPED'
  const look = { style: createStyle(false), width: 100 }
  const bad = found.filter((_, i) => statuses[i] !== 'PASSED')
  const message = bad.flatMap((each) => [
    ...evidenceLines(clause, each, look),
    ...(accepted.has(each.id) ? ['  accepted by the baseline'] : []),
  ])
  return {
    status,
    ...(message.length === 0 ? {} : { message: message.join('\n') }),
    found: found.map(({ statement }) => `${questionName(clause, statement)}: ${foundText(clause, statement)}`),
    durationMs: found.reduce((sum, { run }) => sum + run.durationMs, 0),
  }
}
