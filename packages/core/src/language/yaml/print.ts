import {
  isCollection,
  isScalar,
  Lexer,
  parseDocument,
  type Scalar,
  type ScalarTag,
  Schema,
  type Tags,
  visit,
  YAMLMap,
  YAMLSeq,
} from 'yaml'
import { canonicalJson } from '../../evidence/canonical-json.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { SourceFile } from '../../source/source-file.ts'
import { collectFindings } from '../findings.ts'
import { contentOf } from './content.ts'
import { loadYaml } from './load.ts'

/** Columns beyond which a text or a collection that already takes several lines is broken again. */
const WIDTH = 120

/** A text laid out anew, or why it was not. */
export type Printed =
  | { readonly kind: 'printed'; readonly text: string }
  /** Broken YAML: nothing in it is touched. */
  | { readonly kind: 'broken'; readonly diagnostics: readonly Diagnostic[] }
  /** It would say something else, or lose a comment: a fault of ours. */
  | { readonly kind: 'unsafe' }

/**
 * The text of a spec in one layout: two spaces of indentation, one around what stands in braces, none inside brackets, one before a comment
 * at the end of a line. What the author chose stays: order, quotes, literals as written, blank lines (one at a time), what stands on one
 * line. Comments are kept. Laying out the result again changes nothing; it says the same, which is checked, not assumed.
 */
export function printYaml(file: SourceFile): Printed {
  const findings = collectFindings(10)
  const before = loadYaml(file, findings)
  const faults = findings.sorted().filter(({ severity }) => severity === 'error')
  if (before === undefined || faults.length > 0) return { kind: 'broken', diagnostics: findings.sorted() }
  const text = layOut(layOut(file.text))
  const after = loadYaml({ ...file, text }, collectFindings(1))
  const same = after !== undefined && canonicalJson(contentOf(after)) === canonicalJson(contentOf(before))
  const kept = commentsOf(text).join('\n') === commentsOf(file.text).join('\n')
  return same && kept && layOut(text) === text ? { kind: 'printed', text } : { kind: 'unsafe' }
}

function layOut(text: string): string {
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: LAYOUT,
    uniqueKeys: false,
    keepSourceTokens: true,
    logLevel: 'silent',
  })
  visit(document, (_key, node) => {
    if (!isCollection(node) && !isScalar(node)) return
    const [start, end] = node.range ?? [0, 0]
    // What the author wrote over several lines may be broken again; what stands on one line stays there.
    if (text.slice(start, end).trimEnd().includes('\n')) Object.assign(node, { [OVER_LINES]: true })
    if (node instanceof YAMLMap) printWith(node, YAMLMap.prototype.toString, ' ')
    else if (node instanceof YAMLSeq) printWith(node, YAMLSeq.prototype.toString, '')
  })
  return document.toString({ lineWidth: 0, minContentWidth: 0 })
}

/** Gives a collection its own width, and its own space inside of braces or brackets. */
function printWith(node: YAMLMap | YAMLSeq, print: YAMLMap['toString'], padding: string): void {
  const toString: YAMLMap['toString'] = (context, ...rest) =>
    print.call(node as YAMLMap, context === undefined ? context : within(context, node, padding), ...rest)
  Object.assign(node, { toString })
}

const OVER_LINES = Symbol('written over several lines')

type Context = Parameters<NonNullable<ScalarTag['stringify']>>[1]

function width(node: object): number {
  return OVER_LINES in node ? WIDTH : 0
}

function within(context: Context, node: object, padding: string): Context {
  const options = { ...context.options, lineWidth: width(node) }
  return { ...context, options, flowCollectionPadding: padding }
}

/** The tags of the failsafe schema; texts are as wide as they were written, and nothing is printed as nothing. */
const LAYOUT: (tags: Tags) => Tags = () => {
  const [map, seq, text] = new Schema({ schema: 'failsafe' }).tags
  if (map === undefined || seq === undefined || text === undefined || text.collection !== undefined) return []
  const nothing: ScalarTag = {
    default: true,
    tag: 'tag:yaml.org,2002:null',
    identify: (value) => value === null || value === undefined,
    resolve: () => null,
    test: /^(?!)/,
    stringify: () => '',
  }
  const string: ScalarTag = {
    ...text,
    stringify: (node: Scalar, context, onComment, onChompKeep) =>
      escapedAsWritten(node) ??
      text.stringify?.(node, within(context, node, context.flowCollectionPadding), onComment, onChompKeep) ??
      '',
  }
  return [map, seq, string, nothing]
}

/** A text in double quotes on one line: its escapes stay, since the characters they stand for may be invisible, or no part of a file. */
function escapedAsWritten({ srcToken }: Scalar): string | undefined {
  if (srcToken?.type !== 'double-quoted-scalar' || !srcToken.source.includes('\\')) return undefined
  return srcToken.source.includes('\n') ? undefined : srcToken.source
}

/** The comments of a text, in order, without the space around them. */
function commentsOf(text: string): readonly string[] {
  const found: string[] = []
  for (const lexeme of new Lexer().lex(text)) if (lexeme.startsWith('#')) found.push(lexeme.trim())
  return found
}
