import type { Call, Column, Expr } from '../../expr/expr.ts'
import type { Type } from '../../expr/type.ts'
import { walk } from '../children.ts'
import { canFail, decisiveColumns, raisesError } from '../errors.ts'
import { expand } from '../expand.ts'
import { elementNames, isCompiled, listProblem, readsList } from '../list-use.ts'
import { beyondTargets, refuse, type Support } from '../unsupported.ts'
import { type Arithmetic, type JavascriptFunctions, javascriptFunctions, type Spelling } from './functions.ts'
import { type HelperName, helpers, withNeeds } from './helpers.ts'
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

const ROW = name('row')
const NOTHING = js``
const COMMA = js`, `
const NO_COLUMNS: readonly Column[] = []
const NO_VALUES: readonly Js[] = []
/** Names of the first variables of a function; few have more. */
const TEMPORARIES: readonly Js[] = Array.from({ length: 24 }, (_, i) => name(`t${i}`))

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
    return name(helper)
  }
  // Columns without which there is no answer are read and tested once, at the top; those that are read at several places
  // are read there, too; the rest where they are used.
  const present = new Map<string, Js>()
  const locals = new Map<string, Js>()
  let elements = 0
  const read = new Map<string, Js>()
  const presentNames = new Set(decisiveColumns(expr))
  const failing = (part: Expr): boolean => canFail(part, presentNames)
  const missing = ({ name: column, type }: Column, cell: Js): Js =>
    nodes.isMissing(read.has(column) ? cell : js`${cell} = ${nodes.cell(ROW, column)}`, cell, canBeNaN(type))
  const guards = readAtTop(expr, presentNames).map((column, i) => {
    const cell = name(`c${i}`)
    const reading = js`const ${cell} = ${nodes.cell(ROW, column.name)}; `
    if (!presentNames.has(column.name)) {
      read.set(column.name, cell)
      return reading
    }
    present.set(column.name, cell)
    const test = nodes.isMissing(cell, cell, canBeNaN(column.type))
    return js`${reading}if (${test}) return ${use('MISSING')}; `
  })

  /** What `rest` makes of the value of a part, or the error that the part ends in. `rest` is written once. */
  const value = (part: Expr, rest: (of: Js) => Js): Js => {
    switch (part.node) {
      case 'literal':
        return part.value === null ? use('MISSING') : rest(literal(part))
      case 'column': {
        const known = present.get(part.name)
        if (known !== undefined) return rest(known)
        const cell = read.get(part.name) ?? variable()
        return js`(${missing(part, cell)} ? ${use('MISSING')} : ${rest(cell)})`
      }
      case 'local':
        return rest(locals.get(part.name) ?? refuse(part))
      case 'call':
        return call(part, (code, { arithmetic }, args) => {
          const t = variable()
          if (arithmetic !== undefined) return checked(t, code, args, arithmetic, rest(t))
          return raisesError(part.fn) ? unlessError(t, code, rest(t)) : js`(${t} = ${code}, ${rest(t)})`
        })
      default: {
        const t = variable()
        const code = compile(part)
        return failing(part) ? unlessError(t, code, rest(t)) : js`(${t} = ${code}, ${rest(t)})`
      }
    }
  }
  const unlessError = (t: Js, code: Js, rest: Js): Js => js`(typeof (${t} = ${code}) === "object" ? ${t} : ${rest})`

  /** The values of parts, from left to right; the first error is the result. */
  const values = (parts: readonly Expr[], rest: (of: readonly Js[]) => Js, found: readonly Js[] = NO_VALUES): Js =>
    found.length === parts.length
      ? rest(found)
      : value(parts[found.length] as Expr, (next) => values(parts, rest, [...found, next]))

  const call = (node: Call, rest: (code: Js, spelling: Spelling, args: Arguments) => Js): Js => {
    const spelling = functions[node.fn]
    if (spelling.kind === 'unsupported') return refuse(node)
    for (let i = 0; i < spelling.helpers.length; i++) used.add(spelling.helpers[i] as HelperName)
    return values(node.args, (given) => {
      const a = given[0] as Js
      const args: Arguments = [a, given[1] ?? a, given[2] ?? a]
      return rest(spelling.write(...args), spelling, args)
    })
  }

  /** A number that arithmetic made, looked at where it is made: a test beside it costs less than a value that may be an error. */
  const checked = (t: Js, code: Js, args: Arguments, { refuses }: Arithmetic, rest: Js): Js => {
    const finite = js`((${t} = ${code}) - ${t} === 0 ? ${rest} : ${use('NON_FINITE')})`
    return refuses === undefined ? finite : js`(${refuses.test(...args)} ? ${use(refuses.error)} : ${finite})`
  }

  /** Compiles a part that is reached only where the cells of some columns are there; those are read at the top. */
  const knowing = (columns: readonly string[], part: Expr): Js => {
    const added = columns.filter((column) => !present.has(column) && read.has(column))
    for (const column of added) {
      present.set(column, read.get(column) as Js)
      presentNames.add(column)
    }
    const code = compile(part)
    for (const column of added) {
      present.delete(column)
      presentNames.delete(column)
    }
    return code
  }

  const compile = (node: Expr): Js => {
    switch (node.node) {
      case 'literal':
      case 'column':
      case 'local':
        return value(node, (found) => found)
      case 'comprehension': {
        if (!isCompiled(node)) return refuse(node)
        return value(node.range, (list) => {
          const [first, second] = node.variables
          const [element, place] = [name(`e${elements}`), name(`i${elements++}`)]
          locals.set(second ?? first, element)
          if (second !== undefined) locals.set(first, place)
          const test = compile(node.body)
          for (const variable of node.variables) locals.delete(variable)
          return js`${use(DECIDES[node.op])}(${list}, (${element}, ${place}) => ${test})`
        })
      }
      case 'call':
        return call(node, (code, { arithmetic }, args) => {
          if (arithmetic === undefined) return code
          const t = variable()
          return checked(t, code, args, arithmetic, t)
        })
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
        const test = missing(node.operand, read.get(node.operand.name) ?? variable())
        return node.negated ? js`!(${test})` : js`(${test})`
      }
      case 'in-list':
        return value(node.operand, (of) => nodes.inList(of, node.elements, canBeNaN(node.operand.type)))
      case 'lookup':
        return value(node.operand, (of) =>
          node.entries.reduceRight(
            (otherwise, { key, value: label }) =>
              js`(${nodes.inList(of, [key], canBeNaN(key.type))} ? ${jsonLiteral(label)} : ${otherwise})`,
            use('NO_SUCH_KEY'),
          ),
        )
      case 'matches':
        used.add('pattern')
        return value(node.operand, (of) => nodes.matches(of, patterns.use(node.pattern)))
      default:
        return refuse(node)
    }
  }

  const body = compile(expr)
  const declared = variables.length === 0 ? NOTHING : js`let ${join(variables, COMMA)}; `
  return { fn: js`(row) => { ${join(guards, NOTHING)}${declared}return ${body} }`, helpers: used }
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
  const several = new Set<string>(required)
  const nodes = walk(expr)
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expr
    if (node.node !== 'column') continue
    if (found.has(node.name)) several.add(node.name)
    else found.set(node.name, node)
  }
  return several.size === 0 ? NO_COLUMNS : [...found.values()].filter((column) => several.has(column.name))
}

/** Numbers, and whole numbers held as numbers, are tested for NaN and compared loosely (number with bigint). */
function canBeNaN(type: Type): boolean {
  return type.kind !== 'string' && type.kind !== 'bool'
}
