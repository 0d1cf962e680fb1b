import type { Expr, Literal } from '../../expr/expr.ts'
import { walk } from '../../targets/children.ts'

/** Texts of one column that are made. */
const MOST_TEXTS = 160
/** The longest text that is made as long as a condition asks for. */
const LONGEST = 400

/** Texts that begin, end, hold and are as long as what predicates on a column name, in many combinations. */
export function textsOf(name: string, own: readonly Expr[]): readonly string[] {
  const parts = own.flatMap((expr) => [...walk(expr)])
  const isText = parts.some((part) => part.node === 'column' && part.name === name && part.type.kind === 'string')
  if (!isText) return []
  const literalsOf = (wanted: (fn: string) => boolean): readonly string[] => [
    ...new Set(parts.flatMap((part) => (part.node === 'call' && wanted(part.fn) ? part.args.flatMap(textIn) : []))),
  ]
  const starts = ['', ...literalsOf((fn) => fn.startsWith('starts_with'))]
  const ends = ['', ...literalsOf((fn) => fn.startsWith('ends_with'))]
  const within = literalsOf((fn) => fn.startsWith('contains'))
  const middles = [
    ...new Set([
      within.join(''),
      '',
      ...within,
      ...within.map((each) => within.filter((other) => other !== each).join('')),
    ]),
  ]
  const lengths = [
    ...new Set([0, ...parts.flatMap((part) => (part.node === 'call' ? part.args.flatMap(lengthIn) : []))]),
  ]
  const found = new Set<string>()
  for (const length of lengths)
    for (const middle of middles)
      for (const start of starts)
        for (const end of ends) {
          if (found.size >= MOST_TEXTS) return [...found]
          const some = start + middle
          found.add(some + 'q'.repeat(Math.max(0, length - some.length - end.length)) + end)
        }
  return [...found]
}

const textIn = (part: Expr): readonly string[] =>
  part.node === 'literal' && typeof part.value === 'string' && part.type.kind === 'string' ? [part.value] : []

function lengthIn(part: Expr): readonly number[] {
  if (part.node !== 'literal' || part.type.kind !== 'int') return []
  const length = Number((part as Literal).value)
  return [length, length + 1].filter((each) => each > 0 && each <= LONGEST)
}
