import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { aggregates, rowFunctions } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { ROOT } from './support/plumb.ts'

const CHANGELOG = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')

/** What is wrong with the versions of functions beside a changelog: the rule is in CONTRIBUTING.md, "A change of meaning". */
function breaches(
  functions: Readonly<Record<string, { readonly version: number }>>,
  changelog: string,
): readonly string[] {
  const isReleased = /^## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}/m.test(changelog)
  return Object.entries(functions).flatMap(([name, { version }]) => {
    if (!Number.isInteger(version) || version < 1) return [`${name}: ${version} is no version`]
    if (version === 1) return []
    if (!isReleased) return [`${name}: nothing is released, so nobody holds evidence of version ${version - 1}`]
    const told = Array.from({ length: version - 1 }, (_, i) => `\`${name}\`, version ${i + 2}`)
    return told
      .filter((each) => !changelog.includes(each))
      .map((each) => `${name}: the changelog does not say "${each}"`)
  })
}

describe('versions of functions', () => {
  it('are 1 until a release, and told in the changelog where they move', () => {
    const functions = { ...rowFunctions, ...aggregates }
    expect(Object.keys(functions).length).toBeGreaterThan(200)
    expect(breaches(functions, CHANGELOG)).toEqual([])
  })

  it('are judged by the changelog that is there', () => {
    const [unreleased, released] = ['## [0.1.0] - unreleased\n', '## [0.1.0] - 2027-01-31\n']
    expect(breaches({ f1: { version: 2 } }, unreleased)).toEqual([expect.stringContaining('nothing is released')])
    expect(breaches({ f1: { version: 2 } }, released)).toEqual([expect.stringContaining('`f1`, version 2')])
    const told = `## [0.2.0] - unreleased\n- \`f1\`, version 2: counts otherwise.\n${released}`
    expect(breaches({ f1: { version: 2 }, mcc: { version: 1 } }, told)).toEqual([])
    expect(breaches({ f1: { version: 3 } }, told)).toEqual([expect.stringContaining('version 3')])
    expect(breaches({ f1: { version: 0 } }, told)).toEqual([expect.stringContaining('no version')])
  })
})
