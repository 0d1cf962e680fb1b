import { defineDiagnostic } from '../define.ts'
import { shorten } from '../shorten.ts'

/** Findings of what a pipeline leaves unrecorded about how a model came to be. */

export const candidateNotMade = defineDiagnostic<{ file: string }>({
  code: 'lint/candidate-not-made',
  severity: 'warning',
  message: ({ file }) => `No stage of the pipeline makes the candidate '${shorten(file)}'.`,
  why: 'How it was trained (data, preprocessing, parameters, environment) is recorded with nothing (AI Act, Annex IV 2; ISO/IEC TS 4213, 5.3).',
  fix: ({ file }) => `Add '${shorten(file)}' to what its training \`makes\`, or a stage that makes it.`,
})

export const scriptNotNeeded = defineDiagnostic<{ stage: string; script: string }>({
  code: 'lint/script-not-needed',
  severity: 'warning',
  message: ({ stage, script }) => `\`${shorten(stage)}\` runs '${shorten(script)}', and does not need it.`,
  why: 'A stage is known by its arguments, parameters and needs: when the program changes, what the old one made is taken for the result of the new one.',
  fix: ({ script }) => `Add '${shorten(script)}' to its \`needs\`, and what else it reads.`,
})
