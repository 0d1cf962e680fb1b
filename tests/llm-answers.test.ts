import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ANSWER_FAULTS, startStandIn } from '../tools/templates/answer-faults.ts'
import { plumb, scratch } from './support/plumb.ts'

// The template of answers from passages: its stand-in is asked over HTTP, as a chat is, well and with each seeded fault.

/** `PLUMB_TEMPLATE_FAULTS=40` repeats all of the list. */
const SOME = ['invents', 'fails']
const faults = process.env['PLUMB_TEMPLATE_FAULTS'] === undefined ? SOME : Object.keys(ANSWER_FAULTS)

interface Tested {
  readonly evidence: readonly { readonly clause: string; readonly verdict: string; readonly reason?: string }[]
}

const running: { readonly kill: () => void }[] = []
afterEach(() => {
  for (const each of running.splice(0)) each.kill()
})

async function tested(fault: string) {
  const folder = scratch(`llm-answers-${fault}`)
  expect(plumb(folder, 'init', '--template', 'llm-answers').code).toBe(0)
  const { url, child } = await startStandIn(folder, fault)
  running.push(child)
  process.env['CHAT_URL'] = url
  const ran = plumb(folder, 'test', '--trust', '--json')
  const { evidence } = ran.json<Tested>()
  const of = (verdict: string): readonly string[] => [
    ...new Set(evidence.flatMap((each) => (each.verdict === verdict ? [each.clause] : []))),
  ]
  return { folder, code: ran.code, evidence, of }
}

/** What `faults.md` says of each fault: the clauses that are violated, and those in error. */
const listed = (folder: string): ReadonlyMap<string, readonly [violated: string, error: string]> =>
  new Map(
    readFileSync(join(folder, 'faults.md'), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, id = '', , outcome = '', violated = '', error = ''] = line.split('|').map((cell) => cell.trim())
        return outcome === 'noticed' ? [[id, [violated, error]] as const] : []
      }),
  )

describe('the template llm-answers', () => {
  it('has a reason for every clause, and nothing to say of itself', () => {
    const folder = scratch('llm-answers-check')
    expect(plumb(folder, 'init', '--template', 'llm-answers').out).toContain('node models/chat.mjs')
    expect(plumb(folder, 'check', '--json').json()).toMatchObject({ diagnostics: [], overrides: [] })
    const spec = readFileSync(join(folder, 'templates', 'llm-answers.plumb.yaml'), 'utf8')
    const clauses = spec.split(/^clauses:$/m)[1]?.match(/^ {2}[a-z][a-z-]*:$/gm) ?? []
    expect(clauses.length).toBeGreaterThan(15)
    expect(spec.match(/^ {4}rationale: /gm)?.length).toBe(clauses.length)
    expect([...listed(folder).keys()]).toEqual(Object.keys(ANSWER_FAULTS))
  })

  it('holds of its stand-in; the gate opens by the name that it gives itself, says so, and takes no other for it', async () => {
    const { folder, code, evidence } = await tested('')
    expect(evidence.filter(({ verdict }) => verdict !== 'satisfied')).toEqual([])
    expect(code).toBe(0)
    const gate = plumb(folder, 'gate')
    expect([gate.code, gate.out.includes('gate open')]).toEqual([0, true])
    expect(gate.out.replaceAll(/\s+/g, ' ')).toContain(
      'is known by the name that its server gives (stand-in-1), and by no digest',
    )
    const spec = readFileSync(join(folder, 'plumb.yaml'), 'utf8')
    // Without it nobody knows which model answered; under another name it is another model.
    writeFileSync(join(folder, 'plumb.yaml'), spec.replace(/ {6}version: .*\n/, ''))
    const nameless = plumb(folder, 'test', '--trust', '--json').json<Tested>()
    expect(nameless.evidence.every(({ verdict }) => verdict === 'satisfied')).toBe(true)
    const closed = plumb(folder, 'gate')
    expect([closed.code, closed.out.replaceAll(/\s+/g, ' ').includes('Write `version: stand-in-1`')]).toEqual([1, true])
    writeFileSync(join(folder, 'plumb.yaml'), spec.replace('version: stand-in-1', 'version: stand-in-2'))
    const other = plumb(folder, 'test', '--stage', 'model', '--trust', '--json').json<Tested>()
    expect(new Set(other.evidence.map(({ verdict, reason }) => `${verdict} ${reason}`))).toEqual(
      new Set(['error model-mismatch']),
    )
  })

  it.each(faults)('notices what faults.md says of: %s', async (fault) => {
    const { folder, code, of } = await tested(fault)
    expect(code).not.toBe(0)
    expect([of('violated').join(', '), of('error').join(', ')]).toEqual(listed(folder).get(fault))
  })
})
