import type { Expr, Literal } from '../../packages/core/src/expr/expr.ts'
import { type RowFunctionName, rowFunctions } from '../../packages/core/src/expr/functions/row-functions.ts'
import { BOOL, DOUBLE, INT, type ScalarKind, STRING, type Type } from '../../packages/core/src/expr/type.ts'
import { literalOf, type Value } from '../../packages/core/src/expr/value.ts'
import { supportTable } from '../../packages/core/src/targets/support.ts'
import type { Random } from '../../packages/core/src/stats/prng.ts'
import { chance, pick } from '../../packages/core/src/fuzz/choose.ts'
import { type Focus, patterns, randomPattern } from './pools.ts'
import { value } from './rows.ts'
import { schema } from './schema.ts'

/** The node kinds of row scope. */
export type RowNode =
  | 'literal'
  | 'column'
  | 'call'
  | 'and'
  | 'or'
  | 'conditional'
  | 'is-missing'
  | 'in-list'
  | 'lookup'
  | 'matches'
  | 'comprehension'
  | 'bind'
  | 'local'

/** How often each function and node kind was made. */
export interface Coverage {
  readonly functions: Map<RowFunctionName, number>
  readonly nodes: Map<RowNode, number>
}

/** Makes typed expressions; what was made least often is the likeliest to be made next. */
export interface ExpressionGenerator {
  readonly coverage: Coverage
  /** A well-typed expression of row scope. */
  next(focus: Focus): Expr
}

const scalars: readonly ScalarKind[] = ['bool', 'int', 'double', 'string', 'timestamp', 'duration']

/** What expressions are made of: kinds of their parts, nodes at most (about), and how deep. */
export interface Grammar {
  readonly kinds: readonly ScalarKind[]
  readonly nodes: number
  readonly depth: number
}

/** Grammars to choose from: all of the language, the same in large, and parts of it more thoroughly. */
export const grammars = {
  all: { kinds: scalars, nodes: 24, depth: 5 },
  large: { kinds: scalars, nodes: 90, depth: 9 },
  small: { kinds: scalars, nodes: 5, depth: 2 },
  numbers: { kinds: ['bool', 'int', 'double'], nodes: 24, depth: 5 },
  texts: { kinds: ['bool', 'string', 'int'], nodes: 24, depth: 5 },
  times: { kinds: ['bool', 'timestamp', 'duration', 'int'], nodes: 24, depth: 5 },
} as const satisfies Readonly<Record<string, Grammar>>
/** The functions that every target compiles. */
export const compiled: readonly RowFunctionName[] = supportTable().flatMap(({ fn, targets }) =>
  Object.values(targets).every((answer) => answer === true) ? [fn] : [],
)
const byResult = (kind: ScalarKind): readonly RowFunctionName[] =>
  compiled.filter((name) => rowFunctions[name].result.kind === kind)

/** A generator over the schema. */
export function createExpressionGenerator(random: Random, grammar: Grammar = grammars.all): ExpressionGenerator {
  const { kinds } = grammar
  const coverage: Coverage = { functions: new Map(), nodes: new Map() }
  const known = (fn: RowFunctionName): boolean =>
    rowFunctions[fn].args.every(({ kind }) => kinds.includes(kind as ScalarKind))
  const candidates = new Map(kinds.map((kind) => [kind, byResult(kind).filter(known)]))
  let left = 0
  let focus: Focus | undefined
  /** Variables of the comprehensions and bindings around. */
  let scope: readonly { readonly name: string; readonly type: Type }[] = []
  const within = <T>(name: string, type: Type, make: () => T): T => {
    const outer = scope
    scope = [...outer, { name, type }]
    const made = make()
    scope = outer
    return made
  }
  const draw = (type: Type, hostile: number): Value => value(random, type, chance(random, hostile), focus as Focus)

  const made = <E extends Expr>(expr: E): E => {
    const node = expr.node as RowNode
    coverage.nodes.set(node, (coverage.nodes.get(node) ?? 0) + 1)
    if (expr.node === 'call') coverage.functions.set(expr.fn, (coverage.functions.get(expr.fn) ?? 0) + 1)
    return expr
  }
  const literal = (type: Type): Literal => made(literalOf(type, draw(type, 0.4)))
  const column = (type: Type): Expr => {
    const fitting = schema.filter((spec) => spec.type.kind === type.kind)
    const spec = pick(random, fitting)
    return made({ node: 'column', type: spec.type, name: spec.name })
  }
  /** A column beside itself says little: mostly another column of its kind is taken. */
  const distinctColumns = (args: readonly Expr[]): readonly Expr[] => {
    const [a, b, ...rest] = args
    const twins = a?.node === 'column' && b?.node === 'column' && a.name === b.name
    return twins && chance(random, 0.9) ? [a, column(b.type), ...rest] : args
  }
  const leaf = (type: Type): Expr => {
    const variables = scope.filter((variable) => variable.type.kind === type.kind)
    if (variables.length > 0 && chance(random, 0.6)) {
      const { name } = pick(random, variables)
      return made({ node: 'local', type, name })
    }
    return chance(random, 0.7) ? column(type) : literal(type)
  }
  const bind = (type: Type, depth: number): Expr => {
    const of: Type = { kind: pick(random, kinds) }
    const name = `b${scope.length}`
    const value = generate(of, depth - 1)
    return made({ node: 'bind', type, name, value, body: within(name, of, () => generate(type, depth - 1)) })
  }
  /** A column of lists, of a kind where one is wanted; undefined where none has it. */
  const listColumn = (kind: ScalarKind | undefined): (Expr & { readonly node: 'column' }) | undefined => {
    const fitting = schema.filter(
      ({ type }) =>
        type.kind === 'list' &&
        (kind === undefined ? kinds.includes(type.element.kind as ScalarKind) : type.element.kind === kind),
    )
    if (fitting.length === 0) return undefined
    const { name, type } = pick(random, fitting)
    return made({ node: 'column', type, name })
  }
  const elementOf = (list: Expr): Type => (list.type.kind === 'list' ? list.type.element : list.type)
  /** The size of a list, an element by its place, or whether one equals it. */
  const ofList = (type: Type, depth: number): Expr | undefined => {
    const place = type.kind === 'int' && chance(random, 0.5)
    const list = listColumn(place || type.kind === 'bool' ? undefined : (type.kind as ScalarKind))
    if (list === undefined) return undefined
    if (place) return made({ node: 'call', type: INT, fn: 'size_list', args: [list] })
    const element = elementOf(list)
    if (type.kind === 'double' && chance(random, 0.4))
      return made({ node: 'call', type: DOUBLE, fn: 'norm_list', args: [list] })
    if (type.kind === 'bool')
      return made({ node: 'call', type: BOOL, fn: 'in_list', args: [generate(element, depth - 2), list] })
    const near: Expr = chance(random, 0.7) ? literalOf(INT, BigInt(random.int(5) - 1)) : generate(INT, depth - 2)
    return made({ node: 'call', type: element, fn: 'index_list', args: [list, near] })
  }
  /** Over a list that is written out, of cells and literals, or over one of the row. */
  const comprehension = (depth: number): Expr => {
    const list = chance(random, 0.4) ? listColumn(undefined) : undefined
    const element: Type = list === undefined ? { kind: pick(random, kinds) } : elementOf(list)
    const count = list !== undefined || chance(random, 0.1) ? 0 : 1 + random.int(3)
    const args = Array.from({ length: count }, () => generate(element, depth - 3))
    const op = pick(random, ['all', 'exists', 'exists-one'] as const)
    const name = `e${scope.length}`
    const two = chance(random, 0.3)
    const body = () => within(name, element, () => generate(BOOL, depth - 2))
    return made({
      node: 'comprehension',
      type: BOOL,
      op,
      range: list ?? { node: 'list', type: { kind: 'list', element }, args },
      variables: two ? [`i${scope.length}`, name] : [name],
      body: two ? within(`i${scope.length}`, INT, body) : body(),
    })
  }

  /** Elements near what the operand can be, of its kind; int and double mix. */
  const elements = (type: Type): readonly Literal[] =>
    Array.from({ length: chance(random, 0.1) ? 0 : 1 + random.int(5) }, () => {
      const mixed = (type.kind === 'int' || type.kind === 'double') && chance(random, 0.3)
      const other: Type = { kind: type.kind === 'int' ? 'double' : 'int' }
      return literalOf(mixed ? other : type, draw(mixed ? other : type, 0.5))
    })

  const call = (kind: ScalarKind, depth: number): Expr => {
    const options = candidates.get(kind) ?? []
    // Of a few drawn, the one made least often.
    const drawn = Array.from({ length: 4 }, () => pick(random, options))
    const fn = drawn.reduce((a, b) => ((coverage.functions.get(b) ?? 0) < (coverage.functions.get(a) ?? 0) ? b : a))
    const { args, result } = rowFunctions[fn]
    // Half of the comparisons compare cells, where the last bit decides most often; a quarter have a constant on the
    // right, as specs do, since optimizers have rules for those.
    const form = /^(lt|le|gt|ge|eq|ne)_/.test(fn) ? random.int(4) : 3
    const below = form < 2 ? 0 : depth - 1
    const parts = args.map((arg, i) => (form === 2 && i === 1 ? literal(arg) : generate(arg, below)))
    return made({ node: 'call', type: result, fn, args: distinctColumns(parts) })
  }
  const other = (type: Type, depth: number): Expr => {
    if (chance(random, 0.08)) return bind(type, depth)
    const listed = chance(random, 0.15) ? ofList(type, depth) : undefined
    if (listed !== undefined) return listed
    if (type.kind === 'bool' && chance(random, 0.12)) return comprehension(depth)
    const choice = random.int(type.kind === 'bool' ? 8 : 2)
    if (type.kind === 'string' && choice === 0) return lookup(depth)
    switch (choice) {
      case 2:
      case 3:
        return made({
          node: choice === 2 ? 'and' : 'or',
          type: BOOL,
          args: [generate(BOOL, depth - 1), generate(BOOL, depth - 1)],
        })
      case 6:
      case 7: {
        const known = pick(random, chance(random, 0.4) ? patterns : (focus as Focus).patterns)
        const pattern = chance(random, 0.3) ? randomPattern(random) : known
        const operand = chance(random, 0.5) ? column(STRING) : generate(STRING, depth - 1)
        return made({ node: 'matches', type: BOOL, operand, pattern })
      }
      case 4: {
        const spec = pick(random, schema)
        const operand = made({ node: 'column', type: spec.type, name: spec.name } as const)
        return made({ node: 'is-missing', type: BOOL, operand, negated: chance(random, 0.5) })
      }
      case 5: {
        const of: Type = { kind: pick(random, kinds) }
        return made({ node: 'in-list', type: BOOL, operand: generate(of, depth - 1), elements: elements(of) })
      }
      default:
        return made({
          node: 'conditional',
          type,
          args: [generate(BOOL, depth - 1), generate(type, depth - 1), generate(type, depth - 1)],
        })
    }
  }
  /** Labels of a category, some codes without one; and of any int or text. */
  const lookup = (depth: number): Expr => {
    const spec = pick(
      random,
      schema.filter((candidate) => candidate.codes !== undefined),
    )
    const bare: Type = spec.type.kind === 'int' ? INT : STRING
    const operand: Expr = chance(random, 0.7)
      ? made({ node: 'column', type: spec.type, name: spec.name })
      : generate(bare, depth - 1)
    const keys = [
      ...(spec.codes ?? []).slice(0, random.int(4)),
      ...(bare.kind === 'int' ? [0n, 7n, 2n ** 53n + 1n] : ['ab', '😀']),
    ]
    const entries = keys.map((key, i) => ({ key: literalOf(bare, key), value: `label "${i}"'` }))
    return made({ node: 'lookup', type: STRING, operand, entries })
  }

  const generate = (type: Type, depth: number): Expr => {
    left -= 1
    // Of a kind beside the grammar (the operand of `matches`) there are only leaves.
    const known = kinds.includes(type.kind as ScalarKind)
    if (depth <= 0 || left <= 0 || !known || chance(random, 0.12)) return leaf(type)
    return chance(random, type.kind === 'bool' ? 0.6 : 0.85) ? call(type.kind as ScalarKind, depth) : other(type, depth)
  }

  return {
    coverage,
    next: (shared) => {
      focus = shared
      left = grammar.nodes
      return generate(
        { kind: chance(random, 0.6) ? 'bool' : pick(random, kinds) },
        1 + Math.min(random.int(grammar.depth), random.int(grammar.depth)),
      )
    },
  }
}
