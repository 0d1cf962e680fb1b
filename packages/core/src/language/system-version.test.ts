import { describe, expect, it } from 'vitest'
import { nearestVersion, parseVersion } from './system-version.ts'

describe('semantic versions', () => {
  it('are read as semver.org 2.0.0 writes them', () => {
    expect(parseVersion('1.4.0')).toEqual({ parts: [1, 4, 0], pre: '' })
    expect(parseVersion('0.10.2-rc.1+build.007')).toEqual({ parts: [0, 10, 2], pre: 'rc.1' })
    expect(parseVersion('1.0.0-0a.b-c')?.pre).toBe('0a.b-c')
    for (const text of ['abc', 'v1.2.3', '1.2', '1', '1.2.3.4', '01.2.3', '1.2.3-', '1.2.3-01', '1.2.3-a..b', ' 1.2.3'])
      expect(parseVersion(text), text).toBeUndefined()
  })

  it('are proposed where one is near, and then are ones', () => {
    const near = {
      v1: '1.0.0',
      '1.2': '1.2.0',
      'V1.2.3': '1.2.3',
      '2026-06-01': '2026.6.1',
      '01.2.3': '1.2.3',
      'version 3': '3.0.0',
    }
    for (const [text, meant] of Object.entries(near)) expect(nearestVersion(text), text).toBe(meant)
    for (const meant of Object.values(near)) expect(parseVersion(meant), meant).toBeDefined()
    for (const text of ['abc', '', 'latest', '1.2.3.4', '12345678901'])
      expect(nearestVersion(text), text).toBeUndefined()
  })
})
