import type { Comparison } from '../expr/must.ts'
import { equal, not, smt, type Term } from '../targets/smt/term.ts'

/** Two numbers beside one another, as a condition. */
export const COMPARE: Readonly<Record<Comparison['op'], (a: Term, b: Term) => Term>> = {
  '<': (a, b) => smt`(< ${a} ${b})`,
  '<=': (a, b) => smt`(<= ${a} ${b})`,
  '>': (a, b) => smt`(> ${a} ${b})`,
  '>=': (a, b) => smt`(>= ${a} ${b})`,
  '==': equal,
  '!=': (a, b) => not(equal(a, b)),
}
