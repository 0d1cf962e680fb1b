import type { Program } from '../../clause/program.ts'
import { createRandom } from '../../stats/prng.ts'
import type { Control, Fault } from '../fault.ts'
import { dataFaultsOf } from './data-faults.ts'
import { modelFaultsOf } from './model-faults.ts'
import { servingFaultsOf } from './serving-faults.ts'

/** How many faults, and which. */
export interface FaultBudget {
  /** Names the choice: equal seeds choose equal faults. */
  readonly seed: string
  /** Faults in all; every kind has at least one before any has two. */
  readonly faults: number
  readonly controls: number
  /** Kinds of faults; all where absent. */
  readonly operators?: ReadonlySet<string>
}

/** Shares of the budget: most of what goes wrong in practice goes wrong in the data. */
const SHARES = { data: 0.6, model: 0.25, serving: 0.15 } as const

/** Chooses the faults of a run. What one group has no use for is another's. */
export function planFaults(program: Program, budget: FaultBudget): readonly Fault[] {
  const groups: Readonly<Record<keyof typeof SHARES, readonly Fault[]>> = {
    // Datasets in the order of the spec: the first is usually the one that matters.
    data: inTurns(program.datasets.map((dataset) => chosen(dataFaultsOf(dataset), budget, dataset.name))),
    model: chosen(modelFaultsOf(program), budget, 'model'),
    serving: chosen(servingFaultsOf(program), budget, 'serving'),
  }
  const names = ['serving', 'model', 'data'] as const
  let left = Math.max(0, Math.floor(budget.faults))
  const taken: Fault[] = []
  names.forEach((name, i) => {
    const rest = names.slice(i).reduce((sum, each) => sum + SHARES[each], 0)
    const here = groups[name].slice(0, Math.round((left * SHARES[name]) / rest))
    taken.push(...here)
    left -= here.length
  })
  const more = names.flatMap((name) => groups[name].filter((fault) => !taken.includes(fault)))
  const all = new Set([...taken, ...more.slice(0, left)])
  return [...groups.data, ...groups.model, ...groups.serving].filter((fault) => all.has(fault))
}

/** The faults of each operator in a seeded order, one of each operator in turn. */
function chosen<T extends Fault>(
  byOperator: ReadonlyMap<string, readonly T[]>,
  { seed, operators }: FaultBudget,
  purpose: string,
): readonly T[] {
  const lists = [...byOperator]
    .filter(([operator]) => operators === undefined || operators.has(operator))
    .map(([operator, faults]) => createRandom(seed, `${purpose} ${operator}`).shuffle([...faults]))
  return inTurns(lists)
}

/** The first of each list, then the second of each, and so on. */
function inTurns<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat()
}

const CONTROLS: readonly (readonly [Control['operator'], string])[] = [
  ['resample', 'rows drawn again from the same population'],
  ['reseed', 'the same rows under another seed'],
  ['reorder', 'the same rows in another order'],
]

/** The controls of a run: nothing is wrong in any of them. Most of them draw rows again, which is what tomorrow's data does. */
export function planControls({ controls }: FaultBudget): readonly Control[] {
  return Array.from({ length: Math.max(0, Math.floor(controls)) }, (_, i): Control => {
    const [operator, says] = (i % 5 === 3 ? CONTROLS[1] : i % 5 === 4 ? CONTROLS[2] : CONTROLS[0]) ?? ['reseed', '']
    return { group: 'control', operator, id: `${operator} ${i + 1}`, says, number: i + 1 }
  })
}
