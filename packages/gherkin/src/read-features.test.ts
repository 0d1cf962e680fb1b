import { describe, expect, it } from 'vitest'
import { compileWith, SPEC } from './testing/compile-feature.ts'

const MET = `${SPEC}clauses:\n  has-rows: { of: accounts, must: count() > 0, meets: [R-1] }\n`
const read = (text: string, path = 'a.feature', spec = MET) => compileWith(spec, { [path]: text })
const ids = (text: string, path?: string) =>
  read(text, path)
    .program?.clauses.filter(({ place }) => place.file !== 'plumb.yaml')
    .map(({ id }) => id)

describe('features in any dialect', () => {
  const same = ['age-is-there']
  it.each([
    [
      'en',
      'Feature: Data\n  Background:\n    Given dataset accounts\n  Scenario: Age is there\n    Then column age is never missing\n',
    ],
    [
      'de',
      '# language: de\nFunktionalität: Daten\n  Grundlage:\n    Angenommen dataset accounts\n  Szenario: Age is there\n    Dann column age is never missing\n',
    ],
    [
      'fr',
      '# language: fr\nFonctionnalité: Données\n  Contexte:\n    Étant donné dataset accounts\n  Scénario: Age is there\n    Alors column age is never missing\n',
    ],
    [
      'ja',
      '# language: ja\n機能: データ\n  背景:\n    前提dataset accounts\n  シナリオ: Age is there\n    ならばcolumn age is never missing\n',
    ],
    [
      'emoji',
      '# language: em\n📚: 🙈\n  📕: Age is there\n    😐dataset accounts\n    🙏column age is never missing\n',
    ],
  ])('%s', (_dialect, text) => {
    const { program, shown } = read(text)
    expect(shown).toBe('')
    expect(ids(text)).toEqual(same)
    const { place } = program?.clauses.find(({ id }) => id === 'age-is-there') ?? {}
    const line = text.split('\n').findIndex((each) => each.includes('never missing'))
    const written = text.split('\n')[line] ?? ''
    // Columns count code points, as editors show them.
    expect(place).toEqual({
      file: 'a.feature',
      line: line + 1,
      column: Array.from(written.slice(0, written.indexOf('column'))).length + 1,
    })
  })

  it('names clauses by their scenario in letters, else by a mark of it and by what they state', () => {
    expect(
      ids(
        '# language: ja\n機能: データ\n  シナリオ: 年齢 がある\n    前提dataset accounts\n    ならばcolumn age is never missing\n',
      ),
    ).toEqual(['u880cfb-present-age'])
    const scenario = (name: string) =>
      ids(`Feature: x\n  Scenario: ${name}\n    Given dataset accounts\n    Then row count is above 1\n`)
    expect(scenario('Größe ist GENÜGEND, déjà')).toEqual(['grosse-ist-genugend-deja'])
    expect(scenario('99% of it')).toEqual(['scenario-99-of-it'])
  })

  it('names clauses apart whose scenarios, columns and examples have no letter from a to z', () => {
    const spec = SPEC.replace('age: {', '나이: { type: integer }\n      키: { type: integer }\n      age: {')
    const text = `# language: ko
기능: 고객
  시나리오: 나이
    먼저 dataset accounts
    그러면 column 나이 is never missing
    그리고 column 키 is never missing
  시나리오: 키
    먼저 dataset accounts
    그러면 column 키 is never missing
  시나리오 개요: 열
    먼저 dataset accounts
    그러면 column <열> is never missing
    예:
      | 열 |
      | 나이 |
      | 키 |
`
    const { features, shown } = compileWith(spec, { 'a.feature': text })
    expect(shown).not.toContain('error[')
    const names = features?.clauses.map(({ name }) => name) ?? []
    expect(new Set(names).size).toBe(5)
    for (const name of names) expect(name).toMatch(/^u[0-9a-f]{6}(?:-u[0-9a-f]{6})?-present-u[0-9a-f]{6}$/)
  })

  it('reads no file in another encoding: a letter that was lost would be another value', () => {
    const lost = `Feature: x\n  Scenario: y\n    Given dataset accounts\n    Then rows satisfy iban != "Orl\uFFFDans"\n`
    expect(compileWith(SPEC, { 'a.feature': lost }).shown).toContain('bytes that are not UTF-8 (U+FFFD)')
    const wide = [...'Feature: x\n'].join('\0')
    expect(compileWith(SPEC, { 'a.feature': wide }).shown).toContain('the control character U+0000')
  })
})

describe('the parts of a feature', () => {
  it('reads Markdown, rules, backgrounds, outlines and tables alike', () => {
    const markdown = [
      '# Feature: Data',
      '',
      'Words for people.',
      '',
      '## Background:',
      '',
      '* Given dataset accounts',
      '',
      '## Rule: Codes',
      '',
      '### Scenario Outline: Codes of <column>',
      '',
      '* Then values of <column> are in <values>',
      '',
      '#### Examples:',
      '',
      '  | column    | values             |',
      '  | --------- | ------------------ |',
      '  | sex       | male, female       |',
      '  | education | school, university |',
      '',
      '### Scenario: Listed',
      '',
      '* Then values of sex are:',
      '  | male |',
      '  | ---- |',
      '  | female |',
      '',
    ].join('\n')
    const { program, shown } = read(markdown, 'data.feature.md')
    expect(shown).toBe('')
    const found = program?.clauses.filter(({ place }) => place.file === 'data.feature.md')
    expect(found?.map(({ id }) => id)).toEqual(['codes-of-sex', 'codes-of-education', 'listed'])
    expect(
      found?.map((each) =>
        'text' in each ? each.text : each.form === 'every' && each.condition.kind === 'expr' ? each.condition.text : '',
      ),
    ).toEqual(['sex in [1, 2]', 'education in ["school", "university"]', 'sex in [1, 2]'])
  })

  it('turns tags into what the clause is, from the feature down', () => {
    const { program, shown } = read(
      '@owner:Credit_Risk @severity:info\nFeature: x\n\n  Why it matters is told here.\n\n  @id:known @R-1 @severity:warn @by:sex @slice:young @x-nightly\n  Scenario: Ranks\n    It has to.\n    Given model champion on test\n    Then roc_auc on test is at least 0.7\n',
    )
    expect(shown).toBe('')
    expect(program?.clauses.find(({ id }) => id === 'known')).toMatchObject({
      says: 'Ranks',
      severity: 'warn',
      owner: 'Credit Risk',
      meets: ['R-1'],
      rationale: 'It has to.',
      slices: [{ name: 'sex=1' }, { name: 'sex=2' }, { name: 'young' }],
    })
  })

  it('names the clauses of an outline by what tells its rows apart', () => {
    const outline = (head: string) =>
      ids(
        `Feature: x\n  ${head}\n    Given dataset accounts\n    Then <column> <is> missing\n    Examples:\n      | column | is |\n      | column age | is never |\n      | column iban | is never |\n`,
      )
    expect(outline('Scenario Outline: y')).toEqual(['y-column-age-is-never', 'y-column-iban-is-never'])
    expect(outline('Scenario Outline: y of <column>')).toEqual(['y-of-column-age', 'y-of-column-iban'])
    expect(outline('@id:z\n  Scenario Outline: y of <column>')).toEqual(['z-column-age', 'z-column-iban'])
  })

  it('keeps the evidence of a clause whose words, tags or place change', () => {
    const one = read(
      'Feature: x\n  @id:a\n  Scenario: one\n    Given dataset accounts\n    Then rows satisfy age > 1\n',
    )
    const other = read(
      '# a comment\nFeature: x\n  @id:a @severity:warn\n  Scenario: two\n    Given dataset accounts\n    Then rows satisfy `age>1`\n',
    )
    const digest = (each: typeof one) => each.program?.clauses.find(({ id }) => id === 'a')?.digest
    expect(digest(one)).toBe(digest(other))
    expect(digest(one)).toBeDefined()
    // The text of a feature is part of what the spec was.
    expect(one.program?.spec.digest).not.toBe(other.program?.spec.digest)
  })

  it('tells the statements of a scenario apart by what they speak of, not by their bounds', () => {
    const scenario = (bound: string) =>
      ids(
        `Feature: x\n  @id:a\n  Scenario: y\n    Given dataset accounts\n    Then row count is at least ${bound}\n    And column age is never missing\n    * missing rate of income is below ${bound}%\n`,
      )
    expect(scenario('5')).toEqual(['a-row-count', 'a-present-age', 'a-missing-income'])
    expect(scenario('6')).toEqual(scenario('5'))
  })

  it('reads macros of the spec as steps', () => {
    const macros =
      'macros:\n  rent: { step: "rent is at most {share: percent} of {money: col} (monthly)", every: \'row["monthly rent"] <= share * money\' }\n'
    const { program, shown } = read(
      'Feature: x\n  Scenario: y\n    Given dataset accounts\n    Then rent is at most 50% of income (monthly)\n',
      'a.feature',
      MET + macros,
    )
    expect(shown).toBe('')
    expect(program?.clauses.find(({ id }) => id === 'y')).toMatchObject({
      condition: { text: 'row["monthly rent"] <= 0.5 * income' },
    })
  })
})

describe('a line that is no Gherkin hides nothing', () => {
  const found = (text: string) =>
    read(text).diagnostics.map(({ code, span }) => [code, text.slice(0, span.start).split('\n').length])

  it('in any dialect: misspelt keywords of scenarios and steps, rows of another length, and what the rest says', () => {
    const text = `# language: de
Funktionalität: Daten
  Grundlage:
    Angenommen dataset accounts
  Szenario: Alter
    Dann column age is never missing
    Unnd column agee is never missing
    Und column agee is never missing
  Sznario: Werte
    Dann values of sex are in male, femal
  Szenariogrundriss: Grenze von <spalte>
    Dann missing rate of <spalte> is <grenze>
    Beispiele:
      | spalte | grenze       |
      | income | at most 5%   |
      | iban   | at most many | x |
      | age    | at most many |
`
    expect(found(text)).toEqual([
      ['feature/syntax', 7],
      ['expr/unknown-column', 8],
      ['feature/syntax', 9],
      ['feature/bad-argument', 10],
      ['feature/syntax', 16],
      ['feature/bad-argument', 17],
    ])
    expect(read(text).shown).toContain('Did you mean `Und`?')
    expect(read(text).shown).toContain('Did you mean `Szenario:`?')
  })

  it('not even where there are more of them than the parser reports', () => {
    const bad = Array.from({ length: 15 }, (_, i) => `    Thn it is ${i}\n`).join('')
    const text = `Feature: x\n  Scenario: y\n    Given dataset accounts\n    Then row count is above 1\n${bad}    And column agee is never missing\n`
    const lines = found(text)
    expect(lines.filter(([code]) => code === 'feature/syntax').map(([, line]) => line)).toEqual(
      Array.from({ length: 15 }, (_, i) => 5 + i),
    )
    expect(lines.at(-1)).toEqual(['expr/unknown-column', 20])
  })

  it('but what follows from it is not said: a scenario without a subject, text that never ends', () => {
    expect(found('Feature: x\n  Scenario: y\n    Gven dataset accounts\n    Then row count is above 1\n')).toEqual([
      ['feature/syntax', 3],
    ])
    expect(
      found(
        'Feature: x\n  Scenario: y\n    Given dataset accounts\n    Then rows satisfy:\n      """\n      age > 1\n',
      ),
    ).toEqual([['feature/syntax', 7]])
  })
})

describe('size', () => {
  it('reads a feature of a megabyte', () => {
    const scenario = (i: number) =>
      `  Scenario: S${i}\n    Given dataset accounts\n    Then column age is never missing\n    # ${'x'.repeat(400)}\n`
    const text = `Feature: x\n${Array.from({ length: 1_900 }, (_, i) => scenario(i)).join('')}`
    expect(text.length).toBeGreaterThan(900_000)
    const { program, shown } = read(text)
    expect(shown).toBe('')
    expect(program?.clauses.filter(({ place }) => place.file === 'a.feature')).toHaveLength(1_900)
  })

  it.each([
    [
      'rows',
      `Feature: x\n  Scenario Outline: y\n    Given dataset accounts\n    Then row count is above <n>\n    Examples:\n      | n |\n${'      | 1 |\n'.repeat(5_000)}`,
      'There are 5000 scenarios and rows of examples; 2000 are read.',
    ],
    [
      'steps',
      `Feature: x\n  Scenario Outline: y\n${'    Given dataset accounts\n'.repeat(50)}    Examples:\n      | n |\n${'      | 1 |\n'.repeat(1_000)}`,
      'There are 50000 steps; 20000 are read.',
    ],
    ['text', `Feature: x\n${'#'.repeat(3_000_000)}`, 'There are 3000011 characters; 2097152 are read.'],
    [
      'step',
      `Feature: x\n  Scenario: y\n    Then ${'a'.repeat(2_100)}`,
      'There are 2100 characters in a step; 2000 are read.',
    ],
  ])('refuses too many of them: %s', (_what, text, message) => {
    expect(read(text).diagnostics.map((d) => [d.code, d.message])).toEqual([['feature/too-large', message]])
  })
})
