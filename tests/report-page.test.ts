import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createChildren } from '../tools/start/children.ts'
import { PLUMB, plumb, scratch } from './support/plumb.ts'

const children = createChildren()
afterEach(() => children.stopAll())

it('serves the report on loopback; a reload shows what was reported since, and an interruption ends it', async () => {
  const project = scratch('report-page')
  writeFileSync(join(project, 'data.csv'), 'id,age\n1,40\n2,50\n3,60\n')
  expect(plumb(project, 'init', 'data.csv').code).toBe(0)
  let tellAddress: (url: string) => void = () => undefined
  const address = new Promise<string>((resolve) => {
    tellAddress = resolve
  })
  const served = children.start(['node', PLUMB, '-C', project, 'report', '--open'], {
    cwd: project,
    onLine: (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)
      if (found !== null) tellAddress(found[0])
    },
  })
  const url = await address
  const before = await (await fetch(url)).text()
  expect(before).toContain('<html')

  expect(plumb(project, 'test').code).not.toBe(2)
  expect(plumb(project, 'report').code).toBe(0)
  const reloaded = await fetch(url)
  expect(reloaded.headers.get('content-security-policy')).toContain("default-src 'none'")
  const after = await reloaded.text()
  expect(after).not.toBe(before)
  expect(after).toContain('satisfied')

  rmSync(join(project, '.plumb', 'report.html'))
  expect((await fetch(url)).status).toBe(404)
  expect((await served.stop()).code).toBe(130)
})
