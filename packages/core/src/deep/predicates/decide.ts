import type { Expr } from '../../expr/expr.ts'
import type { RecordValue } from '../../expr/value.ts'
import { columnsOf } from '../../targets/children.ts'
import type { Demand } from '../../targets/smt/index.ts'
import type { Asked } from '../asked.ts'
import { meets, onRow } from '../confirm.ts'
import { oncePer } from '../once-per.ts'
import { claimOf, collectPredicates, type Predicates } from './formula.ts'
import { type Prepared, prepared, type Question, questionOf, searchValues } from './search.ts'
import { cellsWorld } from './cells-world.ts'
import { looseWorld } from './loose-world.ts'
import type { World } from './world.ts'

/** Claims judged in one world before it is given up; about a microsecond each. */
const MOST_JUDGEMENTS = 50_000

/** What predicates show of demands; undefined: nothing. */
export type Decided =
  | { readonly kind: 'satisfiable'; readonly row: RecordValue }
  /** None of these demands was without use in the proof; fewer may be enough. */
  | { readonly kind: 'unsatisfiable'; readonly core: readonly Asked[] }
  | undefined

/** Decides whether demands can be met together, as far as their predicates show it. */
export interface Decider {
  /** Taken for independent of one another where they are not, predicates show that no row meets all, or that a row of plain cells does. */
  loosely(asked: readonly Asked[]): Decided
  /** Tried on some cells, they show that a row meets all; `none` where no combination of these does. */
  onCells(asked: readonly Asked[]): Decided | 'none'
}

/**
 * Decides demands by what their predicates may come to (predicate abstraction: Graf and Saïdi 1997). Conditions that do no more than
 * compare cells with constants, however put together, are decided whole. It is prepared for questions about some of `all`, and decides
 * others at more cost; `start` is a row near which one is looked for first.
 */
export function createDecider(all: readonly Asked[], start: RecordValue = new Map()): Decider {
  let loose: Universe | undefined
  let cells: Universe | null | undefined
  return {
    loosely: (asked) => {
      const universe = (loose ??= universeOf(all, (predicates) => looseWorld(predicates, start)))
      const own = questionsIn(universe, asked)
      if (own === undefined) return all === asked ? undefined : createDecider(asked, start).loosely(asked)
      const found = searchValues(universe.prepared, own, MOST_JUDGEMENTS)
      if (found?.kind === 'unmet') return { kind: 'unsatisfiable', core: asked.filter((_, i) => found.by.has(i)) }
      const row = found && confirmed(universe, found.values, asked)
      // The first row found is near those of most other questions.
      if (row !== undefined && start.size === 0 && loose.first === undefined)
        loose = startingAt(universe, found?.values ?? [])
      return row
    },
    onCells: (asked) => {
      // What reads several cells is evaluated on each combination of theirs: a search that changes one or two finds more in that time.
      if (!asked.every(({ demand }) => isOfOneColumn(demand))) return undefined
      cells ??= all.every(({ demand }) => isOfOneColumn(demand))
        ? universeOf(all, (predicates) => cellsWorld(predicates, all, start))
        : null
      const own = cells === null ? undefined : questionsIn(cells, asked)
      if (cells === null || own === undefined)
        return all === asked ? undefined : createDecider(asked, start).onCells(asked)
      const tried = searchValues(cells.prepared, own, MOST_JUDGEMENTS)
      if (tried?.kind === 'unmet') return 'none'
      return tried && confirmed(cells, tried.values, asked)
    },
  }
}

/** Whether each predicate of a demand reads one column. */
const isOfOneColumn = ({ expr, within }: Demand): boolean =>
  readsOneEach(expr) && (within === undefined || readsOneEach(within))

const readsOneEach = oncePer((expr: Expr): boolean => {
  const predicates = collectPredicates()
  claimOf({ name: '', expr, missing: 'fail', holds: true }, predicates)
  return predicates.all.every((each) => columnsOf(each).size <= 1)
})

/** Decides demands that are asked about once. */
export const byPredicates = (asked: readonly Asked[]): Decided => createDecider(asked).loosely(asked)

/** What is made once for many questions. */
interface Universe {
  readonly predicates: Predicates
  readonly known: number
  readonly prepared: Prepared
  readonly questions: WeakMap<Demand, Question>
  /** The values that are tried first, where a row gave them. */
  readonly first?: readonly number[]
}

function startingAt(universe: Universe, first: readonly number[]): Universe {
  const { world } = universe.prepared
  const variables = world.variables.map((variable, i) => ({ ...variable, first: first[i] ?? 0 }))
  const prepared = { ...universe.prepared, world: { ...world, variables } }
  return { ...universe, prepared, questions: new WeakMap(), first }
}

function universeOf(all: readonly Asked[], worldOf: (predicates: readonly Expr[]) => World): Universe {
  const predicates = collectPredicates()
  for (const { demand } of all) claimOf(demand, predicates)
  const world = worldOf(predicates.all)
  return { predicates, known: predicates.all.length, prepared: prepared(world), questions: new WeakMap() }
}

/** The demands as questions; undefined where they read what the universe does not know. */
function questionsIn(universe: Universe, asked: readonly Asked[]): readonly Question[] | undefined {
  const { predicates, known, prepared: ready, questions } = universe
  const found: Question[] = []
  for (const { demand } of asked) {
    const before = questions.get(demand)
    const claim = before?.claim ?? claimOf(demand, predicates)
    if (claim.reads.some((place) => place >= known)) return undefined
    const question = before ?? questionOf(claim, ready.world)
    questions.set(demand, question)
    found.push(question)
  }
  return found
}

/** The row of values, where they are cells and it meets all demands. */
function confirmed({ prepared: { world } }: Universe, values: readonly number[], asked: readonly Asked[]): Decided {
  const row = new Map(
    world.variables.flatMap(({ column, values: of }, i) =>
      column === undefined ? [] : [[column, of[values[i] as number] ?? null] as const],
    ),
  )
  const valueOf = onRow(row)
  return asked.every(({ demand }) => meets(demand, valueOf)) ? { kind: 'satisfiable', row } : undefined
}
