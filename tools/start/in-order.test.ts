import { describe, expect, it } from 'vitest'
import { inOrder, type Task } from './in-order.ts'

/** A task that ends when it is told to. */
function held(name: string, needs: readonly string[] = [], isAlone = false) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  const task: Task = {
    name,
    needs,
    isAlone,
    async run({ write, isFirst }) {
      write(`${name} begins${isFirst() ? '' : ' aside'}`)
      started.resolve()
      await promise
      write(`${name} ends`)
    },
  }
  return { task, started: started.promise, end: resolve, fail: () => reject(new Error(`${name} failed`)) }
}

/** Long enough for whatever could begin now to have begun. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('inOrder', () => {
  it('runs two at a time and shows them as if one had run after the other', async () => {
    const [a, b, c] = [held('a'), held('b'), held('c')]
    const shown: unknown[] = []
    const done = inOrder([a.task, b.task, c.task], { width: 2, write: (text) => shown.push(text) })
    await Promise.all([a.started, b.started])
    b.end()
    await c.started
    expect(shown).toEqual(['a begins'])
    a.end()
    await settled()
    expect(shown).toEqual(['a begins', 'a ends', 'b begins aside', 'b ends', 'c begins aside'])
    c.end()
    await done
    expect(shown.at(-1)).toBe('c ends')
  })

  it('begins what needs another when that has ended, at the front and on its own', async () => {
    const [a, b] = [held('a'), held('b', ['a'])]
    const shown: unknown[] = []
    const done = inOrder([a.task, b.task], { width: 2, write: (text) => shown.push(text) })
    await settled()
    expect(shown).toEqual(['a begins'])
    a.end()
    await b.started
    expect(shown).toEqual(['a begins', 'a ends', 'b begins'])
    b.end()
    await done
  })

  it('lets nothing run beside what has to be alone, nor keeps that waiting for ever', async () => {
    const [a, alone, c] = [held('a'), held('alone', [], true), held('c')]
    const begun: string[] = []
    for (const each of [a, alone, c]) void each.started.then(() => begun.push(each.task.name))
    const done = inOrder([a.task, alone.task, c.task], { width: 2, write: () => undefined })
    await settled()
    expect(begun).toEqual(['a'])
    a.end()
    await settled()
    expect(begun).toEqual(['a', 'alone'])
    alone.end()
    await settled()
    expect(begun).toEqual(['a', 'alone', 'c'])
    c.end()
    await done
  })

  it('begins first what others wait for, and shows it in its turn', async () => {
    const [a, b, c] = [held('a'), held('b'), held('c')]
    const shown: unknown[] = []
    const done = inOrder([a.task, b.task, { ...c.task, isUrgent: true }], {
      width: 2,
      write: (text) => shown.push(text),
    })
    await Promise.all([a.started, c.started])
    c.end()
    await b.started
    expect(shown).toEqual(['a begins'])
    a.end()
    b.end()
    await done
    expect(shown.slice(2)).toEqual(['b begins aside', 'b ends', 'c begins aside', 'c ends'])
  })

  it('fails with the first failure in the order, after what came before was shown', async () => {
    const [a, b, c] = [held('a'), held('b'), held('c', ['b'])]
    const shown: unknown[] = []
    const done = inOrder([a.task, b.task, c.task], { width: 2, write: (text) => shown.push(text) })
    b.fail()
    await settled()
    expect(shown).toEqual(['a begins'])
    a.end()
    await expect(done).rejects.toThrow('b failed')
    expect(shown).toEqual(['a begins', 'a ends', 'b begins aside'])
  })

  it('refuses tasks that need what does not stand before them', async () => {
    await expect(
      inOrder([held('a', ['b']).task, held('b').task], { width: 1, write: () => undefined }),
    ).rejects.toThrow('a needs b')
  })
})
