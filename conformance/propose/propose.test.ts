import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, createEvaluator, parseSpec, readClause, spokenOf } from '@plumbline/core'
import { type Proposal, propose } from '@plumbline/gherkin'
import { describe, expect, it } from 'vitest'

const text = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')
const BASE = text('spec.plumb.yaml')
const sources = (spec: string) => ({ main: { path: 'plumb.yaml', text: spec }, others: [] })
/** Each spec is compiled, and each sentence read, once, however many tests look at it. */
function once<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>()
  return (key) => {
    if (!made.has(key)) made.set(key, make(key))
    return made.get(key) as T
  }
}
const compiled = once((spec) => compile(sources(spec)))
const parsed = once((spec) => parseSpec(sources(spec)))

/** Pairs of a line and the indented one below it; lines of `#` are headings. */
function pairs(name: string): readonly (readonly [string, string])[] {
  const lines = text(name)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return lines.flatMap((line, i) => (line.startsWith('  ') ? [[lines[i - 1] ?? '', line.trim()] as const] : []))
}

const proposed = once((sentence: string) => {
  const { value } = parsed(BASE)
  if (value === undefined) throw new Error('The spec of the corpus has mistakes.')
  return propose(sentence, value, sources(BASE))
})

function proposalOf(sentence: string): Proposal {
  const found = proposed(sentence)
  if (found.kind !== 'proposal') throw new Error(`${found.why} (${found.near ?? ''})`)
  return found.proposal
}

/** The spec with clauses, and a slice, added. */
function withClauses(clauses: string, slices = ''): string {
  return `${BASE.replace('slices:\n', `slices:\n${slices}`)}${clauses}\n`
}

function pasted({ yaml }: Proposal): { readonly spec: string; readonly id: string } {
  const [, slices = '', clauses = ''] = /^(?:slices:\n([^]*?\n))?clauses:\n([^]*)$/.exec(yaml) ?? []
  return { spec: withClauses(clauses, slices), id: /^ {2}(\S+):/.exec(clauses)?.[1] ?? '' }
}

const errorsOf = (spec: string): readonly string[] =>
  compiled(spec)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message)

/** The clause of a line of the corpus, under an id; its first `slices` is a new one. */
function expected(line: string, id: string): string {
  const [, slice, rest = line] = /^\{ slices: \{ (.*?) \}, (of: [^]*)$/.exec(line) ?? []
  const clause = slice === undefined ? line : `{ ${rest}`
  return withClauses(`  ${id}: ${clause}`, slice === undefined ? '' : `  ${slice}\n`)
}

const SENTENCES = pairs('sentences.txt')

/** Rows of a proposal beside the clause that was pasted: in its slice, and on the side that is said. */
function heldRows(proposal: Proposal): readonly string[] {
  const { spec, id } = pasted(proposal)
  const clause = compiled(spec).value?.clauses.find((each) => each.id === id)
  if (clause?.form !== 'every' || clause.condition.kind !== 'expr') throw new Error('It is no clause on rows.')
  const { expr } = clause.condition
  const slices = clause.slices.flatMap(({ condition }) => condition ?? [])
  const { evaluate } = createEvaluator()
  return (['passes', 'fails'] as const).flatMap((side) => {
    const row = proposal.rows?.[side]
    if (row === undefined) return [`no row ${side}`]
    const inside = slices.length === 0 || slices.some((slice) => evaluate(slice, { row }) === true)
    const holds = evaluate(expr, { row }) === true
    return inside && holds === (side === 'passes') ? [] : [`${side}: ${JSON.stringify([...row].map(String))}`]
  })
}

it.each([
  ...SENTENCES.map(([sentence]) => sentence),
  'While age is below 30, the income shall be at least 100',
  'While income is above 900 and age is above 90, the monthly rent shall be below 10',
  'While sex is female, the tenure shall be at most 12 months',
  'Where education is university, the age shall be at least 22',
])('the rows of “%s” are what they are said to be', (sentence) => {
  const proposal = proposalOf(sentence)
  if (proposal.rows === undefined) expect(proposal.yaml).not.toContain('every:')
  else expect(heldRows(proposal)).toEqual([])
})

describe('a sentence is the clause below it', () => {
  it.each(SENTENCES)('%s', (sentence, line) => {
    const { spec, id } = pasted(proposalOf(sentence))
    expect(errorsOf(spec)).toEqual([])
    const wanted = expected(line, id)
    expect(errorsOf(wanted)).toEqual([])
    const clause = (whole: string) => compiled(whole).value?.clauses.find((each) => each.id === id)
    expect(clause(spec)?.digest).toMatch(/^sha256:/)
    expect(clause(spec)?.digest).toBe(clause(wanted)?.digest)
    expect(clause(spec)?.severity).toBe(clause(wanted)?.severity)
  })
})

describe('read back in English it is the same clause', () => {
  it.each(SENTENCES)('%s', (sentence) => {
    const proposal = proposalOf(sentence)
    const { spec, id } = pasted(proposal)
    const written = parsed(spec).value?.clauses.get(id)
    if (written === undefined) throw new Error('It was not pasted.')
    const back = readClause(proposal.english)
    expect(back).toMatchObject({ ok: true })
    expect('value' in back ? back.value : undefined).toEqual(spokenOf(written))
  })
})

describe('a condition on rows is shown by one that passes and one that fails', () => {
  it.each(SENTENCES.filter(([, line]) => line.includes(' every: ')))('%s', (sentence) => {
    const { rows } = proposalOf(sentence)
    expect(rows?.passes).toBeDefined()
    expect(rows?.fails).toBeDefined()
  })
})

describe('what is not understood is named', () => {
  it.each(pairs('refused.txt'))('%s', (sentence, why) => {
    const found = proposed(sentence)
    expect(found.kind === 'not-understood' ? `${found.why}. ${found.near ?? ''}`.trim() : found.proposal.yaml).toBe(why)
  })
})

it('the corpus has at least 60 sentences', () => {
  expect(SENTENCES.length).toBeGreaterThanOrEqual(60)
})
