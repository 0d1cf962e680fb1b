import {
  type ClauseSource,
  diagnose,
  type Diagnostic,
  featureDiagnostics as catalog,
  hasErrors,
  type Result,
  type SourceFile,
  type Spec,
} from '@plumbline/core'
import type { GherkinDocument, Pickle } from '@cucumber/messages'
import { counter, parseDocument } from './document/parse-document.ts'
import { readScenarios } from './document/read-scenarios.ts'
import { macroSteps } from './macros/macro-steps.ts'
import { lostSteps } from './scenario/lost-steps.ts'
import { readScenario, type StepClause } from './scenario/read-scenario.ts'
import { stepLibrary } from './steps/library/index.ts'
import { compileLibrary } from './steps/step-library.ts'

/** A feature as it was read: its text, its tree, and what its steps stand for. */
export interface Feature {
  readonly file: SourceFile
  readonly document: GherkinDocument
  readonly pickles: readonly Pickle[]
  /** By the id of a pickle's step. */
  readonly steps: readonly StepClause[]
}

/** The features of a spec: their clauses, in the order of the files. */
export interface Features {
  readonly clauses: readonly ClauseSource[]
  readonly features: readonly Feature[]
}

/** What reading features gives: with errors no features, but still the clauses that could be read. */
export type ReadFeatures = Result<Features> & { readonly clauses: readonly ClauseSource[] }

/** The number of the line of a place. */
const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** Findings kept of all features. */
const MOST_FINDINGS = 200

/**
 * Feature files → clauses as YAML would give them, with the places of the features. All mistakes are found; with errors
 * there is no value, and the clauses that could be read. Pure: the same files give the same clauses, and the same ids of nodes.
 */
export function readFeatures(files: readonly SourceFile[], spec: Spec): ReadFeatures {
  const diagnostics: Diagnostic[] = []
  const report = (d: Diagnostic): void => {
    // A background is read with every scenario below it; its mistake is said once.
    const known = diagnostics.some(
      (each) =>
        each.code === d.code &&
        each.span.file === d.span.file &&
        each.span.start === d.span.start &&
        each.message === d.message,
    )
    if (!known && diagnostics.length < MOST_FINDINGS) diagnostics.push(d)
  }
  const library = compileLibrary([...stepLibrary, ...macroSteps(spec, report)])
  const clauses = new Map<string, ClauseSource>()
  const features: Feature[] = []
  const newId = counter()
  for (const file of files) {
    const document = parseDocument(file, newId)
    for (const d of document.diagnostics) report(d)
    const read = document.value === undefined ? undefined : readScenarios(file, document.value, newId)
    for (const d of read?.diagnostics ?? []) report(d)
    if (document.value === undefined || read?.value === undefined) continue
    if (read.value.scenarios.length === 0 && read.diagnostics.length === 0) {
      const span = { file: file.path, start: 0, end: Math.min(1, file.text.length) }
      report(diagnose(catalog.emptyFeature, span, { path: file.path }))
    }
    const told = new Set(document.diagnostics.map(({ span }) => lineAt(file.text, span.start)))
    const lost = lostSteps(file, read.value.steps, library).filter(
      ({ span }) => !told.has(lineAt(file.text, span.start)),
    )
    for (const d of lost) report(d)
    const isPartial = lost.length > 0 || told.size > 0
    const steps: StepClause[] = []
    for (const scenario of read.value.scenarios) {
      const found = readScenario(scenario, spec, library, report, isPartial)
      steps.push(...found.steps)
      for (const clause of found.clauses) {
        const other = clauses.get(clause.name) ?? spec.clauses.get(clause.name)
        if (other !== undefined) {
          const related = [{ message: 'the other one', span: other.nameSpan }]
          report(diagnose(catalog.sameId, clause.nameSpan, { id: clause.name }, related))
        }
        clauses.set(clause.name, clause)
      }
    }
    features.push({ file, document: document.value, pickles: read.value.pickles, steps })
  }
  const found = [...clauses.values()]
  if (hasErrors(diagnostics)) return { diagnostics, clauses: found }
  return { value: { clauses: found, features }, clauses: found, diagnostics }
}
