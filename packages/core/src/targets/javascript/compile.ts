import type { Column, Expr } from '../../expr/expr.ts'
import type { Type } from '../../expr/type.ts'
import { walk } from '../children.ts'
import { canFail, decisiveColumns } from '../errors.ts'
import { expand } from '../expand.ts'
import { beyondTargets, refuse, type Support } from '../unsupported.ts'
import { type JavascriptFunctions, javascriptFunctions } from './functions.ts'
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

/** One compiled expression: a function of the row, and the helpers that must stand before it. */
export interface CompiledRow {
  readonly fn: Js
  readonly helpers: readonly HelperName[]
}

/** Whether JavaScript can express it; if not, why and where. `check` refuses the rest on `requests`. */
export function javascriptSupport(expr: Expr, functions: JavascriptFunctions = javascriptFunctions): Support {
  for (const node of walk(expand(expr))) {
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
  const row = name('row')
  const variable = (): Js => {
    const made = name(`t${variables.length}`)
    variables.push(made)
    return made
  }
  const use = (helper: HelperName): Js => {
    used.add(helper)
    return name(helper)
  }
  // Columns without which there is no answer are read and tested once, at the top; the rest where they are used.
  const present = new Map<string, Js>()
  const failing = (part: Expr): boolean => canFail(part, presentNames)
  const missing = (column: Column, t: Js): Js =>
    nodes.isMissing(js`${t} = ${nodes.cell(row, column.name)}`, t, canBeNaN(column.type))

  const presentNames = decisiveColumns(expr)
  const guards = columnsIn(expr, presentNames).map((column, i) => {
    const cell = name(`c${i}`)
    present.set(column.name, cell)
    const test = nodes.isMissing(cell, cell, canBeNaN(column.type))
    return js`const ${cell} = ${nodes.cell(row, column.name)}; if (${test}) return ${use('MISSING')}; `
  })

  /** Evaluates arguments left to right into variables; the first error is the result, else what `write` makes of them. */
  const strict = (args: readonly Expr[], write: (values: readonly Js[]) => Js, values: readonly Js[] = []): Js => {
    const arg = args[values.length]
    if (arg === undefined) return write(values)
    if (arg.node === 'literal' && arg.value === null) return use('MISSING')
    const atom = arg.node === 'literal' ? literal(arg) : arg.node === 'column' ? present.get(arg.name) : undefined
    if (atom !== undefined) return strict(args, write, [...values, atom])
    const t = variable()
    const rest = () => strict(args, write, [...values, t])
    if (arg.node === 'column') return js`(${missing(arg, t)} ? ${use('MISSING')} : ${rest()})`
    const code = compile(arg)
    return failing(arg)
      ? js`(typeof (${t} = ${code}) === "object" ? ${t} : ${rest()})`
      : js`(${t} = ${code}, ${rest()})`
  }

  const compile = (node: Expr): Js => {
    switch (node.node) {
      case 'literal':
      case 'column':
        return strict([node], ([value]) => value as Js)
      case 'call': {
        const spelling = functions[node.fn]
        if (spelling.kind === 'unsupported') return refuse(node)
        for (const helper of spelling.helpers) used.add(helper)
        return strict(node.args, ([a, b, c]) => spelling.write(a as Js, (b ?? a) as Js, (c ?? a) as Js))
      }
      case 'and':
      case 'or': {
        const [left, right] = node.args
        if (!failing(left)) return nodes.decided(node.node, compile(left), compile(right))
        return nodes[node.node](compile(left), compile(right), variable(), variable())
      }
      case 'conditional': {
        const [condition, then, otherwise] = node.args
        return nodes.conditional(compile(condition), variable(), compile(then), compile(otherwise))
      }
      case 'is-missing': {
        if (node.operand.node !== 'column') return refuse(node.operand)
        const test = missing(node.operand, variable())
        return node.negated ? js`!(${test})` : js`(${test})`
      }
      case 'in-list':
        return strict([node.operand], ([value]) =>
          nodes.inList(value as Js, node.elements, canBeNaN(node.operand.type)),
        )
      case 'lookup':
        return strict([node.operand], ([value]) =>
          node.entries.reduceRight(
            (otherwise, { key, value: label }) =>
              js`(${nodes.inList(value as Js, [key], canBeNaN(key.type))} ? ${jsonLiteral(label)} : ${otherwise})`,
            use('NO_SUCH_KEY'),
          ),
        )
      case 'matches':
        used.add('pattern')
        return strict([node.operand], ([value]) => nodes.matches(value as Js, patterns.use(node.pattern)))
      default:
        return refuse(node)
    }
  }

  const body = compile(expr)
  const declared = variables.length === 0 ? js`` : js`let ${join(variables, js`, `)}; `
  return { fn: js`(row) => { ${join(guards, js``)}${declared}return ${body} }`, helpers: withNeeds(used) }
}

/** The text of helpers, each once, in the order of definition. */
export function helperCode(names: Iterable<HelperName>): Js {
  return join(
    withNeeds(names).map((helper) => helpers[helper].code),
    js`\n`,
  )
}

/** The column nodes of these names, each name once, in the order they are read. */
function columnsIn(expr: Expr, names: ReadonlySet<string>): readonly Column[] {
  const found = new Map<string, Column>()
  for (const node of walk(expr)) if (node.node === 'column' && names.has(node.name)) found.set(node.name, node)
  return [...found.values()]
}

/** Numbers, and whole numbers held as numbers, are tested for NaN and compared loosely (number with bigint). */
function canBeNaN(type: Type): boolean {
  return type.kind !== 'string' && type.kind !== 'bool'
}
