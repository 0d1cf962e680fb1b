import { describe, expect, it } from 'vitest'
import { instancesOf } from '../clause/instances.ts'
import type { Program } from '../clause/program.ts'
import { bindRoles, modelsOf, type Versions } from '../clause/roles.ts'
import { compile } from '../compile.ts'
import type { Evidence, Statement } from '../evidence/evidence.ts'
import { makeEvidence } from '../evidence/identity.ts'
import { decideGate, type Release } from './gate.ts'

const SPEC = `plumbline: 1
system: { name: gate, version: 1.0.0 }
data:
  accounts:
    source: accounts.csv
    columns:
      age: { type: integer, severity: warn }
      default: { type: boolean, role: label, severity: warn }
models:
  champion:
    artifact: model.onnx
    input: { from: accounts, columns: [age] }
    outputs: { risk: { type: number } }
    decision: risk >= 0.5
clauses:
  adults: { says: Adults only., of: accounts, every: age >= 18 }
  ranks-well: { says: It ranks., of: champion, must: roc_auc() >= 0.7 }
  beats-yesterday: { says: Not worse., of: challenger, must: roc_auc() >= roc_auc(champion) - 0.01 }
  hint: { says: A hint., of: accounts, every: age < 99, severity: warn }
`

const program = compiled(SPEC)
const CANDIDATE = 'sha256:c'
const CHAMPION = 'sha256:p'
const DATA = 'bytes:sha256:d'
const first: Release = {
  versions: { candidate: CANDIDATE, others: {} },
  data: { accounts: DATA },
  stages: ['data', 'model'],
}
const second: Release = { ...first, versions: { candidate: CANDIDATE, production: CHAMPION, others: {} } }

function compiled(text: string): Program {
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (value === undefined) throw new Error('The spec of the test has mistakes.')
  return value
}

/** A comparison of two measured sides: each has an interval of its own, which decides nothing. */
function undecidedMargin(s: Statement): Statement {
  const interval = { low: 0.76, high: 0.8, level: 0.95, method: 'delong-logit' }
  const margin = { value: 0.003, interval: { low: -0.002, high: 0.008 }, level: 0.95, method: 'delong-paired' }
  const expression = 'roc_auc() >= roc_auc(champion) - 0.01'
  return {
    ...s,
    verdict: 'inconclusive',
    reason: 'interval-straddles-bound',
    terms: [{ expression: 'roc_auc()', value: 0.78, missing: 0, interval }],
    comparisons: [{ expression, left: 0.78, right: 0.777, margin, verdict: 'inconclusive', rowsNeeded: 9000 }],
  } as Statement
}

/** Evidence for every instance, all satisfied, on the digests of a release. */
function allSatisfied(release: Release, of: Program = program): readonly Evidence[] {
  return instancesOf(of, release.stages).map((instance) => {
    const binding = bindRoles({ models: modelsOf(instance.clause, instance.relation) }, release.versions)
    const digests = {
      spec: of.spec.digest,
      clause: instance.clause.digest,
      data: { accounts: release.data['accounts'] ?? '' },
      models: binding.kind === 'bound' ? binding.models : {},
      tool: '1',
    }
    const base = {
      clause: instance.clause.id,
      form: instance.clause.form,
      stage: instance.stage,
      severity: instance.clause.severity,
      relation: instance.relation,
      slice: instance.slice.name,
      method: 'scan',
      digests,
    }
    if (binding.kind === 'unbound') return evidence({ ...base, verdict: 'skipped', reason: 'no-champion' })
    return evidence({ ...base, verdict: 'satisfied', n: 10, measured: 1, missing: 0, excluded: 0, unassigned_rows: 0 })
  })
}

function evidence(statement: Statement): Evidence {
  return makeEvidence(statement, {
    at: '2026-01-01T00:00:00Z',
    durationMs: 1,
    host: { os: 'o', arch: 'a', node: 'n' },
    session: 's',
  })
}

/** The evidence with one clause's statements changed. */
function changed(all: readonly Evidence[], clause: string, change: (s: Statement) => Statement): readonly Evidence[] {
  return all.map((e) => (e.statement.clause === clause ? evidence(change(e.statement)) : e))
}

/** The reasons, without those of the contract that the model's output brings along. */
const codes = (release: Release, all: readonly Evidence[], of = program): readonly string[] =>
  decideGate(of, all, release)
    .reasons.filter((r) => r.clause !== 'champion.risk.required')
    .map((r) => `${r.code} ${r.clause ?? ''}`.trim())

describe('the gate', () => {
  it('opens when every blocking instance is satisfied for the digests released', () => {
    const decision = decideGate(program, allSatisfied(first), first)
    expect(decision.open).toBe(true)
    expect(decision.supporting).toHaveLength(4)
  })

  it('is closed without evidence', () => {
    expect(codes(first, [])).toEqual(['no-evidence adults', 'no-evidence ranks-well', 'no-evidence beats-yesterday'])
  })

  it.each(['violated', 'inconclusive', 'error', 'skipped'] as const)(
    'is closed by a blocking clause that is %s',
    (verdict) => {
      const all = changed(allSatisfied(first), 'adults', (s) => {
        const { verdict: _v, ...rest } = s as Statement & { verdict: 'satisfied' }
        if (verdict === 'violated') return { ...rest, verdict }
        if (verdict === 'inconclusive') return { ...rest, verdict, reason: 'empty-relation' }
        if (verdict === 'error') return { ...rest, verdict, reason: 'engine-failed', cause: 'It broke.' }
        return { ...rest, verdict, reason: 'interrupted' }
      })
      expect(codes(first, all)).toEqual([`${verdict} adults`])
    },
  )

  it('is not closed by a later run that was interrupted', () => {
    const all = allSatisfied(first)
    const stopped = changed(all, 'adults', ({ verdict: _v, ...rest }) => {
      const digests = { ...rest.digests, data: {} }
      return { ...rest, digests, verdict: 'skipped', reason: 'interrupted' } as Statement
    })
    expect(codes(first, [...all, ...stopped])).toEqual([])
    const broken = changed(all, 'adults', (s) => ({ ...s, verdict: 'violated' }) as Statement)
    expect(codes(first, [...broken, ...stopped])).toEqual(['violated adults'])
  })

  it('is not closed by what only warns, but shows it', () => {
    const all = changed(allSatisfied(first), 'hint', (s) => ({ ...s, verdict: 'violated' }) as Statement)
    const decision = decideGate(program, all, first)
    expect(decision.open).toBe(true)
    expect(decision.notes.map((n) => n.statement.clause)).toEqual(['hint'])
  })

  it('asks for the comparison once there is a champion', () => {
    expect(codes(second, allSatisfied(first))).toEqual(['stale-evidence beats-yesterday'])
    expect(decideGate(program, allSatisfied(second), second).open).toBe(true)
  })

  it('compares no version with itself', () => {
    const itself: Release = { ...first, versions: { candidate: CANDIDATE, production: CANDIDATE, others: {} } }
    expect(
      codes(
        itself,
        allSatisfied(first).filter((e) => e.statement.clause !== 'beats-yesterday'),
      ),
    ).toEqual([])
  })

  it.each([
    ['another model', { ...first, versions: { candidate: 'sha256:x', others: {} } }, ['stale-evidence ranks-well']],
    [
      'other data',
      { ...first, data: { accounts: 'bytes:sha256:e' } },
      ['stale-evidence adults', 'stale-evidence ranks-well'],
    ],
    [
      'no candidate',
      { ...first, versions: { others: {} } },
      ['no-candidate ranks-well', 'no-candidate beats-yesterday'],
    ],
  ])('is closed for %s than was tested', (_, release, expected) => {
    // The skipped comparison names no data and no model, so nothing of it is stale.
    expect(codes(release as Release, allSatisfied(first)).filter((c) => !c.startsWith('stale-evidence beats'))).toEqual(
      expected,
    )
  })

  it('is closed when a bound has changed since', () => {
    const stricter = compiled(SPEC.replace('roc_auc() >= 0.7 ', 'roc_auc() >= 0.8 '))
    expect(codes(first, allSatisfied(first), stricter)).toEqual(['stale-evidence ranks-well'])
    const reworded = compiled(SPEC.replace('It ranks.', 'It ranks applicants.'))
    expect(codes(first, allSatisfied(first), reworded)).toEqual([])
  })

  it('trusts neither a different seed nor data without a digest nor evidence that contradicts itself', () => {
    const all = allSatisfied(first)
    expect(
      codes(
        first,
        changed(all, 'adults', (s) => ({ ...s, exploratory: true })),
      ),
    ).toEqual(['exploratory-evidence adults'])
    const unpinned: Release = { ...first, data: { accounts: 'unpinned' } }
    expect(codes(unpinned, allSatisfied(unpinned))).toEqual(['unpinned-data adults', 'unpinned-data ranks-well'])
    const served = (says: Readonly<Record<string, string>>) =>
      changed(
        all,
        'ranks-well',
        (s) =>
          ({ ...s, runners: { champion: { kind: 'http', says, repeated: { rows: 4, differing: 0 } } } }) as Statement,
      )
    expect(codes(first, served({ mlflow: '3.1' }))).toEqual(['unpinned-model ranks-well'])
    expect(codes(first, served({ version: '7' }))).toEqual([])
    const both = [...changed(all, 'adults', (s) => ({ ...s, verdict: 'violated' }) as Statement), ...all]
    expect(codes(first, both)).toEqual(['contradictory-evidence adults'])
  })

  it('stays closed when nothing blocks', () => {
    const quiet: Program = { ...program, clauses: program.clauses.filter((c) => c.severity !== 'block') }
    expect(codes(first, allSatisfied(first, quiet), quiet)).toEqual(['no-blocking-clause'])
  })

  it('is closed by what the spec declares and this version does not enforce', () => {
    expect(codes(first, allSatisfied(first), { ...program, unenforced: ['extends'] })).toEqual(['unenforced'])
  })

  it('says the bound, the measured value and what would change the answer', () => {
    const all = changed(
      allSatisfied(first),
      'ranks-well',
      (s) =>
        ({
          ...s,
          verdict: 'violated',
          terms: [
            {
              expression: 'roc_auc()',
              value: 0.65,
              missing: 0,
              interval: { low: 0.6, high: 0.69, level: 0.95, method: 'delong-logit' },
            },
          ],
          comparisons: [
            {
              expression: 'roc_auc() >= 0.7',
              left: 0.65,
              right: 0.7,
              margin: { value: -0.05, interval: { low: -0.1, high: -0.01 }, level: 0.95, method: 'delong-logit' },
              verdict: 'violated',
            },
          ],
        }) as Statement,
    )
    const [reason] = decideGate(program, all, first).reasons
    expect(reason).toMatchObject({
      bound: 'roc_auc() >= 0.7',
      measured: 0.65,
      interval: { level: 0.95, method: 'delong-logit' },
    })
    expect(reason?.interval?.low).toBeCloseTo(0.6)
    expect(reason?.interval?.high).toBeCloseTo(0.69)
    expect(reason?.message).toBe('ranks-well asks roc_auc() >= 0.7; measured 0.65 (0.6 to 0.69 at 95 %).')
    expect(reason?.change).toBe('It is short of the bound by 0.05.')
  })

  it('shows the interval of the comparison, not that of the first term it is made of', () => {
    const [reason] = decideGate(
      program,
      changed(allSatisfied(second), 'beats-yesterday', undecidedMargin),
      second,
    ).reasons
    expect(reason?.message).toBe(
      'beats-yesterday asks roc_auc() >= roc_auc(champion) - 0.01; measured a margin of 0.003 (-0.002 to 0.008 at 95 %), which does not decide it.',
    )
    expect(reason).toMatchObject({ measured: 0.78 })
    expect(reason?.interval).toBeUndefined()
  })
})

describe('the gate of an environment', () => {
  const served = compiled(`${SPEC}guard: { budget: { added_latency_p99: 50ms } }
release:
  staging: { requires: [data] }
  production: { requires: [data, model, release], approvals: [credit-risk] }
`)
  const enforced: Program = { ...served, unenforced: [] }
  const to = (environment: 'staging' | 'production', of = enforced): Release => ({
    ...first,
    environment,
    stages: of.release[environment].requires,
  })

  it('asks for what the environment requires, and never for what only production can decide', () => {
    const staging = allSatisfied(to('staging'), enforced)
    expect(decideGate(enforced, staging, to('staging')).open).toBe(true)
    expect(codes(to('production'), staging, enforced)).toContain('no-evidence release.parity')
    const all = allSatisfied(to('production'), enforced)
    expect(all.some((e) => e.statement.stage === 'runtime')).toBe(false)
    expect(decideGate(enforced, all, to('production')).open).toBe(true)
  })

  it('is closed by a staged candidate that fails, and by evidence about another one', () => {
    const all = allSatisfied(to('production'), enforced)
    const failing = changed(all, 'release.parity', (s) => ({ ...s, verdict: 'violated' }) as Statement)
    expect(codes(to('production'), failing, enforced)).toEqual(['violated release.parity'])
    const other: Release = { ...to('production'), versions: { candidate: 'sha256:x', others: {} } }
    const stale = decideGate(enforced, all, other).reasons.find((r) => r.clause === 'release.contract')
    expect(stale).toMatchObject({ code: 'stale-evidence', change: 'Run `plumb test --stage release` again.' })
    expect(stale?.message).toContain('it was another `champion`')
  })

  it('is closed without a candidate', () => {
    const none: Release = { ...to('production'), versions: { others: {} } }
    expect(codes(none, [], enforced)).toContain('no-candidate release.contract')
  })

  it('believes the last of two measurements of time, and not of two answers', () => {
    const all = allSatisfied(to('production'), enforced)
    const slow = changed(all, 'release.latency', (s) => ({ ...s, verdict: 'violated' }) as Statement)
    expect(decideGate(enforced, [...slow, ...all], to('production')).open).toBe(true)
    expect(codes(to('production'), [...all, ...slow], enforced)).toEqual(['violated release.latency'])
    const wrong = changed(all, 'release.contract', (s) => ({ ...s, verdict: 'violated' }) as Statement)
    expect(codes(to('production'), [...wrong, ...all], enforced)).toEqual(['contradictory-evidence release.contract'])
  })

  it('of staging is not closed by what only production declares', () => {
    const all = allSatisfied(to('production', served), served)
    expect(decideGate(served, all, to('staging', served)).open).toBe(true)
    expect(codes(to('production', served), all, served)).toEqual(['unenforced'])
    const { environment: _, ...unsaid } = to('production', served)
    expect(codes(unsaid, all, served)).toEqual(['unenforced'])
  })
})

describe('roles', () => {
  const versions: Versions = { candidate: CANDIDATE, production: CHAMPION, others: { scorecard: 'sha256:s' } }
  it.each([
    [['champion'], { champion: CANDIDATE }],
    [['challenger', 'champion'], { challenger: CANDIDATE, champion: CHAMPION }],
    [['champion', 'scorecard'], { champion: CANDIDATE, scorecard: 'sha256:s' }],
  ])('binds %j', (models, expected) => {
    expect(bindRoles({ models }, versions)).toEqual({ kind: 'bound', models: expected })
  })
  it('says which role nothing holds', () => {
    expect(bindRoles({ models: ['challenger', 'champion'] }, { candidate: CANDIDATE, others: {} })).toEqual({
      kind: 'unbound',
      reason: 'no-champion',
      model: 'champion',
    })
    expect(bindRoles({ models: ['champion'] }, { others: {} })).toEqual({
      kind: 'unbound',
      reason: 'no-candidate',
      model: 'champion',
    })
    expect(bindRoles({ models: ['toString'] }, versions)).toEqual({
      kind: 'unbound',
      reason: 'model-missing',
      model: 'toString',
    })
  })
})
