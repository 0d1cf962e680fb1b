import { canonicalJson } from '../evidence/canonical-json.ts'
import type { TestCase } from './case.ts'
import type { CaseSet, EmitFormat } from './case-set.ts'

const FORMATS: readonly EmitFormat[] = ['pytest', 'vitest', 'gherkin', 'jsonl']

/** The committed file: a line about all, then one line a case, each canonical JSON. */
export function printCases({ cases, ...head }: CaseSet): string {
  return [head, ...cases].map((each) => `${canonicalJson(each)}\n`).join('')
}

/** Reads such a file; a string says what is wrong with it. */
export function readCases(text: string): CaseSet | string {
  const lines = text.split('\n').filter((line) => line !== '')
  const read = lines.map(objectOf)
  const broken = read.findIndex((each) => each === undefined)
  if (broken !== -1) return `line ${broken + 1} is no JSON object`
  const [head, ...cases] = read as readonly Readonly<Record<string, unknown>>[]
  if (head?.['schema'] !== 'plumbline/cases/1') return 'its first line is not that of plumbline/cases/1'
  if (typeof head['clauses'] !== 'object' || head['clauses'] === null) return 'its first line names no clauses'
  if (typeof head['bases'] !== 'object' || head['bases'] === null) return 'its first line has no base rows'
  if (!Array.isArray(head['emit']) || head['emit'].some((each) => !FORMATS.includes(each as EmitFormat)))
    return 'its first line names formats that are not known here'
  const strange = cases.findIndex(
    (each) => typeof each['id'] !== 'string' || typeof each['clause'] !== 'string' || typeof each['kind'] !== 'string',
  )
  if (strange !== -1) return `line ${strange + 2} is no case`
  return { ...(head as unknown as Omit<CaseSet, 'cases'>), cases: cases as unknown as readonly TestCase[] }
}

function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
