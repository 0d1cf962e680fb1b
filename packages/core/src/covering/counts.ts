import type { Random } from '../stats/prng.ts'
import { choiceOf, type TupleSpace } from './tuples.ts'

/** Combinations that count as one, by the same rule for every choice of factors: all factors have the same number of values. */
export interface Classes {
  /** Of each combination of a choice, its class; −1 = need not be covered. */
  readonly of: Int32Array
  readonly count: number
  /** Combinations of a class. */
  readonly size: number
  /** Those of class c: `members[c * size …]`. */
  readonly members: Int32Array
}

/** How often each combination stands in the rows, kept while cells change. */
export function createCounts(
  space: TupleSpace,
  wanted: Uint8Array,
  classes: Classes | undefined,
  start: readonly Int16Array[],
) {
  const { strength, choices, stride, base, factors } = space
  const size = classes === undefined ? space.total : choices * classes.count
  const count = new Int32Array(size)
  // The open ones as a set that one can draw from: a list, and where each stands in it.
  const open = new Int32Array(size)
  const where = new Int32Array(size).fill(-1)
  let opened = 0
  const add = (at: number): void => {
    where[at] = opened
    open[opened++] = at
  }
  const drop = (at: number): void => {
    const place = where[at] as number
    const last = open[--opened] as number
    open[place] = last
    where[last] = place
    where[at] = -1
  }
  const isWanted = (at: number): boolean => classes !== undefined || wanted[at] === 1
  const own = ownChoices(space)

  /** Where a combination is counted; −1 = nowhere. `rest` without the choice's base. */
  const placeOf = (choice: number, rest: number): number => {
    if (classes === undefined) return (base[choice] as number) + rest
    const found = classes.of[rest] as number
    return found < 0 ? -1 : choice * classes.count + found
  }
  const restOf = (choice: number, row: Int16Array): number => {
    let rest = 0
    for (let m = choice * strength; m < (choice + 1) * strength; m++)
      rest += (row[factors[m] as number] as number) * (stride[m] as number)
    return rest
  }
  const gain = (at: number): void => {
    if (at >= 0 && (count[at] as number)++ === 0 && where[at] !== -1) drop(at)
  }
  const lose = (at: number): void => {
    if (at >= 0 && --(count[at] as number) === 0 && isWanted(at)) add(at)
  }

  for (let at = 0; at < size; at++) if (isWanted(at)) add(at)
  for (const row of start) for (let choice = 0; choice < choices; choice++) gain(placeOf(choice, restOf(choice, row)))

  return {
    /** Wanted combinations in no row. */
    open: (): number => opened,

    /** A random open combination: its factors and their values; `tuple` is −1 where classes are counted. */
    pick(random: Random): { readonly tuple: number; readonly choice: number; readonly values: Int16Array } {
      const at = open[random.int(opened)] as number
      const choice = classes === undefined ? choiceOf(space, at) : Math.floor(at / classes.count)
      let rest =
        classes === undefined
          ? at - (base[choice] as number)
          : (classes.members[(at % classes.count) * classes.size + random.int(classes.size)] as number)
      const values = new Int16Array(strength)
      for (let m = 0; m < strength; m++) {
        const step = stride[choice * strength + m] as number
        values[m] = Math.floor(rest / step)
        rest %= step
      }
      return { tuple: classes === undefined ? at : -1, choice, values }
    },

    /** Newly covered minus newly open, were the cell changed. */
    gainOf(row: Int16Array, factor: number, to: number): number {
      const from = row[factor] as number
      const { choice: list, step: steps } = own[factor] as OwnChoices
      let change = 0
      for (let i = 0; i < list.length; i++) {
        const choice = list[i] as number
        const step = steps[i] as number
        const rest = restOf(choice, row)
        const before = placeOf(choice, rest)
        const after = placeOf(choice, rest + (to - from) * step)
        if (before === after) continue
        if (before >= 0 && count[before] === 1 && isWanted(before)) change--
        if (after >= 0 && count[after] === 0 && isWanted(after)) change++
      }
      return change
    },

    /** Changes the cell. */
    change(row: Int16Array, factor: number, to: number): void {
      const from = row[factor] as number
      if (from === to) return
      const { choice: list, step: steps } = own[factor] as OwnChoices
      for (let i = 0; i < list.length; i++) {
        const choice = list[i] as number
        const rest = restOf(choice, row)
        gain(placeOf(choice, rest + (to - from) * (steps[i] as number)))
        lose(placeOf(choice, rest))
      }
      row[factor] = to
    },

    /** Wanted combinations that stand in this row only. */
    missedWithout(row: Int16Array): number {
      let missed = 0
      for (let choice = 0; choice < choices; choice++) {
        const at = placeOf(choice, restOf(choice, row))
        if (at >= 0 && count[at] === 1 && isWanted(at)) missed++
      }
      return missed
    },

    /** Takes a row away. */
    remove(rows: Int16Array[], index: number): void {
      const [row] = rows.splice(index, 1)
      if (row === undefined) return
      for (let choice = 0; choice < choices; choice++) lose(placeOf(choice, restOf(choice, row)))
    },
  }
}

interface OwnChoices {
  readonly choice: Int32Array
  /** The factor's stride in each. */
  readonly step: Int32Array
}

/** The choices each factor is part of. */
function ownChoices({ strength, levels, choices, factors, stride }: TupleSpace): readonly OwnChoices[] {
  const choice: number[][] = levels.map(() => [])
  const step: number[][] = levels.map(() => [])
  for (let i = 0; i < choices; i++) {
    for (let m = i * strength; m < (i + 1) * strength; m++) {
      choice[factors[m] as number]?.push(i)
      step[factors[m] as number]?.push(stride[m] as number)
    }
  }
  return levels.map((_, factor) => ({
    choice: Int32Array.from(choice[factor] ?? []),
    step: Int32Array.from(step[factor] ?? []),
  }))
}
