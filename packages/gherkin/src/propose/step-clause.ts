import { type ClauseSource, type Diagnostic, hasErrors, type Span, type Spec } from '@plumbline/core'
import type { Scenario, Step } from '../document/scenario.ts'
import { readScenario } from '../scenario/read-scenario.ts'
import type { StepLibrary } from '../steps/step-library.ts'
import { textAt } from '../text/placed-text.ts'

/** What a sentence means that is a step of the library, or what is wrong with it there. */
export type StepReading =
  | { readonly clause: ClauseSource }
  | { readonly mistakes: readonly Diagnostic[]; readonly existing?: string }

/** Reads a sentence as the only statement of a scenario about a dataset, and the champion on a split. */
export function stepClause(
  sentence: string,
  dataset: string,
  split: string | undefined,
  spec: Spec,
  library: StepLibrary,
  nameSpan: Span,
): StepReading {
  const step = (id: string, type: string, text: string): Step => ({
    id,
    type: type as Step['type'],
    text: textAt(text, nameSpan.file, 0),
  })
  const model =
    spec.models.has('champion') && split !== undefined ? [step('m', 'Context', `model champion on ${split}`)] : []
  const scenario: Scenario = {
    id: 'proposal',
    // Without a name the clause is called by what it speaks of.
    name: '',
    nameSpan,
    span: nameSpan,
    description: [],
    tags: [],
    steps: [...model, step('d', 'Context', `dataset ${JSON.stringify(dataset)}`), step('s', 'Outcome', sentence)],
  }
  const mistakes: Diagnostic[] = []
  const { clauses, steps } = readScenario(scenario, spec, library, (d) => void mistakes.push(d))
  const [clause] = clauses
  if (clause !== undefined && !hasErrors(mistakes))
    return { clause: { ...clause, says: { value: sentence, span: nameSpan } } }
  const existing = steps.at(-1)?.clause
  return { mistakes, ...(existing === undefined ? {} : { existing }) }
}
