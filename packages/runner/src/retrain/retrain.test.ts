import { type Evidence, eventNow } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { dayAt, evidenceBody, type LoopDesk, loopDesk, loopProgram, promotionBody } from '../testing/loop-desk.ts'
import { dayEvidence, digestFor } from '../testing/runtime.ts'

/** All transitions of a retraining that ends well; the verbs of promotion record that the version was read back. */
const WHOLE = [
  'retrain.suspected',
  'retrain.decided',
  'retrain.trained',
  'retrain.validated',
  'retrain.staged',
  'version.deployed',
  'retrain.promoted',
  'retrain.verified',
]

async function violatedOn(
  desk: LoopDesk,
  day: number,
  parts: Parameters<typeof dayEvidence>[0] = {},
): Promise<Evidence> {
  const evidence = dayEvidence({ day, ...parts })
  await desk.append(evidenceBody(evidence))
  desk.now = Math.max(desk.now, dayAt(day + 1))
  return evidence
}

const command = (desk: LoopDesk, cause: string) =>
  desk.append(
    eventNow(desk.host.clock, {
      kind: 'retrain.suspected',
      subject: 'command',
      digest: '',
      detail: { cause },
    }) as never,
  )

const championOf = async (desk: LoopDesk): Promise<unknown> => {
  const promotions = await desk.ledger.select(({ body }) => body.kind === 'promotion')
  return promotions.ok ? promotions.value.at(-1)?.body['digest'] : undefined
}

describe('a clause that is violated in production', () => {
  test('is answered by a new champion, each transition recorded once with what caused it', async () => {
    const desk = await loopDesk()
    expect(await desk.settle()).toMatchObject({ kind: 'settled', waiting: { for: 'cause' } })
    const evidence = await violatedOn(desk, 1)
    expect(await desk.settle()).toMatchObject({ kind: 'settled', waiting: { for: 'cause' } })
    expect(await desk.events()).toEqual(WHOLE)
    const transitions = await desk.ledger.select(({ body }) => body.kind === 'event')
    const details = transitions.ok
      ? transitions.value.map(({ body }) => (body['event'] as { detail?: { cause?: string } }).detail)
      : []
    expect(
      details.filter((detail) => detail?.cause !== undefined).every((detail) => detail?.cause === evidence.id),
    ).toBe(true)
    expect(desk.called).toEqual([
      'count from 2026-01-02T00:00:00.000Z to 2026-01-03T00:00:00.000Z by 2026-01-03T00:00:00.000Z',
      'export --from 2026-01-02T00:00:00.000Z --to 2026-01-03T00:00:00.000Z --out window.parquet',
      'run learn --trust',
      'test --stage data --candidate next.onnx',
      'test --stage model --candidate next.onnx',
      'gate --environment staging --candidate next.onnx',
      'test --stage release --candidate next.onnx',
      'promote --candidate next.onnx',
    ])
    // Looking again changes nothing.
    await desk.settle()
    expect(await desk.events()).toEqual(WHOLE)
  })

  test('is learned from since the first of the windows in a row that it needs', async () => {
    const program = loopProgram()
    const always = program.clauses.map((clause) =>
      clause.id === 'stable' && clause.form === 'must'
        ? { ...clause, form: 'always' as const, window: 86_400_000_000, for: 3 }
        : clause,
    )
    const desk = await loopDesk({ ...program, clauses: always })
    await violatedOn(desk, 5)
    await desk.settle()
    expect(desk.called[1]).toBe(
      'export --from 2026-01-04T00:00:00.000Z --to 2026-01-07T00:00:00.000Z --out window.parquet',
    )
  })

  test('asks nothing when it is not named, satisfied, or about another version, another time or a search', async () => {
    const desk = await loopDesk()
    await violatedOn(desk, 1, { clause: 'other' })
    await violatedOn(desk, 1, { verdict: 'satisfied' })
    await violatedOn(desk, 1, { model: 'b' })
    await violatedOn(desk, -3, { model: null })
    const { statement, run, ...rest } = dayEvidence({ day: 2 })
    await desk.append(evidenceBody({ ...rest, run, statement: { ...statement, exploratory: true } }))
    expect(await desk.settle()).toMatchObject({ waiting: { for: 'cause' } })
    expect(await desk.events()).toEqual([])
  })

  test('that a later record about the same window takes back asks nothing any more', async () => {
    const desk = await loopDesk()
    desk.behaviour.labels.labelled = 0
    await violatedOn(desk, 1)
    expect(await desk.settle()).toMatchObject({ waiting: { for: 'labels' } })
    await violatedOn(desk, 1, { verdict: 'inconclusive' })
    await desk.settle()
    expect(await desk.events()).toEqual(['retrain.suspected', 'retrain.refused: no-longer-asked'])
  })
})

describe('one cause', () => {
  test('asks once, however often and for however many windows it is said before the decision', async () => {
    const desk = await loopDesk()
    for (const day of [1, 2, 3]) await violatedOn(desk, day)
    await violatedOn(desk, 2, { data: 'with late rows' })
    await desk.settle()
    expect(await desk.events()).toEqual(WHOLE)
    await violatedOn(desk, 3, { data: 'with late rows' })
    await desk.settle()
    expect(await desk.events()).toEqual(WHOLE)
  })

  test('that comes while a retraining is under way is not lost when that is refused', async () => {
    const desk = await loopDesk()
    desk.behaviour.ends['run'] = { exit: 4, json: { error: { kind: 'stage-failed', message: 'learn failed' } } }
    await violatedOn(desk, 1)
    await desk.settle()
    expect(await desk.events()).toEqual(['retrain.suspected', 'retrain.decided', 'retrain.refused: stages-failed'])
    // Said before the decision, and again later: nothing new. Another window: another cause.
    await violatedOn(desk, 1, { data: 'with late rows' })
    await desk.settle()
    expect((await desk.events()).length).toBe(3)
    delete desk.behaviour.ends['run']
    await violatedOn(desk, 2)
    await desk.settle()
    expect((await desk.events()).slice(3)).toEqual(WHOLE)
  })

  test('about the version that a retraining replaced is answered by it', async () => {
    const desk = await loopDesk()
    await violatedOn(desk, 1)
    await desk.settle()
    await violatedOn(desk, 2)
    await violatedOn(desk, 1, { slice: 'young' })
    await desk.settle()
    expect(await desk.events()).toEqual(WHOLE)
  })
})

describe('other triggers', () => {
  test('a command, also while another retraining is under way', async () => {
    const desk = await loopDesk()
    desk.now = dayAt(2)
    desk.behaviour.labels.labelled = 10
    await violatedOn(desk, 1)
    await desk.settle()
    await command(desk, 'by hand')
    desk.now = dayAt(6)
    await desk.settle()
    // The command was given before the decision, which answers it, too.
    expect(await desk.events()).toEqual([...WHOLE.slice(0, 1), ...WHOLE.slice(0, 1), ...WHOLE.slice(1)])
    await command(desk, 'again')
    desk.now += 1000
    await desk.settle()
    expect((await desk.events()).slice(WHOLE.length + 1)).toEqual(WHOLE)
  })

  test('new data ask once; the file that the loop writes itself is none', async () => {
    const desk = await loopDesk(loopProgram({ newData: true }))
    desk.now = dayAt(1)
    await desk.settle()
    expect(await desk.events()).toEqual([])
    await command(desk, 'first')
    await desk.settle()
    expect(await desk.events()).toEqual(WHOLE)
    desk.host.disk.files.set('/p/rows.csv', new TextEncoder().encode('more rows'))
    desk.now = dayAt(2)
    await desk.settle()
    await desk.settle()
    expect((await desk.events()).slice(WHOLE.length)).toEqual(WHOLE)
  })

  test('new data that cannot be learned from ask once, too', async () => {
    const desk = await loopDesk(loopProgram({ newData: true }))
    desk.now = dayAt(1)
    await command(desk, 'first')
    await desk.settle()
    desk.behaviour.ends['run'] = { exit: 2, json: { error: { kind: 'missing-need', message: 'gone' } } }
    desk.host.disk.files.set('/p/rows.csv', new TextEncoder().encode('more rows'))
    desk.now = dayAt(2)
    for (let i = 0; i < 3; i++) await desk.settle()
    expect((await desk.events()).slice(WHOLE.length)).toEqual([
      'retrain.suspected',
      'retrain.decided',
      'retrain.refused: stages-failed',
    ])
  })

  test('a schedule, counted from the promotion and then from each decision', async () => {
    const desk = await loopDesk(loopProgram({ schedule: 10 * 86_400_000_000 }))
    desk.now = dayAt(9)
    expect(await desk.settle()).toMatchObject({ waiting: { for: 'cause', until: dayAt(10) * 1000 } })
    desk.now = dayAt(10)
    expect(await desk.settle()).toMatchObject({ waiting: { until: dayAt(20) * 1000 } })
    expect(await desk.events()).toEqual(WHOLE)
  })
})

describe('the pace', () => {
  test('a cooldown holds across restarts, and nothing that asked meanwhile is lost', async () => {
    const desk = await loopDesk(loopProgram({ cooldown: 5 * 86_400_000_000 }))
    await violatedOn(desk, 1)
    await desk.settle()
    const model = String(await championOf(desk))
    const asks = dayEvidence({ day: 3 })
    await desk.append(
      evidenceBody({
        ...asks,
        statement: { ...asks.statement, digests: { ...asks.statement.digests, models: { champion: model } } },
      }),
    )
    desk.now = dayAt(4)
    expect(await desk.settle()).toMatchObject({ waiting: { for: 'cooldown', until: dayAt(7) * 1000 } })
    desk.now = dayAt(7) - 1
    expect(await desk.settle()).toMatchObject({ waiting: { for: 'cooldown' } })
    desk.now = dayAt(7)
    await desk.settle()
    expect(await desk.events()).toEqual([...WHOLE, ...WHOLE])
  })

  test('a budget counts refused retrainings, too, and is spent again when the oldest is far enough back', async () => {
    const desk = await loopDesk(loopProgram({ budget: { count: 2, per: 30 * 86_400_000_000 } }))
    desk.behaviour.ends['gate'] = { exit: 1, json: { open: false, reasons: [{ code: 'violated', clause: 'stable' }] } }
    for (const day of [1, 3, 5]) {
      await violatedOn(desk, day)
      await desk.settle()
    }
    const refused = ['retrain.suspected', 'retrain.decided', 'retrain.trained', 'retrain.refused: gate-closed']
    expect(await desk.events()).toEqual([...refused, ...refused, 'retrain.suspected'])
    desk.now = dayAt(32) - 1
    expect(await desk.settle()).toMatchObject({ waiting: { for: 'budget', until: dayAt(32) * 1000 } })
    desk.now = dayAt(32)
    await desk.settle()
    expect(await desk.events()).toEqual([...refused, ...refused, ...refused])
  })

  test('labels of the trigger are waited for until there are enough, or their time is over', async () => {
    const desk = await loopDesk()
    desk.behaviour.labels = { served: 1000, labelled: 799 }
    await violatedOn(desk, 1)
    expect(await desk.settle()).toMatchObject({ waiting: { for: 'labels', until: dayAt(5) * 1000 } })
    desk.behaviour.labels.labelled = 800
    desk.now = dayAt(3)
    await desk.settle()
    expect(await desk.events()).toEqual(WHOLE)
    const other = await loopDesk()
    other.behaviour.labels = { served: 1000, labelled: 1 }
    await violatedOn(other, 1)
    other.now = dayAt(5)
    await other.settle()
    expect(await other.events()).toEqual(WHOLE)
  })
})

describe('a challenger is refused', () => {
  const refusals: readonly [string, { exit: number; json: object }, string][] = [
    [
      'export --from 2026-01-02T00:00:00.000Z --to 2026-01-03T00:00:00.000Z --out',
      { exit: 3, json: { labelled: 4 } },
      'too-few-labels',
    ],
    ['run', { exit: 2, json: { error: { kind: 'untrusted', message: 'untrusted' } } }, 'stages-failed'],
    [
      'gate',
      { exit: 1, json: { open: false, reasons: [{ code: 'violated', clause: 'a', slice: 'b' }] } },
      'gate-closed',
    ],
    ['test --stage release', { exit: 1, json: {} }, 'release-failed'],
    ['promote', { exit: 1, json: { promoted: false, reasons: [] } }, 'not-promoted'],
  ]
  test.each(refusals)('%s', async (verb, end, reason) => {
    const desk = await loopDesk()
    desk.behaviour.ends[verb] = end
    await violatedOn(desk, 1)
    expect(await desk.settle()).toMatchObject({ kind: 'settled', waiting: { for: 'cause' } })
    expect((await desk.events()).at(-1)).toBe(`retrain.refused: ${reason}`)
    expect(await championOf(desk)).toBe(digestFor('a'))
  })

  test('when it is the model in production already, or the file is not what was trained', async () => {
    const desk = await loopDesk()
    await violatedOn(desk, 1)
    await desk.settle()
    // The same window gives the same model.
    desk.behaviour.ends['export'] = { exit: 0, json: { served: 1, labelled: 1, digest: digestFor('window') } }
    await command(desk, 'again')
    await desk.settle()
    expect((await desk.events()).at(-1)).toBe('retrain.refused: unchanged')

    const changed = await loopDesk()
    changed.behaviour.before = (line) => {
      if (line.startsWith('gate')) changed.host.disk.files.set('/p/next.onnx', new TextEncoder().encode('another'))
    }
    await violatedOn(changed, 1)
    await changed.settle()
    expect((await changed.events()).at(-1)).toBe('retrain.refused: candidate-changed')
  })

  test('when another version came into production meanwhile', async () => {
    for (const [verb, refusal] of [
      ['count', 'no-longer-asked'],
      ['run', 'version-replaced'],
      ['test', 'version-replaced'],
      ['gate', 'version-replaced'],
      ['test --stage release', 'version-replaced'],
    ] as const) {
      const desk = await loopDesk()
      let replaced = false
      const promotions: Promise<void>[] = []
      desk.behaviour.before = (line) => {
        if (replaced || !line.startsWith(verb)) return
        replaced = true
        promotions.push(desk.append(promotionBody(digestFor('by hand'), desk.now)))
      }
      if (verb === 'count') desk.behaviour.labels.labelled = 0
      await violatedOn(desk, 1)
      await desk.settle()
      await Promise.all(promotions)
      await desk.settle()
      expect((await desk.events()).at(-1), verb).toBe(`retrain.refused: ${refusal}`)
      expect(await championOf(desk)).toBe(digestFor('by hand'))
    }
  })
})

describe('a verb that fails for no reason of its own', () => {
  test('a count that cannot be had is asked for again', async () => {
    const desk = await loopDesk()
    desk.behaviour.countFails = 'no space'
    desk.behaviour.before = (line) => {
      if (desk.called.filter((each) => each === line).length > 1) delete desk.behaviour.countFails
    }
    await violatedOn(desk, 1)
    await desk.settle()
    expect(desk.called.filter((line) => line.startsWith('count'))).toHaveLength(2)
    expect(await desk.events()).toEqual(WHOLE)
  })

  test('is run again until it succeeds, and the retraining goes on', async () => {
    const desk = await loopDesk()
    const fails = new Map([
      ['export', { exit: 4, json: { error: { kind: 'host', message: 'no space' } } }],
      ['run', { exit: 4, json: { error: { kind: 'busy', message: 'another run' } } }],
      ['test', { exit: 130, json: {} }],
      ['promote', { exit: 4, json: { error: { message: 'no space' } } }],
    ])
    desk.behaviour.before = (line) => {
      const [verb = ''] = line.split(' ')
      const end = fails.get(verb)
      desk.behaviour.ends = end === undefined ? {} : { [verb]: end }
      fails.delete(verb)
    }
    await violatedOn(desk, 1)
    await desk.settle()
    expect(await desk.events()).toEqual(WHOLE)
    expect(desk.called.filter((line) => line.startsWith('run'))).toHaveLength(2)
  })
})

describe('verification', () => {
  test('a server that loads something else is a mismatch, and no verification', async () => {
    const desk = await loopDesk()
    desk.behaviour.lies = true
    await violatedOn(desk, 1)
    await desk.settle()
    expect((await desk.events()).slice(-3)).toEqual([
      'version.mismatch',
      'retrain.promoted',
      'retrain.refused: not-deployed',
    ])
  })

  test('without a server it says that nothing was read back', async () => {
    const desk = await loopDesk()
    desk.behaviour.serving = false
    desk.behaviour.ends['promote'] = { exit: 0, json: { promoted: true } }
    await violatedOn(desk, 1)
    await desk.settle()
    // The played verb promoted nothing at all, which is seen.
    expect((await desk.events()).at(-1)).toBe('retrain.refused: version-replaced')
  })
})
