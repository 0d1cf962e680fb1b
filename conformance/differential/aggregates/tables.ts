import type { ScalarKind } from '../../../packages/core/src/expr/type.ts'
import type { Value } from '../../../packages/core/src/expr/value.ts'
import type { Random } from '../../../packages/core/src/stats/prng.ts'
import { chance, pick } from '../../../packages/core/src/fuzz/choose.ts'

/** The columns of a generated table. */
export const columns = {
  i: 'int',
  j: 'int',
  x: 'double',
  y: 'double',
  s: 'string',
  b: 'bool',
  at: 'timestamp',
  g: 'int',
} as const satisfies Record<string, ScalarKind>

/** Its columns of lists, with the kind of their elements. */
export const lists = { l: 'double', w: 'string' } as const satisfies Record<string, ScalarKind>

/** Names of the columns. */
export type ColumnName = keyof typeof columns

/** A row; null is missing. */
export type Row = ReadonlyMap<string, Value | null>

const TEXTS = ['', 'a', 'A', 'ä', 'b', 'B', '😀', '\uFFFD', 'a b', 'ab', "'", '\\']
const HUGE = [1e300, -1e300, 1e200, -1e160, 1e150, -1e146, 1e144]
const ODD = [Infinity, -Infinity, -0, 5e-324, -5e-324, 1e-200]

/** What a table's cells are like: ordinary ones, few distinct ones, large, infinite, constant. */
type Character = 'plain' | 'tied' | 'huge' | 'odd' | 'constant' | 'offset'

function double(random: Random, character: Character, constant: number): number {
  switch (character) {
    case 'plain':
      return (random.float() - 0.5) * 10 ** random.int(6)
    case 'tied':
      return random.int(4) - 1.5
    case 'huge':
      return chance(random, 0.3) ? pick(random, HUGE) : (random.float() - 0.5) * 10 ** random.int(140)
    case 'odd':
      return chance(random, 0.4) ? pick(random, ODD) : random.int(10)
    case 'constant':
      return constant
    case 'offset':
      return 1e6 + random.float()
  }
}

function int(random: Random, character: Character): bigint {
  if (character === 'huge') return pick(random, [2n ** 62n, -(2n ** 62n), 2n ** 63n - 1n, -(2n ** 63n), 5n])
  return BigInt(random.int(character === 'tied' ? 3 : 2001) - 1)
}

/** A table of 0 to 30 rows. */
export function randomTable(random: Random): readonly Row[] {
  const characters: readonly Character[] = ['plain', 'plain', 'tied', 'huge', 'odd', 'constant', 'offset']
  const [ofX, ofY, ofI] = [pick(random, characters), pick(random, characters), pick(random, characters)]
  const missing = pick(random, [0, 0.1, 0.5, 1])
  const constant = random.float()
  const cell = (make: () => Value): Value | null => (chance(random, missing) ? null : make())
  return Array.from({ length: pick(random, [1, 2, 3, 5, 8, 13, 30]) }, () => {
    const row: Readonly<Record<ColumnName | keyof typeof lists, Value | null>> = {
      i: cell(() => int(random, ofI)),
      j: cell(() => int(random, 'tied')),
      x: cell(() => double(random, ofX, constant)),
      y: cell(() => double(random, ofY, constant)),
      s: cell(() => pick(random, TEXTS)),
      b: cell(() => chance(random, 0.5)),
      at: cell(() => ({ timestamp: BigInt(random.int(2 ** 31)) * 1_000_000n + BigInt(random.int(5)) })),
      g: BigInt(random.int(3)),
      l: cell(() => ({ list: Array.from({ length: random.int(4) }, () => double(random, ofX, constant)) })),
      w: cell(() => ({ list: Array.from({ length: random.int(4) }, () => pick(random, TEXTS)) })),
    }
    return new Map(Object.entries(row))
  })
}
