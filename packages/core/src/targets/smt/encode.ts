import type { Call, Expr, Literal } from '../../expr/expr.ts'
import type { ScalarKind } from '../../expr/type.ts'
import { literalValue } from '../../expr/value.ts'
import { patternProblem } from '../../expr/pattern/problem.ts'
import { walk } from '../children.ts'
import { canFail } from '../errors.ts'
import { expand } from '../expand.ts'
import type { Cells } from './cells.ts'
import { type Encoded, type Encoding, scalarKind, sortOf } from './encoding.ts'
import { rangeOf } from './functions/applied.ts'
import { smtFunctions } from './functions/index.ts'
import { double } from './numbers.ts'
import { patternLanguage } from './pattern.ts'
import type { SmtSpelling } from './spelling.ts'
import { and, equal, FALSE, integer, ite, not, or, smt, type Term, TRUE, truth } from './term.ts'
import { textTerm } from './text.ts'

/** Writes expressions of row scope into one script, over the same cells. */
export interface Encoder {
  encode(expr: Expr): Encoded
}

const value = (term: Term, finite?: true): Encoded => ({
  value: term,
  error: FALSE,
  missing: FALSE,
  ...(finite === undefined ? {} : { finite }),
})

/** An encoder over the cells of a row. */
export function createEncoder(encoding: Encoding, cells: Cells): Encoder {
  const { script } = encoding
  const known = new Map<string, Encoded>()
  const constants = new Map<string, Term>()

  const named = (kind: ScalarKind, made: Encoded): Encoded => ({
    ...made,
    value: script.define(sortOf(kind), made.value),
    error: script.define('Bool', made.error),
    missing: script.define('Bool', made.missing),
  })

  const encode = (expr: Expr): Encoded => {
    const kind = scalarKind(expr.type)
    if (kind === undefined) throw new Error(`A ${expr.node} of no cell's kind was to be encoded.`)
    if (expr.node === 'column') return cells.read(expr)
    if (expr.node === 'literal') return literal(expr, kind)
    const key = JSON.stringify(expr, (name, part: unknown) => (name === 'at' ? undefined : part))
    const before = known.get(key)
    if (before !== undefined) return before
    const made = named(kind, compound(expr, kind))
    known.set(key, made)
    return made
  }

  const literal = (expr: Literal, kind: ScalarKind): Encoded => {
    const read = literalValue(expr)
    if (read === null) return { value: anything(kind, 'no'), error: TRUE, missing: TRUE }
    switch (typeof read) {
      case 'boolean':
        return value(truth(read))
      case 'bigint':
        return value(integer(read))
      case 'number': {
        const term = script.define('Real', double(read))
        if (Number.isFinite(read)) encoding.doubles.add(term)
        return Number.isFinite(read) ? value(term, true) : value(term)
      }
      case 'string':
        return value(text(read))
      default:
        return value(
          integer('timestamp' in read ? (read.timestamp as bigint) : (read as { duration: bigint }).duration),
        )
    }
  }

  /** A text that SMT-LIB cannot write is one that the solver may choose, always the same. */
  const text = (read: string): Term => {
    const term = textTerm(read)
    if (term !== undefined) return term
    const before = constants.get(read)
    if (before !== undefined) return before
    encoding.loose.add('a text has characters beyond those of SMT-LIB')
    const made = script.declare('text', 'String')
    script.assert(equal(smt`(str.len ${made})`, integer(BigInt([...read].length))))
    constants.set(read, made)
    return made
  }

  const anything = (kind: ScalarKind, prefix: string): Term => {
    const made = script.declare(prefix, sortOf(kind))
    const range = rangeOf(kind, made)
    if (range !== undefined) script.assert(range)
    return made
  }

  /** What is not compiled may be anything, an error too. */
  const open = (expr: Expr, kind: ScalarKind, reason: string): Encoded => {
    encoding.loose.add(reason)
    const error = script.declare('e', 'Bool')
    const made = {
      value: anything(kind, 'u'),
      error,
      missing: and(error, canFail(expr) ? script.declare('m', 'Bool') : FALSE),
    }
    const columns = new Map(walk(expr).flatMap((part) => (part.node === 'column' ? [[part.name, part] as const] : [])))
    for (const column of columns.values()) if (scalarKind(column.type) !== undefined) cells.read(column)
    encoding.applications.push({ expr, args: [], ...made, cells: [...columns.values()] })
    return made
  }

  const compound = (expr: Expr, kind: ScalarKind): Encoded => {
    switch (expr.node) {
      case 'call':
        return call(expr, kind)
      case 'and':
      case 'or':
        return absorb(expr.node === 'or', encode(expr.args[0]), encode(expr.args[1]))
      case 'conditional': {
        const [condition, then, otherwise] = [encode(expr.args[0]), encode(expr.args[1]), encode(expr.args[2])]
        return {
          value: ite(condition.value, then.value, otherwise.value),
          error: or(condition.error, ite(condition.value, then.error, otherwise.error)),
          missing: ite(condition.error, condition.missing, ite(condition.value, then.missing, otherwise.missing)),
          ...(then.finite === true && otherwise.finite === true ? { finite: true } : {}),
        }
      }
      case 'is-missing': {
        if (expr.operand.node !== 'column') return open(expr, kind, 'records are not compiled')
        if (scalarKind(expr.operand.type) === undefined) return open(expr, kind, 'lists are not compiled')
        const { missing } = cells.read(expr.operand)
        return value(expr.negated ? not(missing) : missing)
      }
      case 'in-list':
        return strict([encode(expr.operand)], ([operand]) => ({
          value: or(...expr.elements.map((each) => same(operand as Encoded, expr.operand, each, text))),
        }))
      case 'lookup':
        return strict([encode(expr.operand)], ([operand]) => {
          const hits = expr.entries.map(({ key }) => same(operand as Encoded, expr.operand, key, text))
          const none = text('')
          return {
            value: expr.entries.reduceRight((rest, entry, i) => ite(hits[i] as Term, text(entry.value), rest), none),
            error: not(or(...hits)),
          }
        })
      case 'matches':
        return strict([encode(expr.operand)], ([operand]) => ({ value: matches(expr, (operand as Encoded).value) }))
      default:
        return open(expr, kind, `a ${expr.node} is not compiled`)
    }
  }

  const call = (expr: Call, kind: ScalarKind): Encoded => {
    const spelling = smtFunctions[expr.fn]
    if (spelling.kind === 'unsupported' || expr.args.some((arg) => scalarKind(arg.type) === undefined))
      return open(expr, kind, spelling.kind === 'unsupported' ? spelling.reason : 'lists are not compiled')
    return strict(expr.args.map(encode), (args) => spelling.write(encoding, args, expr))
  }

  const matches = (expr: Expr & { readonly node: 'matches' }, operand: Term): Term => {
    const language = patternProblem(expr.pattern) === undefined ? patternLanguage(expr.pattern) : undefined
    if (language !== undefined) return smt`(str.in_re ${operand} ${language})`
    encoding.loose.add('a pattern is too large to be written out')
    const search = script.fn(patternName(constants, expr.pattern), ['String'], 'Bool')
    const made = smt`(${search} ${operand})`
    encoding.applications.push({ expr, args: [{ expr: expr.operand, value: operand }], value: made, error: FALSE })
    return made
  }

  return { encode: (expr) => encode(expand(expr)) }
}

/** A function a pattern, numbered as they come. */
function patternName(constants: Map<string, Term>, pattern: string): string {
  const key = `\0pattern ${pattern}`
  if (!constants.has(key)) constants.set(key, TRUE)
  return `match_${[...constants.keys()].indexOf(key)}`
}

/** Arguments from the left: the first that is an error is the result. */
function strict(
  args: readonly Encoded[],
  write: (args: readonly Encoded[]) => ReturnType<SmtSpelling['write']>,
): Encoded {
  const made = write(args)
  const missing = args.reduceRight<Term>(
    (later, arg) => (arg.error === FALSE ? later : ite(arg.error, arg.missing, later)),
    FALSE,
  )
  return {
    value: made.value,
    error: or(...args.map(({ error }) => error), made.error ?? FALSE),
    missing,
    ...(made.finite === true ? { finite: true } : {}),
  }
}

/** `&&` and `||`: a side that decides wins over one that is an error; of two errors the left one is the result. */
function absorb(decisive: boolean, left: Encoded, right: Encoded): Encoded {
  const decides = (side: Encoded): Term => and(not(side.error), decisive ? side.value : not(side.value))
  const decided = or(decides(left), decides(right))
  return {
    value: decisive ? decided : not(decided),
    error: and(not(decided), or(left.error, right.error)),
    missing: and(not(decided), ite(left.error, left.missing, and(right.error, right.missing))),
  }
}

/** Whether a value is that of a literal: exact numbers, of whichever kind. */
function same(operand: Encoded, of: Expr, literal: Literal, text: (read: string) => Term): Term {
  const read = literalValue(literal)
  if (read === null) return FALSE
  const kind = of.type.kind
  if (typeof read === 'boolean') return kind === 'bool' ? equal(operand.value, truth(read)) : FALSE
  if (typeof read === 'string') return kind === 'string' ? equal(operand.value, text(read)) : FALSE
  if (typeof read === 'bigint') {
    if (kind === 'double') return equal(operand.value, smt`(to_real ${integer(read)})`)
    return kind === 'int' ? equal(operand.value, integer(read)) : FALSE
  }
  if (typeof read === 'number') {
    if (kind === 'double') return equal(operand.value, double(read))
    if (kind !== 'int' || !Number.isInteger(read)) return FALSE
    return equal(operand.value, integer(BigInt(read)))
  }
  const micros = 'timestamp' in read ? read.timestamp : (read as { readonly duration: bigint }).duration
  return kind === ('timestamp' in read ? 'timestamp' : 'duration')
    ? equal(operand.value, integer(micros as bigint))
    : FALSE
}
