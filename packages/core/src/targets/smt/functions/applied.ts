import { rowFunctions } from '../../../expr/functions/row-functions.ts'
import { canFail } from '../../errors.ts'
import { GREATEST, INFINITE, isInt64, LEAST, MINUS_INFINITE } from '../numbers.ts'
import { type Encoded, type Encoding, scalarKind, sortOf } from '../encoding.ts'
import { loose, type SmtSpelling } from '../spelling.ts'
import { equal, FALSE, join, or, smt, type Term } from '../term.ts'

/** What is known of a call beyond its sort; it asserts facts. */
type Known = (
  encoding: Encoding,
  args: readonly Encoded[],
  made: { readonly value: Term; readonly error: Term },
) => void

/**
 * A function that the solver may choose, the same one at every place: equal arguments give equal results. Where it proposes
 * a row, `refine` says what the function is there.
 */
export function applied(reason: string, known: Known = () => undefined): SmtSpelling {
  return loose(reason, (encoding, args, call) => {
    const { script } = encoding
    const row = rowFunctions[call.fn]
    const kind = scalarKind(row.result)
    const sorts = row.args.map((type) => sortOf(scalarKind(type) ?? 'string'))
    if (kind === undefined) throw new Error(`${call.fn} makes no cell, so it has no sort.`)
    encoding.loose.add(`${row.syntax.name}: ${reason}`)
    const written = join(args.map(({ value }) => value))
    const value = script.define(sortOf(kind), smt`(${script.fn(`f_${call.fn}`, sorts, sortOf(kind))} ${written})`)
    const failing = canFail({ ...call, args: [] })
    const error = failing ? script.define('Bool', smt`(${script.fn(`e_${call.fn}`, sorts, 'Bool')} ${written})`) : FALSE
    const range = rangeOf(kind, value)
    if (range !== undefined) script.assert(range)
    known(encoding, args, { value, error })
    encoding.applications.push({
      expr: call,
      args: call.args.map((expr, i) => ({ expr, value: (args[i] as Encoded).value })),
      value,
      error,
    })
    return { value, error }
  })
}

/** What every value of a kind is; undefined where its sort says it all. */
export function rangeOf(kind: string, value: Term): Term | undefined {
  switch (kind) {
    case 'int':
    case 'timestamp':
    case 'duration':
      return isInt64(value)
    case 'double':
      return or(
        smt`(and (<= ${LEAST} ${value}) (<= ${value} ${GREATEST}))`,
        equal(value, INFINITE),
        equal(value, MINUS_INFINITE),
      )
    default:
      return undefined
  }
}
