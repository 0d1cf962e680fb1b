import { type Diagnostic, hasErrors, type Result } from '../../../diagnostics/diagnostic.ts'
import type { RelationEnvironment } from '../../environment.ts'
import type { MustCondition } from '../../must.ts'
import { parseExpression } from '../../parse/parser.ts'
import type { ExprPlace, Syntax } from '../../syntax.ts'
import { createContext } from '../expression.ts'
import { createUnits } from '../units.ts'
import { checkCondition } from './condition.ts'
import { relationScope } from './scope.ts'
import type { MustState } from './state.ts'

/** Types a `must` condition: macros expanded, terms named once each, comparisons set apart. */
export function checkMust(syntax: Syntax, environment: RelationEnvironment, place: ExprPlace): Result<MustCondition> {
  const units = createUnits()
  const state: MustState = {
    environment,
    terms: [],
    comparisons: [],
    columns: undefined,
    contextFor: (binding, diagnostics) => createContext(place, relationScope(state, binding), diagnostics, units),
  }
  const diagnostics: Diagnostic[] = []
  const condition = checkCondition(state.contextFor({}, diagnostics), state, {}, syntax)
  if (condition === undefined || hasErrors(diagnostics)) return { diagnostics }
  const { terms, comparisons, columns } = state
  return { value: { condition, comparisons, terms, ...(columns === undefined ? {} : { columns }) }, diagnostics }
}

/** Text → typed `must` condition. */
export function readMust(text: string, environment: RelationEnvironment, place: ExprPlace): Result<MustCondition> {
  const parsed = parseExpression(text, place)
  return parsed.value === undefined ? { diagnostics: parsed.diagnostics } : checkMust(parsed.value, environment, place)
}
