import type { Program } from '@plumbline/core'
import {
  type CaseOmission,
  type CaseSet,
  type EmitFormat,
  JAVASCRIPT,
  PYTHON,
  printCases,
  printFeature,
  printPytest,
  printVitest,
  suiteOf,
} from '@plumbline/core/cases'

/** The committed file of all cases; every emitted suite reads it. */
export const CASES_FILE = 'cases.jsonl'

/** A file of the folder, by name. */
export interface EmittedFile {
  readonly name: string
  readonly text: string
}

/** The files of a set of cases, and what of it a format has no words for. `toProject`: from their folder to that of the spec. */
export function emittedFiles(
  program: Program,
  set: CaseSet,
  toProject: string,
): {
  readonly files: readonly EmittedFile[]
  readonly unwritten: readonly (CaseOmission & { readonly format: EmitFormat })[]
} {
  const files: EmittedFile[] = [{ name: CASES_FILE, text: printCases(set) }]
  const unwritten: (CaseOmission & { readonly format: EmitFormat })[] = []
  for (const format of set.emit) {
    if (format === 'jsonl') continue
    if (format === 'gherkin') {
      const says = new Map(program.clauses.map((clause) => [clause.id, clause.says]))
      files.push({ name: 'plumb-cases.feature', text: printFeature(set, says) })
      continue
    }
    const suite = suiteOf(program, set, format === 'pytest' ? PYTHON : JAVASCRIPT)
    unwritten.push(...suite.unwritten.map((each) => ({ ...each, format })))
    if (format === 'pytest') files.push({ name: 'test_plumb_cases.py', text: printPytest(suite, toProject) })
    else files.push({ name: 'plumb-cases.test.mjs', text: printVitest(suite, toProject) })
  }
  return { files, unwritten }
}
