import { type Clause, type Domain, type ForallClause, printExpr, type ReleaseCheck, visible } from '@plumbline/core'
import { formatShare } from './number.ts'

/** The condition of a clause as written, on one line. */
export function conditionText(clause: Clause): string {
  if (clause.form !== 'every') return oneLine(clause.text)
  switch (clause.condition.kind) {
    case 'expr':
      return oneLine(clause.condition.text)
    case 'castable':
      return `${clause.condition.column} can be read as its type`
    case 'unique-key':
      return `${clause.condition.columns.join(', ')} is unique`
    case 'disjoint-splits':
      return `at most one of ${clause.condition.splits.map((split) => split.name).join(', ')}`
    case 'release':
      return RELEASE[clause.condition.check]
  }
}

const RELEASE: Readonly<Record<ReleaseCheck, string>> = {
  contract: 'answers as the protocol and the spec say',
  parity: 'answers as the model file does offline',
  guard: 'each enforced clause bites',
}

/** Of how many rows an `every` clause asks its condition: `every row`, `at least 99 % of the rows`. */
export function mostlyText(mostly: string): string {
  return mostly === '1' ? 'every row' : `at least ${formatShare(Number(mostly))} of the rows`
}

/** What an `every` clause counts, one and several: rows, or the requests that a staged candidate was asked. */
export function countedWords(clause: Clause | undefined): readonly [one: string, several: string] {
  if (clause?.form !== 'every' || clause.condition.kind !== 'release') return ['row', 'rows']
  return clause.condition.check === 'parity' ? ['row', 'rows'] : ['request', 'requests']
}

/** White space of any kind and length becomes one space. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** A digest short enough to read, its kind kept: `sha256:1a2b3c4d5e6f…`. */
export function shortDigest(digest: string): string {
  return digest.replace(/([0-9a-f]{12})[0-9a-f]{20,}/g, '$1…')
}

/** `1 row`, `2 rows`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}

/** A `forall` clause in its parts, in the words of the language: what it ranges over, assumes, lets and holds. */
export function forallParts(clause: ForallClause): readonly (readonly [word: string, text: string])[] {
  const binders = clause.binders.map(({ name, domain }) => `${name}: ${domainText(domain)}`).join(', ')
  return [
    ['forall', binders],
    ...(clause.assume === undefined ? [] : [['assume', printExpr(clause.assume)] as const]),
    ...clause.let.map(({ name, value }) => ['let', `${name} = ${printExpr(value)}`] as const),
    ['holds', oneLine(clause.text)],
  ]
}

function domainText(domain: Domain): string {
  switch (domain.kind) {
    case 'declared':
      return domain.dataset
    case 'rows':
      return `${domain.relation}.rows`
    case 'near':
      return `near(${domain.relation}.rows, ${Number((domain.radius * 100).toPrecision(12))}%)`
    case 'column':
      return `${domain.dataset}.columns.${domain.column}`
  }
}

/**
 * A text of a spec or of data as it may be shown anywhere: on one line, with control, bidirectional, invisible and
 * non-characters written as `\u{…}`.
 */
export function plainText(text: string): string {
  // Most texts are words of ASCII with single spaces between them; those need no look at each character.
  if (/^[!-~]+( [!-~]+)*$/.test(text)) return text
  return visible(oneLine(text)).replaceAll(
    /\p{Noncharacter_Code_Point}/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
