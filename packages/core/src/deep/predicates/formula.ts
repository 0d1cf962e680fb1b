import type { Expr } from '../../expr/expr.ts'
import type { Demand } from '../../targets/smt/index.ts'
import { keyOfJson } from '../key.ts'
import { both, chosen, either, FALSE, MISSING, opposite, TRUE } from './outcomes.ts'

/** What predicates may come to, by their place. */
export type Possible = (predicate: number) => number

/**
 * The predicates of conditions: parts that are true or not, and consist of no smaller such parts. Each has its place, the same wherever it
 * stands.
 */
export interface Predicates {
  readonly all: readonly Expr[]
  place(expr: Expr): number
}

export function collectPredicates(): Predicates {
  const all: Expr[] = []
  const places = new Map<string, number>()
  return {
    all,
    place: (expr) => {
      const key = keyOfJson(expr)
      const known = places.get(key)
      if (known !== undefined) return known
      places.set(key, all.length)
      return all.push(expr) - 1
    },
  }
}

type Formula = (possible: Possible) => number

/** What a condition may come to where its predicates may come to what they may; exact where each comes to one thing. */
function formulaOf(expr: Expr, predicates: Predicates): Formula {
  switch (expr.node) {
    case 'and':
    case 'or': {
      const [a, b] = expr.args.map((part) => formulaOf(part, predicates)) as [Formula, Formula]
      const join = expr.node === 'and' ? both : either
      return (possible) => join(a(possible), b(possible))
    }
    case 'conditional': {
      const [c, a, b] = expr.args.map((part) => formulaOf(part, predicates)) as [Formula, Formula, Formula]
      return (possible) => chosen(c(possible), a(possible), b(possible))
    }
    case 'literal': {
      const value = expr.value === true ? TRUE : FALSE
      return () => value
    }
    case 'call':
      if (expr.fn === 'not') {
        const a = formulaOf(expr.args[0] as Expr, predicates)
        return (possible) => opposite(a(possible))
      }
      break
    default:
  }
  const place = predicates.place(expr)
  return (possible) => possible(place)
}

/** A demand on predicates. */
export interface Claim {
  /** Places of the predicates that it reads. */
  readonly reads: readonly number[]
  /** Whether it may be met, and whether it may fail. */
  judge(possible: Possible): { readonly met: boolean; readonly failed: boolean }
}

const BOTH = { met: true, failed: true }
const MET = { met: true, failed: false }
const FAILED = { met: false, failed: true }

/** A demand as a claim; it is judged as `meets` judges it on a row. */
export function claimOf({ expr, within, missing, holds }: Demand, predicates: Predicates): Claim {
  const reads = new Set<number>()
  const noting: Predicates = {
    all: predicates.all,
    place: (each) => {
      const place = predicates.place(each)
      reads.add(place)
      return place
    },
  }
  const formula = formulaOf(expr, noting)
  const premise = within === undefined ? undefined : formulaOf(within, noting)
  const fine = missing === 'fail' ? TRUE : TRUE | MISSING
  return {
    reads: [...reads],
    judge: (possible) => {
      const speaks = premise === undefined ? TRUE : premise(possible)
      // Rows that it does not speak of satisfy it: none of them is one that is to fail it.
      const others = (speaks & ~TRUE) !== 0
      let met = others && holds
      let failed = others && !holds
      if ((speaks & TRUE) !== 0) {
        const found = formula(possible)
        const [good, bad] = [(found & fine) !== 0, (found & ~fine) !== 0]
        met ||= holds ? good : bad
        failed ||= holds ? bad : good
      }
      return met ? (failed ? BOTH : MET) : FAILED
    },
  }
}
