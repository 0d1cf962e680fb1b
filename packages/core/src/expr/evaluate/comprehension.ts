import type { Comprehension } from '../expr.ts'
import { isError, type List, type MapValue, type Optional, type Value } from '../value.ts'
import { sorted } from './collections.ts'
import { isKey, mapKey } from './equality.ts'
import { error, type Outcome } from './implementation.ts'
import { kindOf } from './kinds.ts'
import { type Run, type Scope, withVariable } from './state.ts'

/** What the variables stand for in turn: elements or keys, or both with their place. */
function* turns(range: Value, two: boolean): Generator<readonly [Value, Value | undefined]> {
  if (typeof range === 'object' && 'list' in range) {
    for (const [i, element] of (range as List).list.entries()) yield two ? [BigInt(i), element] : [element, undefined]
  } else {
    for (const { key, value } of (range as MapValue).map.values()) yield [key, two ? value : undefined]
  }
}

/** `all`, `exists`, `exists_one`, `filter`, `map`, `transformList`, `transformMap`, `transformMapEntry`, `sortBy`. */
export function comprehend(node: Comprehension, run: Run, around: Scope | undefined): Outcome {
  const range = run.go(node.range, around)
  if (isError(range)) return range
  const kind = kindOf(range)
  if (kind !== 'list' && kind !== 'map') return error('no-such-overload')
  const make = createMaker(node)
  for (const [first, second] of turns(range, node.variables.length === 2)) {
    run.budget.left -= 1
    if (run.budget.left < 0) return error('too-costly')
    let scope = withVariable(around, node.variables[0], first)
    if (second !== undefined) scope = withVariable(scope, node.variables[1] ?? '', second)
    if (node.where !== undefined) {
      const wanted = run.go(node.where, scope)
      if (isError(wanted)) return wanted
      if (typeof wanted !== 'boolean') return error('no-such-overload')
      if (!wanted) continue
    }
    const done = make.take(run.go(node.body, scope), first)
    if (done !== undefined) return done
  }
  return make.result()
}

/** Takes the value of the body at each turn; an outcome that it returns ends the comprehension. */
interface Maker {
  take(value: Outcome, element: Value): Outcome | undefined
  result(): Outcome
}

function createMaker({ op }: Comprehension): Maker {
  switch (op) {
    case 'all':
      return absorbing(false)
    case 'exists':
      return absorbing(true)
    case 'exists-one': {
      let count = 0
      return {
        take: (value) => {
          if (typeof value !== 'boolean') return isError(value) ? value : error('no-such-overload')
          if (value) count += 1
          return undefined
        },
        result: () => count === 1,
      }
    }
    case 'list': {
      const list: Value[] = []
      return {
        take: (value) => (isError(value) ? value : void list.push(value)),
        result: () => ({ list }),
      }
    }
    case 'sort-by': {
      const pairs: { readonly key: Value; readonly value: Value }[] = []
      return {
        take: (key, value) => (isError(key) ? key : void pairs.push({ key, value })),
        result: () => {
          const ordered = sorted(pairs, ({ key }) => key)
          return ordered === undefined ? error('no-such-overload') : { list: ordered.map(({ value }) => value) }
        },
      }
    }
    case 'map': {
      const map = new Map<string, { readonly key: Value; readonly value: Value }>()
      return {
        take: (value, key) => (isError(value) ? value : void map.set(mapKey(key) ?? '', { key, value })),
        result: () => ({ map }),
      }
    }
    case 'entries': {
      const map = new Map<string, { readonly key: Value; readonly value: Value }>()
      return {
        take: (value) => {
          if (isError(value)) return value
          if (kindOf(value) !== 'map') return error('no-such-overload')
          for (const [key, entry] of (value as MapValue).map) {
            if (map.has(key)) return error('duplicate-key')
            map.set(key, entry)
          }
          return undefined
        },
        result: () => ({ map }),
      }
    }
  }
}

/** The decisive truth value wins over errors; else the first error; else the other truth value. */
function absorbing(decisive: boolean): Maker {
  let failed: Outcome | undefined
  return {
    take: (value) => {
      if (value === decisive) return value
      if (value !== !decisive) failed ??= isError(value) ? value : error('no-such-overload')
      return undefined
    },
    result: () => failed ?? !decisive,
  }
}

/** The elements of a list that is written out; those marked optional are left out where they have no value. */
export function makeList(values: readonly Value[], optional: readonly number[] = []): Outcome {
  const marked = new Set(optional)
  if (!values.every((value, i) => !marked.has(i) || kindOf(value) === 'optional')) return error('no-such-overload')
  return {
    list: values.flatMap((value, i) => {
      if (!marked.has(i)) return [value]
      const { optional: inner } = value as Optional
      return inner === undefined ? [] : [inner]
    }),
  }
}

/** The entries of a map that is written out: keys, then values. */
export function makeMap(keys: readonly Value[], values: readonly Value[], optional: readonly number[] = []): Outcome {
  const map = new Map<string, { readonly key: Value; readonly value: Value }>()
  for (const [i, key] of keys.entries()) {
    if (!isKey(key)) return error('no-such-overload')
    const id = mapKey(key) ?? ''
    let value: Value | undefined = values[i]
    if (optional.includes(i)) {
      if (value === undefined || kindOf(value) !== 'optional') return error('no-such-overload')
      value = (value as Optional).optional
    }
    if (value === undefined) continue
    if (map.has(id)) return error('duplicate-key')
    map.set(id, { key, value })
  }
  return { map }
}
