import { Composer, Lexer, Parser, type CST, type Document } from 'yaml'
import * as catalog from '../../diagnostics/catalog/yaml.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { SourceFile } from '../../source/source-file.ts'
import type { Span } from '../../source/span.ts'
import type { Findings } from '../findings.ts'
import { childrenOf } from './cst.ts'
import { convertDocument } from './convert.ts'
import { explainYamlErrors } from './explain.ts'
import type { YamlNode } from './tree.ts'

/** Bounds of what one file may make the parser do; a spec written by hand stays far below them. */
export const YAML_LIMITS = {
  /** Bytes of UTF-8. */
  bytes: 2_000_000,
  tokens: 400_000,
  depth: 60,
  /** Values that aliases may add by being written out. */
  aliasedValues: 10_000,
  /** Wrong tokens after which the rest of a file is not read. */
  faults: 100,
  /** YAML errors reported for one file; what follows the first ones is mostly noise. */
  errors: 10,
} as const

/** What the files of one spec have used of the limits so far; each file adds to it. */
export interface YamlSpent {
  tokens: number
  aliased: number
}

function nothingSpent(): YamlSpent {
  return { tokens: 0, aliased: 0 }
}

/**
 * The tree of a file, or nothing when its YAML is broken; findings go to `findings`. The limits on parts and aliases are
 * those of all files with which it shares `spent`.
 */
export function loadYaml(
  file: SourceFile,
  findings: Findings,
  spent: YamlSpent = nothingSpent(),
): YamlNode | undefined {
  const { report } = findings
  const refused = refuseUnread(file)
  if (refused !== undefined) {
    report(refused)
    return undefined
  }
  const tokens = tokenize(file, report, spent)
  if (tokens === undefined) return undefined
  const document = compose(file, tokens, report)
  return document === undefined
    ? undefined
    : convertDocument(file, document, YAML_LIMITS.aliasedValues, findings, spent)
}

/** What is refused before the parser sees it: size, and bytes that are not text. */
function refuseUnread(file: SourceFile): Diagnostic | undefined {
  const { text } = file
  const start = spanOf(file, 0, 0)
  const bytes = text.length > YAML_LIMITS.bytes ? text.length : utf8Length(text)
  if (bytes > YAML_LIMITS.bytes) return diagnose(catalog.tooLarge, start, { limit: YAML_LIMITS.bytes })
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text)
  if (control !== null) {
    const code = (control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    const place = spanOf(file, control.index, control.index + 1)
    return diagnose(catalog.notText, place, { found: `the control character U+${code}` })
  }
  if (!text.isWellFormed())
    return diagnose(catalog.notText, start, { found: 'half a character, which no file can hold' })
  const undecoded = text.indexOf('\ufffd')
  if (undecoded >= 0)
    return diagnose(catalog.notText, spanOf(file, undecoded, undecoded + 1), {
      found: 'bytes that are not UTF-8 (U+FFFD)',
    })
  return undefined
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2
  }
  return bytes
}

/** Lexes and parses with bounds on tokens and nesting, so that no later stage recurses deeply. */
function tokenize(
  file: SourceFile,
  report: (diagnostic: Diagnostic) => void,
  spent: YamlSpent,
): CST.Token[] | undefined {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let open = 0
  let faults = 0
  let offset = 0
  const tooComplex = (what: string, limit: number, at: number): undefined => {
    report(diagnose(catalog.tooComplex, spanOf(file, at, at + 1), { what, limit }))
    return undefined
  }
  for (const lexeme of new Lexer().lex(file.text)) {
    if (lexeme === '[' || lexeme === '{') open++
    else if (lexeme === ']' || lexeme === '}') open--
    if (open > YAML_LIMITS.depth) return tooComplex('levels of nesting', YAML_LIMITS.depth, offset)
    if (++spent.tokens > YAML_LIMITS.tokens) return tooComplex('parts', YAML_LIMITS.tokens, offset)
    for (const token of parser.next(lexeme)) {
      tokens.push(token)
      if (token.type === 'error') faults++
    }
    // Nobody reads more of them, and each costs as much as a page of good text.
    if (faults > YAML_LIMITS.faults) break
    // What is open is closed by recursion; `: : : :` opens a map with each colon, on one line.
    if (parser.stack.length > YAML_LIMITS.depth + 2) return tooComplex('levels of nesting', YAML_LIMITS.depth, offset)
    offset = parser.offset
  }
  for (const token of parser.end()) tokens.push(token)
  const deep = tokens.map(tooDeep).find((at) => at !== undefined)
  return deep === undefined ? tokens : tooComplex('levels of nesting', YAML_LIMITS.depth, deep)
}

/** The offset of the first token below the depth limit; iterative, because the input may be very deep. */
function tooDeep(root: CST.Token): number | undefined {
  const tokens = [root]
  const depths = [0]
  for (let token = tokens.pop(); token !== undefined; token = tokens.pop()) {
    const depth = depths.pop() ?? 0
    if (depth > YAML_LIMITS.depth) return token.offset
    if (!('items' in token) && token.type !== 'document') continue
    for (const child of childrenOf(token)) {
      tokens.push(child)
      depths.push(depth + 1)
    }
  }
  return undefined
}

function compose(
  file: SourceFile,
  tokens: readonly CST.Token[],
  report: (diagnostic: Diagnostic) => void,
): Document.Parsed | undefined {
  // The failsafe schema leaves every scalar a text: fields are read by their declared type, not by what they look like.
  const composer = new Composer({
    schema: 'failsafe',
    strict: true,
    uniqueKeys: false,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const directive = tokens.find((token) => token.type === 'directive')
  if (directive !== undefined) {
    const end = directive.offset + ('source' in directive ? directive.source.length : 1)
    report(
      diagnose(catalog.yamlFeature, spanOf(file, directive.offset, end), {
        what: 'A YAML directive',
        fix: 'Remove the line.',
      }),
    )
    return undefined
  }
  const documents: Document.Parsed[] = []
  for (const document of composer.compose(tokens, true, file.text.length)) documents.push(document as Document.Parsed)
  const [document, second] = documents
  if (document === undefined) return undefined
  const faults = documents.flatMap((d) => [...d.errors, ...d.warnings])
  if (faults.length > 0) {
    for (const finding of explainYamlErrors(file, faults, tokens, YAML_LIMITS.errors)) report(finding)
    return undefined
  }
  if (second !== undefined) {
    const marker = tokens.filter((token) => token.type === 'document')[1]
    const at = marker?.offset ?? second.range[0]
    report(
      diagnose(catalog.severalDocuments, spanOf(file, at, at + 3), {}, [
        { message: 'the first document begins here', span: spanOf(file, document.range[0], document.range[0] + 1) },
      ]),
    )
    return undefined
  }
  if (document.contents === null || isBlank(file, document)) {
    report(diagnose(catalog.emptyFile, spanOf(file, 0, 0), {}))
    return undefined
  }
  return document
}

function isBlank(file: SourceFile, document: Document.Parsed): boolean {
  const range = document.contents?.range
  return range === undefined || range === null || file.text.slice(range[0], range[1]).trim() === ''
}

function spanOf(file: SourceFile, start: number, end: number): Span {
  return { file: file.path, start, end: Math.min(Math.max(start, end), file.text.length) }
}
