import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import type { SourceSet } from '../source/source-file.ts'
import { type ModelTensor, outputChanges } from './output-changes.ts'
import { proposeOutputPatch } from './propose-output-patch.ts'

const sourcesOf = (outputs: string, clause = 'must: mean(risk) <= 0.5'): SourceSet => ({
  main: {
    path: 'plumb.yaml',
    text: `plumbline: 1
system: { name: loans, version: 0.1.0 }
data:
  loans:
    source: loans.csv
    columns:
      age: { type: integer, range: [18, 100] }
      sex: { type: category, values: [f, m], protected: true }
models:
  champion:
    artifact: model.onnx
    input: { from: loans, columns: [age] }
    outputs:
${outputs}
    decision: risk >= 0.5
clauses:
  it: { says: a, of: champion, ${clause} }
`,
  },
  others: [],
})
const RISK = '      risk: { type: number, range: [0, 1] }'
const BOTH = `${RISK}
      code: { type: integer, tensor: label }   # of the class`

const tensor = (name: string, type = 'float', columns = 1): ModelTensor => ({ name, type, columns })

function asked(sources: SourceSet, tensors: readonly ModelTensor[]) {
  const { value: program, diagnostics } = compile(sources)
  const model = program?.models[0]
  if (program === undefined || model === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return outputChanges(model, tensors).map((change) => proposeOutputPatch(sources, program, change))
}

describe('an output that the file no longer gives', () => {
  it('is nothing where all are there, under whatever order', () => {
    expect(asked(sourcesOf(BOTH), [tensor('label', 'int64'), tensor('extra'), tensor('risk')])).toEqual([])
  })
  it('is read from the only tensor that fits, and keeps its name', () => {
    const [proposal] = asked(sourcesOf(BOTH), [tensor('variable', 'float'), tensor('label', 'int64')])
    expect(proposal).toMatchObject({ kind: 'patch', change: { from: 'risk', to: 'variable', outputs: ['risk'] } })
    expect(proposal?.kind === 'patch' && proposal.diff).toContain(
      '+      risk: { type: number, tensor: "variable", range: [0, 1] }',
    )
  })
  it('takes the new name in the place of the old one, where it was named', () => {
    const [proposal] = asked(sourcesOf(BOTH), [tensor('risk'), tensor('output_label', 'int64')])
    expect(proposal?.kind === 'patch' && proposal.diff).toContain(
      '+      code: { type: integer, tensor: "output_label" }   # of the class',
    )
  })
  it('is one change of all outputs that are read from one tensor', () => {
    const outputs = `      risk: { type: number, tensor: probabilities, index: 1 }
      other: { type: number, tensor: probabilities, index: 0 }`
    const proposals = asked(sourcesOf(outputs), [tensor('probs', 'float', 2), tensor('narrow', 'float', 1)])
    expect(proposals).toMatchObject([{ kind: 'patch', change: { to: 'probs', outputs: ['risk', 'other'] } }])
    expect(proposals[0]?.kind === 'patch' && proposals[0].diff.match(/^\+.*tensor: "probs"/gm)).toHaveLength(2)
  })
  it.each([
    ['of another type', [tensor('score', 'int64')], 'no other tensor of the file fits'],
    ['too wide', [tensor('score', 'float', 3)], 'no other tensor of the file fits'],
    ['two that could be it', [tensor('a'), tensor('b')], 'several could be it: a, b'],
  ])('has no patch where there is %s', (_, tensors, why) => {
    expect(asked(sourcesOf(RISK), tensors)).toMatchObject([{ kind: 'withheld', why: expect.stringContaining(why) }])
  })
  it('is taken for the one with nearly its name among several', () => {
    expect(asked(sourcesOf(RISK), [tensor('a'), tensor('risk_1')])).toMatchObject([
      { kind: 'patch', change: { to: 'risk_1' } },
    ])
  })
  it('has no patch where two that are missing could be the same tensor', () => {
    const outputs = `${RISK}\n      worth: { type: number }`
    const proposals = asked(sourcesOf(outputs), [tensor('variable')])
    expect(proposals.map(({ kind }) => kind)).toEqual(['withheld', 'withheld'])
  })
  it.each([
    ['fairness', 'must: "ratio_across(sex, mean(risk)) >= 0.8"'],
    ['absence', 'every: "!decision"'],
    ['safety', 'must: mean(risk) <= 0.5, hazards: [H-1]'],
  ])('has no patch where a clause on the model is about %s', (protects, clause) => {
    const sources = sourcesOf(RISK, clause)
    const main = { ...sources.main, text: `${sources.main.text}hazards: { H-1: { says: a } }\n` }
    expect(asked({ ...sources, main }, [tensor('score')])).toMatchObject([
      { kind: 'withheld', protected: [{ clause: 'it', protects }] },
    ])
  })
})
