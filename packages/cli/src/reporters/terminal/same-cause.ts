import type { Clause, Evidence, Statement } from '@plumbline/core'
import { plainText, plural } from '@plumbline/report'
import { changeText, questionName, undecidedText } from '../words.ts'
import { wrap } from './layout.ts'
import { labelled, type Look, openBlock, sign } from './question.ts'

type ClauseOf = (evidence: Evidence) => Clause | undefined

/** Names said in full; the rest are counted. */
const NAMES = 6

/**
 * Blocks of questions that were not satisfied. Those that one cause kept from being decided (a file that is not there,
 * a model that does not fit) are one block: the cause said once is found, said fifty times it hides the rest.
 */
export function openBlocks(
  open: readonly Evidence[],
  clauseOf: ClauseOf,
  look: Look,
  accepted: ReadonlySet<string>,
): readonly string[] {
  const groups = [...Map.groupBy(open, (each) => causeKey(each.statement) ?? each.id).values()]
  return groups.flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    if (group.length === 1) return openBlock(clauseOf(first), first, look, accepted.has(first.id))
    return causeBlock(first, group, clauseOf, look)
  })
}

function causeKey(statement: Statement): string | undefined {
  if (statement.verdict !== 'error' && statement.verdict !== 'skipped') return undefined
  return JSON.stringify([statement.verdict, statement.reason, statement.cause ?? ''])
}

function causeBlock(first: Evidence, group: readonly Evidence[], clauseOf: ClauseOf, look: Look): readonly string[] {
  const { style, width } = look
  const { statement } = first
  const names = group.map((each) => plainText(questionName(clauseOf(each), each.statement)))
  const more = names.length > NAMES ? `, and ${names.length - NAMES} more` : ''
  const blocking = group.filter((each) => each.statement.severity === 'block').length
  const remark = blocking === group.length ? '' : ` (${blocking} of them ${plural(blocking, 'blocks', 'block')})`
  const head = `  ${sign(statement.verdict, style)} ${style.bold(`${group.length} questions not decided, for one reason`)}${style.dim(remark)}`
  const entry = (label: string, text: string | undefined): readonly string[] =>
    text === undefined || text === '' ? [] : labelled(label, wrap(text, width - 14), style)
  return [
    head,
    ...entry(statement.verdict === 'error' ? 'cause' : 'undecided', undecidedText(statement)),
    ...entry('to change', changeText(clauseOf(first), statement)),
    ...entry('asked', `${names.slice(0, NAMES).join(', ')}${more}`),
  ]
}
