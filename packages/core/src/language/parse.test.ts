import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { type ParamValues, parseSpec } from './index.ts'
import type { Spec } from './spec.ts'

const CORPUS = new URL('../../../../conformance/language/', import.meta.url)

function corpus(name: string): string {
  const file = name.includes('/') ? `${name}.plumb.yaml` : `${name}/spec.plumb.yaml`
  return readFileSync(new URL(file, CORPUS), 'utf8')
}

/** What the whole example extends. */
const others = [
  { path: 'templates/binary-classification.plumb.yaml', text: corpus('whole/templates/binary-classification') },
]

function parse(text: string, params?: ParamValues): ReturnType<typeof parseSpec> {
  return parseSpec({ main: { path: 'spec.plumb.yaml', text }, others }, params)
}

function specOf(text: string, params?: ParamValues): Spec {
  const { value, diagnostics } = parse(text, params)
  if (value === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return value
}

const HEAD = 'plumbline: 1\nsystem: { name: demo }\n'

describe('the whole example', () => {
  const text = corpus('whole')
  const spec = specOf(text)
  const cut = (span: { readonly start: number; readonly end: number }): string => text.slice(span.start, span.end)

  it('reads the system, requirements and hazards', () => {
    expect(spec.language.value).toBe(1)
    expect(spec.system.version?.value).toBe('1.4.0')
    expect(spec.system.intendedUse.map((use) => use.value)).toEqual(['credit line review by an analyst'])
    expect(spec.system.owners).toEqual([{ name: 'Credit Risk', contact: 'risk@example.org' }])
    expect([...spec.requirements.keys()]).toEqual(['R-1', 'R-2'])
    expect(spec.hazards.get('H-2')?.controls.map((c) => c.value)).toEqual(['equal-opportunity'])
  })

  it('reads datasets and column contracts in order', () => {
    const accounts = spec.data.get('accounts')
    expect(accounts?.source.value).toEqual({ path: 'data/accounts.parquet', format: 'parquet' })
    expect([...(accounts?.columns.keys() ?? [])].slice(0, 4)).toEqual(['id', 'limit_bal', 'sex', 'education'])
    expect(accounts?.columns.get('limit_bal')?.range?.value).toEqual([10_000, 1_000_000])
    expect(accounts?.columns.get('bill_amt1')?.range?.value).toEqual([-1_000_000, 2_000_000])
    const sex = accounts?.columns.get('sex')
    expect(sex?.protected).toBe(true)
    expect(sex?.values?.value.map(({ code, label }) => [code, label])).toEqual([
      [1, 'male'],
      [2, 'female'],
    ])
    expect(accounts?.columns.get('split')?.values?.value.map(({ code }) => code)).toEqual([
      'train',
      'test',
      'later',
      'fresh',
    ])
    expect(accounts?.columns.get('default')?.role?.value).toBe('label')
    expect(accounts?.splits.get('train')?.text).toBe('split == "train"')
  })

  it('reads models', () => {
    const champion = spec.models.get('champion')
    expect(champion?.artifact?.value).toBe('models/champion.onnx')
    expect(champion?.input?.columns.map((c) => c.value)).toHaveLength(6)
    expect(champion?.outputs.get('risk')?.range?.value).toEqual([0, 1])
    expect(spec.models.get('scorecard')?.like?.value).toBe('champion')
  })

  it('reads every form of clause', () => {
    const forms = [...spec.clauses.values()].map((clause) => clause.body.form)
    expect(new Set(forms)).toEqual(new Set(['every', 'must', 'forall', 'always', 'whenever']))
    const bills = spec.clauses.get('bills-within-limit')
    expect(bills?.of.map((o) => o.value)).toEqual(['accounts', 'requests'])
    expect(bills?.mostly?.value).toBe('0.99')
    expect(bills?.severity?.value).toBe('warn')
    expect(spec.clauses.get('ranks-well')?.confidence?.value).toBe(0.95)
    expect(spec.clauses.get('ranks-well-by-education')?.slices[0]?.value).toEqual({ kind: 'by', column: 'education' })
    expect(spec.clauses.get('ranks-young-well')?.slices[0]?.value).toEqual({ kind: 'named', name: 'young' })
    const monotone = spec.clauses.get('later-payment-never-helps')?.body
    expect(monotone?.form === 'forall' && monotone.let.get('y')?.text).toBe("x.with({'pay_0': x.pay_0 + 1})")
    const stable = spec.clauses.get('population-stable')?.body
    expect(stable?.form === 'always' && [stable.window?.value, stable.for?.value]).toEqual([86_400_000_000n, 2])
    const answered = spec.clauses.get('drift-is-answered')?.body
    expect(answered?.form === 'whenever' && answered.within?.value).toBe(604_800_000_000n)
  })

  it('keeps the place of every name, value and part of an expression', () => {
    for (const [name, clause] of spec.clauses) expect(cut(clause.nameSpan)).toBe(name)
    for (const column of spec.data.get('accounts')?.columns.values() ?? []) {
      expect(cut(column.nameSpan)).toBe(column.name)
      expect(cut(column.type.span)).toBe(column.type.value)
    }
    const must = spec.clauses.get('train-test-alike')?.body
    if (must?.form !== 'must') throw new Error('must')
    const at = must.condition.text.indexOf('accounts.train')
    expect(cut(must.condition.place(at, at + 14))).toBe('accounts.train')
  })

  it('reads the monitor', () => {
    const { monitor } = spec
    expect(monitor?.windows.map((w) => w.value)).toEqual([86_400_000_000n])
    expect(monitor?.lateness?.value).toBe(3_600_000_000n)
    expect(monitor?.minRows?.value).toBe(500)
    expect(monitor?.labels?.source.value).toBe('data/outcomes.parquet')
    expect(monitor?.labels?.join.map((j) => j.value)).toEqual(['id'])
    expect(monitor?.labels?.within.value).toBe(45n * 86_400_000_000n)
    expect(monitor?.labels?.minShare?.value).toBe('0.8')
    // As written: its value belongs to the machine that sends.
    expect(monitor?.alerts).toMatchObject([{ kind: 'webhook', url: { value: '${ALERT_URL}' } }])
  })

  it('reads the pipeline and its retraining', () => {
    const train = spec.pipeline?.stages.get('train')
    expect(train?.run.value).toEqual(['node', 'train.js'])
    expect(train?.needs.map((n) => n.value)).toEqual(['data/accounts.parquet', 'train.js'])
    expect([...(train?.params ?? [])]).toEqual([['depth', 6]])
    const retrain = spec.pipeline?.retrain
    expect(retrain?.when).toMatchObject([
      { kind: 'clause', name: { value: 'population-stable' } },
      { kind: 'clause', name: { value: 'ranks-well' } },
      { kind: 'new-data' },
      { kind: 'schedule', every: { value: 30n * 86_400_000_000n } },
    ])
    expect(retrain?.cooldown?.value).toBe(86_400_000_000n)
    expect(retrain?.budget?.value).toEqual({ count: 4, per: 'month' })
  })

  it('reads the environments of a release', () => {
    expect(spec.release?.staging?.requires?.map((r) => r.value)).toEqual(['data', 'model'])
    expect(spec.release?.production?.requires?.map((r) => r.value)).toEqual(['data', 'model', 'release'])
    expect(spec.release?.production?.rollback.map((r) => r.value)).toEqual(['ranks-well'])
  })

  it('reads the guard', () => {
    expect(spec.guard?.input?.value).toBe('reject')
    expect(spec.guard?.output?.value).toBe('fallback')
    expect(spec.guard?.fallback?.model?.value).toBe('scorecard')
    expect(spec.guard?.budget?.addedLatency.value).toBe(50_000n)
    expect(spec.guard?.budget?.severity?.value).toBe('warn')
    expect(spec.guard?.onFailure).toBeUndefined()
  })

  it('names what is not enforced, and what of it keeps production closed', () => {
    const closing = spec.unenforced.filter((part) => part.closesProduction).map((part) => part.key)
    expect(closing).toEqual(['release.production.approvals'])
    expect(spec.unenforced.map((part) => part.key)).toEqual(expect.arrayContaining(['release.production.canary']))
  })
})

describe('values', () => {
  it('keeps hostile names as data', () => {
    const spec = specOf(corpus('proto-column'))
    const columns = spec.data.get('people')?.columns
    expect([...(columns?.keys() ?? [])]).toEqual(['__proto__', 'constructor', 'toString'])
    expect(columns?.get('__proto__')?.type.value).toBe('integer')
    expect(columns?.get('toString')?.values?.value.map((v) => v.code)).toEqual(['__proto__', 'hasOwnProperty'])
    expect(Object.hasOwn(Object.prototype, 'type')).toBe(false)
  })

  it('reads the literals exactly', () => {
    const spec = specOf(corpus('literals-good'))
    const age = spec.data.get('people')?.columns.get('age')
    expect(age?.range?.value).toEqual(['-9007199254740993', null])
    expect(age?.mostly?.value).toBe('1')
    expect(spec.clauses.get('adults')?.mostly?.value).toBe('0.995')
    expect(spec.clauses.get('sure')?.confidence?.value).toBe(0.975)
    expect(spec.clauses.get('plain')?.confidence?.value).toBe('none')
  })

  it('writes aliases out', () => {
    const spec = specOf(corpus('alias-good'))
    expect(spec.clauses.get('young')?.of.map((o) => o.value)).toEqual(['people'])
    expect(spec.clauses.get('young')?.severity?.value).toBe('warn')
  })

  it('reads how a source is read', () => {
    const source = (text: string): unknown =>
      specOf(`${HEAD}data: { a: { source: ${text}, columns: {} } }`).data.get('a')?.source.value
    expect(
      source(
        '{ path: a.dat, format: csv, delimiter: ";", header: false, null_values: ["", NA, -999], encoding: latin-1 }',
      ),
    ).toEqual({
      path: 'a.dat',
      format: 'csv',
      delimiter: ';',
      header: false,
      nullValues: ['', 'NA', '-999'],
      encoding: 'latin-1',
    })
    expect(source('data/*.csv.gz')).toEqual({ path: 'data/*.csv.gz', format: 'csv' })
    expect(source('a.tsv')).toEqual({ path: 'a.tsv', format: 'csv', delimiter: '\t' })
    expect(source('a.ndjson')).toEqual({ path: 'a.ndjson', format: 'json' })
  })

  it('reads codes by their YAML type', () => {
    const codes = (text: string): unknown =>
      specOf(`${HEAD}data: { a: { source: a.csv, columns: { c: { type: category, values: ${text} } } } }`)
        .data.get('a')
        ?.columns.get('c')
        ?.values?.value.map(({ code }) => code)
    expect(codes('[1, -2, 3]')).toEqual([1, -2, 3])
    expect(codes('["1", "2"]')).toEqual(['1', '2'])
    expect(codes('[no, yes, on]')).toEqual(['no', 'yes', 'on'])
    expect(codes('[true, false]')).toEqual([true, false])
    expect(codes('{ A1: low, A2: 2 }')).toEqual(['A1', 'A2'])
  })

  it('reads a single value where a list is allowed', () => {
    const spec = specOf(`${HEAD}clauses: { a: { of: x, every: "true", meets: R-1, slices: by sex } }`)
    expect(spec.clauses.get('a')?.meets.map((m) => m.value)).toEqual(['R-1'])
    expect(spec.clauses.get('a')?.slices[0]?.value).toEqual({ kind: 'by', column: 'sex' })
  })

  it('takes parameters from outside only where they are declared', () => {
    const text = `${HEAD}params: { depth: 6, name: a, deep: false, share: 50% }\n`
    expect([...specOf(text).params].map(([name, { value }]) => [name, value])).toEqual([
      ['depth', 6],
      ['name', 'a'],
      ['deep', false],
      ['share', 0.5],
    ])
    expect(specOf(text, { depth: 8 }).params.get('depth')?.value).toBe(8)
    const wrong = parse(text, { dept: 8 })
    expect(wrong.diagnostics.map((d) => [d.code, d.fix])).toEqual([['language/unknown-param', "Did you mean 'depth'?"]])
    expect(parse(text, JSON.parse('{"__proto__": 1}')).diagnostics.map((d) => d.code)).toEqual([
      'language/unknown-param',
    ])
  })
})

describe('errors and values', () => {
  it('gives a value beside errors that lose no declaration', () => {
    const { value, diagnostics } = parse(corpus('unknown-key'))
    expect(hasErrors(diagnostics)).toBe(true)
    expect(value?.clauses.has('adults')).toBe(true)
  })
  it('gives none when a declaration is lost', () => {
    const column = (type: string): string => `${HEAD}data: { a: { source: a.csv, columns: { c: { type: ${type} } } } }`
    expect(parse(column('integer')).value).toBeDefined()
    expect(parse(column('integr')).value).toBeUndefined()
    expect(parse(corpus('two-forms')).value).toBeUndefined()
    expect(parse(`${HEAD}modles: { a: {} }`).value).toBeUndefined()
    expect(parse(`${HEAD}slices: { ? [x] : y, b: z }`).value).toBeUndefined()
    expect(parse(corpus('broken-quote')).value).toBeUndefined()
  })
})
