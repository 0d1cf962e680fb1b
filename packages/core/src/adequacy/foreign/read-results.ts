import type { ForeignResults } from './foreign-result.ts'

/** Reads a file of results by what it holds: XML is JUnit, JSON is Great Expectations or Deepchecks. */
export async function readForeignResults(text: string): Promise<ForeignResults> {
  const begins = text.replace(/^\uFEFF/, '').trimStart()
  if (begins.startsWith('<')) return (await import('./junit.ts')).readJunit(begins)
  if (begins.startsWith('{') || begins.startsWith('[')) {
    const { readJsonResults } = await import('./json-results.ts')
    return readJsonResults(begins)
  }
  return { ok: false, problem: 'it is neither JUnit XML nor JSON' }
}
