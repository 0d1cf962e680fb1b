import { isAlias, isMap, isScalar, isSeq, type Document } from 'yaml'
import * as catalog from '../../diagnostics/catalog/yaml.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { SourceFile } from '../../source/source-file.ts'
import type { Span } from '../../source/span.ts'
import type { Findings } from '../findings.ts'
import type { ScalarStyle, YamlEntry, YamlNode, YamlScalar } from './tree.ts'

interface Conversion {
  readonly file: SourceFile
  readonly report: Findings['report']
  readonly saturated: Findings['saturated']
  /** Anchored nodes of the document so far. */
  readonly anchors: Map<string, unknown>
  /** Nodes being converted now; an alias to one of them would never end. */
  readonly open: Set<unknown>
  readonly aliasLimit: number
  /** The outermost alias being written out. */
  alias: Span | undefined
  readonly spent: { aliased: number }
  exhausted: boolean
}

/** The parser's document as our tree: aliases written out (within `aliasLimit` values), duplicate keys reported. */
export function convertDocument(
  file: SourceFile,
  document: Document.Parsed,
  aliasLimit: number,
  findings: Findings,
  /** Values that aliases have added so far; this document adds to it. */
  spent: { aliased: number },
): YamlNode {
  const conversion: Conversion = {
    file,
    report: findings.report,
    saturated: findings.saturated,
    anchors: new Map(),
    open: new Set(),
    aliasLimit,
    alias: undefined,
    spent,
    exhausted: false,
  }
  return convert(document.contents, { file: file.path, start: 0, end: 0 }, conversion)
}

/** `absent` is the place of a value that is not written at all. */
function convert(node: unknown, absent: Span, c: Conversion): YamlNode {
  if (c.alias !== undefined && ++c.spent.aliased > c.aliasLimit) return exhausted(c.alias, c)
  if (isAlias(node)) return convertAlias(node.source, rangeSpan(node.range, c) ?? absent, c)
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return emptyScalar(absent)
  if (node.anchor !== undefined) c.anchors.set(node.anchor, node)
  const span = rangeSpan(node.range, c) ?? absent
  if (isScalar(node)) return convertScalar(node, span, absent, c)
  c.open.add(node)
  const converted: YamlNode = isSeq(node)
    ? { kind: 'list', span, items: node.items.map((item) => convert(item, { ...span, end: span.start + 1 }, c)) }
    : { kind: 'map', span, flow: node.flow === true, entries: convertEntries(node.items, span, c) }
  c.open.delete(node)
  return converted
}

function convertEntries(
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  map: Span,
  c: Conversion,
): YamlEntry[] {
  const seen = new Map<string, YamlScalar>()
  const entries: YamlEntry[] = []
  for (const pair of pairs) {
    const keyNode = convertKey(pair.key, map, c)
    if (keyNode === undefined) continue
    const value = convert(pair.value, keyNode.span, c)
    const first = seen.get(keyNode.text)
    if (first !== undefined) {
      const related = [{ message: 'it already stands here', span: first.span }]
      c.report(diagnose(catalog.duplicateKey, keyNode.span, { key: keyNode.text }, related))
      continue
    }
    seen.set(keyNode.text, keyNode)
    entries.push({ key: keyNode.text, keyNode, value })
  }
  return entries
}

function convertKey(key: unknown, map: Span, c: Conversion): YamlScalar | undefined {
  const place = isMap(key) || isSeq(key) || isAlias(key) || isScalar(key) ? rangeSpan(key.range, c) : undefined
  const span = place ?? { ...map, end: map.start + 1 }
  const node = isScalar(key) ? convert(key, span, c) : undefined
  if (node?.kind === 'invalid') return undefined
  if (node?.kind !== 'scalar' || (node.text === '' && node.style === 'plain')) {
    const fix = 'Write the key as plain text; put expressions that hold braces, commas or colons in quotes.'
    c.report(diagnose(catalog.yamlFeature, span, { what: 'A key that is not a text', fix }))
    return undefined
  }
  if (node.text === '<<' && node.style === 'plain') {
    const fix = 'Write the shared entries out where they are needed.'
    c.report(diagnose(catalog.yamlFeature, span, { what: "The merge key '<<'", fix }))
    return undefined
  }
  return node
}

function convertAlias(name: string, span: Span, c: Conversion): YamlNode {
  const target = c.anchors.get(name)
  if (target === undefined) {
    const cheap = !c.saturated() && name.length <= 40 && c.anchors.size <= 100
    const nearest = cheap ? nearestName(name, c.anchors.keys()) : undefined
    c.report(diagnose(catalog.unknownAlias, span, { name, nearest }))
    return { kind: 'invalid', span }
  }
  if (c.open.has(target)) {
    c.report(diagnose(catalog.aliasCycle, span, { name }))
    return { kind: 'invalid', span }
  }
  if (c.exhausted) return { kind: 'invalid', span }
  const outer = c.alias
  c.alias = outer ?? span
  const value = convert(target, span, c)
  c.alias = outer
  return value
}

function exhausted(span: Span, c: Conversion): YamlNode {
  if (!c.exhausted) c.report(diagnose(catalog.tooManyAliases, span, { limit: c.aliasLimit }))
  c.exhausted = true
  return { kind: 'invalid', span }
}

const STYLES: ReadonlyMap<string, ScalarStyle> = new Map([
  ['PLAIN', 'plain'],
  ['QUOTE_SINGLE', 'single'],
  ['QUOTE_DOUBLE', 'double'],
  ['BLOCK_LITERAL', 'literal'],
  ['BLOCK_FOLDED', 'folded'],
])

interface ScalarSource {
  readonly value: unknown
  readonly type?: string | undefined
  readonly srcToken?: unknown
}

function convertScalar(node: ScalarSource, span: Span, absent: Span, c: Conversion): YamlNode {
  const style = STYLES.get(node.type ?? 'PLAIN') ?? 'plain'
  const text = typeof node.value === 'string' ? node.value : ''
  if (style === 'plain' && text === '') return emptyScalar(absent)
  // `"\ud83d"`: no file can hold it, so no digest could be made of it.
  if (!text.isWellFormed()) {
    const fix = 'Write both halves of it, or the character itself.'
    c.report(diagnose(catalog.yamlFeature, span, { what: 'Half of a character', fix }))
    return { kind: 'invalid', span }
  }
  if (style === 'literal' || style === 'folded') {
    const { source, indent, header } = blockSource(node.srcToken)
    const rawStart = span.end - source.length
    const fixed = /[1-9]/.exec(header)
    const place = { ...span, end: contentEnd(c.file.text, span) }
    const base = { kind: 'scalar', span: place, style, text, raw: source, rawStart } as const
    return fixed === null ? base : { ...base, fixedIndent: indent + Number(fixed[0]) }
  }
  return { kind: 'scalar', span, style, text, raw: c.file.text.slice(span.start, span.end), rawStart: span.start }
}

/** Where the visible content of a block scalar ends; its trailing line breaks are not part of the place shown. */
function contentEnd(text: string, span: Span): number {
  let end = span.end
  while (end > span.start && /\s/.test(text[end - 1] ?? '')) end--
  return end
}

/** The parts of a block scalar's token that its value does not tell: text after the header, parent indentation, header. */
function blockSource(token: unknown): { readonly source: string; readonly indent: number; readonly header: string } {
  const found = { source: '', indent: 0, header: '' }
  if (typeof token !== 'object' || token === null) return found
  if ('source' in token && typeof token.source === 'string') found.source = token.source
  if ('indent' in token && typeof token.indent === 'number') found.indent = token.indent
  if ('props' in token && Array.isArray(token.props))
    for (const part of token.props)
      if (part?.type === 'block-scalar-header' && typeof part.source === 'string') found.header = part.source
  return found
}

function emptyScalar(span: Span): YamlScalar {
  return { kind: 'scalar', span, style: 'plain', text: '', raw: '', rawStart: span.end }
}

function rangeSpan(range: readonly number[] | null | undefined, c: Conversion): Span | undefined {
  const [start, end] = range ?? []
  return start === undefined || end === undefined ? undefined : { file: c.file.path, start, end }
}
