import { expect, test } from 'vitest'
import { dayAt, evidenceBody, type LoopDesk, loopDesk } from '../testing/loop-desk.ts'
import { dayEvidence, digestFor } from '../testing/runtime.ts'

/** The machine stops: no code after it runs. */
class PowerCut extends Error {}

/** Cuts the power at the n-th operation on the disk from now on; never where n is undefined. */
function cutter(): { cutAt: (n: number | undefined) => void; readonly count: number; readonly fault: () => void } {
  let left: number | undefined
  let count = 0
  return {
    cutAt: (n) => {
      left = n
      count = 0
    },
    get count() {
      return count
    },
    fault: () => {
      count++
      if (left !== undefined && --left < 0) throw new PowerCut()
    },
  }
}

async function untilDone(desk: LoopDesk): Promise<boolean> {
  try {
    await desk.settle()
    return true
  } catch (error) {
    if (error instanceof PowerCut) return false
    throw error
  }
}

/** Drift is answered by a new champion; that one is then taken out because of its own traffic. */
async function story(
  cuts: Iterator<number | undefined>,
): Promise<{ readonly desk: LoopDesk; readonly cutsMade: number; readonly operations: number }> {
  const power = cutter()
  const desk = await loopDesk(undefined, power.fault)
  let [cutsMade, operations] = [0, 0]
  const settle = async (): Promise<void> => {
    for (;;) {
      power.cutAt(cuts.next().value as number | undefined)
      const done = await untilDone(desk)
      operations = Math.max(operations, power.count)
      power.cutAt(undefined)
      if (done) return
      cutsMade++
    }
  }
  await desk.append(evidenceBody(dayEvidence({ day: 1 })))
  desk.now = dayAt(2)
  await settle()
  const made = await desk.host.files.digest('/p/next.onnx')
  const bad = dayEvidence({ clause: 'ranks', day: 2 })
  const models = { champion: made.ok ? made.value : '' }
  await desk.append(
    evidenceBody({ ...bad, statement: { ...bad.statement, digests: { ...bad.statement.digests, models } } }),
  )
  desk.now = dayAt(3)
  await settle()
  return { desk, cutsMade, operations }
}

async function expectWhole(desk: LoopDesk, what: string): Promise<void> {
  const events = (await desk.events()).filter((kind) => kind.startsWith('retrain.') || kind === 'version.rolled-back')
  expect(events, what).toEqual([
    'retrain.suspected',
    'retrain.decided',
    'retrain.trained',
    'retrain.validated',
    'retrain.staged',
    'retrain.promoted',
    'retrain.verified',
    'version.rolled-back',
  ])
  const promotions = await desk.ledger.select(({ body }) => body.kind === 'promotion')
  const made = await desk.host.files.digest('/p/next.onnx')
  expect(promotions.ok ? promotions.value.map(({ body }) => body['digest']) : [], what).toEqual([
    digestFor('0'),
    digestFor('a'),
    made.ok ? made.value : '',
    digestFor('a'),
  ])
  expect(await desk.ledger.verify(), what).toMatchObject({ kind: 'ok' })
}

function* once(at: number | undefined): Generator<number | undefined, undefined> {
  yield at
  return undefined
}

test('cut off at every single operation of its life, it resumes and nothing happens twice', async () => {
  const whole = await story(once(undefined))
  await expectWhole(whole.desk, 'uncut')
  expect(whole.operations).toBeGreaterThan(30)
  for (let at = 0; at < whole.operations; at++) {
    const { desk, cutsMade } = await story(once(at))
    expect(cutsMade, `cut at ${at}`).toBe(1)
    await expectWhole(desk, `cut at ${at}`)
  }
})

test('cut off again and again at random operations, the same', async () => {
  let seed = 20_261_122
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  let total = 0
  for (let round = 0; round < 20; round++) {
    const { desk, cutsMade } = await story({
      next: () => ({ done: false, value: random() < 0.8 ? Math.floor(random() * 60) : undefined }),
    })
    total += cutsMade
    await expectWhole(desk, `round ${round}`)
  }
  expect(total).toBeGreaterThan(30)
})
