import type { Clause, SliceRef } from '../../clause/clause.ts'
import type { Facet, Order } from '../change.ts'
import { together } from '../change.ts'
import { compareConditions } from '../condition/compare-conditions.ts'
import { printExpr } from '../../expr/print/typed.ts'
import { exprKey } from '../condition/leaves.ts'
import type { Compared } from './relations.ts'
import { facet, orderOfSets } from './sets.ts'

/** The slices of a clause: fewer ask less. For a clause on each row, a slice of fewer rows asks less, too. */
export function sliceFacets(old: Clause, now: Clause, compared: Compared): readonly Facet[] {
  const eachRow = old.form === 'every' && old.mostly === '1'
  const redefined = now.slices.flatMap((slice): readonly Facet[] => {
    const earlier = old.slices.find(({ name }) => name === slice.name)
    if (earlier === undefined || sameRows(earlier, slice)) return []
    return facet(
      `rows of ${slice.name}`,
      eachRow ? rowsOrder(earlier, slice, compared) : 'incomparable',
      textOf(earlier),
      textOf(slice),
    )
  })
  const order = orderOfSets(names(old), names(now))
  if (order === 'same') return redefined
  return [
    ...facet('slices', whole(old, now, order, eachRow), names(old).join(', '), names(now).join(', ')),
    ...redefined,
  ]
}

const textOf = ({ condition }: SliceRef): string => (condition === null ? 'all' : printExpr(condition))

const names = ({ slices }: Clause): readonly string[] => slices.map(({ name }) => name)

const sameRows = (a: SliceRef, b: SliceRef): boolean => exprKey(a.condition) === exprKey(b.condition)

/** All rows or some: of each row alone, some is less. */
function whole(old: Clause, now: Clause, order: Order, eachRow: boolean): Order {
  if (!eachRow || order !== 'incomparable') return order
  const [before, after] = [names(old).includes('all'), names(now).includes('all')]
  return before === after ? order : before ? 'weaker' : 'stronger'
}

function rowsOrder(old: SliceRef, now: SliceRef, { facts, port }: Compared): Order {
  if (old.condition === null || now.condition === null) return 'incomparable'
  const found = compareConditions(
    { expr: old.condition, missing: 'fail' },
    { expr: now.condition, missing: 'fail' },
    facts,
    port,
  )
  if (found.admitsAll === 'proved') return found.admitsNoMore === 'proved' ? 'same' : 'stronger'
  return together([found.admitsNoMore === 'proved' ? 'weaker' : 'incomparable'])
}
