import { afterAll, describe, expect, it } from 'vitest'
import { askedProject } from '../../model-stage/testing/asked-project.ts'

const project = askedProject()
afterAll(() => project.close())
const CLAUSES = [
  'known: { of: champion, must: mean(risk) > 0.47 && mean(risk) < 0.48 }',
  'ranks: { of: champion, must: roc_auc() >= 0.1 }',
  'finds: { of: champion, must: recall() >= 0.1 }',
]

describe('a column of predictions', () => {
  it('answers in the place of a model, without being trusted', async () => {
    const statements = await project.decide({ artifact: '{ column: score }', clauses: CLAUSES, trusted: false })
    expect(statements['known']).toMatchObject({ verdict: 'satisfied', n: 20 })
    expect(statements['ranks']).toMatchObject({ verdict: 'satisfied', measured: 0.55 })
    expect(statements['finds']).toMatchObject({ verdict: 'satisfied', measured: 0.5 })
    expect(statements['known']).not.toHaveProperty('runners')
  })

  it('with a missing answer is an error, not a metric of the others', async () => {
    const rows = 'a,score,hit,word\n1,0.5,1,w\n2,,0,w'
    const statements = await project.decide({ artifact: '{ column: score }', clauses: CLAUSES, rows })
    for (const { verdict, ...rest } of Object.values(statements))
      expect({ verdict, ...rest }).toMatchObject({ verdict: 'error', reason: 'prediction-not-finite' })
  })

  it('with an infinite answer is an error where no range judges it, and a value where one does', async () => {
    const rows = `a,score,hit,word\n${Array.from({ length: 40 }, (_, i) => `${i % 10},${i === 3 ? 'inf' : i / 40},${i % 2},w`).join('\n')}`
    const asked = (range: string) =>
      project.decide({
        artifact: '{ column: score }',
        clauses: CLAUSES,
        rows,
        outputs: `risk: { type: number${range} }`,
      })
    for (const range of ['', ', range: [0, null]']) {
      const statements = await asked(range)
      for (const statement of Object.values(statements))
        expect(statement).toMatchObject({
          verdict: 'error',
          reason: 'prediction-not-finite',
          cause: 'The output "risk" is Infinity for 1 of 40 inputs.',
        })
    }
    expect((await asked(', range: [0, 1]'))['ranks']).toMatchObject({ verdict: 'satisfied' })
  })

  it.each([
    ['no row', 'a,score,hit,word', 'empty-relation'],
    ['one class', 'a,score,hit,word\n1,0.5,1,w\n2,0.6,1,w', 'undefined-metric'],
  ])('with %s decides no metric, and says why', async (_, rows, reason) => {
    const { ranks } = await project.decide({ artifact: '{ column: score }', clauses: CLAUSES, rows })
    expect(ranks).toMatchObject({ verdict: 'inconclusive', reason })
  })

  it('reads each output from its own column', async () => {
    const statements = await project.decide({
      artifact: '{ column: score }',
      outputs: 'risk: { type: number }, words: { type: text, tensor: word }',
      clauses: ['named: { of: champion, every: words == word }'],
    })
    expect(statements['named']).toMatchObject({ verdict: 'satisfied', n: 20 })
  })
})
