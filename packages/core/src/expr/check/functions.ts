import {
  argumentCount,
  badPattern,
  categoryArithmetic,
  mixedTypes,
  patternLiteral,
  typeMismatch,
  unknownFunction,
  unsupported,
} from '../../diagnostics/catalog/expr.ts'
import { nearestWord } from '../../diagnostics/synonyms.ts'
import type { Expr } from '../expr.ts'
import { overloads, spellings } from '../functions/lookup.ts'
import { printSyntax } from '../print/syntax.ts'
import type { CallSyntax, MethodSyntax, Range, Syntax } from '../syntax.ts'
import { BOOL, DYN, typeName } from '../type.ts'
import { at, type Context, nameRange, report } from './context.ts'
import { checkTime } from './literals.ts'
import { isCategory } from './category.ts'
import { checkGeneral } from './general.ts'
import { asDouble, choose, isIntLiteral } from './overloads.ts'
import { isMacro, macroNames } from './macros.ts'
import { checkQuantity } from './quantity.ts'
import { functionUnits, inUnit, unitOf } from './units.ts'
import { insteadOfPattern } from '../pattern/instead.ts'
import { patternProblem } from '../pattern/problem.ts'

/** Functions of CEL that are left out, with what to do instead. */
const LEFT_OUT: Readonly<Record<string, { readonly what: string; readonly instead: string }>> = {
  all: {
    what: 'Comprehensions',
    instead: 'Every clause already ranges over all rows; in `must`, write all_over(columns, …).',
  },
  exists: { what: 'Comprehensions', instead: 'In `must`, write `share(condition) > 0.0`.' },
  exists_one: { what: 'Comprehensions', instead: 'In `must`, compare aggregates.' },
  map: { what: 'Comprehensions', instead: 'Write the expression for one row.' },
  filter: { what: 'Comprehensions', instead: 'Declare a slice.' },
}

/** Conversions that change nothing when the argument already has the kind. */
const IDENTITY: Readonly<Record<string, string>> = { int: 'int', double: 'double', string: 'string' }

/** A global function of the table, after the scope has left it. */
export function checkCall(context: Context, node: CallSyntax): Expr | undefined {
  const name = node.name
  if (name === 'timestamp' || name === 'duration') return checkTime(context, { ...node, name })
  if (name === 'matches') return checkMatches(context, node, node.args)
  if (name === 'q' && context.scope.plain !== true) return checkQuantity(context, node)
  const leftOut = Object.hasOwn(LEFT_OUT, name) ? LEFT_OUT[name] : undefined
  if (leftOut !== undefined) return report(context, node, unsupported, leftOut)
  const named = { start: node.start, end: node.start + name.length }
  if (overloads('global', name).length === 0) {
    if (context.scope.unchecked === true) return unknownCall(context, 'global', name, node, node.args)
    const asMethod = overloads('method', name).length > 0
    const known = [...spellings('global'), ...context.scope.functions, 'q', 'timestamp', 'duration', 'matches']
    const inSpace = spellings('global').find((each) => each.endsWith(`.${name}`))
    const near = asMethod ? `x.${name}(…)` : (inSpace ?? nearestWord(name, known))
    return report(context, named, unknownFunction, { name, kind: 'function', near, known: [] })
  }
  return applyGlobal(context, name, node, node.args)
}

/** A method, or `math.…`, after the scope has left it. */
export function checkMethod(context: Context, node: MethodSyntax): Expr | undefined {
  const space = node.operand.kind === 'name' && isNamespace(node.operand.name) ? node.operand.name : undefined
  if (space !== undefined && context.scope.isVariable?.(space) !== true) {
    const name = `${space}.${node.name}`
    if (overloads('global', name).length > 0) return applyGlobal(context, name, node, node.args)
    const near = nearestWord(
      name,
      spellings('global').filter((s) => s.startsWith(`${space}.`)),
    )
    return report(context, { start: node.start, end: nameRange(node).end }, unknownFunction, {
      name,
      kind: 'function',
      near,
      known: [],
    })
  }
  if (node.name === 'matches') return checkMatches(context, node, [node.operand, ...node.args])
  // `size(s)` is a method, too.
  if (node.name === 'size' && node.args.length === 0) return applyGlobal(context, 'size', node, [node.operand])
  if (context.scope.unchecked === true && overloads('method', node.name).length === 0)
    return unknownCall(context, 'method', node.name, node, [node.operand, ...node.args])
  // With another number of parts it would have been one.
  if (isMacro(node.name)) {
    const expected = 'a variable and an expression of it'
    const note = 'A macro looks at each element under a name, and asks or makes something of it.'
    const example = `${printSyntax(node.operand)}.${node.name}(x, …)`
    return report(context, node, argumentCount, { name: node.name, expected, found: node.args.length, note, example })
  }
  if (overloads('method', node.name).length === 0) {
    const asFunction = overloads('global', node.name).length > 0
    const near = asFunction
      ? `${node.name}(${printSyntax(node.operand)})`
      : nearestWord(node.name, [...spellings('method'), ...macroNames, 'matches', 'size'])
    return report(context, nameRange(node), unknownFunction, { name: node.name, kind: 'method', near, known: [] })
  }
  return apply(context, 'method', node.name, node, [node.operand, ...node.args])
}

/** A function that does not exist: no overload will be found. */
function unknownCall(
  context: Context,
  kind: 'global' | 'method',
  name: string,
  node: Range,
  syntax: readonly Syntax[],
): Expr | undefined {
  const args = checkAll(context, syntax)
  return args === undefined ? undefined : { node: 'dispatch', syntax: kind, name, args, type: DYN, at: at(node) }
}

/** Namespaces of functions: `math`, `sets`, … */
function isNamespace(name: string): boolean {
  return NAMESPACES.has(name)
}

const NAMESPACES: ReadonlySet<string> = new Set(
  spellings('global').flatMap((name) => (name.includes('.') ? [name.slice(0, name.indexOf('.'))] : [])),
)

function applyGlobal(context: Context, name: string, node: Range, syntax: readonly Syntax[]): Expr | undefined {
  // CEL's greatest and least take any number of arguments; the table has pairs.
  if ((name === 'math.greatest' || name === 'math.least') && syntax.length !== 2) {
    const args = checkAll(context, syntax)
    if (args === undefined) return undefined
    const [only] = args
    if (only !== undefined && args.length === 1 && ['int', 'uint', 'double'].includes(only.type.kind)) return only
    if (args.length < 3) return resolve(context, 'global', name, node, args, syntax)
    const anyDouble = args.some((arg) => arg.type.kind === 'double')
    const [first, ...rest] = args.map((arg) =>
      anyDouble && context.scope.plain !== true && isIntLiteral(arg) ? asDouble(arg) : arg,
    )
    return rest.reduce<Expr | undefined>(
      (folded, arg) =>
        folded === undefined ? undefined : resolve(context, 'global', name, node, [folded, arg], syntax),
      first,
    )
  }
  return apply(context, 'global', name, node, syntax)
}

function apply(
  context: Context,
  kind: 'global' | 'method',
  name: string,
  node: Range,
  syntax: readonly Syntax[],
): Expr | undefined {
  const rows = overloads(kind, name)
  if (!rows.some(([, row]) => row.args.length === syntax.length)) {
    const arities = rows.map(([, row]) => row.args.length)
    const arity = arities[0] ?? 0
    const own = kind === 'method' ? 1 : 0
    const most = Math.max(...arities)
    return report(context, node, argumentCount, {
      name,
      expected: most === arity ? countText(arity - own) : `${arity - own} to ${countText(most - own)}`,
      found: syntax.length - own,
    })
  }
  const args = checkAll(context, syntax)
  return args === undefined ? undefined : resolve(context, kind, name, node, args, syntax)
}

function checkAll(context: Context, syntax: readonly Syntax[]): readonly Expr[] | undefined {
  const args: Expr[] = []
  let complete = true
  for (let i = 0; i < syntax.length; i++) {
    const arg = context.check(syntax[i] as Syntax)
    if (arg === undefined) complete = false
    else args.push(arg)
  }
  return complete ? args : undefined
}

function resolve(
  context: Context,
  kind: 'global' | 'method',
  name: string,
  node: Range,
  args: readonly Expr[],
  syntax: readonly Syntax[],
): Expr | undefined {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as Expr
    if (isCategory(arg.type) && (arg.type.kind === 'int' || arg.type.kind === 'double') && name !== 'string') {
      return report(context, syntax[i] ?? node, categoryArithmetic, {
        text: printSyntax(syntax[i] ?? syntax[0] ?? NOTHING),
        op: name,
      })
    }
  }
  const only = args[0]
  if (context.scope.plain !== true) {
    if (args.length === 1 && only !== undefined && IDENTITY[name] === only.type.kind) return only
    const united = args.every((arg) => unitOf(context, arg) === undefined)
      ? { args, unit: undefined }
      : functionUnits(
          context,
          name,
          node,
          args.map((expr, i) => ({ expr, syntax: syntax[i] ?? syntax[0] ?? NOTHING })),
        )
    if (united === undefined) return undefined
    const choice = choose(kind, name, united.args)
    if (choice !== undefined) {
      const made: Expr = { node: 'call', fn: choice.fn, args: choice.args, type: choice.result, at: at(node) }
      return inUnit(context, made, united.unit)
    }
  }
  const found = checkGeneral(context, kind, name, node, args)
  if (found !== undefined) return found
  const kinds = args.map((arg) => arg.type.kind)
  if (args.length === 2 && kinds.includes('int') && kinds.includes('double') && name.startsWith('math.')) {
    const fix = 'Convert the int with double(…), or the double with int(…).'
    return report(context, node, mixedTypes, { op: name, fix })
  }
  const accepted = overloads(kind, name).map(([, row]) => row.args.map((type) => typeName(type)).join(' and '))
  return report(context, node, typeMismatch, {
    what: `\`${name}\` takes ${accepted.join(' or ')}`,
    found: args.map((arg) => typeName(arg.type)).join(' and '),
    fix: instead(name, kinds),
  })
}

function instead(name: string, kinds: readonly string[]): string | undefined {
  if (kinds[0] === 'int' && name.startsWith('math.')) return `Write ${name}(double(…)).`
  return kinds[0] === 'list' && name === 'contains' ? 'Write `x in list` for whether a list has an element.' : undefined
}

function checkMatches(context: Context, node: Range, syntax: readonly Syntax[]): Expr | undefined {
  const [subject, pattern] = syntax
  if (subject === undefined || pattern === undefined || syntax.length !== 2) {
    return report(context, node, argumentCount, {
      name: 'matches',
      expected: 'a text and a pattern',
      found: syntax.length,
    })
  }
  const operand = context.check(subject)
  if (context.scope.plain === true) {
    const text = context.check(pattern)
    const found = operand && text && checkGeneral(context, 'method', 'matches', node, [operand, text])
    if (found !== undefined || operand === undefined || text === undefined) return found
  }
  if (pattern.kind !== 'string') return report(context, pattern, patternLiteral, {})
  const problem = patternProblem(pattern.value)
  if (problem !== undefined)
    return report(context, pattern, badPattern, { problem, instead: insteadOfPattern(pattern.value, problem) })
  if (operand === undefined) return undefined
  if (operand.type.kind !== 'string') {
    return report(context, subject, typeMismatch, {
      what: '`matches` searches a text',
      found: typeName(operand.type),
      fix: undefined,
    })
  }
  return { node: 'matches', operand, pattern: pattern.value, type: BOOL, at: at(node) }
}

const NOTHING: Syntax = { kind: 'null', start: 0, end: 0 }

/** `1 argument`, `2 arguments`. */
export function countText(count: number): string {
  return count === 0 ? 'no arguments' : count === 1 ? '1 argument' : `${count} arguments`
}
