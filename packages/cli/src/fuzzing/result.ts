import { answerText, caseOf, type EqualityCase, type FuzzedBy, type FuzzReport, printExpr } from '@plumbline/core'

/** An expression of the spec, and what it was asked. */
export interface FuzzedExpression {
  /** As CEL. */
  readonly expression: string
  /** Clauses, slices, splits and decisions that ask it. */
  readonly asked: readonly string[]
  readonly pairs: number
  /** Pairs on which it ends in an error. */
  readonly errors: number
  /** By name: pairs that an implementation answered, those that it did not decide, or why it cannot be asked. */
  readonly by: Readonly<Record<string, FuzzedBy>>
}

/** A minimised expression and row on which an implementation differs from the reference. */
export interface FuzzDisagreement {
  readonly asked: readonly string[]
  readonly differing: readonly string[]
  readonly reference: string
  /** By name of the implementation. */
  readonly answers: Readonly<Record<string, string>>
  /** What the expression became, by name of the implementations that differ. */
  readonly code: Readonly<Record<string, string>>
  readonly name: string
  readonly case: EqualityCase
}

/** What `plumb fuzz --json` prints. */
export interface FuzzResult {
  readonly schema: 'plumbline/fuzz/1'
  readonly spec: { readonly name: string; readonly version: string; readonly digest: string }
  readonly seed: string
  readonly implementations: readonly string[]
  readonly pairs: number
  readonly rows: number
  /** Rows with at least one hostile cell. */
  readonly hostile: number
  readonly expressions: readonly FuzzedExpression[]
  readonly skipped: readonly { readonly clause: string; readonly reason: string }[]
  readonly disagreements: readonly FuzzDisagreement[]
  readonly interrupted: boolean
}

/** The report as plain JSON; `codeOf` says what an expression became. */
export function fuzzResult(
  spec: FuzzResult['spec'],
  seed: string,
  implementations: readonly {
    readonly name: string
    code(expr: FuzzReport['questions'][0]['question']['expr']): string
  }[],
  { questions, skipped, pairs, rows, hostile, disagreements, interrupted }: FuzzReport,
): FuzzResult {
  return {
    schema: 'plumbline/fuzz/1',
    spec,
    seed,
    implementations: ['reference', ...implementations.map(({ name }) => name)],
    pairs,
    rows,
    hostile,
    expressions: questions.map(({ question, ...counts }) => ({
      expression: printExpr(question.expr),
      asked: question.asked,
      ...counts,
    })),
    skipped,
    disagreements: disagreements.map(({ question, found }) => {
      const differing = found.answers.filter((each) => !each.agrees).map(({ name }) => name)
      const codes = implementations.filter(({ name }) => differing.includes(name))
      return {
        asked: question.asked,
        differing,
        reference: answerText(found.reference),
        answers: Object.fromEntries(found.answers.map(({ name, answer }) => [name, answerText(answer)])),
        code: Object.fromEntries(codes.map((each) => [each.name, each.code(found.expr)])),
        ...caseOf(found),
      }
    }),
    interrupted,
  }
}
