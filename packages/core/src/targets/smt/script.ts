import { join, render, smt, symbol, type Term } from './term.ts'

/** A sort of SMT-LIB. */
export type Sort = 'Bool' | 'Int' | 'Real' | 'String'

const SORTS: Readonly<Record<Sort, Term>> = { Bool: smt`Bool`, Int: smt`Int`, Real: smt`Real`, String: smt`String` }
/** A term longer than this is given a name where it may be used twice. */
const SHORT = 24

/** Collects the lines of a script; equal terms get one name. */
export interface Script {
  /** A new constant. */
  declare(prefix: string, sort: Sort): Term
  /** The function of a name, declared where it is not yet. */
  fn(name: string, args: readonly Sort[], result: Sort): Term
  /** A name for a term, unless it is as short as one. */
  define(sort: Sort, term: Term): Term
  assert(term: Term): void
  lines(): readonly string[]
}

/** An empty script. */
export function createScript(): Script {
  const lines: string[] = []
  const names = new Map<string, Term>()
  const functions = new Map<string, Term>()
  let count = 0
  const line = (term: Term): void => void lines.push(render(term))
  const fresh = (prefix: string): Term => symbol(`${prefix}${count++}`)
  return {
    declare: (prefix, sort) => {
      const made = fresh(prefix)
      line(smt`(declare-fun ${made} () ${SORTS[sort]})`)
      return made
    },
    fn: (name, args, result) => {
      const known = functions.get(name)
      if (known !== undefined) return known
      const made = symbol(name)
      functions.set(name, made)
      line(smt`(declare-fun ${made} (${join(args.map((sort) => SORTS[sort]))}) ${SORTS[result]})`)
      return made
    },
    define: (sort, term) => {
      const text = render(term)
      if (text.length <= SHORT) return term
      const key = `${sort} ${text}`
      const known = names.get(key)
      if (known !== undefined) return known
      const made = fresh('d')
      names.set(key, made)
      line(smt`(define-fun ${made} () ${SORTS[sort]} ${term})`)
      return made
    },
    assert: (term) => line(smt`(assert ${term})`),
    lines: () => lines,
  }
}
