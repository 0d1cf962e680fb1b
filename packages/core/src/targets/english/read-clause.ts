import { printSyntax } from '../../expr/print/syntax.ts'
import { SentenceReader } from './read.ts'
import { spanOfUnits } from './span.ts'
import type { SpokenClause } from './spoken-clause.ts'
import { NotEnglish, wordsOf } from './words.ts'

/** A clause, or why the text is none. */
export type ClauseReading =
  | { readonly ok: true; readonly value: SpokenClause }
  | { readonly ok: false; readonly problem: string }

/** Sentences, as `speakClause` says them → the clause, its conditions as canonical CEL. */
export function readClause(text: string): ClauseReading {
  try {
    const [first = '', ...more] = sentencesOf(text)
    let clause = body(new SentenceReader(wordsOf(first)))
    for (const sentence of more) clause = qualified(clause, new SentenceReader(wordsOf(sentence)))
    return { ok: true, value: clause }
  } catch (thrown) {
    if (thrown instanceof NotEnglish) return { ok: false, problem: thrown.message }
    throw thrown
  }
}

/** Cut at full stops that end a sentence: outside quotes, before white space or the end. */
function sentencesOf(text: string): readonly string[] {
  const sentences: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quoted && char === '\\') at++
    else if (char === '"') quoted = !quoted
    else if (!quoted && char === '.' && /^\s|^$/.test(text.slice(at + 1, at + 2))) {
      sentences.push(text.slice(start, at))
      start = at + 1
    }
  }
  if (text.slice(start).trim() !== '') throw new NotEnglish('The last sentence has no full stop.')
  return sentences
}

const COMMON = { slices: [], severity: 'block', allowEmpty: false } as const

function body(reader: SentenceReader): SpokenClause {
  if (reader.take('In every row of')) {
    const of = names(reader)
    reader.demand(',')
    return { form: 'every', of, condition: rest(reader), missing: 'fail', ...COMMON }
  }
  if (reader.take('In every window of')) {
    const window = reader.peeksNumber() ? span(reader) : undefined
    if (window !== undefined) reader.demand('of')
    const of = names(reader)
    reader.demand(',')
    return {
      form: 'always',
      of,
      ...(window === undefined ? {} : { window }),
      inARow: 1,
      condition: rest(reader),
      ...COMMON,
    }
  }
  if (reader.take('Whenever in')) {
    const of = names(reader)
    const whenever = inParentheses(reader)
    reader.demand(', then within')
    const within = span(reader)
    return { form: 'whenever', of, whenever, within, condition: rest(reader), ...COMMON }
  }
  if (reader.take('Within')) {
    const within = span(reader)
    reader.demand('in')
    const of = names(reader)
    reader.demand(',')
    return { form: 'eventually', of, within, condition: rest(reader), ...COMMON }
  }
  if (reader.take('For every')) return forall(reader)
  reader.demand('For')
  const of = names(reader)
  reader.demand('as a whole ,')
  return { form: 'must', of, condition: rest(reader), sample: false, ...COMMON }
}

function forall(reader: SentenceReader): SpokenClause {
  const binders: [string, string][] = []
  const lets: [string, string][] = []
  let assume: string | undefined
  do {
    const name = reader.name()
    reader.demand('from')
    binders.push([name, inParentheses(reader)])
    reader.demand(',')
  } while (!reader.peeks('given') && !reader.peeks('with') && !reader.peeks('it'))
  if (reader.take('given')) {
    assume = inParentheses(reader)
    reader.demand(',')
  }
  while (reader.take('with')) {
    const name = reader.name()
    reader.demand('as')
    lets.push([name, inParentheses(reader)])
    reader.demand(',')
  }
  reader.demand('it holds of')
  const of = names(reader)
  reader.demand('that')
  return { form: 'forall', of, binders, lets, ...(assume && { assume }), condition: rest(reader), ...COMMON }
}

function qualified(clause: SpokenClause, reader: SentenceReader): SpokenClause {
  const read = qualify(clause, reader)
  reader.end()
  return read
}

function product(reader: SentenceReader): string {
  const parts: string[] = []
  do parts.push(reader.take('each') ? `by ${reader.column()}` : reader.column())
  while (reader.take('and'))
  return parts.join(' & ')
}

function qualify(clause: SpokenClause, reader: SentenceReader): SpokenClause {
  if (reader.take('It only warns')) return { ...clause, severity: 'warn' }
  if (reader.take('It only informs')) return { ...clause, severity: 'info' }
  if (reader.take('An empty relation satisfies it')) return { ...clause, allowEmpty: true }
  if (reader.take('It is asked of')) {
    const slices: string[] = []
    do slices.push(product(reader))
    while (reader.take(','))
    return { ...clause, slices }
  }
  if (clause.form === 'every') {
    if (reader.take('Rows that lack a cell pass')) return { ...clause, missing: 'pass' }
    if (reader.take('Rows that lack a cell are left out')) return { ...clause, missing: 'exclude' }
  }
  if ((clause.form === 'every' || clause.form === 'forall') && reader.take('At least')) {
    const mostly = String(reader.number())
    reader.demand('of')
    const over = reader.take('the rows') ? undefined : reader.name()
    reader.demand('satisfy it')
    if (over !== undefined && clause.form === 'forall') return { ...clause, mostly, over }
    if (over === undefined) return { ...clause, mostly }
  }
  if (clause.form === 'must' && reader.take('The rows are a sample')) return { ...clause, sample: true }
  if (reader.take('It is decided on a drawn share of')) return { ...clause, drawn: { share: String(reader.number()) } }
  if (reader.take('It is decided on')) {
    const rows = Number(reader.number())
    reader.demand('drawn rows')
    return { ...clause, drawn: { rows } }
  }
  if (clause.form === 'always' && reader.take('Only')) {
    const inARow = Number(reader.number())
    reader.demand('windows in a row decide')
    return { ...clause, inARow }
  }
  if (clause.form === 'must' || clause.form === 'always') {
    if (reader.take('Rows of one')) {
      const cluster = reader.column()
      reader.demand('belong together')
      return { ...clause, cluster }
    }
    if (reader.take('Rows count by')) return { ...clause, weights: reader.column() }
    if (reader.take('It holds at every look')) return { ...clause, anytime: true }
    if (reader.take('It describes the rows at hand')) return { ...clause, confidence: 'none' }
    if (reader.take('It is decided with a confidence of')) return { ...clause, confidence: Number(reader.number()) }
  }
  throw new NotEnglish('The sentence says nothing that can be said of such a clause.')
}

function names(reader: SentenceReader): readonly string[] {
  const all = [reader.name()]
  while (reader.take('and')) all.push(reader.name())
  return all
}

function span(reader: SentenceReader): number {
  const count = reader.number()
  const unit = reader.next()
  const micros = typeof count === 'bigint' && unit?.kind === 'word' ? spanOfUnits(count, unit.text) : undefined
  if (micros === undefined) throw new NotEnglish('Expected a duration, such as 7 days.')
  return micros
}

function inParentheses(reader: SentenceReader): string {
  reader.demand('(')
  const inner = printSyntax(reader.expression())
  reader.demand(')')
  return inner
}

function rest(reader: SentenceReader): string {
  const condition = printSyntax(reader.expression())
  reader.end()
  return condition
}
