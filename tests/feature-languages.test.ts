import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plumb } from './support/plumb.ts'

const SPEC = `plumbline: 1
system: { name: demo, version: 1.0.0 }
requirements: { R-1: { says: Only adults are asked. } }
data:
  people:
    source: people.csv
    columns: { age: { type: integer, range: [0, 120] }, town: { type: category, values: [Ulm, Lyon, Kobe] } }
features: [features/*]
`

/** The same feature in three languages: tags, a background, a rule, an outline, a table and a condition below a step. */
const FEATURES: Readonly<Record<string, string>> = {
  'personen.feature': `# language: de
@R-1
Funktionalität: Personen

  Grundlage:
    Angenommen dataset people from people.csv

  Regel: Erwachsene

    Szenariogrundriss: Alter
      Dann rows satisfy age >= <alter>

      Beispiele:
        | alter |
        | 18    |
        | 30    |

    @id:orte-de
    Szenario: Orte
      Dann values of town are:
        | Ulm  |
        | Lyon |
        | Kobe |
      Und column age is never missing
`,
  'personnes.feature': `# language: fr
@R-1
Fonctionnalité: Personnes

  Contexte:
    Soit dataset people from people.csv

  Règle: Adultes

    Plan du scénario: Âge
      Alors rows satisfy age >= <age>

      Exemples:
        | age |
        | 18  |
        | 30  |

    @id:villes-fr @severity:warn
    Scénario: Villes
      Alors values of town are:
        | Ulm  |
        | Lyon |
      Et rows satisfy:
        """
        age > 17
        """
`,
  'hito.feature': `# language: ja
@R-1
機能: 人

  背景:
    前提dataset people from people.csv

  ルール: 大人

    @id:toshi
    シナリオアウトライン: 年齢
      ならばrows satisfy age >= <年齢>

      例:
        | 年齢 |
        | 18 |
        | 30 |

    @id:machi-ja
    シナリオ: 町
      ならばvalues of town are in Ulm, Lyon, Kobe
`,
  'people.feature.md': `# Feature: People

Words for people, and a table that is none of the feature's.

## Rule: Adults

### Scenario: Ages in Markdown

* Given dataset people from people.csv
* Then rows satisfy:
  \`\`\`
  age < 200
  \`\`\`
`,
}

describe('features in German, French, Japanese and Markdown are clauses of one spec', () => {
  const folder = mkdtempSync(join(tmpdir(), 'languages-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  beforeAll(() => {
    mkdirSync(join(folder, 'features'))
    writeFileSync(join(folder, 'plumb.yaml'), SPEC)
    writeFileSync(join(folder, 'people.csv'), 'age,town\n20,Ulm\n40,Lyon\n50,Kobe\n')
    for (const [name, text] of Object.entries(FEATURES)) writeFileSync(join(folder, 'features', name), text)
  })

  test('check, test and the results as Cucumber messages', () => {
    const { clauses, diagnostics } = plumb(folder, 'check', '--json').json<{
      readonly clauses: readonly { readonly id: string; readonly severity: string }[]
      readonly diagnostics: readonly unknown[]
    }>()
    expect(diagnostics).toEqual([])
    const own = clauses.filter(({ id }) => !id.includes('.'))
    expect(own.map(({ id }) => id).toSorted()).toEqual([
      'age-18',
      'age-30',
      'ages-in-markdown',
      'alter-18',
      'alter-30',
      'machi-ja',
      'orte-de-present-age',
      'orte-de-values-town',
      'toshi-18',
      'toshi-30',
      'villes-fr-rows',
      'villes-fr-values-town',
    ])
    expect(own.filter(({ severity }) => severity === 'warn').map(({ id }) => id)).toEqual([
      'villes-fr-values-town',
      'villes-fr-rows',
    ])
    const tested = plumb(folder, 'test')
    expect(tested.code).toBe(1)
    for (const violated of ['alter-30', 'age-30', 'toshi-30', 'villes-fr-values-town'])
      expect(tested.out).toMatch(new RegExp(`[✗!⚠] ${violated}`))
    const stream = plumb(folder, 'test', '--reporter', 'cucumber').out.trim().split('\n')
    const statuses = stream.flatMap((line) => /"testStepResult":\{"status":"(\w+)"/.exec(line)?.[1] ?? [])
    expect(statuses.filter((status) => status === 'FAILED').length).toBeGreaterThanOrEqual(3)
    expect(stream.some((line) => line.includes('年齢'))).toBe(true)
  })

  test('a mistake in a word of the spec is shown in the feature, in its language', () => {
    const path = join(folder, 'features', 'hito.feature')
    writeFileSync(path, FEATURES['hito.feature']?.replace('age >= <年齢>', 'agee >= <年齢>') ?? '')
    const { code, out } = plumb(folder, 'check')
    expect(code).toBe(2)
    expect(out).toContain('  --> features/hito.feature:12:23\n')
    expect(out).toContain('Did you mean `age`?')
    writeFileSync(path, FEATURES['hito.feature'] ?? '')
  })
})
