import type { Type } from '../../packages/core/src/expr/type.ts'
import type { Value } from '../../packages/core/src/expr/value.ts'
import type { Random } from '../../packages/core/src/stats/prng.ts'
import {
  chance, hostileDoubles, hostileDurations, hostileInts, hostileTexts, hostileTimes, pick, plainDoubles, plainDurations, plainInts,
  plainTexts, plainTimes,
} from './pools.ts'
import { type ColumnSpec, schema } from './schema.ts'

/** A generated row: cells by column name. `null` and NaN are missing. */
export interface GeneratedRow {
  readonly cells: ReadonlyMap<string, Value | null>
  /** It has at least one hostile cell. */
  readonly hostile: boolean
}

/** A value of a kind: from the ordinary or the hostile pool, or a random one. */
export function value(random: Random, type: Type, hostile: boolean): Value {
  switch (type.kind) {
    case 'bool':
      return chance(random, 0.5)
    case 'int':
      if (hostile) return pick(random, hostileInts)
      return chance(random, 0.5) ? pick(random, plainInts) : BigInt(random.int(2001) - 1000)
    case 'double':
      if (hostile) return pick(random, hostileDoubles)
      return chance(random, 0.6) ? pick(random, plainDoubles) : (random.float() - 0.5) * 10 ** random.int(6)
    case 'string':
      return hostile ? pick(random, hostileTexts) : pick(random, plainTexts)
    case 'timestamp':
      return { timestamp: hostile ? pick(random, hostileTimes) : time(random) }
    case 'duration':
      return { duration: hostile ? pick(random, hostileDurations) : pick(random, plainDurations) }
    default:
      throw new Error(`no cells of kind ${type.kind}`)
  }
}

function time(random: Random): bigint {
  if (chance(random, 0.3)) return pick(random, plainTimes)
  return BigInt(random.int(2 ** 31)) * 1_000_000n * (chance(random, 0.3) ? -20n : 1n) + BigInt(random.int(1_000_000))
}

function cell(random: Random, spec: ColumnSpec, hostile: boolean): Value | null {
  if (hostile && chance(random, 0.35)) return spec.type.kind === 'double' && chance(random, 0.5) ? NaN : null
  const codes = spec.codes
  return codes !== undefined && chance(random, 0.9) ? pick(random, codes) : value(random, spec.type, hostile)
}

/** A row in which every other one has hostile cells: nulls, NaN, infinities, edges of int64, odd texts, far times. */
export function generateRow(random: Random): GeneratedRow {
  const hostile = chance(random, 0.5)
  const rate = hostile ? 0.1 + 0.5 * random.float() : 0
  const hostiles = schema.map(() => chance(random, rate))
  if (hostile && !hostiles.includes(true)) hostiles[random.int(schema.length)] = true
  return {
    hostile,
    cells: new Map(schema.map((spec, i) => [spec.name, cell(random, spec, hostiles[i] === true)])),
  }
}
