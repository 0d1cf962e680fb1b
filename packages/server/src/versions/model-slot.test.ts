import { expect, test } from 'vitest'
import { versionOf } from '../testing/guarded.ts'
import { createSlot } from './model-slot.ts'

test('a version is closed after its last answer, and not before', async () => {
  const closed: string[] = []
  const version = (name: string) =>
    versionOf(
      () => [],
      name,
      async () => void closed.push(name),
    )
  const [a, b] = [version('a'), version('b')]
  const slot = createSlot(a)
  const held = [slot.take(), slot.take()]
  const gone = slot.swap(b)
  expect(slot.current).toBe(b)
  expect(slot.take()?.version).toBe(b)
  held[0]?.release()
  await Promise.resolve()
  expect(closed).toEqual([])
  held[1]?.release()
  await gone
  expect(closed).toEqual(['a'])
  expect(held.map((each) => each?.version)).toEqual([a, a])
})

test('an empty slot gives nothing', async () => {
  const slot = createSlot(undefined)
  expect(slot.take()).toBeUndefined()
  const a = versionOf(() => [])
  await slot.swap(a)
  expect(slot.take()?.version).toBe(a)
})
