import { type Envelope, parseEnvelope } from '@cucumber/messages'
import { describe, expect, test } from 'vitest'
import { makeHostile } from '../../../report/src/testing/hostile.ts'
import { cucumberReporter } from './cucumber.ts'
import type { TestResult } from './reporter.ts'
import { sampleRun } from './testing/run.ts'

const run = sampleRun()
const stream = (result: TestResult): readonly Envelope[] =>
  cucumberReporter
    .render(result)
    .trimEnd()
    .split('\n')
    .map((line) => parseEnvelope(line))

/** The status and message of the only step of each scenario, by the scenario's name. */
function outcomes(envelopes: readonly Envelope[]) {
  const pickles = new Map(envelopes.flatMap(({ pickle }) => (pickle === undefined ? [] : [[pickle.id, pickle]])))
  const cases = envelopes.flatMap(({ testCase }) => testCase ?? [])
  return new Map(
    cases.map(({ pickleId, testSteps }) => {
      const ids = new Set(testSteps.map(({ id }) => id))
      const finished = envelopes.flatMap(({ testStepFinished }) => testStepFinished ?? [])
      const results = finished
        .filter(({ testStepId }) => ids.has(testStepId))
        .map(({ testStepResult }) => testStepResult)
      return [pickles.get(pickleId)?.name ?? '', results] as const
    }),
  )
}

describe('Cucumber messages of a run without features', () => {
  const envelopes = stream(run)

  test('every clause that was asked is a scenario, with the worst of its verdicts', () => {
    const asked = new Set(run.evidence.map(({ statement }) => statement.clause))
    const found = outcomes(envelopes)
    expect(found.size).toBe(asked.size)
    const rank = {
      violated: 'FAILED',
      error: 'FAILED',
      inconclusive: 'PENDING',
      satisfied: 'PASSED',
      skipped: 'SKIPPED',
    }
    const order = ['FAILED', 'PENDING', 'PASSED', 'SKIPPED']
    for (const id of asked) {
      const own = run.evidence.filter(({ statement }) => statement.clause === id)
      const worst = own
        .map(({ statement }) => rank[statement.verdict])
        .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))[0]
      const accepted = own.some((each) => run.baseline?.accepted.includes(each.id) === true)
      const [name, results] = [...found].find(([each]) => each.startsWith(`${id}: `)) ?? ['', []]
      expect(name).not.toBe('')
      if (!accepted) expect(results.map(({ status }) => status)).toEqual([worst])
      if (worst === 'FAILED') expect(results[0]?.message).toMatch(/violated|error|accepted/)
    }
  })

  test('every id that is named was told before', () => {
    const told = new Set<string>()
    const named: (string | undefined)[] = []
    for (const each of envelopes) {
      const { pickle, testCase, testCaseStarted, testStepStarted, testStepFinished, testRunFinished, attachment } = each
      named.push(
        testCase?.pickleId,
        testCaseStarted?.testCaseId,
        testStepStarted?.testStepId,
        testStepFinished?.testStepId,
      )
      named.push(testStepStarted?.testCaseStartedId, testRunFinished?.testRunStartedId, attachment?.testStepId)
      for (const step of testCase?.testSteps ?? []) named.push(step.pickleStepId, ...(step.stepDefinitionIds ?? []))
      const own = [pickle?.id, testCase?.id, testCaseStarted?.id, each.testRunStarted?.id, each.stepDefinition?.id]
      for (const id of [
        ...own,
        ...(pickle?.steps ?? []).map((step) => step.id),
        ...(testCase?.testSteps ?? []).map((step) => step.id),
      ])
        if (id !== undefined) told.add(id)
      expect(named.filter((id) => id !== undefined && !told.has(id))).toEqual([])
    }
    expect(told.size).toBeGreaterThan(10)
  })

  test('the run succeeds only where the command does', () => {
    expect(envelopes.at(-1)?.testRunFinished?.success).toBe(false)
    const good = run.evidence.filter(({ statement }) => statement.verdict === 'satisfied')
    expect(stream({ ...run, evidence: good }).at(-1)?.testRunFinished?.success).toBe(true)
    expect(stream({ ...run, evidence: [] }).filter(({ testCase }) => testCase !== undefined)).toEqual([])
  })

  test('hostile texts stay within their lines, and steer no terminal', () => {
    const text = cucumberReporter.render(makeHostile(run))
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u)
    expect(outcomes(stream(makeHostile(run))).size).toBe(outcomes(envelopes).size)
  })
})
