import { CucumberExpression } from '@cucumber/cucumber-expressions'
import { partOf, type PlacedText } from '../text/placed-text.ts'
import { nearestStep, type Nearest } from './nearest.ts'
import { parameterTypes } from './parameters.ts'
import type { StepPattern } from './step-pattern.ts'
import { shown, tokensOf } from './tokens.ts'

/** A pattern that a step fits, with what fills its gaps. */
export interface Match {
  readonly pattern: StepPattern
  /** As cucumber expressions have it. */
  readonly expression: string
  readonly args: readonly PlacedText[]
  /** Where they stand in the step, in UTF-16 units. */
  readonly groups: readonly (readonly [start: number, end: number])[]
}

/** A library of steps, ready to be asked. */
export interface StepLibrary {
  /** The pattern a step fits. Of several the one with more words of its own: `{metric} for slice …` before `{metric} …`. */
  readonly match: (step: PlacedText) => Match | undefined
  readonly nearest: (step: PlacedText) => Nearest | undefined
}

/** Compiles patterns; in their order, which decides between equals. */
export function compileLibrary(patterns: readonly StepPattern[]): StepLibrary {
  const registry = parameterTypes()
  const compiled = patterns.flatMap((pattern) =>
    pattern.expressions.map((text) => ({
      pattern,
      text,
      expression: new CucumberExpression(text, registry),
      own: tokensOf(text).filter(({ kind }) => kind === 'word').length,
    })),
  )
  const known = new Map<
    string,
    { readonly index: number; readonly groups: readonly (readonly [number, number])[] } | null
  >()
  const find = (text: string) => {
    let best: { readonly index: number; readonly groups: readonly (readonly [number, number])[] } | null = null
    for (const [index, { expression, own }] of compiled.entries()) {
      const args = expression.match(text)
      if (args === null || (best !== null && own <= (compiled[best.index]?.own ?? 0))) continue
      const { reads } = compiled[index]?.pattern ?? {}
      if (reads?.(args.map(({ group }) => group.value ?? '')) === false) continue
      best = { index, groups: args.map(({ group }) => [group.start ?? 0, group.end ?? 0] as const) }
    }
    return best
  }
  return {
    match: (step) => {
      let found = known.get(step.text)
      if (found === undefined) known.set(step.text, (found = find(step.text)))
      const row = found === null ? undefined : compiled[found.index]
      if (found === null || row === undefined) return undefined
      const { groups } = found
      return {
        pattern: row.pattern,
        expression: row.text,
        args: groups.map(([start, end]) => partOf(step, start, end)),
        groups,
      }
    },
    nearest: (step) => {
      // A pattern with hardly a word of its own is like anything.
      const told = patterns.filter(({ reads }) => reads === undefined)
      return nearestStep(step, told.flatMap(({ expressions }) => expressions).map(shown))
    },
  }
}
