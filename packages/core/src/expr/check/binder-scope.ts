import {
  aggregateInRow,
  argumentCount,
  modelInput,
  noFields,
  typeMismatch,
  unknownField,
  unknownName,
  unsupported,
  withFields,
} from '../../diagnostics/catalog/expr.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { BinderEnvironment, ModelInfo } from '../environment.ts'
import type { Expr } from '../expr.ts'
import { aggregates } from '../functions/aggregates.ts'
import { printSyntax } from '../print/syntax.ts'
import { fieldText } from '../print/text.ts'
import type { CallSyntax, MethodSyntax, Range, Syntax } from '../syntax.ts'
import { type Type, typeName } from '../type.ts'
import { checkHas } from './cells.ts'
import { checkIndex, checkSelect } from './collections.ts'
import { at, type Context, nameRange, report, type Scope, UNHANDLED } from './context.ts'
import { isGeneral } from './general.ts'
import { known } from './inference.ts'
import { coerce } from './overloads.ts'
import { macroNames } from './row-scope.ts'
import { harmonised } from './units.ts'

/** Names and calls of `assume`, `let` and `holds`: bound variables and models only. */
export function binderScope(environment: BinderEnvironment): Scope {
  const { locals, models } = environment
  return {
    functions: ['has', ...models.keys()],
    declares: (name) => locals.has(name) || models.has(name),
    column: () => undefined,
    unit: (expr) =>
      expr.node === 'field' && expr.operand.type.kind === 'record'
        ? environment.unit?.(expr.operand.type.of, expr.name)
        : undefined,
    name: (context, node) => {
      const type = locals.get(node.name)
      if (type !== undefined) return { node: 'local', name: node.name, type, at: at(node) }
      // A bare column is the commonest slip: propose the bound row that has it.
      const owner = [...locals].find(([, t]) => t.kind === 'record' && Object.hasOwn(t.fields, node.name))
      const near =
        owner === undefined
          ? nearestName(node.name, [...locals.keys(), ...models.keys()])
          : `${owner[0]}${fieldText(node.name)}`
      const scope = '`assume`, `let` and `holds` see bound variables only; a column is a field of one.'
      return report(context, node, unknownName, { name: node.name, near, known: [...locals.keys()], scope })
    },
    member: (context, node) => {
      const operand = context.check(node.operand)
      if (operand === undefined) return undefined
      return isGeneral(known(context.inference, operand.type))
        ? checkSelect(context, node, operand)
        : field(context, operand, node.operand, node.name, node, nameRange(node))
    },
    index: (context, node) => {
      const operand = context.check(node.operand)
      if (operand === undefined) return undefined
      if (isGeneral(known(context.inference, operand.type))) return checkIndex(context, node, operand)
      if (node.index.kind !== 'string') {
        return report(context, node.index, unsupported, {
          what: 'Computed field names',
          instead: 'Write the name as a text literal, such as x["age"].',
        })
      }
      return field(context, operand, node.operand, node.index.value, node, node.index)
    },
    call: (context, node) => {
      if (node.name === 'has') return checkHas(context, node)
      if (node.name === 'label') {
        return report(context, node, unsupported, {
          what: 'Labels of bound variables',
          instead: 'Compare the code itself.',
        })
      }
      const model = models.get(node.name)
      // Models are asked before the expression is evaluated, when no variable of a comprehension has a value.
      if (model !== undefined && context.scope.inner === true) {
        return report(context, node, unsupported, {
          what: 'Models inside of comprehensions and bindings',
          instead: 'Name the changed row with `let`, and ask the model outside.',
        })
      }
      if (model !== undefined) return predict(context, node, model)
      if (Object.hasOwn(aggregates, node.name) || macroNames.includes(node.name)) {
        return report(context, node, aggregateInRow, { name: printSyntax(node) })
      }
      return UNHANDLED
    },
    method: (context, node) => (node.name === 'with' ? withNode(context, node) : UNHANDLED),
  }
}

function field(
  context: Context,
  operand: Expr,
  syntax: Syntax,
  name: string,
  node: Range,
  named: Range,
): Expr | undefined {
  const record = operand.type
  const text = printSyntax(syntax)
  if (record.kind !== 'record')
    return report(context, named, noFields, { text, type: typeName(record), instead: undefined })
  const type = Object.hasOwn(record.fields, name) ? record.fields[name] : undefined
  if (type === undefined) {
    const fields = Object.keys(record.fields)
    return report(context, named, unknownField, {
      name,
      of: `\`${text}\``,
      near: nearestName(name, fields),
      known: fields,
    })
  }
  return { node: 'field', operand, name, type, at: at(node) }
}

function predict(context: Context, node: CallSyntax, model: ModelInfo): Expr | undefined {
  const argument = node.args[0]
  if (argument === undefined || node.args.length !== 1) {
    return report(context, node, argumentCount, { name: model.name, expected: '1 argument', found: node.args.length })
  }
  const operand = context.check(argument)
  if (operand === undefined) return undefined
  const record = operand.type
  if (record.kind !== 'record') {
    return report(context, argument, modelInput, {
      model: model.name,
      problem: `\`${printSyntax(argument)}\` is ${typeName(record)}`,
    })
  }
  const absent = model.input.filter((column) => !Object.hasOwn(record.fields, column))
  if (absent.length > 0) {
    return report(context, argument, modelInput, {
      model: model.name,
      problem: `the ${typeName(record)} lacks ${absent.join(', ')}`,
    })
  }
  return { node: 'predict', model: model.name, operand, type: model.outputs, at: at(node) }
}

function withNode(context: Context, node: MethodSyntax): Expr | undefined {
  const map = node.args[0]
  const operand = context.check(node.operand)
  if (operand === undefined) return undefined
  const record = operand.type
  if (record.kind !== 'record') {
    return report(context, node.operand, withFields, {
      problem: `\`${printSyntax(node.operand)}\` is ${typeName(record)}; only a row has \`with\`.`,
    })
  }
  if (map?.kind !== 'map' || node.args.length !== 1) {
    return report(context, map ?? node, withFields, { problem: '`with` takes one map of fields in braces.' })
  }
  const fields: { readonly name: string; readonly value: Expr }[] = []
  for (const { key, value } of map.entries) {
    const entry = withField(context, operand, record, key, value)
    if (entry === undefined) return undefined
    if (fields.some((other) => other.name === entry.name)) {
      return report(context, key, withFields, { problem: `\`${entry.name}\` is replaced twice.` })
    }
    fields.push(entry)
  }
  return { node: 'with', operand, fields, type: record, at: at(node) }
}

function withField(
  context: Context,
  operand: Expr,
  record: Type & { readonly kind: 'record' },
  key: Syntax,
  value: Syntax,
): { readonly name: string; readonly value: Expr } | undefined {
  if (key.kind !== 'string')
    return report(context, key, withFields, { problem: 'The names of fields must be text literals.' })
  const type = Object.hasOwn(record.fields, key.value) ? record.fields[key.value] : undefined
  if (type === undefined) {
    const fields = Object.keys(record.fields)
    return report(context, key, unknownField, {
      name: key.value,
      of: `A ${typeName(record)}`,
      near: nearestName(key.value, fields),
      known: fields,
    })
  }
  const checked = context.check(value)
  if (checked === undefined) return undefined
  const replaced: Expr = { node: 'field', operand, name: key.value, type }
  const field = { kind: 'name', name: key.value, start: key.start, end: key.end } as const
  const sides = [
    { expr: replaced, syntax: field },
    { expr: checked, syntax: value },
  ] as const
  const typed = harmonised(context, 'with', value, ...sides)?.right
  if (typed === undefined) return undefined
  const fitted = coerce(typed, type)
  if (fitted !== undefined) return { name: key.value, value: fitted }
  const fix = type.kind === 'double' && typed.type.kind === 'int' ? `Write double(${printSyntax(value)}).` : undefined
  return report(context, value, typeMismatch, {
    what: `\`${key.value}\` is ${typeName(type)}`,
    found: typeName(typed.type),
    fix,
  })
}
