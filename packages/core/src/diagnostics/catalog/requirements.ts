import { defineDiagnostic } from '../define.ts'
import { shorten } from '../shorten.ts'

/** A file of requirements that was not read. */
export const unreadRequirements = defineDiagnostic<{ readonly file: string; readonly cause: string }>({
  code: 'requirements/unread',
  severity: 'error',
  message: ({ file, cause }) => `The requirements of '${shorten(file)}' could not be read: ${shorten(cause, 240)}.`,
  why: 'A requirement that is not read would be covered by nothing, and nobody would see it.',
  fix: 'Name a file of the project that ends in .csv, .md, .reqif, .reqifz or .yaml, and that can be read.',
})

/** Requirements, or files of them, written in a way that is not read. */
export const requirementForm = defineDiagnostic<{ readonly found: string; readonly write: string }>({
  code: 'requirements/form',
  severity: 'error',
  message: ({ found }) => `Requirements are named by their ids, and files of them under \`from\`; here is ${found}.`,
  why: 'A requirement needs an id, so that clauses can say that they meet it.',
  fix: ({ write }) => `Write \`${write}\`.`,
})

/** An entry of a file of requirements that is none. */
export const badRequirement = defineDiagnostic<{
  readonly file: string
  readonly line: number | undefined
  readonly what: string
}>({
  code: 'requirements/bad-entry',
  severity: 'warning',
  message: ({ file, line, what }) => `In '${shorten(file)}'${line === undefined ? '' : `, line ${line}`}: ${what}.`,
  why: 'What is not read as a requirement is asked of nobody.',
  fix: 'Correct the file where it is kept.',
})

/** One id for two requirements. */
export const duplicateRequirement = defineDiagnostic<{
  readonly id: string
  readonly file: string
  /** Where the same file says another thing under the id. */
  readonly line?: number | undefined
}>({
  code: 'requirements/duplicate',
  severity: 'error',
  message: ({ id, file, line }) =>
    `The requirement '${shorten(id)}' of '${shorten(file)}'${line === undefined ? '' : `, line ${line},`} is already declared.`,
  why: 'A clause that meets it could mean either of the two.',
  fix: 'Give one of them another id, or remove it.',
})
