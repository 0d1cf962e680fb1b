import type { Clause, MustClause } from '../../clause/clause.ts'
import type { Program } from '../../clause/program.ts'
import { canonicalJson } from '../../evidence/canonical-json.ts'
import type { Term } from '../../expr/must.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import { type Gap, gap } from './gap.ts'

/** What is asked before a release and of nothing in production. */
export function counterparts(program: Program): readonly Gap[] {
  const model = program.models.find(({ name }) => name === 'champion')
  if (model === undefined) return []
  const columns = program.datasets.find(({ name }) => name === model.from)?.columns ?? []
  // Requests carry no files.
  const sent = model.input.filter((name) => columns.find((each) => each.name === name)?.columnType !== 'image')
  const known = new Set([...sent, ...model.outputs.map(({ name }) => name), 'decision'])
  const live = program.clauses.filter(({ of }) => of.some(({ relation }) => relation === 'requests'))
  const measured = new Set(live.flatMap(termsOf).map(measureKey))
  const enforced = new Set(live.flatMap((clause) => conditionKey(clause) ?? []))
  return program.clauses.flatMap((clause): readonly Gap[] => {
    const { id, origin } = clause
    if (origin === 'built-in' || id.includes('.') || live.includes(clause)) return []
    if (clause.form === 'must')
      return unwatched(clause, known) && !termsOf(clause).every((term) => measured.has(measureKey(term)))
        ? [watching(clause)]
        : []
    if (clause.form !== 'every' || clause.condition.kind !== 'expr') return []
    const reads = walk(clause.condition.expr).flatMap((node) => (node.node === 'column' ? [node.name] : []))
    if (reads.length === 0 || !reads.every((name) => known.has(name))) return []
    // Under another id the guard enforces the same.
    if (enforced.has(conditionKey(clause) ?? '')) return []
    return [
      gap(
        'guard',
        id,
        'It could be asked of every request, and is asked of none.',
        'Add `requests` to `of`: the guard then enforces it.',
      ),
    ]
  })
}

const termsOf = (clause: Clause): readonly Term[] =>
  clause.form === 'must' || clause.form === 'always' ? clause.must.terms : []

/** What a term measures, wherever: the same function of the same arguments. */
const measureKey = ({ fn, args, where }: Term): string =>
  canonicalJson([fn, args, where ?? null], (name) => name === 'at')

const conditionKey = (clause: Clause): string | undefined =>
  clause.form === 'every' && clause.condition.kind === 'expr'
    ? canonicalJson(clause.condition.expr, (name) => name === 'at')
    : undefined

/** A metric of the champion, or numbers of columns that requests have, too: a window of production can be asked the same. */
function unwatched(clause: MustClause, known: ReadonlySet<string>): boolean {
  if (clause.of.some(({ stage }) => stage === 'model'))
    return clause.of.some(({ relation }) => relation.startsWith('champion'))
  const read = clause.must.terms.flatMap(({ args, where }) => [
    ...args.flatMap((arg) =>
      arg.kind === 'column' ? [arg.name] : arg.kind === 'expr' ? [...columnsOf(arg.expr)] : [],
    ),
    ...(where === undefined ? [] : columnsOf(where)),
  ])
  return read.length > 0 && read.every((name) => known.has(name))
}

const watching = ({ id, of }: MustClause): Gap =>
  gap(
    'monitor',
    id,
    'It is asked before a release, and of no window of production.',
    of.some(({ stage }) => stage === 'model')
      ? 'Add `requests` to `of`; labels come by `monitor.labels`.'
      : 'Add `requests` to `of`, or write an `always` clause on them.',
  )
