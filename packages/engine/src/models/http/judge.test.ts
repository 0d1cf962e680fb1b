import { compile } from '@plumbline/core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type Asked, askedProject } from '../../model-stage/testing/asked-project.ts'
import { type Came, json, serve, type Served } from './testing/serve.ts'

// A language model that judges texts, over a real socket: what it says is a column, held against what people said.

const project = askedProject()
let server: Served | undefined
afterAll(() => project.close())
afterEach(async () => {
  await server?.close()
  server = undefined
})

const ROWS = 120
/** Every third answer is wrong; people say so. */
const rows = [
  'a,score,hit,word,human',
  ...Array.from({ length: ROWS }, (_, i) => `${i % 10},0,0,answer ${i},${i % 3 === 0 ? 'wrong' : 'right'}`),
].join('\n')
const numberIn = ({ body }: Came): number => Number(/answer (\d+)/.exec(body.toString())?.[1])
const says = (content: string) => json({ model: 'judge-1', choices: [{ message: { content } }] })

const JUDGE = `protocol: openai-chat, model: judge, prompt: "Is it right: {word}? Reason, then write Verdict: right or wrong.", after: "Verdict:"`

/** Asks the judge, which agrees with people but for what `reply` makes of an answer. */
async function judged(keys: string, reply: (i: number, verdict: string) => string, more: Partial<Asked> = {}) {
  server = await serve((came) => {
    const i = numberIn(came)
    return says(reply(i, i % 3 === 0 ? 'wrong' : 'right'))
  })
  return project.decide({
    artifact: `{ http: "${server.url}", ${JUDGE}, ${keys} }`,
    rows,
    columns: ['human: { type: category, values: [right, wrong] }'],
    input: 'word',
    outputs: 'verdict: { type: category, values: [right, wrong, refused] }',
    keys: 'task: multiclass-classification\n    label: human',
    decision: '',
    clauses: [
      'agrees: { of: champion, must: accuracy() >= 0.8 }',
      'beyond-chance: { of: champion, must: kappa() >= 0.5 }',
      'answers: { of: champion, must: share(verdict == "refused") <= 0.1 }',
      'mostly-right: { of: champion, must: share(verdict == "right") >= 0.5 }',
    ],
    ...more,
  })
}

describe('a judge', () => {
  it('says its verdict behind words, the last of them, and agrees with people', async () => {
    const statements = await judged('otherwise: refused', (i, verdict) => {
      const said = i === 5 || i === 50 ? 'wrong' : verdict
      return i % 2 === 0
        ? `It says so.\nVerdict: ${said}\n`
        : `At first Verdict: unclear.\nThen:\nVerdict: ${said} \nDone.`
    })
    expect(statements['agrees']).toMatchObject({ verdict: 'satisfied', measured: 118 / 120 })
    expect(statements['beyond-chance']).toMatchObject({ verdict: 'satisfied' })
    expect(statements['answers']).toMatchObject({ verdict: 'satisfied', measured: 0 })
    expect(statements['mostly-right']).toMatchObject({ verdict: 'satisfied', measured: 78 / 120 })
    expect(statements['agrees']).toMatchObject({ runners: { champion: { says: { model: 'judge-1' } } } })
  })

  it('that refuses is counted, and agrees with nobody there', async () => {
    const statements = await judged('otherwise: refused', (i, verdict) =>
      i < 30 ? 'I cannot help with that.' : `Verdict: ${verdict}`,
    )
    expect(statements['answers']).toMatchObject({ verdict: 'violated', measured: 0.25 })
    expect(statements['agrees']).toMatchObject({ measured: 0.75 })
  })

  it('that refuses has no answer there where nothing stands for it', async () => {
    const statements = await judged('retries: 0', (i, verdict) => (i === 7 ? 'No.' : `Verdict: ${verdict}`))
    expect(statements['agrees']).toMatchObject({
      verdict: 'error',
      cause: expect.stringContaining('no answer for 1 of 120 rows; for row 8: the answer "No." holds no category'),
    })
  })

  it('that agrees by chance alone is found by kappa', async () => {
    const statements = await judged('otherwise: refused', (i) => `Verdict: ${i % 7 < 5 ? 'right' : 'wrong'}`)
    expect(statements['beyond-chance']).toMatchObject({ verdict: 'violated' })
  })

  it('keeps its answers: reading them otherwise costs no request, and a budget is of new ones', async () => {
    const reply = (_: number, verdict: string) => `Verdict: ${verdict}`
    await judged('otherwise: refused', reply)
    const before = server?.url
    const asked = server?.came.length ?? 0
    expect(asked).toBeLessThanOrEqual(ROWS + 4)
    const again = await project.decide({
      artifact: `{ http: "${before}", ${JUDGE}, otherwise: wrong, budget: 4 }`,
      rows,
      columns: ['human: { type: category, values: [right, wrong] }'],
      input: 'word',
      outputs: 'verdict: { type: category, values: [right, wrong] }',
      keys: 'task: multiclass-classification\n    label: human',
      decision: '',
      clauses: ['agrees: { of: champion, must: accuracy() >= 0.8 }'],
    })
    expect(again['agrees']).toMatchObject({ verdict: 'satisfied' })
    expect(server?.came.length).toBeLessThanOrEqual(asked + 4)
  })
})

describe('`otherwise`', () => {
  const problems = (outputs: string): readonly string[] =>
    compile({
      main: {
        path: 'plumb.yaml',
        text: `plumbline: 1
system: { name: judge, version: 1.0.0 }
data: { rows: { source: rows.csv, columns: { word: { type: text } } } }
models:
  judge:
    artifact: { http: "https://llm.example/v1", ${JUDGE}, otherwise: refused }
    input: { from: rows, columns: [word] }
    outputs: { ${outputs} }
`,
      },
      others: [],
    }).diagnostics.flatMap(({ code, message }) => (code === 'check/otherwise-value' ? [message] : []))

  it.each([
    ['verdict: { type: category, values: [right, refused] }', undefined],
    ['verdict: { type: text }', undefined],
    ['verdict: { type: category, values: [right, wrong] }', '`verdict` declares `right`, `wrong`'],
    ['grade: { type: number }', '`grade` is no text or category of texts'],
    ['grade: { type: number }, verdict: { type: text }', 'several outputs'],
  ])('of { %s }: %s', (outputs, problem) => {
    const found = problems(outputs)
    if (problem === undefined) expect(found).toEqual([])
    else expect(found).toEqual([expect.stringContaining(problem)])
  })
})
