import * as catalog from '../../diagnostics/catalog/extends.ts'
import { languageVersion } from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { SourceFile, SourceSet } from '../../source/source-file.ts'
import type { Span } from '../../source/span.ts'
import type { ReadContext } from '../reader/reader.ts'
import { startOf } from '../reader/reader.ts'
import { loadYaml, utf8Length, type YamlSpent, YAML_LIMITS } from '../yaml/load.ts'
import { without, type YamlEntry, type YamlMap, type YamlNode } from '../yaml/tree.ts'
import { reportUnknown } from '../params.ts'
import { extendedBy, type Extended, specPath } from './entries.ts'
import { MOST_FILES } from './load-sources.ts'
import { mergeTrees, type Override } from './merge.ts'

/** The files of a spec as one tree, and what took the place of what. */
export interface Linked {
  readonly tree: YamlNode
  readonly overrides: readonly Override[]
}

interface Linking {
  readonly context: ReadContext
  readonly files: ReadonlyMap<string, SourceFile>
  readonly unread: ReadonlyMap<string, string>
  /** What counts so far, in order: the trees of the files, each after those it extends, and what `with` gives them. */
  readonly layers: { readonly tree: YamlMap; readonly given?: true }[]
  /** The files read, with the names of the parameters that they and what they extend declare. */
  readonly done: Map<string, ReadonlySet<string>>
  /** The way from the spec to the file being read. */
  readonly open: { readonly path: string; readonly named: Span | undefined }[]
  readonly spent: YamlSpent
}

/**
 * One tree of the files of a spec: those it extends in the order they are named, each after what it extends itself, the
 * spec last; what comes later counts. A file that several extend counts once, where it is first needed. Nothing when the
 * spec itself cannot be read; a file that cannot be used is reported where it is named, and the spec counts as incomplete.
 */
export function linkSources(sources: SourceSet, version: number, context: ReadContext): Linked | undefined {
  const spent: YamlSpent = { tokens: 0, aliased: 0 }
  const tree = loadYaml(sources.main, context, spent)
  if (tree === undefined) return undefined
  if (tree.kind !== 'map') return { tree, overrides: [] }
  const linking: Linking = {
    context,
    files: new Map(sources.others.map((file) => [specPath(file.path), file])),
    unread: new Map((sources.unread ?? []).map(({ path, why }) => [path, why])),
    layers: [],
    done: new Map(),
    open: [{ path: specPath(sources.main.path), named: undefined }],
    spent,
  }
  if (!withinSum(sources, tree, linking)) return { tree: without(tree, 'extends'), overrides: [] }
  visitAll(tree, linking)
  const overrides: Override[] = []
  let merged: YamlMap | undefined
  for (const { tree: layer, given } of [...linking.layers, { tree }]) {
    if (layer !== tree) checkVersion(layer, version, context)
    const report = (override: Override): void => void (given ?? overrides.push(override))
    merged = merged === undefined ? layer : mergeTrees(merged, layer, report)
  }
  const whole = merged ?? tree
  for (const override of overrides) reportOverride(override, context)
  return { tree: without(whole, 'extends'), overrides }
}

/** Whether all files together are within the limits of one. */
function withinSum(sources: SourceSet, tree: YamlNode, { context }: Linking): boolean {
  const bytes = [sources.main, ...sources.others].reduce((sum, { text }) => sum + utf8Length(text), 0)
  const tooMany = sources.others.length + (sources.unread?.length ?? 0) >= MOST_FILES
  if (bytes <= YAML_LIMITS.bytes && !tooMany) return true
  const place = extendedBy(tree, context)[0]?.span ?? startOf(tree)
  const limit = tooMany ? `${MOST_FILES} files` : `${YAML_LIMITS.bytes} bytes`
  context.report(diagnose(catalog.extendsTooMuch, place, { limit }))
  context.lose()
  return false
}

/** Visits what a file extends; the parameters that are declared there. */
function visitAll(tree: YamlMap, linking: Linking): ReadonlySet<string> {
  const declared = new Set<string>()
  const given = new Map<string, Span>()
  for (const extended of extendedBy(tree, linking.context)) {
    visit(extended, linking)
    const names = linking.done.get(extended.value)
    for (const name of names ?? []) declared.add(name)
    if (names !== undefined && extended.with !== undefined) give(extended.with, names, given, linking)
  }
  return declared
}

/** What `with` says, as if a file said it: the parameters of the extended file, and no others. */
function give(
  values: YamlMap,
  declared: ReadonlySet<string>,
  /** Where the same file gave a parameter its value. */
  given: Map<string, Span>,
  { context, layers }: Linking,
): void {
  const known = values.entries.filter(({ key, keyNode }) => {
    const first = given.get(key)
    if (first !== undefined) {
      const related = [{ message: 'its value was given here', span: first }]
      context.report(diagnose(catalog.paramTwice, keyNode.span, { name: key }, related))
    } else if (!declared.has(key)) reportUnknown(key, declared, keyNode.span, context)
    given.set(key, first ?? keyNode.span)
    return first === undefined && declared.has(key)
  })
  const { span } = values
  const keyNode = {
    kind: 'scalar',
    span: { ...span, end: span.start },
    style: 'plain',
    text: 'params',
    raw: '',
    rawStart: span.start,
  } as const
  const entry: YamlEntry = { key: 'params', keyNode, value: { ...values, entries: known } }
  layers.push({ tree: { ...values, entries: [entry] }, given: true })
}

/** Reads one extended file and, before it counts, those it extends. */
function visit(extended: Extended, linking: Linking): void {
  const { context, done, files, open, unread } = linking
  const { value: path, span } = extended
  const begun = open.findIndex((file) => file.path === path)
  if (begun >= 0) {
    const way = open.slice(begun)
    const related = way.flatMap(({ path: file, named }) =>
      named === undefined ? [] : [{ message: `\`${file}\` is extended here`, span: named }],
    )
    const files = [...way.map((file) => file.path), path]
    context.report(diagnose(catalog.extendsCycle, span, { files }, related))
    context.lose()
    return
  }
  if (done.has(path)) return
  const file = files.get(path)
  if (file === undefined) {
    const why = unread.get(path) ?? 'is not there'
    const nearest = nearestName(path, files.keys())
    context.report(diagnose(catalog.extendsUnread, span, { path, why, nearest }))
    context.lose()
    return
  }
  const tree = loadYaml(file, context, linking.spent)
  if (tree === undefined) {
    context.lose()
    return
  }
  if (tree.kind !== 'map') {
    if (tree.kind !== 'invalid') context.report(diagnose(catalog.extendsNoMap, startOf(tree), { path }))
    context.lose()
    return
  }
  open.push({ path, named: span })
  const declared = new Set(visitAll(tree, linking))
  open.pop()
  const own = tree.entries.find(({ key }) => key === 'params')?.value
  for (const { key } of own?.kind === 'map' ? own.entries : []) declared.add(key)
  done.set(path, declared)
  linking.layers.push({ tree })
}

/** A file may leave the version to the spec, but not have another one. */
function checkVersion(tree: YamlMap, version: number, context: ReadContext): void {
  const said = tree.entries.find(({ key }) => key === 'plumbline')?.value
  if (said?.kind !== 'scalar' || said.text === String(version)) return
  context.report(diagnose(languageVersion, said.span, { version: said.text }))
  context.lose()
}

function reportOverride({ path, span, replaced }: Override, context: ReadContext): void {
  if (path.startsWith('system.')) return
  const related = [{ message: 'what it overrides', span: replaced }]
  context.report(diagnose(catalog.overrides, span, { path, file: replaced.file }, related))
}
