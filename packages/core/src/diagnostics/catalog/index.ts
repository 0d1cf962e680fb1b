import type { DiagnosticKind } from '../define.ts'
import * as check from './check.ts'
import * as production from './check-production.ts'
import * as deep from './deep.ts'
import * as expr from './expr.ts'
import * as extended from './extends.ts'
import * as feature from './feature.ts'
import * as language from './language.ts'
import * as lint from './lint.ts'
import * as accountability from './lint-accountability.ts'
import * as lintData from './lint-data.ts'
import * as evaluation from './lint-evaluation.ts'
import * as lintPipeline from './lint-pipeline.ts'
import * as lintProduction from './lint-production.ts'
import * as params from './params.ts'
import * as power from './power.ts'
import * as requirements from './requirements.ts'
import * as units from './units.ts'
import * as yaml from './yaml.ts'

type AnyKind = Pick<DiagnosticKind<never>, 'code' | 'severity' | 'why' | 'fix'>

function isKind(value: unknown): value is AnyKind {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'why' in value
}

/** Every kind of finding, by code. Several kinds may share a code where only the words differ; the first stands for it. */
export function diagnosticCatalog(): ReadonlyMap<string, AnyKind> {
  const catalog = new Map<string, AnyKind>()
  for (const area of [
    check,
    production,
    deep,
    expr,
    feature,
    language,
    lint,
    accountability,
    lintData,
    evaluation,
    lintPipeline,
    lintProduction,
    extended,
    params,
    power,
    requirements,
    units,
    yaml,
  ]) {
    for (const value of Object.values(area))
      if (isKind(value) && !catalog.has(value.code)) catalog.set(value.code, value)
  }
  return catalog
}

/** The kind of finding that a code names. */
export function findDiagnosticKind(code: string): AnyKind | undefined {
  return diagnosticCatalog().get(code)
}
