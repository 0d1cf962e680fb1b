import * as catalog from '../diagnostics/catalog/language.ts'
import { duplicateKey } from '../diagnostics/catalog/yaml.ts'
import { diagnose } from '../diagnostics/define.ts'
import type { Result } from '../diagnostics/diagnostic.ts'
import { byPlace, type SourceSet } from '../source/source-file.ts'
import { linkSources } from './extends/link.ts'
import { collectFindings } from './findings.ts'
import { specFormat } from './format.ts'
import type { Fields } from './reader/collections.ts'
import { allRequirements, withRequirementFiles } from './requirement-files.ts'
import { present, type Reader, type ReadContext } from './reader/reader.ts'
import { type ParamValues, readParams } from './params.ts'
import type { Spec } from './spec.ts'
import { contentOf } from './yaml/content.ts'
import { without } from './yaml/tree.ts'

/** The one version of the language that this release reads. */
const LANGUAGE_VERSION = 1

/** Findings kept of one file. */
const MAX_FINDINGS = 200

/**
 * Spec text → `Spec`. All independent findings are reported, in the order of the file. Errors that lose no declaration
 * (an unknown key, a bad `mostly`) still give a value, so that later stages can add their findings; where a declaration
 * is lost there is no value, because everything that refers to it would be reported falsely. Pure; never throws for any
 * text. `given` replaces the values of declared parameters.
 */
export function parseSpec(sources: SourceSet, given: ParamValues = {}): Result<Spec> {
  const order = byPlace(sources)
  const findings = collectFindings(MAX_FINDINGS, order)
  const unenforced: Spec['unenforced'][number][] = []
  let lost = false
  const early: ReadContext = {
    ...findings,
    params: new Map(),
    lose: () => {
      lost = true
    },
    leaveUnenforced: (key, span, closesProduction) => {
      unenforced.push({ key, span, closesProduction })
      findings.report(diagnose(catalog.notEnforced, span, { key, closesProduction }))
    },
  }
  const linked = linkSources(sources, LANGUAGE_VERSION, early)
  // What YAML itself dropped (unlike a duplicate key, of which the first stays) may have declared a name.
  if (findings.sorted().some(({ severity, code }) => severity === 'error' && code !== duplicateKey.code)) early.lose()
  if (linked === undefined) return { diagnostics: findings.sorted() }
  const context: ReadContext = { ...early, params: readParams(linked.tree, given, early) }
  const fields = specFormat.read(without(linked.tree, 'params'), context)
  const spec = fields === undefined ? undefined : buildSpec(fields, context, sources)
  if (spec === undefined || lost) return { diagnostics: findings.sorted() }
  const value: Spec = {
    ...spec,
    unenforced: unenforced.toSorted((a, b) => order(a.span, b.span)),
    overrides: linked.overrides,
    content: () => withRequirementFiles(contentOf(linked.tree), sources),
  }
  return { value, diagnostics: findings.sorted() }
}

type SpecFields = typeof specFormat extends Reader<Fields<infer F>> ? Fields<F> : never

function buildSpec(
  fields: SpecFields,
  context: ReadContext,
  sources: SourceSet,
): Omit<Spec, 'unenforced' | 'overrides' | 'content'> | undefined {
  const { values, span } = fields
  const { plumbline: language, system } = values
  if (language !== undefined && language.value !== LANGUAGE_VERSION) {
    context.report(diagnose(catalog.languageVersion, language.span, { version: String(language.value) }))
    return undefined
  }
  if (language === undefined || system === undefined) return undefined
  return {
    span,
    language,
    system,
    requirements:
      values.requirements === undefined ? new Map() : allRequirements(values.requirements, sources, context),
    data: values.data ?? new Map(),
    engines: values.engines ?? new Map(),
    slices: values.slices ?? new Map(),
    models: values.models ?? new Map(),
    clauses: values.clauses ?? new Map(),
    hazards: values.hazards ?? new Map(),
    waivers: values.waivers ?? new Map(),
    suppressions: values.suppress ?? [],
    params: new Map([...context.params].flatMap(([name, param]) => (param === 'lost' ? [] : [[name, param]]))),
    features: { patterns: values.features ?? [], read: false },
    macros: values.macros ?? new Map(),
    ...present({ guard: values.guard, monitor: values.monitor, pipeline: values.pipeline, release: values.release }),
  }
}
