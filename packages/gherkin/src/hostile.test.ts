import { array, assert, constantFrom, nat, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileWith, SPEC } from './testing/compile-feature.ts'
import { cpuMs } from '../../../tests/support/cpu.ts'

const FEATURE = `# language: en
@R-1
Feature: Data
  Background:
    Given dataset accounts from data/accounts.csv
  Rule: Codes
    @id:a @severity:warn
    Scenario Outline: Codes of <column>
      Then values of <column> are in <values>
      And rows satisfy:
        """
        age > 18 && iban != "\\"😀"
        """
      Examples:
        | column | values       |
        | sex    | male, female |
  Scenario: Model
    Given model champion on test
    Then roc_auc for slice by sex is at least 70% with 99% confidence
    And values of sex are:
      | male |
`
const NOISE = [
  '<',
  '>',
  '{col}',
  '|',
  '\\|',
  '"',
  '"""',
  '@',
  '@id:',
  '#',
  ':',
  '\t',
  '\r\n',
  '\u2028',
  '😀',
  '\u202e',
  '\ud800',
  '  ',
  'Feature: ',
  'Then ',
  '`',
  '${x}',
  '%',
  '0x',
  'é',
  '\0',
]

describe('whatever the text, there are clauses or findings, each at a place in a file', () => {
  it('of a feature with noise in it', () => {
    const edit = record({ at: nat(FEATURE.length), cut: nat(12), put: constantFrom(...NOISE) })
    assert(
      property(
        array(edit, { minLength: 1, maxLength: 6 }),
        constantFrom('a.feature', 'a.feature.md'),
        (edits, path) => {
          const text = edits.reduce((all, { at, cut, put }) => all.slice(0, at) + put + all.slice(at + cut), FEATURE)
          const { diagnostics, program, sources, shown } = compileWith(SPEC, { [path]: text })
          if (program === undefined) expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
          for (const { span } of diagnostics) {
            const file = [sources.main, ...sources.others].find((each) => each.path === span.file)
            expect(file).toBeDefined()
            expect(span.start).toBeGreaterThanOrEqual(0)
            expect(span.end).toBeLessThanOrEqual(file?.text.length ?? -1)
            expect(span.start).toBeLessThanOrEqual(span.end)
          }
          for (const { place } of program?.clauses ?? [])
            expect(place.line).toBeLessThanOrEqual(Math.max(text.split('\n').length, SPEC.split('\n').length))
          // oxlint-disable-next-line no-control-regex -- that none is left is the point.
          expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\u2028]/)
        },
      ),
      { numRuns: Number(process.env['PLUMB_FEATURE_FUZZ'] ?? 150), seed: 7 },
    )
  })

  it.each([
    ['names in a row', `${'a, '.repeat(600)}a uniquely identify`],
    ['words', `adding ${'to a '.repeat(380)}`],
    ['metrics', `${'roc '.repeat(490)}`],
    ['numbers', `missing rate of a is ${'1'.repeat(1_900)}x`],
    ['quotes', `column ${'"\\'.repeat(900)}`],
    ['bounds', `psi of ${'any column versus '.repeat(105)}`],
    ['patterns', `iban matches pattern ${'(a+)+'.repeat(380)}`],
    ['conditions', `rows satisfy ${'('.repeat(1_900)}`],
    ['gaps', `${'<a>'.repeat(600)}`],
  ])('of a step made to be slow, in no time: %s', (_name, step) => {
    const started = cpuMs()
    const { diagnostics } = compileWith(SPEC, {
      'a.feature': `Feature: x\n  Scenario: y\n    Given dataset accounts\n    Then ${step}\n`,
    })
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(cpuMs() - started).toBeLessThan(2_000)
  })
})
