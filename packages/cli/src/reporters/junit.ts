import type { Clause, Evidence } from '@plumbline/core'
import type { Reporter, TestResult } from './reporter.ts'
import { clausesById } from './outcome.ts'
import { askedText, changeText, foundText, measuredText, notesOf, questionName } from './words.ts'
import { escapeXml } from './xml.ts'

/**
 * JUnit XML as CI systems read it: a suite per stage, a case per question. violated = failure, error = error,
 * inconclusive and skipped = skipped with the reason. A violation that a baseline accepts is skipped as well, and says so.
 */
export const junitReporter: Reporter = { render: renderJunit }

function renderJunit(result: TestResult): string {
  const { program, evidence } = result
  const clauses = clausesById(program)
  const accepted = new Set(result.baseline?.accepted)
  const suites = [...Map.groupBy(evidence, ({ statement }) => statement.stage)]
  const body = suites.map(([stage, found]) => {
    const cases = found.map((each) => testcase(result, clauses.get(each.statement.clause), each, accepted.has(each.id)))
    const at = found.map(({ run }) => run.at).toSorted()[0]
    const timestamp = at === undefined ? '' : ` timestamp="${escapeXml(at)}"`
    return `  <testsuite name="${stage}" ${counts(found, accepted)}${timestamp}>\n${cases.join('')}  </testsuite>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(`${program.spec.name} ${program.spec.version}`)}" ${counts(evidence, accepted)}>\n${body.join('')}</testsuites>\n`
}

function counts(evidence: readonly Evidence[], accepted: ReadonlySet<string>): string {
  const kinds = evidence.map((each) => kindOf(each, accepted.has(each.id)))
  const count = (kind: Kind): number => kinds.filter((each) => each === kind).length
  return `tests="${evidence.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${seconds(evidence)}"`
}

type Kind = 'passed' | 'failure' | 'error' | 'skipped'

function kindOf({ statement }: Evidence, accepted: boolean): Kind {
  switch (statement.verdict) {
    case 'satisfied':
      return 'passed'
    case 'violated':
      return accepted ? 'skipped' : 'failure'
    case 'error':
      return 'error'
    default:
      return 'skipped'
  }
}

function seconds(evidence: readonly Evidence[]): string {
  return (evidence.reduce((sum, { run }) => sum + run.durationMs, 0) / 1000).toFixed(3)
}

function testcase(result: TestResult, clause: Clause | undefined, evidence: Evidence, accepted: boolean): string {
  const { statement } = evidence
  const name = questionName(clause, statement)
  const place = clause === undefined ? '' : ` file="${escapeXml(clause.place.file)}" line="${clause.place.line}"`
  const start = `    <testcase classname="${escapeXml(`${result.program.spec.name}.${statement.relation}`)}" name="${escapeXml(name)}"${place} time="${seconds([evidence])}"`
  const kind = kindOf(evidence, accepted)
  if (kind === 'passed') return `${start}/>\n`
  const message = foundText(clause, statement)
  if (kind === 'skipped') {
    const why = accepted ? `violated, accepted by the baseline: ${message}` : `${statement.verdict}: ${message}`
    return `${start}>\n      <skipped message="${escapeXml(why)}"/>\n    </testcase>\n`
  }
  const type = 'reason' in statement ? statement.reason : `${statement.severity}`
  return `${start}>\n      <${kind} message="${escapeXml(message)}" type="${escapeXml(type)}">${escapeXml(details(clause, evidence), true)}</${kind}>\n    </testcase>\n`
}

function details(clause: Clause | undefined, { statement, id }: Evidence): string {
  const change = changeText(clause, statement)
  const lines = [
    ...(clause === undefined ? [] : [clause.says, `${clause.form}: ${askedText(clause)}`]),
    measuredText(clause, statement),
    ...witnessLines(statement),
    ...notesOf(statement),
    ...(change === undefined ? [] : [change]),
    ...(clause === undefined ? [] : [`${clause.place.file}:${clause.place.line}:${clause.place.column}`]),
    `evidence ${id}`,
  ]
  // A line break inside a text of the spec would be read as a line of ours.
  return lines.map((line) => line.replaceAll(/\s+/g, ' ').trim()).join('\n')
}

function witnessLines(statement: Evidence['statement']): readonly string[] {
  if (!('witnesses' in statement) || statement.witnesses === undefined) return []
  return statement.witnesses.slice(0, 5).map(({ row, key, cells, because }) => {
    const named = Object.entries({ ...key, ...cells }).map(([name, value]) => `${name}=${String(value)}`)
    return `row ${row}: ${named.join(' ')}${because === 'false' ? '' : ` (${because})`}`
  })
}
