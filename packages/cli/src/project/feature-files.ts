import {
  diagnose,
  type Diagnostic,
  featureDiagnostics,
  hasErrors,
  type Result,
  type SourceFile,
  type SourceSet,
  type Spec,
  withFeatures,
} from '@plumbline/core'
import type { Features } from '@plumbline/gherkin'
import type { MatchedFiles } from './project-files.ts'

/** Bytes of one feature that are read: more than its limit in characters, so that the limit is what is said. */
const LARGEST = 4 * 1024 * 1024
/** Bytes of all features together. */
const LARGEST_ALL = 16 * 1024 * 1024

/** Where features are read from: a project folder, or a commit. */
export interface FeatureFolder {
  /** The files that a pattern of the spec stands for. */
  readonly match: (pattern: string) => Promise<MatchedFiles>
  /** The first `most` bytes of one of them; or why there are none, in words that follow its name. */
  readonly read: (path: string, most: number) => Promise<{ readonly bytes: Uint8Array } | { readonly problem: string }>
}

/** A spec with the clauses of its features among its own. */
export interface WithFeatures {
  readonly sources: SourceSet
  readonly parsed: Result<Spec>
  readonly features?: Features
}

/**
 * Reads the features that a spec names. The library that reads them is loaded here and nowhere else: most specs name
 * none, and a check of those must not wait for it.
 */
export async function readSpecFeatures(
  folder: FeatureFolder,
  sources: SourceSet,
  parsed: Result<Spec>,
): Promise<WithFeatures> {
  const { value: spec } = parsed
  if (spec === undefined || spec.features.patterns.length === 0) return { sources, parsed }
  const { files, diagnostics } = await featureFiles(folder, spec)
  const all: SourceSet = { ...sources, others: [...sources.others, ...files] }
  const { readFeatures } = await import('@plumbline/gherkin')
  const read = readFeatures(files, spec)
  const found = [...diagnostics, ...read.diagnostics]
  const features = hasErrors(found) ? undefined : read.value
  return {
    sources: all,
    parsed: withFeatures(parsed, files, { clauses: read.clauses, diagnostics: found }),
    ...(features === undefined ? {} : { features }),
  }
}

async function featureFiles(
  folder: FeatureFolder,
  spec: Spec,
): Promise<{ readonly files: readonly SourceFile[]; readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = []
  const files = new Map<string, SourceFile>()
  let bytes = 0
  for (const { value: pattern, span } of spec.features.patterns) {
    const found = await folder.match(pattern)
    const refuse = (path: string, problem: string, fix: string): void =>
      void diagnostics.push(diagnose(featureDiagnostics.unreadableFeature, span, { path, problem, fix }))
    if ('problem' in found) {
      refuse(found.path, found.problem, 'Name files inside the project folder.')
      continue
    }
    const named = found.paths.filter((path) => /\.feature(?:\.md)?$/.test(path))
    if (named.length === 0) diagnostics.push(diagnose(featureDiagnostics.noFeature, span, { pattern }))
    for (const path of named) {
      if (files.has(path)) continue
      const read = await folder.read(path, LARGEST)
      if ('problem' in read) {
        refuse(path, read.problem, 'Check its permissions.')
        continue
      }
      bytes += read.bytes.length
      if (bytes > LARGEST_ALL) {
        refuse(path, 'is one too many: all features together are too large', 'Name fewer, or smaller ones.')
        return { files: [...files.values()], diagnostics }
      }
      files.set(path, { path, text: new TextDecoder().decode(read.bytes) })
    }
  }
  return { files: [...files.values()], diagnostics }
}
