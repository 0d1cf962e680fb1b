import { type Clause, type Evidence, explainVerdict, type Statement } from '@plumbline/core'
import { formatCount, plainText, plural, shortDigest, spanOfWindow } from '@plumbline/report'
import { foundText, measuredText, notesOf, questionName } from '../words.ts'
import { wrap } from './layout.ts'
import { labelled, type Look, sign } from './question.ts'

const INDENT = '  '
const LABELLED = 14

/** One record of the ledger in words: what was found of what, in which window, of which version, and when. */
export function evidenceLines(clause: Clause | undefined, evidence: Evidence, look: Look): readonly string[] {
  const { id, statement, run } = evidence
  const { style, width } = look
  const entry = (label: string, text: string | undefined): readonly string[] =>
    text === undefined || text === '' ? [] : labelled(label, wrap(plainText(text), width - LABELLED), style)
  const simulated = run.clock === 'simulated' ? ', by the simulated clock' : ''
  const window = statement.window === undefined ? '' : `${INDENT}${spanOfWindow(statement.window)}`
  return [
    `${INDENT}${sign(statement.verdict, style)} ${style.bold(statement.verdict)}  ${plainText(nameOf(clause, statement))}${window}`,
    ...entry('found', foundWords(clause, statement)),
    ...entry('rows', rowsWords(statement)),
    ...entry('version', versionsText(statement)),
    ...notesOf(statement).flatMap((note, i) => entry(i === 0 ? 'note' : '', note)),
    ...entry(
      'replaces',
      statement.supersedes === undefined ? undefined : `${shortDigest(statement.supersedes)}, ${cameLate(statement)}`,
    ),
    ...entry('made', `${run.at}${simulated}, evidence ${shortDigest(id)}`),
  ]
}

function nameOf(clause: Clause | undefined, statement: Statement): string {
  const name = questionName(clause, statement)
  return name.includes(' on ') ? name : `${name} on ${statement.relation}`
}

function foundWords(clause: Clause | undefined, statement: Statement): string {
  if (statement.verdict === 'satisfied' || clause === undefined) return measuredText(clause, statement)
  const measured = statement.verdict !== 'inconclusive' || (statement.comparisons?.length ?? 0) > 0
  // Where nothing was measured, why is all there is to say.
  if (!measured && statement.obligations === undefined) return foundText(clause, statement)
  return explainVerdict(clause, statement).message
}

/** Of requests: how many, how many of them with a label, how many late. */
function rowsWords(statement: Statement): string {
  if (!('n' in statement) || statement.n === undefined || statement.relation !== 'requests') return ''
  const { n, labels, late = 0 } = statement
  return [
    `${formatCount(n)} ${plural(n, 'row')}`,
    ...(labels === undefined
      ? []
      : [`labels of ${formatCount(labels.arrived)} of ${formatCount(labels.of)} have arrived`]),
    ...(late > 0 ? [`${formatCount(late)} came after it had been decided before`] : []),
  ].join(', ')
}

/** Why a window was decided again. */
function cameLate(statement: Statement): string {
  return 'late' in statement && (statement.late ?? 0) > 0 ? 'as rows came late' : 'as more labels came'
}

function versionsText({ digests, stage }: Statement): string {
  const named = Object.entries(digests.models)
  if (named.length === 0) return ''
  const text = named.map(([role, digest]) => `${role} ${shortDigest(digest)}`).join(', ')
  return stage === 'runtime' ? `${text} answered` : stage === 'release' ? `${text} was staged` : text
}
