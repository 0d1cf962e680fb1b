import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostClock } from '@plumbline/core'
import { afterAll, describe, expect, it } from 'vitest'
import { openFileClock } from './file-clock.ts'

const root = mkdtempSync(join(tmpdir(), 'plumb-clock-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let count = 0
const fresh = (): string => join(root, `clock-${count++}`)

function set(path: string, text: string): void {
  writeFileSync(`${path}.next`, text)
  renameSync(`${path}.next`, path)
}

function opened(path: string): HostClock {
  const made = openFileClock(path)
  if (!made.ok) throw new Error(made.problem)
  return made.clock
}

describe('the clock of a file', () => {
  it('shows the instant of the file, and the next one as soon as it is there', () => {
    const path = fresh()
    set(path, '2026-01-07T00:00:00Z\n')
    const clock = opened(path)
    expect(clock.simulated).toBe(true)
    for (let day = 8; day < 28; day++) {
      set(path, `2026-01-${String(day).padStart(2, '0')}T12:30:00.250+02:00`)
      expect(clock.now()).toBe(Date.UTC(2026, 0, day, 10, 30, 0, 250))
    }
  })

  it('sees a file that was written over in place, of the same length, within one tick of the file system', () => {
    const path = fresh()
    writeFileSync(path, '2026-01-01T00:00:00Z')
    const clock = opened(path)
    for (let second = 0; second < 60; second++) {
      writeFileSync(path, `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`)
      expect(clock.now()).toBe(Date.UTC(2026, 0, 1, 0, 0, second))
    }
  })

  it('sees an old file change', () => {
    const path = fresh()
    set(path, '2026-01-01T00:00:00Z')
    utimesSync(path, 1000, 1000)
    const clock = opened(path)
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1))
    set(path, '2026-01-02T00:00:00Z')
    utimesSync(path, 2000, 2000)
    expect(clock.now()).toBe(Date.UTC(2026, 0, 2))
  })

  it.each(['', '2026-01-', 'tomorrow'])('holds the last instant while the file says %j', (broken) => {
    const path = fresh()
    set(path, '2026-01-01T00:00:00Z')
    const clock = opened(path)
    writeFileSync(path, broken)
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1))
    rmSync(path)
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1))
    set(path, '2026-01-03T00:00:00Z')
    expect(clock.now()).toBe(Date.UTC(2026, 0, 3))
  })

  it('leaves durations real', async () => {
    const path = fresh()
    set(path, '2026-01-01T00:00:00Z')
    const clock = opened(path)
    const before = clock.monotonic()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(clock.monotonic()).toBeGreaterThan(before)
  })

  it.each([
    ['is not there', undefined],
    ['holds no RFC 3339 instant', 'noon'],
    ['holds no RFC 3339 instant', '2026-02-30T00:00:00Z'],
    ['is longer than an instant', 'x'.repeat(2000)],
  ])('is refused where the file %s', (problem, text) => {
    const path = fresh()
    if (text !== undefined) set(path, text)
    const made = openFileClock(path)
    expect(made.ok ? '' : made.problem).toContain(problem)
  })

  it('is refused where the path is a folder', () => {
    expect(openFileClock(root)).toEqual({ ok: false, problem: 'is no file' })
  })
})
