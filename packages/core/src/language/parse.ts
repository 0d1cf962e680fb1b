import * as catalog from '../diagnostics/catalog/language.ts'
import { duplicateKey } from '../diagnostics/catalog/yaml.ts'
import { diagnose } from '../diagnostics/define.ts'
import type { Result } from '../diagnostics/diagnostic.ts'
import { nearestName } from '../diagnostics/suggest.ts'
import { byPlace, type SourceSet } from '../source/source-file.ts'
import type { Located, Span } from '../source/span.ts'
import { linkSources } from './extends/link.ts'
import { collectFindings } from './findings.ts'
import { specFormat } from './format.ts'
import type { Fields } from './reader/collections.ts'
import { present, type Reader, type ReadContext } from './reader/reader.ts'
import type { Spec } from './spec.ts'
import { parseDecimal } from './literals.ts'
import { contentOf } from './yaml/content.ts'

/** Values for parameters that the spec declares under `params`. */
export type ParamValues = Readonly<Record<string, number | string | boolean>>

/** The one version of the language that this release reads. */
const LANGUAGE_VERSION = 1

/** Findings kept of one file. */
const MAX_FINDINGS = 200

/** Top-level keys that are read but do not act yet; true = could add a requirement. */
const UNENFORCED = [['features', true]] as const

/**
 * Spec text → `Spec`. All independent findings are reported, in the order of the file. Errors that lose no declaration
 * (an unknown key, a bad `mostly`) still give a value, so that later stages can add their findings; where a declaration
 * is lost there is no value, because everything that refers to it would be reported falsely. Pure; never throws for any
 * text. `params` replaces the values of declared parameters.
 */
export function parseSpec(sources: SourceSet, params: ParamValues = {}): Result<Spec> {
  const order = byPlace(sources)
  const findings = collectFindings(MAX_FINDINGS, order)
  const unenforced: Spec['unenforced'][number][] = []
  let lost = false
  const context: ReadContext = {
    ...findings,
    lose: () => {
      lost = true
    },
    leaveUnenforced: (key, span, closesProduction) => {
      unenforced.push({ key, span, closesProduction })
      findings.report(diagnose(catalog.notEnforced, span, { key, closesProduction }))
    },
  }
  const linked = linkSources(sources, LANGUAGE_VERSION, context)
  // What YAML itself dropped (unlike a duplicate key, of which the first stays) may have declared a name.
  if (findings.sorted().some(({ severity, code }) => severity === 'error' && code !== duplicateKey.code)) context.lose()
  const fields = linked === undefined ? undefined : specFormat.read(linked.tree, context)
  const spec = fields === undefined ? undefined : buildSpec(fields, params, context)
  if (spec === undefined || linked === undefined || lost) return { diagnostics: findings.sorted() }
  const value: Spec = {
    ...spec,
    unenforced: unenforced.toSorted((a, b) => order(a.span, b.span)),
    overrides: linked.overrides,
    content: () => contentOf(linked.tree),
  }
  return { value, diagnostics: findings.sorted() }
}

type SpecFields = typeof specFormat extends Reader<Fields<infer F>> ? Fields<F> : never

function buildSpec(
  fields: SpecFields,
  given: ParamValues,
  context: ReadContext,
): Omit<Spec, 'unenforced' | 'overrides' | 'content'> | undefined {
  const { values, entries, span } = fields
  for (const [key, closesProduction] of UNENFORCED) {
    const entry = entries.get(key)
    if (entry !== undefined) context.leaveUnenforced(key, entry.keyNode.span, closesProduction)
  }
  const { plumbline: language, system } = values
  if (language !== undefined && language.value !== LANGUAGE_VERSION) {
    context.report(diagnose(catalog.languageVersion, language.span, { version: String(language.value) }))
    return undefined
  }
  const place = entries.get('params')?.keyNode.span ?? { ...span, end: span.start }
  const params = withParams(values.params ?? new Map(), given, place, context)
  if (language === undefined || system === undefined) return undefined
  return {
    span,
    language,
    system,
    requirements: values.requirements ?? new Map(),
    data: values.data ?? new Map(),
    slices: values.slices ?? new Map(),
    models: values.models ?? new Map(),
    clauses: values.clauses ?? new Map(),
    hazards: values.hazards ?? new Map(),
    params,
    ...present({ guard: values.guard, monitor: values.monitor, pipeline: values.pipeline, release: values.release }),
  }
}

/** The declared parameters with the given values in their place. */
function withParams(
  declared: Spec['params'],
  given: ParamValues,
  place: Span,
  context: ReadContext,
): ReadonlyMap<string, Located<number | string | boolean>> {
  const params = new Map(declared)
  for (const [name, value] of Object.entries(given)) {
    const found = declared.get(name)
    if (found !== undefined) {
      const read = typeof value === 'string' ? asDeclared(found.value, value) : value
      if (read !== undefined) params.set(name, { value: read, span: found.span })
      else {
        const expects = typeof found.value === 'number' ? 'a number' : 'true or false'
        const fix = `Give ${expects}, as the spec does.`
        context.report(diagnose(catalog.badLiteral, found.span, { text: String(value), expects, fix }))
      }
    } else context.report(diagnose(catalog.unknownParam, place, { name, nearest: nearestName(name, declared.keys()) }))
  }
  return params
}

/** A text given for a parameter, read as a value of the declared one's kind; undefined where it is none. */
function asDeclared(declared: number | string | boolean, text: string): number | string | boolean | undefined {
  if (typeof declared === 'string') return text
  if (typeof declared === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined
  const exact = parseDecimal(text.trim())
  const value = Number(exact?.text)
  return exact === undefined || (exact.integer && !Number.isSafeInteger(value)) ? undefined : value
}
