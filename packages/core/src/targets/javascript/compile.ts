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

/** One compiled expression: a function of the row, and the helpers that it calls (`helperCode` adds what those need). */
export interface CompiledRow {
  readonly fn: Js
  readonly helpers: Iterable<HelperName>
}

/** An argument that is looked at before the rest of a call: a cell, an expression that can be an error, or one that cannot. */
interface Guard {
  readonly kind: 'cell' | 'failing' | 'total'
  readonly t: Js
  readonly code: Js
}

const ROW = name('row')
const NOTHING = js``
const COMMA = js`, `
const NO_COLUMNS: readonly Column[] = []
/** Names of the first variables of a function; few have more. */
const TEMPORARIES: readonly Js[] = Array.from({ length: 24 }, (_, i) => name(`t${i}`))

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
  const variable = (): Js => {
    const made = TEMPORARIES[variables.length] ?? name(`t${variables.length}`)
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
    nodes.isMissing(js`${t} = ${nodes.cell(ROW, column.name)}`, t, canBeNaN(column.type))

  const presentNames = decisiveColumns(expr)
  const required = presentNames.size === 0 ? NO_COLUMNS : columnsIn(expr, presentNames)
  const guards = required.map((column, i) => {
    const cell = name(`c${i}`)
    present.set(column.name, cell)
    const test = nodes.isMissing(cell, cell, canBeNaN(column.type))
    return js`const ${cell} = ${nodes.cell(ROW, column.name)}; if (${test}) return ${use('MISSING')}; `
  })

  /** Evaluates arguments left to right into variables; the first error is the result, else what `write` makes of them. */
  const strict = (args: readonly Expr[], write: (values: readonly Js[]) => Js): Js => {
    const values: Js[] = []
    const guards: Guard[] = []
    let ended: Js | undefined
    for (let i = 0; i < args.length && ended === undefined; i++) {
      const arg = args[i] as Expr
      if (arg.node === 'literal' && arg.value === null) {
        ended = use('MISSING')
        break
      }
      const atom = arg.node === 'literal' ? literal(arg) : arg.node === 'column' ? present.get(arg.name) : undefined
      if (atom !== undefined) {
        values.push(atom)
        continue
      }
      const t = variable()
      values.push(t)
      if (arg.node === 'column') guards.push({ kind: 'cell', t, code: missing(arg, t) })
      else guards.push({ t, code: compile(arg), kind: failing(arg) ? 'failing' : 'total' })
    }
    let code = ended ?? write(values)
    for (let i = guards.length - 1; i >= 0; i--) code = guarded(guards[i] as Guard, code)
    return code
  }
  const guarded = ({ kind, t, code }: Guard, rest: Js): Js => {
    switch (kind) {
      case 'cell':
        return js`(${code} ? ${use('MISSING')} : ${rest})`
      case 'failing':
        return js`(typeof (${t} = ${code}) === "object" ? ${t} : ${rest})`
      case 'total':
        return js`(${t} = ${code}, ${rest})`
    }
  }

  const compile = (node: Expr): Js => {
    switch (node.node) {
      case 'literal':
      case 'column':
        return strict([node], ([value]) => value as Js)
      case 'call': {
        const spelling = functions[node.fn]
        if (spelling.kind === 'unsupported') return refuse(node)
        for (let i = 0; i < spelling.helpers.length; i++) used.add(spelling.helpers[i] as HelperName)
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
