import { stats } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import type { Input, Row, Variable } from '../falsify/domain.ts'
import type { Evaluation } from '../falsify/evaluate.ts'
import { success } from '../models/outcome.ts'
import { sampleShare } from './sample-share.ts'

const rows: readonly Row[] = Array.from({ length: 30 }, (_, i) => new Map([['a', i]]))
const a = (input: Input): number => Number((input.get('x') as Row).get('a'))
const judged = (input: Input): Evaluation =>
  a(input) % 10 === 3 ? { kind: 'discarded' } : { kind: 'decided', violated: a(input) >= 24 }

async function sampled(variable: Variable, draws: number) {
  const asked: number[] = []
  const found = await sampleShare({
    variables: [variable],
    random: stats.createRandom('sample-share', 'seed'),
    draws,
    evaluate: async (inputs) => {
      asked.push(...inputs.map(a))
      return success(inputs.map(judged))
    },
  })
  if (!found.ok) throw new Error(found.error.message)
  return { share: found.value, asked }
}

describe('the share of draws on which a condition holds', () => {
  const among = (given: readonly Row[]): Variable => ({ kind: 'row', name: 'x', rows: given })

  test('among given rows, or all combinations of few values: each is decided once', async () => {
    const { share, asked } = await sampled(among(rows), 1000)
    expect(asked).toEqual(rows.map((_, i) => i))
    expect(share).toEqual({ held: 21, decided: 27, discarded: 3, whole: true })
    const pairs: string[] = []
    const found = await sampleShare({
      variables: [among(rows), { kind: 'value', name: 's', domain: { name: 's', type: 'boolean', optional: true } }],
      random: stats.createRandom('sample-share', 'seed'),
      draws: 90,
      evaluate: async (inputs) => {
        pairs.push(...inputs.map((input) => `${a(input)} ${String(input.get('s'))}`))
        return success(inputs.map(judged))
      },
    })
    expect(found).toMatchObject({ value: { held: 63, decided: 81, discarded: 9, whole: true } })
    expect(new Set(pairs).size).toBe(90)
  })

  test('a range is drawn from, however few whole numbers are in it', async () => {
    const range: Variable = { kind: 'record', name: 'x', columns: [{ name: 'a', type: 'integer', low: 0, high: 70 }] }
    const { share, asked } = await sampled(range, 200)
    expect(asked).toHaveLength(200)
    expect(share.whole).toBe(false)
  })

  test('among more points than draws: every draw is decided', async () => {
    const { share, asked } = await sampled(among(rows), 29)
    expect(asked).toHaveLength(29)
    expect(share.decided + share.discarded).toBe(29)
    expect(share.whole).toBe(false)
    const range: Variable = { kind: 'record', name: 'x', columns: [{ name: 'a', type: 'number', low: 0, high: 30 }] }
    expect((await sampled(range, 600)).asked).toHaveLength(600)
  })

  test('a failure ends it', async () => {
    const error = { code: 'engine/model-failed', message: 'No.' } as const
    const request = { variables: [among(rows)], random: stats.createRandom('sample-share', 'x'), draws: 100 }
    expect(await sampleShare({ ...request, evaluate: async () => ({ ok: false, error }) })).toEqual({
      ok: false,
      error,
    })
  })
})
