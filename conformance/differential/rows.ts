import type { Type } from '../../packages/core/src/expr/type.ts'
import type { Value } from '../../packages/core/src/expr/value.ts'
import type { Random } from '../../packages/core/src/stats/prng.ts'
import { chance, pick } from '../../packages/core/src/fuzz/choose.ts'
import {
  hostileDoubles,
  hostileDurations,
  hostileInts,
  hostileTexts,
  hostileTimes,
  plainDoubles,
  plainDurations,
  plainInts,
  plainTexts,
  plainTimes,
} from '../../packages/core/src/fuzz/hostile-values.ts'
import type { GeneratedRow } from '../../packages/core/src/fuzz/rows.ts'
import { type Focus, near } from './pools.ts'
import { type ColumnSpec, schema } from './schema.ts'

/** A value of a kind: from the ordinary or the hostile pool, a random one, or one near the focus. */
export function value(random: Random, type: Type, hostile: boolean, focus: Focus): Value {
  const close = chance(random, hostile ? 0.4 : 0.1) ? atFocus(random, type, focus) : undefined
  if (close !== undefined) return close
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
    case 'list': {
      const elements = Array.from({ length: random.int(5) }, () => value(random, type.element, hostile, focus))
      return { list: elements.filter((each) => !Number.isNaN(each)) }
    }
    default:
      throw new Error(`no cells of kind ${type.kind}`)
  }
}

/** A value at the focus; undefined for kinds that have none. */
function atFocus(random: Random, type: Type, focus: Focus): Value | undefined {
  if (type.kind === 'int') return near(random, focus.int)
  if (type.kind === 'double') return chance(random, 0.7) ? focus.double : Number(near(random, focus.int))
  if (type.kind === 'string') return pick(random, focus.texts)
  return type.kind === 'timestamp' ? { timestamp: focus.time + BigInt(random.int(3)) } : undefined
}

function time(random: Random): bigint {
  if (chance(random, 0.3)) return pick(random, plainTimes)
  return BigInt(random.int(2 ** 31)) * 1_000_000n * (chance(random, 0.3) ? -20n : 1n) + BigInt(random.int(1_000_000))
}

function cell(random: Random, spec: ColumnSpec, hostile: boolean, focus: Focus): Value | null {
  if (hostile && chance(random, 0.35)) return spec.type.kind === 'double' && chance(random, 0.5) ? NaN : null
  const codes = spec.codes
  return codes !== undefined && chance(random, 0.9) ? pick(random, codes) : value(random, spec.type, hostile, focus)
}

/**
 * A row: a third are ordinary; a third have hostile cells here and there (nulls, NaN, infinities, edges of int64, odd
 * texts, far times); in the last third cells meet near the focus, where comparisons are decided by the last bit.
 */
export function generateRow(random: Random, focus: Focus): GeneratedRow {
  const form = random.int(3)
  const rate = form === 0 ? 0 : form === 1 ? 0.1 + 0.5 * random.float() : 0.1
  const hostiles = schema.map(() => chance(random, rate))
  if (form !== 0 && !hostiles.includes(true)) hostiles[random.int(schema.length)] = true
  const cells = schema.map((spec, i): [string, Value | null] => {
    const hostile = hostiles[i] === true
    const meets = form === 2 && !hostile && chance(random, 0.8)
    return [spec.name, (meets ? atFocus(random, spec.type, focus) : undefined) ?? cell(random, spec, hostile, focus)]
  })
  return { hostile: form !== 0, cells: new Map(cells) }
}
