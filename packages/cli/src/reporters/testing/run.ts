import type { Evidence } from '@plumbline/core'
import {
  CHAMPION,
  creditProgram,
  creditReport,
  dataEvidence,
  evidenceFor,
  modelEvidence,
  REFUTED,
} from '../../../../report/src/testing/credit.ts'
import { exitCodeOf, exitMeaningOf } from '../outcome.ts'
import type { TestResult } from '../reporter.ts'

/** Texts of a hostile data set: markup of every kind, control characters, direction, width. */
export const NASTY = '<b onclick="x">\u001B[31m|`日本語`\u202E ]]>&amp; @all #1'

/** A run with every verdict and form, and hostile texts in a slice and in cells. */
export function sampleRun(): TestResult {
  const program = creditProgram()
  const skipped = modelEvidence(program, CHAMPION, '2026-11-22T14:01:00.000Z').filter(
    ({ statement }) => statement.verdict === 'skipped',
  )
  const refuted = modelEvidence(program, REFUTED, '2026-11-22T14:09:00.000Z').filter(
    ({ statement }) => statement.clause !== 'beats-yesterday' && statement.clause !== 'sex-does-not-decide',
  )
  const undecided = evidenceFor(
    program,
    { clause: 'sex-does-not-decide', model: CHAMPION },
    {
      verdict: 'inconclusive',
      reason: 'not-proved',
      cause: 'Gemm "scores": its weights are not constants',
      method: 'falsification',
      n: 20_000,
      tried: 20_000,
      discarded: 311,
      upper_bound: { value: 0.000_15, level: 0.95 },
    },
  )
  const hostile = evidenceFor(
    program,
    { clause: 'bills-within-limit', slice: NASTY },
    {
      verdict: 'violated',
      failing: 7,
      n: 9,
      measured: 2 / 9,
      witnesses: [
        {
          row: 3,
          key: { id: 9223372036854775807n },
          cells: { [NASTY]: NASTY, limit_bal: null, empty: '' },
          because: 'missing',
        },
        { row: 12_345, key: { id: 7 }, cells: { [NASTY]: '日本', limit_bal: 261_000.5, empty: 'x' }, because: 'false' },
      ],
    },
  )
  const evidence: readonly Evidence[] = [...dataEvidence(program), hostile, ...refuted, undecided, ...skipped]
  const { gate } = creditReport()
  return {
    program,
    evidence,
    specPath: 'plumb.yaml',
    ...(gate === undefined ? {} : { gate }),
    exitMeaning: exitMeaningOf(exitCodeOf(program, evidence)),
  }
}

/** Digests cover the spec to the last character; golden files are about the words. */
export function withoutDigests(text: string): string {
  return text.replaceAll(/[0-9a-f]{64}/g, 'DIGEST').replaceAll(/sha256:[0-9a-f]{12}…/g, 'sha256:DIGEST…')
}
