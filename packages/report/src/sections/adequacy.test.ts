import { type ControlResult, type FaultResult, scoreOf } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import type { ReportInput } from '../input.ts'
import { adequacy } from './adequacy.ts'

const fault = (says: string, outcome: FaultResult['outcome']): FaultResult => ({
  fault: {
    group: 'data',
    operator: 'null-burst',
    id: says,
    says,
    dataset: 'a',
    columns: ['x'],
    wholeRows: false,
    share: 1,
  },
  outcome,
  changed: 1,
  asked: 1,
  kills: outcome === 'killed' ? [{ clause: 'c', severity: 'block', relation: 'a', slice: 'all' }] : [],
  undecided: [],
  ...(outcome === 'survived' ? { proposal: { id: 'would-see-it', yaml: '' } } : {}),
})
const control: ControlResult = {
  control: { group: 'control', operator: 'reseed', id: 'reseed 1', says: 'x', number: 1 },
  alarms: [],
  undecided: [],
}

const page = (input: Partial<ReportInput>): string => {
  const made = adequacy(input as ReportInput)
  return made === '' ? '' : made.text
}

describe('the section on adequacy', () => {
  it('is not there where nothing is known', () => {
    expect(page({})).toBe('')
  })

  it('counts the clauses at each level, and says that no faults were planted', () => {
    const text = page({
      levels: [
        { clause: 'a', level: 0 },
        { clause: 'b', level: 5 },
        { clause: 'c', level: 5 },
      ],
    })
    expect(text).toContain('L5 powered</th><td>2</td>')
    expect(text).toContain('No faults were planted')
  })

  it('shows rates with their intervals, and what nobody noticed with what would', () => {
    const faults = [fault('x is <b>empty</b>', 'survived'), fault('y is empty', 'killed')]
    const text = page({ levels: [], mutation: { faults, score: scoreOf(faults, [control], []) } })
    expect(text).toContain('1 of 2 <span class="muted">50 % [1 %, 99 %]</span>')
    expect(text).toContain('x is &lt;b&gt;empty&lt;/b&gt;')
    expect(text).toContain('would-see-it')
    expect(text).not.toContain('y is empty')
  })
})
