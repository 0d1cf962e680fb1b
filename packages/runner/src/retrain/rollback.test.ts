import { describe, expect, test } from 'vitest'
import { evidenceBody, dayAt, type LoopDesk, loopDesk, loopProgram, promotionBody } from '../testing/loop-desk.ts'
import { dayEvidence, digestFor } from '../testing/runtime.ts'

async function ranksOn(
  desk: LoopDesk,
  day: number,
  model: string,
  verdict: 'violated' | 'satisfied' = 'violated',
): Promise<string> {
  const evidence = dayEvidence({ clause: 'ranks', day, model, verdict })
  await desk.append(evidenceBody(evidence))
  desk.now = Math.max(desk.now, dayAt(day + 1))
  return evidence.id
}

const championOf = async (desk: LoopDesk): Promise<unknown> => {
  const promotions = await desk.ledger.select(({ body }) => body.kind === 'promotion')
  return promotions.ok ? promotions.value.at(-1)?.body['digest'] : undefined
}

describe('a version that its own traffic speaks against', () => {
  test('is taken out because of that evidence, once', async () => {
    const desk = await loopDesk()
    const id = await ranksOn(desk, 1, 'a')
    await ranksOn(desk, 2, 'a')
    await desk.settle()
    await desk.settle()
    expect(desk.called).toEqual([`promote --rollback --reason ${id}`])
    expect(await championOf(desk)).toBe(digestFor('0'))
    expect(await desk.events()).toEqual(['version.deployed', 'version.rolled-back'])
    // Windows it had answered before it was taken out are decided later: they speak of nobody any more.
    await ranksOn(desk, 3, 'a')
    await desk.settle()
    expect(desk.called).toHaveLength(1)
  })

  test.each([
    ['of another version', { model: '0', day: 1 }],
    ['of a time before it came', { model: 'a', day: -3 }],
    ['of no version', { model: null, day: 1 }],
    ['that it satisfies', { model: 'a', day: 1, verdict: 'satisfied' }],
    ['that undecided', { model: 'a', day: 1, verdict: 'inconclusive' }],
    ['of a clause that is not named', { model: 'a', day: 1, clause: 'stable' }],
  ] as const)('stays when the evidence speaks %s', async (_, parts) => {
    const desk = await loopDesk({ ...loopProgram(), retrain: { ...loopProgram().retrain!, when: [] } })
    await desk.append(evidenceBody(dayEvidence({ clause: 'ranks', ...parts })))
    desk.now = dayAt(4)
    await desk.settle()
    expect(desk.called).toEqual([])
  })

  test('stays when there is no version before it, or when it was brought back itself', async () => {
    const desk = await loopDesk()
    await ranksOn(desk, 1, 'a')
    await desk.settle()
    await ranksOn(desk, 3, '0')
    await desk.settle()
    expect(desk.called).toHaveLength(1)
    expect(await championOf(desk)).toBe(digestFor('0'))
  })

  test('stays when later evidence about the same window takes it back', async () => {
    const desk = await loopDesk()
    await ranksOn(desk, 1, 'a')
    await ranksOn(desk, 1, 'a', 'satisfied')
    await desk.settle()
    expect(desk.called).toEqual([])
  })

  test('is taken out before anything else, and the retraining that was made for it is refused', async () => {
    const desk = await loopDesk()
    const appended: Promise<unknown>[] = []
    desk.behaviour.before = (line) => {
      if (line.startsWith('gate')) appended.push(ranksOn(desk, 1, 'a'))
    }
    await desk.append(evidenceBody(dayEvidence({ day: 1 })))
    desk.now = dayAt(2)
    await desk.settle()
    await Promise.all(appended)
    await desk.settle()
    expect(await championOf(desk)).toBe(digestFor('0'))
    expect((await desk.events()).filter((kind) => kind.startsWith('retrain.refused'))).toEqual([
      'retrain.refused: version-replaced',
    ])
  })

  test('never comes back by itself: a challenger of the same bytes is refused', async () => {
    const desk = await loopDesk()
    await desk.append(evidenceBody(dayEvidence({ day: 1 })))
    desk.now = dayAt(2)
    await desk.settle()
    const retrained = await desk.host.files.digest('/p/next.onnx')
    const digest = retrained.ok ? retrained.value : ''
    expect(await championOf(desk)).toBe(digest)
    const bad = dayEvidence({ clause: 'ranks', day: 2 })
    await desk.append(
      evidenceBody({
        ...bad,
        statement: { ...bad.statement, digests: { ...bad.statement.digests, models: { champion: digest } } },
      }),
    )
    desk.now = dayAt(3)
    await desk.settle()
    expect(await championOf(desk)).toBe(digestFor('a'))
    // The same stages on the same window make the same model again.
    desk.behaviour.ends['export'] = { exit: 0, json: { served: 100, labelled: 90, digest: digestFor('window') } }
    await desk.append(evidenceBody(dayEvidence({ day: 4 })))
    desk.now = dayAt(5)
    await desk.settle()
    expect((await desk.events()).at(-1)).toBe('retrain.refused: taken-out-before')
    expect(await championOf(desk)).toBe(digestFor('a'))
    // By hand it may: that is somebody's own decision.
    await desk.append(promotionBody(digest, desk.now))
    await desk.settle()
    expect(await championOf(desk)).toBe(digest)
  })

  test('that does not leave is a mismatch, and is not taken out again and again', async () => {
    const desk = await loopDesk()
    desk.behaviour.lies = true
    await ranksOn(desk, 1, 'a')
    await desk.settle()
    await desk.settle()
    expect(await desk.events()).toEqual(['version.mismatch'])
    expect(desk.called).toHaveLength(1)
  })
})
