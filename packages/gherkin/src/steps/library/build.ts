import type { PlacedText } from '../../text/placed-text.ts'
import type { Scene } from '../scene.ts'
import type { Area, Stated, StepPattern } from '../step-pattern.ts'

/** What a pattern is made of beside its words. */
export interface Words {
  readonly number?: number
  readonly topic: string
  readonly example: string
  readonly doc: string
  readonly below?: 'table' | 'text'
  readonly estimates?: boolean
  readonly reads?: NonNullable<StepPattern['reads']>
}

/** Patterns of one area. All gaps of a pattern are filled where its function is called. */
export function inArea(area: Area): {
  readonly state: (
    expressions: string | StepPattern['expressions'],
    words: Words,
    state: (scene: Scene, ...args: readonly PlacedText[]) => Stated | undefined,
  ) => StepPattern
  readonly notBuilt: (number: number, expression: string, example: string, doc: string, reason: string) => StepPattern
} {
  return {
    state: (expressions, { estimates, ...words }, state) => ({
      ...words,
      area,
      expressions: typeof expressions === 'string' ? [expressions] : expressions,
      meaning: {
        kind: 'statement',
        ...(estimates === true ? { estimates } : {}),
        state: (scene, args) => state(scene, ...args, ...scene.below),
      },
    }),
    notBuilt: (number, expression, example, doc, reason) => ({
      number,
      area,
      expressions: [expression],
      example,
      doc,
      topic: 'not-built',
      meaning: { kind: 'not-built', statement: true, reason },
    }),
  }
}
