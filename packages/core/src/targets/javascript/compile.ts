import type { Call, Column, Expr } from '../../expr/expr.ts'
import type { Type } from '../../expr/type.ts'
import { children, walk } from '../children.ts'
import { canFail, decisiveColumns, raisesError } from '../errors.ts'
import { expand } from '../expand.ts'
import { elementNames, isCompiled, listProblem, readsList } from '../list-use.ts'
import { beyondTargets, refuse, type Support } from '../unsupported.ts'
import { type Arithmetic, type JavascriptFunctions, javascriptFunctions } from './functions.ts'
import { type HelperName, helperNames, helpers, withNeeds } from './helpers.ts'
import { type Js, join, js, jsonLiteral, name } from './js.ts'
import { type JavascriptNodes, javascriptNodes, literal } from './nodes.ts'
import { createPatterns, type Patterns } from './pattern.ts'

/** The tables to compile with; the defaults are the target's own. */
export interface JavascriptOptions {
  readonly functions?: JavascriptFunctions
  readonly nodes?: JavascriptNodes
  /** Where the patterns are kept; expressions of one module share them. */
  readonly patterns?: Patterns
}

/** One compiled expression: a function of the row, and the helpers that it calls (`helperCode` adds what those need). */
export interface CompiledRow {
  readonly fn: Js
  readonly helpers: Iterable<HelperName>
}

type Arguments = readonly [Js, Js, Js]

/** A call as it is written once its arguments are values. */
interface Written {
  readonly code: Js
  readonly args: Arguments
  readonly arithmetic: Arithmetic | undefined
}

/** Puts around code that reads a value what comes before: a test that ends in an error instead, or an assignment. */
type Before = (rest: Js) => Js

const ROW = name('row')
const NOTHING = js``
const COMMA = js`, `
/** Names of the first variables and cells of a function; few have more. */
const TEMPORARIES: readonly Js[] = Array.from({ length: 24 }, (_, i) => name(`t${i}`))
const CELLS: readonly Js[] = Array.from({ length: 24 }, (_, i) => name(`c${i}`))

/** Whether JavaScript can express it; if not, why and where. `check` refuses the rest on `requests`. */
export function javascriptSupport(expr: Expr, functions: JavascriptFunctions = javascriptFunctions): Support {
  const expanded = expand(expr)
  const nodes = walk(expanded)
  const problem = nodes.some(readsList) ? listProblem(expanded) : undefined
  if (problem !== undefined) return { supported: false, ...problem }
  const elements = elementNames(nodes)
  for (const node of nodes) {
    if (node.node === 'comprehension' || (node.node === 'local' && elements.has(node.name))) continue
    const reason = beyondTargets(node)
    if (reason !== undefined) return { supported: false, reason, at: node.at }
    if (node.node === 'call') {
      const spelling = functions[node.fn]
      if (spelling.kind === 'unsupported') return { supported: false, reason: spelling.reason, at: node.at }
    }
    if (['local', 'field', 'with', 'predict', 'term', 'reduce', 'comparison', 'verdict-of'].includes(node.node)) {
      return { supported: false, reason: `a ${node.node} has no meaning for one request`, at: node.at }
    }
  }
  return { supported: true }
}

/** Compiles an expression of row scope to `(row) => value or error object`, as the folder's README describes them. */
export function compileRow(written: Expr, options: JavascriptOptions = {}): CompiledRow {
  const expr = expand(written)
  const functions = options.functions ?? javascriptFunctions
  const nodes = options.nodes ?? javascriptNodes
  const patterns = options.patterns ?? createPatterns()
  const used = new Set<HelperName>()
  const variables: Js[] = []
  const variable = (): Js => {
    const made = TEMPORARIES[variables.length] ?? name(`t${variables.length}`)
    variables.push(made)
    return made
  }
  const use = (helper: HelperName): Js => {
    used.add(helper)
    return helperNames[helper]
  }
  // Columns without which there is no answer are read and tested once, at the top; those that are read at several places
  // are read there, too; the rest where they are used.
  const present = new Set(decisiveColumns(expr))
  const cells = new Map<string, Js>()
  const locals = new Map<string, Js>()
  let elements = 0
  const failing = (part: Expr): boolean => canFail(part, present)
  const missing = ({ name: column, type }: Column): { readonly cell: Js; readonly test: Js } => {
    const known = cells.get(column)
    const cell = known ?? variable()
    const read = known ?? js`${cell} = ${nodes.cell(ROW, column)}`
    return { cell, test: nodes.isMissing(read, cell, canBeNaN(type)) }
  }
  const guards = readAtTop(expr, present).map((column, i) => {
    const cell = CELLS[i] ?? name(`c${i}`)
    cells.set(column.name, cell)
    const reading = js`const ${cell} = ${nodes.cell(ROW, column.name)}; `
    if (!present.has(column.name)) return reading
    const test = nodes.isMissing(cell, cell, canBeNaN(column.type))
    return js`${reading}if (${test}) return ${use('MISSING')}; `
  })

  /** The code of a part's value; `before` gets what has to come before it. */
  const value = (part: Expr, before: Before[]): Js => {
    switch (part.node) {
      case 'literal': {
        if (part.value !== null) return literal(part)
        const error = use('MISSING')
        before.push(() => error)
        return error
      }
      case 'column': {
        const known = present.has(part.name) ? cells.get(part.name) : undefined
        if (known !== undefined) return known
        const { cell, test } = missing(part)
        const error = use('MISSING')
        before.push((rest) => js`(${test} ? ${error} : ${rest})`)
        return cell
      }
      case 'local':
        return locals.get(part.name) ?? refuse(part)
      case 'call': {
        const { code, args, arithmetic } = call(part, before)
        const t = variable()
        if (arithmetic !== undefined) before.push((rest) => checked(t, code, args, arithmetic, rest))
        else before.push(assigned(t, code, raisesError(part.fn)))
        return t
      }
      default: {
        const t = variable()
        before.push(assigned(t, compile(part), failing(part)))
        return t
      }
    }
  }
  const assigned = (t: Js, code: Js, mayFail: boolean): Before =>
    mayFail
      ? (rest) => js`(typeof (${t} = ${code}) === "object" ? ${t} : ${rest})`
      : (rest) => js`(${t} = ${code}, ${rest})`

  /** A call with the values of its arguments, from left to right; the first error is the result. */
  const call = (node: Call, before: Before[]): Written => {
    const spelling = functions[node.fn]
    if (spelling.kind === 'unsupported') return refuse(node)
    for (let i = 0; i < spelling.helpers.length; i++) used.add(spelling.helpers[i] as HelperName)
    const [first, second, third] = node.args
    const a = value(first as Expr, before)
    const b = second === undefined ? a : value(second, before)
    const c = third === undefined ? a : value(third, before)
    return { code: spelling.write(a, b, c), args: [a, b, c], arithmetic: spelling.arithmetic }
  }

  /** Code that reads the value of a part. */
  const reading = (part: Expr, write: (value: Js) => Js): Js => {
    const before: Before[] = []
    return after(before, write(value(part, before)))
  }

  /** A number that arithmetic made, looked at where it is made: a test beside it costs less than a value that may be an error. */
  const checked = (t: Js, code: Js, args: Arguments, { refuses }: Arithmetic, rest: Js): Js => {
    const finite = js`((${t} = ${code}) - ${t} === 0 ? ${rest} : ${use('NON_FINITE')})`
    return refuses === undefined ? finite : js`(${refuses.test(...args)} ? ${use(refuses.error)} : ${finite})`
  }

  /** Compiles a part that is reached only where the cells of some columns are there; those are read at the top. */
  const knowing = (columns: readonly string[], part: Expr): Js => {
    const added = columns.filter((column) => !present.has(column) && cells.has(column))
    for (const column of added) present.add(column)
    const code = compile(part)
    for (const column of added) present.delete(column)
    return code
  }

  const compile = (node: Expr): Js => {
    switch (node.node) {
      case 'literal':
      case 'column':
      case 'local':
        return reading(node, (found) => found)
      case 'comprehension': {
        if (!isCompiled(node)) return refuse(node)
        return reading(node.range, (list) => {
          const [first, second] = node.variables
          const [element, place] = [name(`e${elements}`), name(`i${elements++}`)]
          locals.set(second ?? first, element)
          if (second !== undefined) locals.set(first, place)
          const test = compile(node.body)
          for (const variable of node.variables) locals.delete(variable)
          return js`${use(DECIDES[node.op])}(${list}, (${element}, ${place}) => ${test})`
        })
      }
      case 'call': {
        const before: Before[] = []
        const { code, args, arithmetic } = call(node, before)
        if (arithmetic === undefined) return after(before, code)
        const t = variable()
        return after(before, checked(t, code, args, arithmetic, t))
      }
      case 'and':
      case 'or': {
        const [left, right] = node.args
        if (!failing(left)) {
          const decided = compile(left)
          return nodes.decided(node.node, decided, knowing(presentWhere(left, node.node === 'and'), right))
        }
        return nodes[node.node](compile(left), compile(right), variable(), variable())
      }
      case 'conditional': {
        const [condition, then, otherwise] = node.args
        const total = !failing(condition)
        const test = compile(condition)
        const c = total ? test : variable()
        const branches = [
          knowing(presentWhere(condition, true), then),
          knowing(presentWhere(condition, false), otherwise),
        ] as const
        if (total) return js`(${test} ? ${branches[0]} : ${branches[1]})`
        return nodes.conditional(test, c, ...branches)
      }
      case 'is-missing': {
        if (node.operand.node !== 'column') return refuse(node.operand)
        const { test } = missing(node.operand)
        return node.negated ? js`!(${test})` : js`(${test})`
      }
      case 'in-list':
        return reading(node.operand, (of) => nodes.inList(of, node.elements, canBeNaN(node.operand.type)))
      case 'lookup':
        return reading(node.operand, (of) =>
          node.entries.reduceRight(
            (otherwise, { key, value: label }) =>
              js`(${nodes.inList(of, [key], canBeNaN(key.type))} ? ${jsonLiteral(label)} : ${otherwise})`,
            use('NO_SUCH_KEY'),
          ),
        )
      case 'matches':
        used.add('pattern')
        return reading(node.operand, (of) => nodes.matches(of, patterns.use(node.pattern)))
      default:
        return refuse(node)
    }
  }

  const body = compile(expr)
  const declared = variables.length === 0 ? NOTHING : js`let ${join(variables, COMMA)}; `
  return { fn: js`(row) => { ${join(guards, NOTHING)}${declared}return ${body} }`, helpers: used }
}

/** Code with what comes before it, the first outermost. */
function after(before: readonly Before[], code: Js): Js {
  let whole = code
  for (let i = before.length - 1; i >= 0; i--) whole = (before[i] as Before)(whole)
  return whole
}

/** The text of helpers, each once, in the order of definition. */
export function helperCode(names: Iterable<HelperName>): Js {
  return join(
    withNeeds(names).map((helper) => helpers[helper].code),
    js`\n`,
  )
}

/** The helpers that say whether elements of a list meet a condition. */
const DECIDES = { all: 'all', exists: 'exists', 'exists-one': 'existsOne' } as const

const NO_NAMES: readonly string[] = []

/** The columns whose cells are there wherever a condition has this truth value: `has(c)`, `c != null`, and what they join. */
function presentWhere(condition: Expr, truth: boolean): readonly string[] {
  switch (condition.node) {
    case 'is-missing':
      return condition.negated === truth && condition.operand.node === 'column' ? [condition.operand.name] : NO_NAMES
    case 'and':
    case 'or':
      return (condition.node === 'and') === truth
        ? [...presentWhere(condition.args[0], truth), ...presentWhere(condition.args[1], truth)]
        : NO_NAMES
    case 'call':
      return condition.fn === 'not' ? presentWhere(condition.args[0] as Expr, !truth) : NO_NAMES
    default:
      return NO_NAMES
  }
}

/** The columns that are required, and those that stand at several places, each once, in the order they are read. */
function readAtTop(expr: Expr, required: ReadonlySet<string>): readonly Column[] {
  const found = new Map<string, Column>()
  const several = new Set(required)
  addColumns(expr, found, several)
  return [...found.values()].filter((column) => several.has(column.name))
}

function addColumns(expr: Expr, found: Map<string, Column>, several: Set<string>): void {
  if (expr.node === 'column') {
    if (found.has(expr.name)) several.add(expr.name)
    else found.set(expr.name, expr)
    return
  }
  const parts = children(expr)
  for (let i = 0; i < parts.length; i++) addColumns(parts[i] as Expr, found, several)
}

/** Numbers, and whole numbers held as numbers, are tested for NaN and compared loosely (number with bigint). */
function canBeNaN(type: Type): boolean {
  return type.kind !== 'string' && type.kind !== 'bool'
}
