import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instancesOf } from '../clause/instances.ts'
import type { Program } from '../clause/program.ts'
import { printExpr } from '../expr/print/typed.ts'
import type { Fault } from './fault.ts'
import { planControls, planFaults } from './plan/plan-faults.ts'
import { writtenDraftsFor } from './answer-drafts.ts'
import { draftsFor } from './drafts.ts'
import { boundBetween, proposalOf, writtenProposal } from './propose.ts'
import type { ControlResult, FaultResult, Reaction } from './result.ts'
import { scoreOf } from './score.ts'
import { touches } from './touches.ts'
import { weakenings } from './weaken.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

const SPEC = `plumbline: 1
system: { name: loans }
data:
  loans:
    source: loans.csv
    key: [id]
    splits: { train: 'part == "train"', test: 'part == "test"' }
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 99] }
      income: { type: number, range: [0, 1000000] }
      sex: { type: category, values: { 1: male, 2: female } }
      part: { type: category, values: [train, test], role: split }
      bad: { type: boolean, role: label }
models:
  champion:
    artifact: m.onnx
    task: binary-classification
    input: { from: loans, columns: [age, income] }
    outputs: { risk: { type: number } }
    label: bad
    decision: risk >= 0.5
clauses:
  enough: { says: Enough., of: loans, must: count() >= 100 && distinct(id) == count() }
  rich: { says: Rich., of: loans, every: "income >= 1000.0 && (age < 60 || income > 5000.0)" }
  ranks: { says: Ranks., of: champion.test, must: roc_auc() >= 0.7 }
  same: { says: Same., of: champion, forall: { x: loans }, holds: champion(x).risk >= 0.0 }
  alike: { says: Alike., of: requests, always: "psi(age, loans.train) < 0.2", window: 1d }
monitor: { windows: [1d] }
`

function programOf(text: string): Program {
  return compiledSpec(text)
}

const program = programOf(SPEC)
const budget = { seed: '1', faults: 30, controls: 5 }

describe('the faults of a run', () => {
  it.each([
    ['a category', 'bad: { type: category, values: [no, yes, late], role: label }', 'share(bad == '],
    ['a number', 'bad: { type: number, range: [0, 100], role: label }', 'mean(bad)'],
  ])('are of labels, too, that are %s', (_, label, draft) => {
    const other = programOf(
      SPEC.replace('bad: { type: boolean, role: label }', label)
        .replace(/models:[^]*clauses:/, 'clauses:')
        .replace(/ {2}(ranks|same|alike):.*\n/g, '')
        .replace('monitor: { windows: [1d] }\n', ''),
    )
    const planned = planFaults(other, { ...budget, faults: 200 })
    const kinds = planned.filter(({ id }) => id.startsWith('label-')).map(({ id }) => id)
    expect(kinds).toEqual(
      expect.arrayContaining(['label-flip loans.bad', 'label-leak loans.age.bad', 'label-leak loans.income.bad']),
    )
    const drafts = planned.flatMap((fault) => (fault.id === 'label-flip loans.bad' ? draftsFor(other, fault) : []))
    expect(drafts.map(({ term }) => term).join()).toContain(draft)
  })

  it('are those of the seed, each once, and no more than asked for', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5 }), fc.integer({ min: 0, max: 80 }), (seed, faults) => {
        const planned = planFaults(program, { ...budget, seed, faults })
        expect(planned.length).toBeLessThanOrEqual(faults)
        expect(new Set(planned.map(({ id }) => id)).size).toBe(planned.length)
        expect(planFaults(program, { ...budget, seed, faults })).toEqual(planned)
      }),
    )
  })

  it('are of every kind that the spec has a place for before any kind comes twice', () => {
    const all = planFaults(program, { ...budget, faults: 1000 })
    const kinds = new Set(all.map(({ operator }) => operator))
    expect([...kinds].toSorted()).toEqual([
      'category-swap',
      'column-shift',
      'default-fill',
      'duplicates',
      'encoding',
      'key-overlap',
      'label-flip',
      'label-leak',
      'missing-preprocessing',
      'null-burst',
      'over-confident',
      'sampling-bias',
      'skew',
      'slice-drop',
      'stale-feature',
      'stale-partition',
      'threshold-shift',
      'unit-change',
      'wrong-checkpoint',
    ])
    const data = planFaults(program, { ...budget, faults: 20 }).filter(({ group }) => group === 'data')
    expect(data.length).toBe(12)
    expect(new Set(data.map(({ operator }) => operator)).size).toBe(data.length)
  })

  it('can be kinds that somebody names', () => {
    const only = planFaults(program, { ...budget, operators: new Set(['null-burst', 'skew']) })
    expect(new Set(only.map(({ operator }) => operator))).toEqual(new Set(['null-burst', 'skew']))
  })

  it('have controls beside them, most of them rows drawn again', () => {
    expect(planControls({ ...budget, controls: 5 }).map(({ operator }) => operator)).toEqual([
      'resample',
      'resample',
      'resample',
      'reseed',
      'reorder',
    ])
  })
})

describe('what a fault can touch', () => {
  const touched = (pick: (fault: Fault) => boolean): readonly string[] => {
    const fault = planFaults(program, { ...budget, faults: 1000 }).find(pick)
    if (fault === undefined) throw new Error('There is no such fault.')
    return [
      ...new Set(
        instancesOf(program, ['data', 'model', 'runtime'])
          .filter((each) => touches(program, fault, each))
          .map(({ clause }) => clause.id),
      ),
    ].filter((id) => !id.includes('.'))
  }

  it('is what reads the column, on data and on the model', () => {
    expect(touched(({ id }) => id === 'null-burst loans.income')).toEqual(['rich', 'ranks'])
    expect(touched(({ id }) => id === 'null-burst loans.sex')).toEqual([])
    expect(touched(({ operator }) => operator === 'label-flip')).toEqual(['ranks'])
  })

  it('is everything of a dataset whose rows change, and only requests for a fault of serving', () => {
    expect(touched(({ operator }) => operator === 'duplicates')).toEqual(['enough', 'rich', 'ranks'])
    expect(touched(({ operator }) => operator === 'skew')).toEqual(['alike'])
  })
})

describe('weaker clauses', () => {
  const weak = (id: string): readonly string[] => {
    const clause = program.clauses.find((each) => each.id === id)
    return clause === undefined ? [] : weakenings(clause).map(({ operator, says }) => `${operator} ${says}`)
  }

  it('of a must have another bound, the opposite comparison, or a conjunct less', () => {
    expect(weak('enough')).toEqual([
      'flipped-operator enough: `count() >= 100` with <=',
      'relaxed-bound enough: `count() >= 100` with 80',
      'flipped-operator enough: `distinct(id) == count()` with !=',
      'dropped-conjunct enough: without conjunct 1',
      'dropped-conjunct enough: without conjunct 2',
    ])
    expect(weak('ranks')).toContain('relaxed-bound ranks: `roc_auc() >= 0.7` with 0.56')
    expect(weak('same')).toEqual([])
  })

  it('of an every are the same row condition with one thing changed', () => {
    const clause = program.clauses.find(({ id }) => id === 'rich')
    const texts =
      clause === undefined
        ? []
        : weakenings(clause).map(({ clause: changed }) =>
            changed.form === 'every' && changed.condition.kind === 'expr' ? printExpr(changed.condition.expr) : '',
          )
    expect(texts).toEqual([
      'income <= 1000.0 && (age < 60 || income > 5000.0)',
      'income >= 800.0 && (age < 60 || income > 5000.0)',
      'income >= 1000.0 && (age > 60 || income > 5000.0)',
      'income >= 1000.0 && (age < 72 || income > 5000.0)',
      'income >= 1000.0 && (age < 60 || income < 5000.0)',
      'income >= 1000.0 && (age < 60 || income > 4000.0)',
      'age < 60 || income > 5000.0',
      'income >= 1000.0',
    ])
  })
})

describe('the score', () => {
  const reaction = (clause: string, severity: Reaction['severity'] = 'block'): Reaction => ({
    clause,
    severity,
    relation: 'loans',
    slice: 'all',
  })
  const [fault] = planFaults(program, budget)
  const [control] = planControls(budget)
  const result = (outcome: FaultResult['outcome'], ...kills: readonly Reaction[]): FaultResult => ({
    fault: fault as Fault,
    outcome,
    changed: 1,
    asked: 1,
    kills,
    undecided: [],
  })
  const silent: ControlResult = { control: control as NonNullable<typeof control>, alarms: [], undecided: [] }
  const alarm: ControlResult = { ...silent, alarms: [reaction('b')] }

  it('is kills minus alarms, with the exact intervals of both', () => {
    const { kills, alarms, score } = scoreOf(
      [result('killed', reaction('a')), result('survived'), result('undecided'), result('unchanged'), result('failed')],
      [silent, alarm],
      [],
    )
    expect([kills.k, kills.n, alarms.k, alarms.n]).toEqual([1, 3, 1, 2])
    // Clopper-Pearson for 1 of 3 (R: binom.test(1, 3)).
    expect(kills.interval.low).toBeCloseTo(0.0084037, 6)
    expect(kills.interval.high).toBeCloseTo(0.9057007, 6)
    expect(score.value).toBeCloseTo(1 / 3 - 1 / 2, 12)
    // Both at 97.5 %: binom.test(1, 3, conf.level = 0.975) and binom.test(1, 2, conf.level = 0.975).
    expect(score.interval.low).toBeLessThan(kills.interval.low - alarms.interval.high)
    expect(score.interval.high).toBeGreaterThan(kills.interval.high - alarms.interval.low)
  })

  it('says which clauses are redundant and which fragile', () => {
    const { redundant, fragile, clauses } = scoreOf(
      [result('killed', reaction('a')), result('killed', reaction('a'), reaction('b', 'warn'))],
      [alarm],
      [],
    )
    expect(redundant).toEqual(['b'])
    expect(fragile).toEqual(['b'])
    expect(clauses).toEqual([
      { clause: 'a', kills: 2, alone: 1, alarms: 0 },
      { clause: 'b', kills: 1, alone: 0, alarms: 1 },
    ])
  })

  it('calls one of two copies redundant, and no clause without which a fault would survive', () => {
    const copies = scoreOf(
      [result('killed', reaction('a'), reaction('a-again')), result('killed', reaction('a'), reaction('a-again'))],
      [],
      [],
    )
    expect(copies.redundant).toEqual(['a-again'])
    // Each fault has two killers, and none of the three is alone anywhere: one of them can go, not two.
    const ring = [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ].map((ids) => result('killed', ...ids.map((id) => reaction(id))))
    expect(scoreOf(ring, [], []).redundant).toEqual(['c'])
    // The broad one does the work of both narrow ones.
    const broad = [result('killed', reaction('a'), reaction('z')), result('killed', reaction('b'), reaction('z'))]
    expect(scoreOf(broad, [], []).redundant).toEqual(['a', 'b'])
  })

  it('counts as stopped only what a blocking clause killed', () => {
    const { groups } = scoreOf([result('killed', reaction('b', 'warn')), result('killed', reaction('a'))], [], [])
    expect(groups.map(({ kills, stopped }) => [kills.k, stopped])).toEqual([[2, 1]])
    expect(scoreOf([], [], []).score).toEqual({ value: null, interval: { low: -1, high: 1 } })
  })
})

describe('proposed clauses', () => {
  it('have a bound between what is usual and what the fault makes, or there is none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 5 }),
        fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
        (usual, faulty) => {
          const found = boundBetween(
            usual.map((x) => ({ low: x, high: x })),
            { low: faulty, high: faulty },
          )
          const outside = usual.every((x) => x < faulty) || usual.every((x) => x > faulty)
          expect(found !== undefined).toBe(outside)
          if (found === undefined) return
          const holds = (x: number): boolean => (found.op === '<=' ? x <= found.bound : x >= found.bound)
          expect(usual.every(holds)).toBe(true)
          expect(holds(faulty)).toBe(false)
        },
      ),
    )
  })

  it('compile as they are written, for every fault that has one', () => {
    const drafts = new Map(
      planFaults(program, { ...budget, faults: 1000 }).flatMap((fault) =>
        draftsFor(program, fault).map((draft) => [draft.id, draft] as const),
      ),
    )
    expect(drafts.size).toBeGreaterThan(10)
    for (const draft of drafts.values()) {
      const { yaml } = proposalOf(draft, '<=', 0.5, 'says: "why" #')
      const added = programOf(SPEC.replace('clauses:\n', `clauses:\n${yaml}`))
      expect(added.clauses.some(({ id }) => id === draft.id)).toBe(true)
    }
  })

  it('ask a model on the rows that authors judge it on, however many contracts its outputs have', () => {
    const ranged = programOf(SPEC.replace('risk: { type: number }', 'risk: { type: number, range: [0, 1] }'))
    const fault = planFaults(ranged, { ...budget, faults: 1000 }).find(({ operator }) => operator === 'over-confident')
    const of = (fault === undefined ? [] : draftsFor(ranged, fault)).map((draft) => draft.of)
    expect([...new Set(of)]).toEqual(['champion.test'])
    const contracts = ranged.clauses.filter((each) => each.origin === 'contract' && each.of[0]?.relation === 'champion')
    expect(contracts.length).toBeGreaterThan(1)
  })

  it('for another model in place of one compile as they are written, too', () => {
    const own = {
      group: 'model',
      operator: 'wrong-checkpoint',
      id: 'x',
      says: 'another file',
      model: 'champion',
      columns: [],
    } as const
    const drafts = writtenDraftsFor(program, { ...own, instead: 'other' })
    expect(drafts.length).toBeGreaterThan(0)
    for (const draft of drafts) {
      const { yaml } = writtenProposal(draft, 'why')
      const added = programOf(SPEC.replace('clauses:\n', `clauses:\n${yaml}`))
      expect(added.clauses.find(({ id }) => id === draft.id)?.form).toBe('forall')
    }
    expect(writtenDraftsFor(program, own)).toEqual([])
  })
})
