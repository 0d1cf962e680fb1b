import { canonicalJson, type Evidence, type JsonValue, type Verdict } from '@plumbline/core'
import { countVerdicts, worstVerdict } from '@plumbline/report'
import type { Reporter, TestResult } from './reporter.ts'

/**
 * `test --json`: the contract of `plumbline/test/1`. Statements are flattened into their records, beside `id` and `run`.
 * Numbers are as canonical JSON has them: an int64 beyond ±(2^53 − 1) is `{"$int64": "…"}`, a non-finite number
 * `{"$number": "NaN"}`.
 */
export const jsonReporter: Reporter = {
  render: (result) => `${JSON.stringify(testJson(result), null, 2)}\n`,
}

/** The same as a plain JSON value. */
export function testJson({ program, evidence }: TestResult): JsonValue {
  const verdicts = evidence.map(({ statement }) => statement.verdict)
  const byClause = Map.groupBy(evidence, ({ statement }) => statement.clause)
  // Defined, not assigned: a clause may be called `__proto__`.
  const clauses: Readonly<Record<string, Verdict>> = Object.fromEntries(
    [...byClause].map(([id, found]) => [
      id,
      worstVerdict(found.map(({ statement }) => statement.verdict)) ?? 'skipped',
    ]),
  )
  return {
    schema: 'plumbline/test/1',
    spec: { name: wellFormed(program.spec.name), version: program.spec.version, digest: program.spec.digest },
    evidence: evidence.map(flattened),
    summary: { clauses, counts: countVerdicts(verdicts) },
  }
}

function flattened({ id, statement, run }: Evidence): JsonValue {
  return JSON.parse(canonicalJson({ id, ...statement, run: { ...run } })) as JsonValue
}

const wellFormed = (text: string): string => text.toWellFormed()
