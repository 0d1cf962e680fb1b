import type { Clause, Decided, Evidence, Verdict } from '@plumbline/core'
import { forallParts, formatAbout, formatCount, plainText, verdictSign } from '@plumbline/report'
import type { Style } from '../../terminal/style.ts'
import { askedText, changeText, measuredText, notesOf, questionName, rowsNeeded, undecidedText } from '../words.ts'
import { counterexampleLines } from './counterexample.ts'
import { clip, pad, widthOf, wrap } from './layout.ts'
import { rowTable } from './rows.ts'

const INDENT = '  '
const LABEL = 10

const SHORT = 28
const NOTE = '· '

/** In a line of its own an expression may not push out the numbers. */
const short = (expression: string): string => clip(plainText(expression), SHORT)

/** What the lines of one question are made with. */
export interface Look {
  readonly style: Style
  /** Columns of the terminal. */
  readonly width: number
}

/** The sign of a verdict in its color. */
export function sign(verdict: Verdict, { green, red, yellow, dim }: Style): string {
  const text = verdictSign(verdict)
  switch (verdict) {
    case 'satisfied':
      return green(text)
    case 'violated':
    case 'error':
      return red(text)
    case 'inconclusive':
      return yellow(text)
    case 'skipped':
      return dim(text)
  }
}

/** A satisfied question: one line of sign, name and what was measured. `names` is the width of the column of names. */
export function satisfiedLine(clause: Clause | undefined, { statement }: Evidence, names: number, look: Look): string {
  const name = pad(plainText(questionName(clause, statement)), names)
  const room = look.width - INDENT.length * 2 - 2 - names
  return `${INDENT}${sign('satisfied', look.style)} ${name}${INDENT}${look.style.dim(clip(plainText(measuredText(clause, statement, short)), room))}`
}

/** What has to be known of how a question was decided, under its line. */
export function noteLines({ statement }: Evidence, { style, width }: Look): readonly string[] {
  const room = width - 2 * INDENT.length - NOTE.length
  return notesOf(statement).flatMap((note) =>
    wrap(plainText(note), room).map((line, i) =>
      style.dim(`${INDENT}${INDENT}${i === 0 ? NOTE : ' '.repeat(NOTE.length)}${line}`),
    ),
  )
}

/** A question that is not satisfied: what it asks, what was found, the rows, what would change it, where it is written. */
export function openBlock(
  clause: Clause | undefined,
  evidence: Evidence,
  look: Look,
  accepted: boolean,
): readonly string[] {
  const { statement } = evidence
  const { style, width } = look
  const name = plainText(questionName(clause, statement))
  const remarks = [
    ...(statement.severity === 'block' ? [] : [statement.severity]),
    ...(accepted ? ['accepted by the baseline'] : []),
  ]
  const remark = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`
  const says =
    clause === undefined
      ? ''
      : clip(plainText(clause.says), width - widthOf(name) - widthOf(remark) - 2 * INDENT.length - 2)
  const head =
    `${INDENT}${sign(statement.verdict, style)} ${style.bold(name)}${style.dim(remark)}${INDENT}${says}`.trimEnd()
  const room = width - 2 * INDENT.length - LABEL
  const entry = (label: string, text: string | undefined): readonly string[] =>
    text === undefined || text === '' ? [] : labelled(label, wrap(text, room), style)
  return [
    head,
    ...askedParts(clause).flatMap(([word, text]) => entry(word, text)),
    ...entry(
      'measured',
      statement.verdict === 'violated' || hasMeasured(evidence) ? measuredText(clause, statement) : undefined,
    ),
    ...entry(statement.verdict === 'error' ? 'cause' : 'undecided', undecidedText(statement)),
    ...details(clause, evidence, look),
    ...notesOf(statement).flatMap((note, i) => entry(i === 0 ? 'note' : '', note)),
    ...entry('needs', neededText(evidence)),
    ...entry('to change', changeOf(clause, evidence)),
    ...(clause === undefined ? [] : entry('at', `${clause.place.file}:${clause.place.line}:${clause.place.column}`)),
  ]
}

function askedParts(clause: Clause | undefined): readonly (readonly [word: string, text: string])[] {
  if (clause === undefined) return []
  return clause.form === 'forall' ? forallParts(clause) : [[clause.form, askedText(clause)]]
}

function hasMeasured({ statement }: Evidence): boolean {
  return (
    statement.verdict === 'inconclusive' && ((statement.comparisons?.length ?? 0) > 0 || statement.tried !== undefined)
  )
}

function neededText({ statement }: Evidence): string | undefined {
  const needed = rowsNeeded(statement)
  if (needed === undefined) return undefined
  const has = 'n' in statement && statement.n !== undefined ? `, has ${formatCount(statement.n)}` : ''
  return `about ${formatAbout(needed)} rows${has}`
}

/** Rows needed say the same with a number. */
function changeOf(clause: Clause | undefined, { statement }: Evidence): string | undefined {
  return rowsNeeded(statement) === undefined ? changeText(clause, statement) : undefined
}

function details(clause: Clause | undefined, { statement }: Evidence, { style, width }: Look): readonly string[] {
  if (!('measured' in statement) && !('tried' in statement)) return []
  const room = width - 2 * INDENT.length - LABEL
  const { witnesses = [], failing = 0, counterexample } = statement
  const lines =
    counterexample === undefined
      ? [...rowTable(witnesses, failing, room, style), ...keptRows(statement, room, style)]
      : counterexampleLines(clause, counterexample, room, style)
  return lines.length === 0 ? [] : labelled(counterexample === undefined ? 'rows' : 'found', lines, style)
}

/** Where more of the failing rows are. */
function keptRows(
  { witness_file: file }: Pick<Decided, 'witness_file'>,
  room: number,
  style: Style,
): readonly string[] {
  return file === undefined
    ? []
    : [style.dim(clip(`${formatCount(file.rows)} of them, the worst first, in ${file.path}`, room))]
}

/** Lines with a label before the first. */
export function labelled(label: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.map(
    (line, i) => `${INDENT}${INDENT}${i === 0 ? style.dim(pad(label, LABEL)) : ' '.repeat(LABEL)}${line}`,
  )
}
