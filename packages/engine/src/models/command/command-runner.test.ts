import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Asked, askedProject } from '../../model-stage/testing/asked-project.ts'

const WORKER = join(import.meta.dirname, 'testing', 'worker.mjs')
const project = askedProject()
afterAll(() => project.close())

const CLAUSES = [
  'in-range: { of: champion, every: risk >= 0.0 && risk <= 1.0 }',
  'mean-known: { of: champion, must: mean(risk) == 0.45 }',
  'ranks: { of: champion, must: roc_auc() >= 0.1 }',
  'answers: { of: champion, must: share(_error != null) <= 0.6 }',
  'fast: { of: champion, must: max(_latency_ms) < 60000.0 && min(_bytes) > 1.0 }',
  'rises: { of: champion, forall: { x: rows.rows }, holds: champion(x).risk <= 0.9 }',
]

type More = Partial<Asked> & { readonly inCommand?: string; readonly marker?: string }
const run = (how: string, { inCommand = '', marker, ...asked }: More = {}) =>
  project.decide({
    artifact: `{ command: ${JSON.stringify(['node', WORKER, how, ...(marker === undefined ? [] : [marker])])}${inCommand} }`,
    clauses: CLAUSES,
    ...asked,
  })

const verdicts = (statements: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(
    Object.entries(statements).map(([id, s]) => [id, 'reason' in s ? `${s.verdict}: ${s.reason}` : s.verdict]),
  )

const ALL_FAILED = (reason: string) => Object.fromEntries(CLAUSES.map((c) => [c.split(':')[0], `error: ${reason}`]))

describe('a model that a command runs', () => {
  it('answers like any other, and its calls are columns', async () => {
    const statements = await run('well', { inCommand: ', batch: 3' })
    expect(verdicts(statements)).toEqual({
      'in-range': 'satisfied',
      'mean-known': 'satisfied',
      ranks: 'satisfied',
      answers: 'satisfied',
      fast: 'satisfied',
      rises: 'satisfied',
    })
    expect(statements['in-range']).toMatchObject({
      n: 20,
      digests: { models: { champion: expect.stringMatching(/^sha256:/) } },
      runners: {
        champion: { kind: 'command', says: { model: 'tenth', version: '1' }, repeated: { rows: 20, differing: 0 } },
      },
    })
    expect(statements['rises']).toMatchObject({ method: 'exhaustion', runners: { champion: { kind: 'command' } } })
  })

  it('is searched, not proved, for all inputs of its domain', async () => {
    const { holds, breaks } = await run('well', {
      input: 'a, score',
      clauses: [
        'holds: { of: champion, forall: { x: rows }, holds: champion(x).risk <= 2.0 }',
        'breaks: { of: champion, forall: { x: rows }, let: { y: "x.with({\'a\': x.a + 1})" }, holds: champion(y).risk <= champion(x).risk }',
      ],
    })
    expect(holds).toMatchObject({
      verdict: 'inconclusive',
      reason: 'not-proved',
      cause: 'proofs read ONNX files, and this model is run otherwise',
    })
    expect(breaks).toMatchObject({ verdict: 'violated', method: 'falsification' })
  })

  it('is not started where nobody said that it may be', async () => {
    const statements = await run('well', { trusted: false })
    expect(verdicts(statements)).toEqual(ALL_FAILED('not-trusted'))
    expect(statements['ranks']).toMatchObject({ cause: expect.stringContaining('--trust') })
  })

  it.each([
    ['crash', 'model-failed', 'ended with the exit code 139: Segmentation fault, or so. It was started 3 times.'],
    ['no-worker', 'model-failed', '`pip install` the folder `python/`'],
    ['hang', 'model-failed', 'did not answer within 400 ms and was ended'],
    ['chatter', 'model-failed', 'printed a line that is no JSON: "Loading model..."'],
    ['throws', 'model-failed', 'TypeError: a is no number. It was started 3 times.'],
    ['bare-nan', 'model-failed', 'JSON has no such number: write null, or "NaN"'],
    ['latin-1', 'model-failed', 'It is not encoded as UTF-8.'],
    ['list-of-errors', 'model-failed', '"errors", an object from rows (from 0) to reasons, was expected'],
    ['twice', 'model-failed', 'an object with "id": 2 was expected'],
    ['fails', 'model-failed', 'The model failed: ValueError: no'],
    ['closed', 'model-unreadable', 'could not open the model: the file is no model'],
    ['short', 'model-mismatch', 'the answer has 19 values for 20 rows'],
    ['silent', 'model-mismatch', 'the answer has no output of this name'],
    ['text', 'model-mismatch', 'the answer to row 1 is "high", which is no number'],
  ])('that is bad (%s) makes every clause an error that says so', async (how, reason, cause) => {
    const statements = await run(how, { inCommand: how === 'hang' ? ', timeout: 400ms' : '' })
    expect(verdicts(statements)).toEqual(ALL_FAILED(reason))
    const { rises: _, ...others } = statements
    expect(Object.values(others).map((s) => ('cause' in s ? s.cause : ''))).toEqual(
      Object.values(others).map(() => expect.stringContaining(cause)),
    )
  })

  it('that is not there is named', async () => {
    const statements = await project.decide({ artifact: '{ command: [no-such-program-here] }', clauses: CLAUSES })
    expect(verdicts(statements)).toEqual(ALL_FAILED('runner-missing'))
  })

  it('is started again after a crash', async () => {
    const statements = await run('crash-once', { marker: join(project.root, 'crashed') })
    expect(new Set(Object.values(statements).map((s) => s.verdict))).toEqual(new Set(['satisfied']))
  })

  it('that gives no answer for some rows is undecided wherever an answer is read, and nowhere else', async () => {
    const statements = await run('fails-on-rows')
    expect(verdicts(statements)).toEqual({
      'in-range': 'error: model-failed',
      'mean-known': 'error: model-failed',
      ranks: 'error: model-failed',
      answers: 'satisfied',
      fast: 'satisfied',
      rises: 'error: model-failed',
    })
    expect(statements['ranks']).toMatchObject({
      cause: 'The model gave no answer for 2 of 20 rows; for row 8: seven is unlucky',
    })
  })

  it.each([
    ['nan', 'The output "risk" is NaN for 1 of 20 inputs.'],
    ['infinite', 'The output "risk" is -Infinity for 1 of 20 inputs.'],
  ])('whose answer to a row is no number (%s) has not answered that row', async (how, cause) => {
    const statements = await run(how)
    expect(verdicts(statements)).toEqual({
      ...ALL_FAILED('prediction-not-finite'),
      answers: 'satisfied',
      fast: 'satisfied',
    })
    expect(statements['ranks']).toMatchObject({ cause })
    const clauses = [
      'told: { of: champion, every: "a != 1 || _error == null" }',
      'others: { of: champion, every: a >= 0 }',
    ]
    expect(verdicts(await run(how, { clauses }))).toEqual({ told: 'violated', others: 'satisfied' })
  })

  it('that answers otherwise each time is said to, and is no function to speak of all inputs', async () => {
    const statements = await run('unsteady')
    expect(statements['in-range']).toMatchObject({
      verdict: 'satisfied',
      runners: { champion: { repeated: { rows: 20, differing: 20 } } },
      notes: [
        expect.stringContaining('champion is not deterministic: asked again, it answered 20 of 20 rows otherwise'),
      ],
    })
    expect(statements['rises']).toMatchObject({ verdict: 'error', reason: 'model-nondeterministic' })
  })

  it('whose scores are all the same has a verdict for each metric', async () => {
    expect(verdicts(await run('constant'))).toMatchObject({
      'in-range': 'satisfied',
      // An area of one half, whatever the interval.
      ranks: 'satisfied',
    })
  })

  it('has another identity with other arguments, another file or other bytes', async () => {
    const digests = new Set<string>()
    for (const how of ['well', 'constant', 'well'])
      digests.add((await run(how))['ranks']?.digests.models['champion'] ?? '')
    expect(digests.size).toBe(2)
  })
})
