import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { addRow, BEGIN, HOUR, openProject, watchedProject } from '../testing/watched-project.ts'

/** Windows that are decided; the second half must add nothing to what the first one needed. */
const WINDOWS = Number(process.env['PLUMBLINE_WATCH_WINDOWS'] ?? 240)

/** Bytes of the heap that somebody still holds. */
function heldBytes(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

test(`a watch over ${WINDOWS} windows of an hour remembers no more at the end than in the middle`, async () => {
  const project = watchedProject(3 * HOUR, undefined, [HOUR])
  const watch = await openProject(project)
  if (!watch.ok) throw new Error(watch.failure.kind)
  const held: number[] = []
  for (let hour = 0; hour < WINDOWS; hour++) {
    // The log is bounded, as on disk: old rows and labels go.
    project.log.rows.splice(0, Math.max(0, project.log.rows.length - 20))
    project.log.labels.splice(0, Math.max(0, project.log.labels.length - 20))
    const id = addRow(project, (hour + 0.5) / 24, {
      bad: hour % 7 < 2,
      version: `sha256:${hour % 100 < 50 ? 'a' : 'b'}`,
    })
    project.log.labels.push({ id, right: true, at: BEGIN + (hour + 1) * HOUR })
    project.now = BEGIN + (hour + 2) * HOUR
    const passed = await watch.value.pass()
    expect(passed).toMatchObject({ ok: true, value: { problems: [] } })
    project.events.length = 0
    if (hour === Math.floor(WINDOWS / 2) || hour === WINDOWS - 1) held.push(heldBytes())
  }
  const [middle = 0, end = 0] = held
  expect((end - middle) / 1e6).toBeLessThan(1.5)
})
