import { parseExpression } from '../../expr/parse/parser.ts'
import { doubleText, quoted } from '../../expr/print/text.ts'
import { speakSpan } from './span.ts'
import { speak } from './speak.ts'
import type { SpokenClause } from './spoken-clause.ts'
import { isNameWord } from './words.ts'

/** A condition in CEL → English; undefined for a text that is no CEL. */
export function speakText(text: string): string | undefined {
  const { value } = parseExpression(text, { span: (start, end) => ({ file: '', start, end }) })
  return value === undefined ? undefined : speak(value)
}

/** A whole clause in a few sentences; undefined where one of its conditions is no CEL. */
export function speakClause(clause: SpokenClause): string | undefined {
  const first = body(clause)
  if (first === undefined) return undefined
  const more = [
    ...('mostly' in clause && clause.mostly !== undefined
      ? [`At least ${clause.mostly} of ${measured(clause)} satisfy it`]
      : []),
    ...(clause.form === 'every' ? rowSentences(clause) : []),
    ...(clause.form === 'must' && clause.sample ? ['The rows are a sample'] : []),
    ...(clause.drawn === undefined
      ? []
      : 'rows' in clause.drawn
        ? [`It is decided on ${clause.drawn.rows} drawn rows`]
        : [`It is decided on a drawn share of ${clause.drawn.share}`]),
    ...('cluster' in clause && clause.cluster !== undefined
      ? [`Rows of one ${column(clause.cluster)} belong together`]
      : []),
    ...('weights' in clause && clause.weights !== undefined ? [`Rows count by ${column(clause.weights)}`] : []),
    ...('anytime' in clause && clause.anytime === true ? ['It holds at every look'] : []),
    ...(clause.allowEmpty ? ['An empty relation satisfies it'] : []),
    ...('confidence' in clause && clause.confidence !== undefined ? [confidence(clause.confidence)] : []),
    ...(clause.form === 'always' && clause.inARow > 1 ? [`Only ${clause.inARow} windows in a row decide`] : []),
    ...(clause.slices.length === 0 ? [] : [`It is asked of ${clause.slices.map(slice).join(', ')}`]),
    ...(clause.severity === 'block' ? [] : [clause.severity === 'warn' ? 'It only warns' : 'It only informs']),
  ]
  return [first, ...more].map((sentence) => `${sentence}.`).join(' ')
}

/** The radius of `near(accounts.rows, 5%)` is a share, which CEL writes as a number. */
const domainText = (text: string): string =>
  text.replace(/([0-9]+(?:\.[0-9]+)?)%/g, (_, percent: string) => doubleText(Number(percent) / 100))

const names = (all: readonly string[]): string => all.map((name) => `\`${name}\``).join(' and ')

function body(clause: SpokenClause): string | undefined {
  const condition = speakText(clause.condition)
  if (condition === undefined) return undefined
  const of = names(clause.of)
  switch (clause.form) {
    case 'every':
      return `In every row of ${of}, ${condition}`
    case 'must':
      return `For ${of} as a whole, ${condition}`
    case 'always':
      return `In every window ${clause.window === undefined ? '' : `of ${speakSpan(clause.window)} `}of ${of}, ${condition}`
    case 'eventually':
      return `Within ${speakSpan(clause.within)} in ${of}, ${condition}`
    case 'whenever': {
      const whenever = speakText(clause.whenever)
      return whenever && `Whenever in ${of} (${whenever}), then within ${speakSpan(clause.within)} ${condition}`
    }
    case 'forall': {
      const spoken = (text: string): string => `(${speakText(text) ?? ''})`
      const parts = [
        `For every ${clause.binders.map(([name, domain]) => `\`${name}\` from ${spoken(domainText(domain))}`).join(', ')}`,
        ...(clause.assume === undefined ? [] : [`given ${spoken(clause.assume)}`]),
        ...clause.lets.map(([name, value]) => `with \`${name}\` as ${spoken(value)}`),
        `it holds of ${of} that ${condition}`,
      ]
      const texts = [...clause.binders, ...clause.lets].map(([, text]) => domainText(text))
      const readable = [...texts, clause.assume ?? 'true'].every((text) => speakText(text) !== undefined)
      return readable ? parts.join(', ') : undefined
    }
  }
}

const measured = (clause: SpokenClause): string =>
  clause.form === 'forall' && clause.over !== undefined ? `\`${clause.over}\`` : 'the rows'

function rowSentences({ missing }: SpokenClause & { readonly form: 'every' }): readonly string[] {
  return [
    ...(missing === 'pass' ? ['Rows that lack a cell pass'] : []),
    ...(missing === 'exclude' ? ['Rows that lack a cell are left out'] : []),
  ]
}

const confidence = (level: number | 'none'): string =>
  level === 'none' ? 'It describes the rows at hand' : `It is decided with a confidence of ${doubleText(level)}`

/** A slice, or a product of several. */
const slice = (text: string): string =>
  text
    .split(/\s+&\s+/)
    .map((part) => (part.startsWith('by ') ? `each ${column(part.slice(3))}` : column(part)))
    .join(' and ')

/** The name of a column or slice: in quotes where it is no plain word. */
const column = (name: string): string => (isNameWord(name) ? `\`${name}\`` : quoted(name))
