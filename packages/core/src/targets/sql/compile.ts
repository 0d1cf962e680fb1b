import type { Expr } from '../../expr/expr.ts'
import { columnsOf, walk } from '../children.ts'
import { canFail } from '../errors.ts'
import { expand } from '../expand.ts'
import { type ColumnComprehension, elementNames, isCompiled, listProblem, readsList } from '../list-use.ts'
import { beyondTargets, refuse, type RowNode, type Support } from '../unsupported.ts'
import type { Dialect, RowOptions } from './dialect.ts'
import type { Nodes, OverElements } from './nodes.ts'
import type { Operand, Spelling, Spellings } from './spelling.ts'
import { identifier, type Sql } from './sql.ts'

/** A compiled piece: its SQL, about how many nodes it has, and whether a non-finite number may still come out. */
interface Piece extends Operand {
  readonly size: number
  readonly raw: boolean
}

function written(spelling: Spelling, operands: readonly Operand[]): Sql {
  const a = operands[0] as Operand
  return spelling.write(a, operands[1] ?? a, operands[2])
}

const isLiteral = (expr: Expr): boolean => expr.node === 'literal'

/** One compilation: its tables and its supply of names. */
export interface RowCompiler {
  /** The value of an expression; NULL where it is an error. */
  readonly value: (expr: Expr) => Sql
  readonly nodes: Nodes
  readonly column: (name: string) => Sql
  /** Writes something about each element of a comprehension's list: what it says, and under which names. */
  readonly overElements: (expr: ColumnComprehension, write: (body: Expr) => Sql) => OverElements
}

/** The nodes that have SQL; a Record, so that a new node of row scope has to be named here. */
const compiled: Readonly<Record<RowNode['node'], true>> = {
  literal: true,
  column: true,
  call: true,
  and: true,
  or: true,
  conditional: true,
  'is-missing': true,
  'in-list': true,
  lookup: true,
  matches: true,
}

/** Whether a dialect can express it; if not, the first node that it cannot, and why. */
export function supportOf(dialect: Dialect, expr: Expr, functions: Spellings = dialect.functions): Support {
  const expanded = expand(expr)
  const nodes = walk(expanded)
  const problem = nodes.some(readsList) ? listProblem(expanded) : undefined
  if (problem !== undefined) return { supported: false, ...problem }
  const elements = elementNames(nodes)
  for (const node of nodes) {
    if (node.node === 'comprehension' || (node.node === 'local' && elements.has(node.name))) continue
    const reason = reasonAgainst(dialect, node, functions)
    if (reason !== undefined) return { supported: false, reason, at: node.at }
  }
  return { supported: true }
}

function reasonAgainst(dialect: Dialect, node: Expr, functions: Spellings): string | undefined {
  const beyond = beyondTargets(node)
  if (beyond !== undefined) return beyond
  if (!Object.hasOwn(compiled, node.node)) return `a ${node.node} has no meaning for one row in SQL`
  if (node.node === 'call') {
    const spelling = functions[node.fn]
    if (spelling.kind === 'unsupported') return spelling.reason
  }
  if (node.node === 'matches' && typeof dialect.nodes.matches !== 'function') return dialect.nodes.matches.reason
  return dialect.refuses(node)
}

/** A compiler for an expression and its parts; in a value, SQL NULL stands for an error of any kind. Nothing in it throws. */
export function compilerOf(dialect: Dialect, whole: Expr, options: RowOptions): RowCompiler {
  const functions = options.functions ?? dialect.functions
  const nodes = options.nodes ?? dialect.nodes
  const { bare: bareLiteral, literal } = dialect.literals
  const { repeatable } = dialect
  let taken: ReadonlySet<string> | undefined
  let names = 0
  const fresh = (): Sql => {
    taken ??= new Set([...columnsOf(whole)].map((name) => name.toLowerCase()))
    let name = `v${++names}`
    while (taken.has(name)) name = `v${++names}`
    return identifier(name)
  }

  let locals: Map<string, Sql> | undefined
  const overElements = (expr: ColumnComprehension, write: (body: Expr) => Sql): OverElements => {
    const [first, second] = expr.variables
    const [element, place, table] = [fresh(), fresh(), fresh()]
    const bodies = (locals ??= new Map())
    bodies.set(second ?? first, element)
    if (second !== undefined) bodies.set(first, nodes.fromZero(place))
    const written = { element, place, table, counted: second !== undefined, sql: write(expr.body) }
    for (const name of expr.variables) bodies.delete(name)
    return written
  }

  /** Writes something that mentions a piece more than once. */
  const once = (piece: Piece, write: (sql: Sql) => Sql): Sql => {
    if (piece.size <= repeatable) return write(piece.sql)
    return dialect.bind(piece.sql, fresh(), write)
  }
  const checked = (piece: Piece): Piece =>
    piece.raw ? { sql: once(piece, nodes.finite), size: grown(piece, 2), raw: false } : piece
  const grown = (piece: Piece, times: number) => (piece.size <= repeatable ? piece.size * times : piece.size) + 1

  /** Gives a spelling its arguments, each bound first because it mentions them more than once. */
  const bound = (spelling: Spelling, pieces: readonly Piece[], operands: readonly Operand[]): Sql => {
    const piece = pieces[operands.length]
    if (piece === undefined) return written(spelling, operands)
    return once(piece, (name) => bound(spelling, pieces, [...operands, { ...piece, sql: name }]))
  }

  const call = (expr: Expr & { readonly node: 'call' }): Piece => {
    const spelling = functions[expr.fn]
    if (spelling.kind === 'unsupported') return refuse(expr)
    // Beside a BIGINT a plain `5` is enough; where all arguments are literals one must be a BIGINT itself.
    const bare = !expr.args.every(isLiteral)
    const times = spelling.repeats ? 3 : 1
    const pieces: Piece[] = []
    let size = 1
    for (let i = 0; i < expr.args.length; i++) {
      const arg = expr.args[i] as Expr
      const mode = typeof spelling.operands === 'string' ? spelling.operands : spelling.operands[i]
      const made =
        arg.node === 'literal' && bare ? { sql: bareLiteral(arg), size: 1, raw: false, literal: arg } : compile(arg)
      const piece = mode === 'raw' ? made : checked(made)
      pieces.push(piece)
      size += grown(piece, times)
    }
    return {
      sql: spelling.repeats ? bound(spelling, pieces, []) : written(spelling, pieces),
      size,
      raw: spelling.result === 'raw' && options.isFinite?.(expr) !== true,
    }
  }

  const compile = (expr: Expr): Piece => {
    switch (expr.node) {
      case 'literal':
        return { sql: literal(expr), size: 1, raw: false, literal: expr }
      case 'column':
        return { sql: nodes.column(options.column(expr.name)), size: 1, raw: false }
      case 'call':
        return call(expr)
      case 'and':
      case 'or': {
        const left = compile(expr.args[0])
        const right = compile(expr.args[1])
        return { sql: nodes[expr.node](left.sql, right.sql), size: left.size + right.size + 1, raw: false }
      }
      case 'conditional': {
        const [condition, then, otherwise] = expr.args.map((arg) => checked(compile(arg))) as [Piece, Piece, Piece]
        const total = !canFail(expr.args[0])
        const write = (test: Sql) => nodes.conditional(test, then.sql, otherwise.sql, total)
        const size = grown(condition, total ? 1 : 2) + then.size + otherwise.size
        return { sql: total ? write(condition.sql) : once(condition, write), size, raw: false }
      }
      case 'is-missing':
        if (expr.operand.node !== 'column') return refuse(expr.operand)
        return { sql: nodes.isMissing(options.column(expr.operand.name), expr.negated), size: 2, raw: false }
      case 'in-list': {
        const piece = checked(compile(expr.operand))
        const kind = expr.operand.type.kind
        const number = kind === 'int' || kind === 'double' ? kind : 'other'
        return { sql: nodes.inList(piece.sql, number, expr.elements), size: piece.size + 1, raw: false }
      }
      case 'lookup': {
        const piece = compile(expr.operand)
        return {
          sql: once(piece, (key) => nodes.lookup(key, expr.entries)),
          size: grown(piece, expr.entries.length),
          raw: false,
        }
      }
      case 'matches': {
        if (typeof nodes.matches !== 'function') return refuse(expr)
        const piece = compile(expr.operand)
        return { sql: nodes.matches(piece.sql, expr.pattern), size: piece.size + 1, raw: false }
      }
      case 'local': {
        const element = locals?.get(expr.name)
        return element === undefined ? refuse(expr) : { sql: element, size: 1, raw: false }
      }
      case 'comprehension': {
        if (!isCompiled(expr)) return refuse(expr)
        const list = compile(expr.range)
        const over = overElements(expr, (body) => checked(compile(body)).sql)
        const truths = nodes.truths(list.sql, over)
        return { sql: dialect.bind(truths, fresh(), (name) => nodes.decide(expr.op, name)), size: 20, raw: false }
      }
      default:
        return refuse(expr)
    }
  }

  return { value: (expr) => checked(compile(expand(expr))).sql, nodes, column: options.column, overElements }
}
