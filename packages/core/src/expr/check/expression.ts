import { nullValue, unsupported, wrongResult } from '../../diagnostics/catalog/expr.ts'
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.ts'
import type { Expr } from '../expr.ts'
import type { BinarySyntax, ExprPlace, Syntax } from '../syntax.ts'
import { NULL, type Type, typeName } from '../type.ts'
import { checkList, checkMap } from './collections.ts'
import { at, type Context, report, type Scope, UNHANDLED } from './context.ts'
import { checkCall, checkMethod } from './functions.ts'
import { checkGeneralOperator, isGeneral } from './general.ts'
import { createInference } from './inference.ts'
import { checkIn, checkLiteral } from './literals.ts'
import {
  checkArithmetic,
  checkComparison,
  checkConditional,
  checkLogic,
  checkMissing,
  checkUnary,
  isRelation,
  reportChain,
} from './operators.ts'
import { checkMacro } from './macros.ts'
import { coerce } from './overloads.ts'
import { withSettledTypes } from './settle.ts'
import { createUnits, type UnitTable } from './units.ts'

/** A context for one expression in a scope. */
export function createContext(
  place: ExprPlace,
  scope: Scope,
  diagnostics: Diagnostic[] = [],
  units: UnitTable = createUnits(),
): Context {
  const inference = createInference()
  const within = (inner: Scope): Context => {
    const context: Context = {
      place,
      scope: inner,
      diagnostics,
      inference,
      units,
      check: (node) => checkNode(context, node),
      within,
    }
    return context
  }
  return within(scope)
}

/** Types a whole expression; with `expected`, also its result. */
export function checkWhole(context: Context, node: Syntax, expected: Type | undefined): Result<Expr> {
  const checked = context.check(node)
  const typed =
    checked === undefined || context.inference.count.fresh === 0 ? checked : withSettledTypes(context, checked)
  const fitted = typed === undefined || expected === undefined ? typed : coerce(typed, expected)
  if (typed !== undefined && expected !== undefined && fitted === undefined) {
    const fix = expected.kind === 'bool' ? 'Write a comparison, such as `age >= 18`.' : undefined
    report(context, node, wrongResult, { expected: named(expected), found: named(typed.type), fix })
  }
  const { diagnostics } = context
  return fitted === undefined || hasErrors(diagnostics) ? { diagnostics } : { value: fitted, diagnostics }
}

function named(type: Type): string {
  return type.kind === 'bool' && !type.category ? 'a condition (bool)' : typeName(type)
}

function checkNode(context: Context, node: Syntax): Expr | undefined {
  switch (node.kind) {
    case 'int':
    case 'double':
    case 'uint':
    case 'string':
    case 'bytes':
    case 'bool': {
      const literal = checkLiteral(context, node)
      return literal === 'none' ? undefined : literal
    }
    case 'null':
      if (context.scope.plain === true) return { node: 'literal', type: NULL, value: null, at: at(node) }
      return report(context, node, nullValue, {})
    case 'name':
      return context.scope.name(context, node)
    case 'member':
      return context.scope.member(context, node)
    case 'index':
      return context.scope.index(context, node)
    case 'call': {
      const own = context.scope.call(context, node)
      return own === UNHANDLED ? checkCall(context, node) : own
    }
    case 'method': {
      const macro = context.scope.scalar === true ? 'none' : checkMacro(context, node)
      if (macro !== 'none') return macro
      const own = context.scope.method(context, node)
      return own === UNHANDLED ? checkMethod(context, node) : own
    }
    case 'list':
      if (context.scope.scalar !== true) return checkList(context, node)
      return report(context, node, unsupported, { what: 'Lists outside of `in`', instead: 'Write `x in [a, b]`.' })
    case 'map':
      if (context.scope.scalar !== true) return checkMap(context, node)
      return report(context, node, unsupported, {
        what: 'Maps outside of `with`',
        instead: "Write it like x.with({'age': 30}).",
      })
    case 'unary': {
      const literal = checkLiteral(context, node)
      if (literal !== 'none') return literal
      const operand = context.check(node.operand)
      return operand === undefined ? undefined : checkUnary(context, node, operand)
    }
    case 'binary':
      return checkBinary(context, node)
    case 'conditional': {
      const [condition, then, otherwise] = [
        context.check(node.condition),
        context.check(node.whenTrue),
        context.check(node.whenFalse),
      ]
      if (condition === undefined || then === undefined || otherwise === undefined) return undefined
      return checkConditional(context, node, condition, then, otherwise)
    }
  }
}

function checkBinary(context: Context, node: BinarySyntax): Expr | undefined {
  if (node.op === 'in') return checkIn(context, node)
  if (context.scope.plain !== true && isRelation(node.op) && (node.left.kind === 'null' || node.right.kind === 'null'))
    return checkMissing(context, node)
  const left = context.check(node.left)
  const right = context.check(node.right)
  if (node.op === '&&' || node.op === '||') return checkLogic(context, node, left, right)
  if (left === undefined || right === undefined) return undefined
  if (context.scope.plain === true || isGeneral(left.type) || isGeneral(right.type))
    return checkGeneralOperator(context, node, left, right)
  if (!isRelation(node.op)) return checkArithmetic(context, node, left, right)
  return reportChain(context, node, left, right) ? undefined : checkComparison(context, node, left, right)
}
