import { compile } from '@cucumber/gherkin'
import { counter, parseDocument } from '../document/parse-document.ts'
import type { Feature } from '../read-features.ts'
import type { StepClause } from '../scenario/read-scenario.ts'

/** A clause in words, as it goes into a feature. */
export interface WordedClause {
  readonly id: string
  readonly says: string
  /** What it asks, such as `every age >= 18`. */
  readonly asks: string
}

/** A feature for clauses that none states: a scenario each. `path` is that of the spec. */
export function clausesFeature(path: string, clauses: readonly WordedClause[]): Feature | undefined {
  const scenarios = clauses.map(
    ({ id, says, asks }) => `  Scenario: ${line(`${id}: ${says}`)}\n    Then ${line(asks)}\n`,
  )
  const text = `# Written for the clauses of ${line(path)}\nFeature: Clauses of ${line(path)}\n\n${scenarios.join('\n')}`
  const file = { path, text }
  const newId = counter('clause-')
  const { value: document } = parseDocument({ ...file, path: `${path}.feature` }, newId)
  if (document === undefined || clauses.length === 0) return undefined
  const pickles = compile(document, path, newId)
  const steps = pickles.map((pickle, i): StepClause => {
    const clause = clauses[i]?.id
    return {
      step: pickle.steps[0]?.id ?? '',
      ...(clause === undefined ? {} : { clause }),
      expression: '',
      groups: [],
    }
  })
  return { file, document: { ...document, uri: path }, pickles, steps }
}

/** On one line: a line break would begin another kind of line; what no feature may hold is a question mark. */
const line = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\uFFFD\0]/g, '?')
    .replaceAll(/\s+/g, ' ')
    .trim()
