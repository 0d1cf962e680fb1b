import { patternProgram } from '../../expr/pattern/program.ts'
import { type Js, join, js, jsonLiteral, name } from './js.ts'

/**
 * The helper that makes a function of a `PatternProgram` (see there). It follows all ways through the automaton at once,
 * and remembers which set of places follows which on which class of character, so that a text costs a look-up per
 * character, and never more than the size of the program per character. What it remembers is bounded. No regular
 * expression engine is asked, so no pattern and no text can make it slow.
 */
export const patternHelper: Js = js`const pattern = ({ code, start, anchored, bounds, classes, kinds, sets }) => {
  const end = kinds.length
  const interval = (c) => {
    let low = 0
    let high = bounds.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (bounds[middle] <= c) low = middle
      else high = middle - 1
    }
    return classes[low]
  }
  const ascii = Array.from({ length: 128 }, (_, c) => interval(c))
  let states = new Map()
  let room = 100000
  const state = (places, before) => {
    const key = before + ":" + places
    const known = states.get(key)
    if (known !== undefined) return known
    room -= places.length + end + 1
    if (room < 0) {
      states = new Map()
      room = 100000
    }
    const made = { places, before, next: new Array(end + 1).fill(undefined) }
    states.set(key, made)
    return made
  }
  const step = ({ places, before }, on) => {
    const after = on === end ? 3 : kinds[on]
    const holds =
      (before === 3 || before === 1 ? 1 : 0) |
      (after === 3 || after === 1 ? 2 : 0) |
      (before === 3 ? 4 : 0) |
      (after === 3 ? 8 : 0) |
      ((before === 2) !== (after === 2) ? 16 : 32)
    const seen = new Uint8Array(code.length / 3)
    const reached = new Set(anchored ? [] : [start])
    const open = places.slice()
    while (open.length > 0) {
      const at = open.pop()
      if (seen[at] === 1) continue
      seen[at] = 1
      const op = code[3 * at]
      const a = code[3 * at + 1]
      const b = code[3 * at + 2]
      if (op === 0) return true
      if (op === 1) open.push(a, b)
      else if (op === 2 && (a & ~holds) === 0) open.push(b)
      else if (op === 3 && on !== end && sets[a][on] === "1") reached.add(b)
    }
    return on === end || reached.size === 0 ? false : state([...reached].sort((x, y) => x - y), after)
  }
  const first = state([start], 3)
  return (text) => {
    let at = first
    for (let i = 0; i < text.length; i++) {
      let c = text.charCodeAt(i)
      if (c >= 0xd800 && c < 0xdc00) {
        c = text.codePointAt(i)
        if (c > 0xffff) i++
      }
      const on = c < 128 ? ascii[c] : interval(c)
      let next = at.next[on]
      if (next === undefined) next = at.next[on] = step(at, on)
      if (typeof next === "boolean") return next
      at = next
    }
    let last = at.next[end]
    if (last === undefined) last = at.next[end] = step(at, end)
    return last
  }
}`

/** The patterns of a module: each is compiled once, to a constant that expressions call. */
export interface Patterns {
  /** The function that tests a text. */
  use(pattern: string): Js
  /** The constants, which need the helper `pattern` before them. */
  code(): Js
}

/** No patterns yet. */
export function createPatterns(): Patterns {
  const names = new Map<string, Js>()
  return {
    use: (pattern) => {
      const known = names.get(pattern)
      if (known !== undefined) return known
      const made = name(`pattern${names.size}`)
      names.set(pattern, made)
      return made
    },
    code: () =>
      join(
        [...names].map(
          ([pattern, constant]) =>
            js`const ${constant} = pattern(JSON.parse(${jsonLiteral(JSON.stringify(patternProgram(pattern)))}))\n`,
        ),
        js``,
      ),
  }
}
