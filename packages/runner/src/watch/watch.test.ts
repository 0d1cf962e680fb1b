import { describe, expect, test } from 'vitest'
import {
  addRow,
  BEGIN,
  DAY,
  evidenceOf,
  HOUR,
  openProject,
  passOnce,
  type Project,
  watchedProject,
} from '../testing/watched-project.ts'

/** The evidence as: clause, slice unless all, day of the window, version, verdict or reason, whether it supersedes. */
async function shown(project: Project, clause?: string): Promise<readonly string[]> {
  const evidence = await evidenceOf(project)
  return evidence
    .filter(({ statement }) => clause === undefined || statement.clause === clause)
    .map(({ statement }) => {
      const { slice, window = '', digests, verdict, supersedes } = statement
      const version = digests.models['champion']?.slice(7) ?? '-'
      const said = 'reason' in statement ? statement.reason : verdict
      return `${statement.clause}${slice === 'all' ? '' : `[${slice}]`} ${window.slice(8, 10)} ${version} ${said}${supersedes === undefined ? '' : ' again'}`
    })
}
const at = (project: Project, day: number): void => void (project.now = Math.round(BEGIN + day * DAY))
async function event(project: Project, day: number, kind: string): Promise<void> {
  const time = new Date(Math.round(BEGIN + day * DAY) / 1000).toISOString()
  await project.ledger.append([{ kind: 'event', event: { at: time, kind, subject: 's', digest: '' } }])
}

describe('a window', () => {
  test('is decided once when it is over, for each slice and version; what waits for labels says so', async () => {
    const project = watchedProject()
    addRow(project, 0.1)
    addRow(project, 0.2, { version: 'sha256:b', bad: true })
    at(project, 1 + 0.9 / 24)
    expect(await passOnce(project)).toMatchObject({ written: 0, problems: [] })
    at(project, 1 + 1 / 24)
    await passOnce(project)
    const expected = [
      'stable 05 a satisfied',
      'stable[young] 05 a satisfied',
      'ranks 05 a labels-pending',
      'lasting 05 a satisfied',
      'stable 05 b violated',
      'stable[young] 05 b violated',
      'ranks 05 b labels-pending',
      'lasting 05 b pending',
    ]
    expect(await shown(project)).toEqual(expected)
    expect(await passOnce(project)).toMatchObject({ written: 0 })
    const [first] = await evidenceOf(project)
    expect(first).toMatchObject({ run: { clock: 'simulated', at: '2026-01-06T01:00:00.000Z' } })
    expect(new TextDecoder().decode(project.host.disk.files.get('/p/.plumb/watch/position'))).toBe(
      '2026-01-06T01:00:00Z\n',
    )
  })

  test('that is empty is recorded as empty, and time goes on without rows', async () => {
    const project = watchedProject()
    addRow(project, 0.5)
    at(project, 3.5)
    await passOnce(project)
    expect(await shown(project, 'stable')).toEqual([
      'stable 05 a satisfied',
      'stable[young] 05 a satisfied',
      'stable 06 - empty-relation',
      'stable[young] 06 - empty-relation',
      'stable 07 - empty-relation',
      'stable[young] 07 - empty-relation',
    ])
  })

  test('that gets late rows is superseded, only for the version whose rows came, and counted', async () => {
    const project = watchedProject()
    addRow(project, 0.1)
    addRow(project, 0.2, { version: 'sha256:b' })
    at(project, 1.5)
    await passOnce(project)
    const [before] = (await evidenceOf(project)).filter(
      ({ statement }) => statement.digests.models['champion'] === 'sha256:b',
    )
    addRow(project, 0.3, { version: 'sha256:b', bad: true })
    addRow(project, 0.4, { version: 'sha256:b' })
    await passOnce(project)
    const written = (await evidenceOf(project)).slice(8)
    expect((await shown(project)).slice(8)).toEqual([
      'stable 05 b violated again',
      'stable[young] 05 b violated again',
      'lasting 05 b pending again',
    ])
    expect(written[0]?.statement).toMatchObject({ supersedes: before?.id, late: 2, n: 3 })
    expect(project.events).toContainEqual(expect.objectContaining({ kind: 'late-rows', rows: 2 }))
    expect(await passOnce(project)).toMatchObject({ written: 0 })
  })

  test('whose rows come from the future waits for its time; a clock that goes back undoes nothing', async () => {
    const project = watchedProject()
    addRow(project, 0.5)
    addRow(project, 9.5)
    at(project, 2.5)
    const first = await passOnce(project)
    expect(project.events).toContainEqual({ kind: 'future-rows', rows: 1 })
    const count = (await evidenceOf(project)).length
    at(project, 0.2)
    const back = await passOnce(project)
    expect(back).toMatchObject({ written: 0, position: first.position })
    addRow(project, 0.1)
    await passOnce(project)
    expect((await shown(project, 'stable')).at(-1)).toBe('stable[young] 05 a satisfied again')
    expect((await evidenceOf(project)).length).toBeGreaterThan(count)
    at(project, 10.5)
    await passOnce(project)
    expect((await shown(project, 'stable')).at(-1)).toBe('stable[young] 14 a satisfied')
  })

  test('of several widths is decided for each', async () => {
    const project = watchedProject(DAY, undefined, [DAY, 12 * HOUR])
    addRow(project, 0.6, { bad: true })
    at(project, 1.5)
    await passOnce(project)
    const windows = (await evidenceOf(project))
      .filter(({ statement }) => statement.clause === 'stable' && statement.slice === 'all')
      .map(({ statement }) => `${statement.window} ${statement.verdict}`)
    expect(windows).toEqual([
      '2026-01-05T12:00:00Z/2026-01-06T00:00:00Z violated',
      '2026-01-05T00:00:00Z/2026-01-06T00:00:00Z violated',
    ])
  })
})

describe('labels', () => {
  test('decide a window when all have come, or when their time is over; its first record is superseded', async () => {
    const project = watchedProject()
    const ids = [addRow(project, 0.1), addRow(project, 0.2), addRow(project, 1.1), addRow(project, 1.2)]
    const label = (i: number, day: number, right = true): void => {
      project.log.labels.push({ id: ids[i] ?? -1, right, at: BEGIN + day * DAY })
    }
    at(project, 2.5)
    await passOnce(project)
    label(0, 2.6)
    label(2, 3)
    at(project, 2.7)
    await passOnce(project)
    expect(project.events).toContainEqual(expect.objectContaining({ kind: 'labels', arrived: 1, of: 2 }))
    expect(await shown(project, 'ranks')).toEqual(['ranks 05 a labels-pending', 'ranks 06 a labels-pending'])
    // The second label of the first day is there already, and arrives with the clock.
    label(1, 3)
    await passOnce(project)
    at(project, 3)
    await passOnce(project)
    expect((await shown(project, 'ranks')).slice(2)).toEqual(['ranks 05 a satisfied again'])
    at(project, 5)
    await passOnce(project)
    expect((await shown(project, 'ranks')).slice(-3)).toEqual([
      'ranks 07 - empty-relation',
      'ranks 08 - empty-relation',
      'ranks 06 a satisfied again',
    ])
    const last = (await evidenceOf(project)).findLast(({ statement }) => statement.clause === 'ranks')
    expect(last?.statement).toMatchObject({ labels: { arrived: 1, of: 2 } })
  })

  test('that are corrected while they have time supersede; those that come after their time do not', async () => {
    const project = watchedProject()
    const id = addRow(project, 0.1)
    project.log.labels.push({ id, right: true, at: BEGIN })
    at(project, 1.5)
    await passOnce(project)
    expect(await shown(project, 'ranks')).toEqual(['ranks 05 a satisfied'])
    project.log.labels.push({ id, right: false, at: BEGIN + 2 * DAY })
    await passOnce(project)
    at(project, 2)
    await passOnce(project)
    expect((await shown(project, 'ranks')).slice(1)).toEqual(['ranks 05 a violated again'])
    project.log.labels.push({ id, right: true, at: BEGIN + 4 * DAY + 1 })
    at(project, 4.5)
    await passOnce(project)
    expect((await shown(project, 'ranks')).filter((line) => line.includes(' 05 '))).toHaveLength(2)
  })
})

describe('clauses over time', () => {
  test('lasts: violated in the second violated window in a row, whatever undecided ones lie between', async () => {
    const project = watchedProject()
    for (const day of [0, 1, 3, 5]) addRow(project, day + 0.5, { bad: true })
    addRow(project, 4.5)
    at(project, 6.5)
    await passOnce(project)
    expect(await shown(project, 'lasting')).toEqual([
      'lasting 05 a pending',
      'lasting 06 a violated',
      'lasting 07 - empty-relation',
      'lasting 08 a violated',
      'lasting 09 a satisfied',
      'lasting 10 a pending',
    ])
    const streaks = (await evidenceOf(project)).flatMap(({ statement }) =>
      statement.clause === 'lasting' && 'streak' in statement ? [statement.streak] : [],
    )
    expect(streaks).toEqual([1, 2, 3, 0, 1])
  })

  test('late rows that turn a window are counted again in the windows after it', async () => {
    const project = watchedProject()
    addRow(project, 0.5)
    for (const day of [1, 2, 3]) addRow(project, day + 0.5, { bad: true })
    addRow(project, 4.5)
    at(project, 5.5)
    await passOnce(project)
    expect((await shown(project, 'lasting')).slice(0, 3)).toEqual([
      'lasting 05 a satisfied',
      'lasting 06 a pending',
      'lasting 07 a violated',
    ])
    addRow(project, 0.6, { bad: true })
    await passOnce(project)
    const again = (await evidenceOf(project)).filter(
      ({ statement }) => statement.clause === 'lasting' && statement.supersedes !== undefined,
    )
    // The windows after it come first: killed before its own record, a watch finds it unanswered and goes on.
    const said = again.map(({ statement }) => [
      statement.window?.slice(8, 10),
      statement.verdict,
      'streak' in statement ? statement.streak : null,
    ])
    expect(said).toEqual([
      ['06', 'violated', 2],
      ['07', 'violated', 3],
      ['08', 'violated', 4],
      ['05', 'inconclusive', 1],
    ])
  })

  test('whenever: what a window began is answered, or overdue, and said again when that changes', async () => {
    const project = watchedProject()
    for (const day of [0, 1]) addRow(project, day + 0.5, { bad: true })
    for (const day of [2, 3, 4, 5]) addRow(project, day + 0.5)
    at(project, 3.5)
    await passOnce(project)
    // The window of the sixth is violated; it is known at its end, the beginning of the seventh.
    expect(await shown(project, 'answered')).toEqual(['answered 06 - satisfied', 'answered 07 - pending'])
    await event(project, 3.9, 'retrain.decided')
    at(project, 4.1)
    await passOnce(project)
    expect((await shown(project, 'answered')).slice(2)).toEqual([
      'answered 07 - satisfied again',
      'answered 08 - satisfied',
    ])
    const late = watchedProject()
    for (const day of [0, 1]) addRow(late, day + 0.5, { bad: true })
    addRow(late, 2.5)
    at(late, 4)
    await passOnce(late)
    expect((await shown(late, 'answered')).at(-1)).toBe('answered 07 - pending')
    at(late, 4.01)
    await passOnce(late)
    expect((await shown(late, 'answered')).at(-1)).toBe('answered 07 - violated again')
    const last = (await evidenceOf(late)).at(-1)?.statement
    expect(last).toMatchObject({
      obligations: [
        { at: '2026-01-07T00:00:00Z', deadline: '2026-01-09T00:00:00Z', because: 'lasting: violated', overdue: true },
      ],
    })
  })

  test('eventually: counted from the first event, decided once', async () => {
    const project = watchedProject()
    await event(project, 0.5, 'guard.started')
    at(project, 1)
    await passOnce(project)
    await event(project, 1.2, 'version.deployed')
    at(project, 1.3)
    await passOnce(project)
    at(project, 9)
    await passOnce(project)
    expect(await shown(project, 'begun')).toEqual(['begun 05 - pending', 'begun 05 - satisfied again'])
    const never = watchedProject()
    await event(never, 0.5, 'guard.started')
    at(never, 9)
    await passOnce(never)
    expect(await shown(never, 'begun')).toEqual(['begun 05 - violated'])
  })
})

test('late rows of a window that is no longer remembered are found in the ledger', async () => {
  const project = watchedProject()
  addRow(project, 0.5)
  for (const day of [1, 2]) addRow(project, day + 0.5, { bad: true })
  at(project, 80.5)
  await passOnce(project)
  const watch = await openProject(project)
  if (!watch.ok) throw new Error('closed')
  addRow(project, 0.6, { bad: true })
  await watch.value.pass()
  addRow(project, 1.6)
  await watch.value.pass()
  const again = (await evidenceOf(project)).filter(({ statement }) => statement.supersedes !== undefined)
  const ids = new Set((await evidenceOf(project)).map(({ id }) => id))
  for (const { statement } of again) expect(ids.has(statement.supersedes ?? '')).toBe(true)
  const stable = again.filter(({ statement }) => statement.clause === 'stable')
  expect(stable.map(({ statement }) => statement.window?.slice(8, 10))).toEqual(['05', '05', '06', '06'])
  expect(await watch.value.pass()).toMatchObject({ value: { written: 0 } })
  await watch.value.close()
})

describe('what stands in the way', () => {
  test('a log that cannot be read decides nothing, holds the position, and is read again', async () => {
    const project = watchedProject()
    addRow(project, 0.5)
    at(project, 1.5)
    project.log.broken = 'The segment 000000000001.parquet cannot be read.'
    expect(await passOnce(project)).toMatchObject({
      written: 0,
      position: 0,
      problems: [{ reason: 'source-unreadable' }],
    })
    project.log.broken = undefined
    expect(await passOnce(project)).toMatchObject({ position: BEGIN + 1.5 * DAY, problems: [] })
    expect(await shown(project, 'lasting')).toEqual(['lasting 05 a satisfied'])
  })

  test('a second watch is refused while the first is at work', async () => {
    const project = watchedProject()
    const first = await openProject(project)
    expect(await openProject(project)).toEqual({ ok: false, failure: { kind: 'in-use' } })
    if (first.ok) await first.value.close()
    const second = await openProject(project)
    expect(second.ok).toBe(true)
  })

  test('a ledger that was changed ends the watch', async () => {
    const project = watchedProject()
    addRow(project, 0.5)
    at(project, 1.5)
    await passOnce(project)
    const path = '/p/.plumb/ledger/00000001.jsonl'
    const text = new TextDecoder().decode(project.host.disk.files.get(path))
    project.host.disk.files.set(path, new TextEncoder().encode(text.replace('"satisfied"', '"violated"')))
    expect(await openProject(project)).toMatchObject({ ok: false, failure: { kind: 'ledger' } })
  })

  test.each(['append', 'writeAtomic', 'readRange', 'list'] as const)(
    'a machine that refuses to %s ends the pass, and the next one makes up for it',
    async (refused) => {
      const project = watchedProject()
      addRow(project, 0.5)
      await event(project, 0, 'guard.started')
      const watch = await openProject(project)
      if (!watch.ok) throw new Error(watch.failure.kind)
      at(project, 1.5)
      project.host.disk.fault = (operation) => (operation === refused ? 'no-space' : undefined)
      expect(await watch.value.pass()).toMatchObject({ ok: false, failure: {} })
      project.host.disk.fault = undefined
      expect(await watch.value.pass()).toMatchObject({ ok: true, value: { problems: [] } })
      await watch.value.close()
      expect(await shown(project, 'stable')).toEqual(['stable 05 a satisfied', 'stable[young] 05 a satisfied'])
      expect(await passOnce(project)).toMatchObject({ written: 0 })
    },
  )

  test('a clause that asks something else from now on is asked of the windows to come', async () => {
    const project = watchedProject()
    addRow(project, 0.5)
    addRow(project, 1.5)
    at(project, 1.5)
    await passOnce(project)
    const count = (await evidenceOf(project)).length
    const clauses = project.program.clauses.map((clause) => ({ ...clause, digest: `${clause.digest.slice(0, -1)}0` }))
    const other: Project = { ...project, program: { ...project.program, clauses } }
    at(project, 1.6)
    expect(await passOnce(other)).toMatchObject({ written: 0 })
    addRow(project, 0.6, { bad: true })
    await passOnce(other)
    // Late rows of a window that was judged by the old clause do not judge it by the new one; what waited may still be decided.
    expect((await shown(project)).slice(count)).toEqual([])
    at(project, 2.5)
    await passOnce(other)
    expect((await shown(project, 'stable')).at(-1)).toBe('stable[young] 06 a satisfied')
  })
})

test('how things stand is what the newest decided windows of blocking clauses say', async () => {
  const project = watchedProject()
  const stands = async (): Promise<string> => {
    const watch = await openProject(project)
    if (!watch.ok) throw new Error('closed')
    const passed = await watch.value.pass()
    expect(passed.ok).toBe(true)
    await watch.value.close()
    return watch.value.standing()
  }
  expect(await stands()).toBe('undecided')
  const id = addRow(project, 0.5, { bad: true })
  project.log.labels.push({ id, right: true, at: BEGIN })
  await event(project, 0, 'version.deployed')
  at(project, 1.5)
  expect(await stands()).toBe('violated')
  project.log.labels.push({ id: addRow(project, 1.5), right: true, at: BEGIN })
  at(project, 2.5)
  expect(await stands()).toBe('satisfied')
  // An empty window decides nothing: what was satisfied still is, so far.
  at(project, 3.5)
  expect(await stands()).toBe('satisfied')
})
