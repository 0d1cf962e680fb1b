import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { runModelStage } from './run-model-stage.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

/** risk = a · weight, in float32. */
const modelOf = (weight: number) =>
  buildOnnx({
    inputs: [{ name: 'a', type: 'float', shape: [null, 1] }],
    outputs: [{ name: 'risk', type: 'float', shape: [null, 1] }],
    nodes: [{ op: 'MatMul', inputs: ['a', 'w'], outputs: ['risk'] }],
    initializers: [tensor('w', 'float', [1, 1], [weight])],
  })

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-models-'))
  await writeFile(join(root, 'one.onnx'), modelOf(1))
  await writeFile(join(root, 'two.onnx'), modelOf(2))
  // The one row that is high stands far behind those that a search would start from.
  const rows = Array.from({ length: 1500 }, (_, i) => (i === 1400 ? '1' : '0'))
  await writeFile(join(root, 'points.csv'), `a\n${rows.join('\n')}\n`)
  await writeFile(join(root, 'more.csv'), 'a\n1\n0\n')
})
afterAll(() => rm(root, { recursive: true }))

async function decide(clause: string, production?: 'one' | 'two'): Promise<Statement | undefined> {
  const text = `plumbline: 1
system: { name: stage, version: 1.0.0 }
data:
  points: { source: points.csv, splits: { none: a == 0 && a == 1 }, columns: { a: { type: category, values: [0, 1] } } }
  more: { source: more.csv, columns: { a: { type: category, values: [0, 1] } } }
models:
  champion: { artifact: one.onnx, input: { from: points, columns: [a] }, outputs: { risk: { type: number } }, decision: risk >= 0.5 }
  other: { artifact: two.onnx, like: champion }
clauses:
  it: { ${clause} }
`
  const value = compiledSpec(text)
  const file = (name: string) => [name, { path: join(root, `${name}.onnx`), digest: name }] as const
  const found: Statement[] = []
  for await (const statement of runModelStage({
    program: value,
    root,
    toolVersion: '0',
    versions: { candidate: 'one', others: { other: 'two' }, ...(production === undefined ? {} : { production }) },
    files: new Map([file('one'), file('two')]),
    session: { threads: 1 },
  })) {
    if (statement.clause === 'it') found.push(statement)
  }
  return found[0]
}

describe('forall over actual rows', () => {
  it('speaks of all of them, also of their surroundings', async () => {
    for (const domain of ['points.rows', 'near(points.rows, 1%)']) {
      const statement = await decide(`of: champion, forall: { x: "${domain}" }, holds: champion(x).risk < 0.5`)
      expect(statement, domain).toMatchObject({ verdict: 'violated', counterexample: { bindings: { x: { a: 1 } } } })
    }
  })
})

describe('forall over nothing', () => {
  it.each([
    'forall: { x: points.none.rows }, holds: champion(x).risk < 9.0',
    'forall: { x: "near(points.none.rows, 1%)" }, holds: champion(x).risk < 9.0',
    'forall: { x: points }, holds: champion(x).risk < 9.0, mostly: 50%, over: points.none',
    'forall: { x: points.rows }, assume: x.a == 0 && x.a == 1, holds: champion(x).risk < 9.0',
  ])('is undecided, unless that is allowed: %s', async (body) => {
    const asked = `of: champion, ${body}`
    expect(await decide(asked)).toMatchObject({ verdict: 'inconclusive', reason: 'empty-relation', n: 0 })
    expect(await decide(`${asked}, allow_empty: true`)).toMatchObject({ verdict: 'satisfied', n: 0 })
  })
})

describe('a model on rows of another relation', () => {
  it('reads its inputs there, though no clause names them', async () => {
    const statement = await decide('of: champion.more, must: mean(risk) == 0.5')
    expect(statement).toMatchObject({ verdict: 'satisfied', n: 2 })
  })
})

describe('forall over several models', () => {
  it('asks a model that is no role', async () => {
    const statement = await decide('of: champion, forall: { x: points }, holds: champion(x).risk <= other(x).risk')
    expect(statement).toMatchObject({ verdict: 'satisfied', digests: { models: { champion: 'one', other: 'two' } } })
  })

  it('binds the candidate to challenger and the version in production to champion', async () => {
    const clause = 'of: champion, forall: { x: points }, holds: challenger(x).risk >= champion(x).risk'
    expect(await decide(clause)).toMatchObject({ verdict: 'skipped', reason: 'no-champion' })
    expect(await decide(clause, 'two')).toMatchObject({
      verdict: 'violated',
      digests: { models: { challenger: 'one', champion: 'two' } },
    })
  })
})
