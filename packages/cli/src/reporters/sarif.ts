import { type Clause, digestOf, type Evidence, instanceName, type JsonObject } from '@plumbline/core'
import { plainText } from '@plumbline/report'
import { clausesById } from './outcome.ts'
import type { Reporter, TestResult } from './reporter.ts'
import { askedText, changeText, foundText } from './words.ts'

/**
 * SARIF 2.1.0 for code scanning: a rule per clause, a result per question that is not satisfied, at the place in the
 * spec where the clause is written. Fingerprints are of clause, relation and slice, so that a result stays the same one
 * when the numbers change.
 */
export const sarifReporter: Reporter = { render: (result) => `${JSON.stringify(sarifLog(result), null, 2)}\n` }

/** The log as plain JSON. */
export function sarifLog({ program, evidence, baseline }: TestResult): JsonObject {
  const clauses = clausesById(program)
  const accepted = new Set(baseline?.accepted)
  const open = evidence.filter(({ statement }) => statement.verdict !== 'satisfied')
  const ids = [...new Set(evidence.map(({ statement }) => statement.clause))]
  const tool = evidence[0]?.statement.digests.tool
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Plumbline',
            ...(tool === undefined ? {} : { version: text(tool) }),
            rules: ids.map((id) => rule(id, clauses.get(id))),
          },
        },
        columnKind: 'unicodeCodePoints',
        results: open.map((each) => finding(each, clauses.get(each.statement.clause), ids, accepted.has(each.id))),
      },
    ],
  }
}

function rule(id: string, clause: Clause | undefined): JsonObject {
  if (clause === undefined) return { id: text(id) }
  return {
    id: text(id),
    shortDescription: { text: text(clause.says) },
    fullDescription: { text: text(`${clause.form}: ${askedText(clause)}`) },
    ...(clause.rationale === undefined ? {} : { help: { text: text(clause.rationale) } }),
    defaultConfiguration: { level: levelOf(clause.severity) },
    properties: { form: clause.form, meets: clause.meets.map(text), hazards: clause.hazards.map(text) },
  }
}

function finding(
  { id, statement }: Evidence,
  clause: Clause | undefined,
  ids: readonly string[],
  accepted: boolean,
): JsonObject {
  const change = changeText(clause, statement)
  const found = foundText(clause, statement)
  return {
    ruleId: text(statement.clause),
    ruleIndex: ids.indexOf(statement.clause),
    // What is undecided opens nothing, so it fails as well. A skipped question does not apply, and only a result of
    // kind `fail` may have a level other than `none` (SARIF 2.1.0, 3.27.10).
    kind: statement.verdict === 'skipped' ? 'notApplicable' : 'fail',
    level: statement.verdict === 'skipped' ? 'none' : levelOf(statement.severity),
    message: {
      text: text(
        `${instanceName(statement)} is ${statement.verdict}: ${found}.${change === undefined ? '' : ` ${change}`}`,
      ),
    },
    locations: clause === undefined ? [] : [location(clause)],
    partialFingerprints: {
      'clauseRelationSlice/v1': digestOf(
        [statement.clause, statement.relation, statement.slice].map((part) => part.toWellFormed()),
      ),
    },
    ...(accepted
      ? { baselineState: 'unchanged', suppressions: [{ kind: 'external', justification: 'Accepted by the baseline.' }] }
      : {}),
    properties: {
      verdict: statement.verdict,
      stage: statement.stage,
      severity: statement.severity,
      evidence: id,
      ...('reason' in statement ? { reason: statement.reason } : {}),
    },
  }
}

function levelOf(severity: Clause['severity']): 'error' | 'warning' | 'note' {
  switch (severity) {
    case 'block':
      return 'error'
    case 'warn':
      return 'warning'
    case 'info':
      return 'note'
  }
}

function location(clause: Clause): JsonObject {
  const { file, line, column } = clause.place
  return {
    physicalLocation: {
      artifactLocation: { uri: file.toWellFormed().split('/').map(encodeURIComponent).join('/') },
      region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
    },
    logicalLocations: [{ name: text(clause.id), kind: 'clause' }],
  }
}

/** Texts of the spec and the data, made visible: code scanning shows them to people. */
function text(value: string): string {
  const shown = plainText(value)
  return shown === '' ? '(empty)' : shown
}
