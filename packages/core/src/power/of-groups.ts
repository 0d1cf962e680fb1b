import type { Expr } from '../expr/expr.ts'
import type { Term } from '../expr/must.ts'
import { areasWithin, type LabelledRows } from './group-areas.ts'
import { CHOSEN, joined, rowsOfShare } from './of-term.ts'
import { USUAL_AREA } from './paired-areas.ts'
import type { Levels, RowCount, RowsAtHand, Said } from './rows-at-hand.ts'
import { spreadWithin, USUAL_RATE } from './spread.ts'

type Reduction = Extract<Expr, { readonly node: 'reduce' }>

/** What rows can say of a gap that has to be small, or a ratio that has to be great, of one number over groups whose rows are known. */
export function saidOfGroups(
  spread: Reduction,
  terms: readonly Term[],
  bound: number,
  atLeast: boolean,
  at: RowsAtHand,
  { lenient }: Levels,
): Said | undefined {
  const isAsked = (spread.op === 'gap' && !atLeast) || (spread.op === 'ratio' && atLeast)
  if (!isAsked) return undefined
  const kind = spread.op === 'gap' ? 'gap' : 'ratio'
  const groups = spread.args.map((arg) => groupOf(arg, terms, at))
  const known = groups.flatMap((group) => group ?? [])
  const [first] = known
  // That a group has no row at all is said of it once.
  if (first === undefined || known.length !== groups.length || known.length < 2) return undefined
  if (known.some(({ count }) => count.rows === 0)) return undefined
  const { fn } = first.term
  if (fn === 'roc_auc') {
    const labelled = known.flatMap(({ count }) => labelledRows(count) ?? [])
    if (labelled.length !== known.length) return undefined
    const found = areasWithin(kind, labelled, bound, lenient)
    const rows = Math.min(...known.map(({ count }) => count.rows))
    return { ...joined(rows, found, found.detectable), given: `of areas about ${USUAL_AREA}`, groups: known.length }
  }
  const rows = known.flatMap(({ term, count }) => rowsOfShare(term, count) ?? [])
  if (rows.length !== known.length) return undefined
  const found = spreadWithin(kind, rows, bound, lenient)
  const smallest = Math.min(...rows)
  const given = `of rates about ${USUAL_RATE}`
  if (!CHOSEN.has(fn)) return { ...joined(smallest, found, found.detectable), given, groups: known.length }
  // A decision chooses these rows. With all of them nothing more could be shown.
  const positives = known.flatMap(({ count }) => count.positives ?? [])
  const detectable =
    positives.length === known.length && found.canHold
      ? spreadWithin(kind, positives, bound, lenient).detectable
      : undefined
  const chosen = `${given}, were as many rows chosen as are positive`
  return { ...joined(smallest, found, detectable), given: chosen, groups: known.length }
}

function groupOf(arg: Expr, terms: readonly Term[], { group }: RowsAtHand) {
  const term = arg.node === 'term' ? terms[arg.index] : undefined
  const count = term?.where === undefined || term.model !== undefined ? undefined : group?.(term.where)
  const ofClass = term?.args.some(({ kind }) => kind === 'class') === true
  return term === undefined || count === undefined || ofClass ? undefined : { term, count }
}

const labelledRows = ({ rows, positives }: RowCount): LabelledRows | undefined =>
  positives === undefined ? undefined : { positives, negatives: rows - positives }
