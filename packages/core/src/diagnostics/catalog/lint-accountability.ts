import { defineDiagnostic } from '../define.ts'

/** Findings of what a spec leaves out about reasons, words and people. */

export const clauseWithoutWords = defineDiagnostic<{ clause: string }>({
  code: 'lint/clause-without-words',
  severity: 'info',
  message: ({ clause }) => `\`${clause}\` is a formula without words.`,
  why: 'Documents and reports show clauses to people who do not read formulas (AI Act, Annex IV 2).',
  fix: 'Say under `says` what it asks.',
})

export const nobodyAnswers = defineDiagnostic<{ clause: string }>({
  code: 'lint/nobody-answers',
  severity: 'info',
  message: ({ clause }) => `\`${clause}\` blocks a release, and none of the owners answers for it.`,
  why: 'Where several may, nobody does (AI Act, Art. 17 1 m: accountability).',
  fix: 'Name one under `owner`, or meet a requirement that has one.',
})

export const requirementNeverBlocks = defineDiagnostic<{ requirement: string; clauses: readonly string[] }>({
  code: 'lint/requirement-never-blocks',
  severity: 'warning',
  message: ({ requirement, clauses }) =>
    `\`${requirement}\` is met only by what never blocks: ${clauses.map((clause) => `\`${clause}\``).join(', ')}.`,
  why: 'The requirement counts as covered, and a release that breaks it goes out.',
  fix: 'Let one of the clauses block, or add one that does.',
})

export const controlNeverBlocks = defineDiagnostic<{ hazard: string; clauses: readonly string[] }>({
  code: 'lint/control-never-blocks',
  severity: 'warning',
  message: ({ hazard, clauses }) =>
    `\`${hazard}\` is controlled only by what never blocks: ${clauses.map((clause) => `\`${clause}\``).join(', ')}.`,
  why: 'A control that only informs leaves the risk as it was (AI Act, Art. 9 5).',
  fix: 'Let one of the clauses block, or add one that does.',
})

export const hazardWithoutSeverity = defineDiagnostic<{ hazard: string }>({
  code: 'lint/hazard-without-severity',
  severity: 'info',
  message: ({ hazard }) => `Nobody has said how bad \`${hazard}\` would be.`,
  why: 'Risks are estimated before they are controlled (AI Act, Art. 9 2 b; ISO/IEC 23894).',
  fix: 'Add `severity: minor`, `major` or `critical`.',
})

export const requirementWithoutOrigin = defineDiagnostic<{ requirement: string }>({
  code: 'lint/requirement-without-origin',
  severity: 'info',
  message: ({ requirement }) => `Nobody knows who asked for \`${requirement}\`.`,
  why: 'When it changes, or cannot be met, somebody has to be asked.',
  fix: 'Name its `source` or its `owner`.',
})
