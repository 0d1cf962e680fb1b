import { XMLParser } from 'fast-xml-parser'
import { type ForeignResults, unmatched, type UnmatchedResult } from './foreign-result.ts'

type Xml = { readonly [name: string]: unknown }

/** Properties of a test case by which it names the clauses it tests. */
const TAGS = new Set(['plumbline.clause', 'spec.clause', 'clause', 'tag'])

/** Reads JUnit XML as pytest, vitest, Surefire and others write it: suites in suites, with cases. */
export function readJunit(text: string): ForeignResults {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    processEntities: { enabled: true, maxTotalExpansions: 10_000, maxExpandedLength: 1_000_000 },
  })
  let document: Xml
  try {
    document = parser.parse(text) as Xml
  } catch (error) {
    return { ok: false, problem: `it is not XML: ${error instanceof Error ? error.message : 'broken'}` }
  }
  const roots = [...listOf(document['testsuites']), ...listOf(document['testsuite'])]
  if (roots.length === 0) return { ok: false, problem: 'it is not a JUnit report: there is no testsuite in it' }
  return { ok: true, results: roots.flatMap((root) => casesOf(root, 0)) }
}

function casesOf(suite: Xml, depth: number): readonly UnmatchedResult[] {
  if (depth > 20) return []
  return [
    ...listOf(suite['testcase']).map(caseOf),
    ...listOf(suite['testsuite']).flatMap((inner) => casesOf(inner, depth + 1)),
  ]
}

function caseOf(found: Xml): UnmatchedResult {
  const [name, group] = [textOf(found['@name']), textOf(found['@classname'])]
  const tags = listOf(found['properties'])
    .flatMap((properties) => listOf(properties['property']))
    .filter((property) => TAGS.has(textOf(property['@name']).toLowerCase()))
    .flatMap((property) => (textOf(property['@value']) || textOf(property['#text'])).split(/[\s,;]+/))
    .filter((tag) => tag !== '')
  const [failure, error, skipped] = ['failure', 'error', 'skipped'].map((key) => found[key])
  const verdict =
    error !== undefined ? 'error' : failure !== undefined ? 'violated' : skipped !== undefined ? 'skipped' : 'satisfied'
  const complaint = [failure, error, skipped].find((each) => each !== undefined)
  const [first] = listOf(complaint)
  const detail = first === undefined ? textOf(complaint) : textOf(first['@message']) || textOf(first['#text'])
  return unmatched('junit', group === '' ? name : `${group}::${name}`, verdict, tags, detail)
}

function listOf(node: unknown): readonly Xml[] {
  const items: readonly unknown[] = Array.isArray(node) ? node : [node]
  return items.filter((item): item is Xml => typeof item === 'object' && item !== null)
}

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
