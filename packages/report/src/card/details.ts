import { codeSpan, escapeMarkdown, markdownList, markdownTable } from '../markdown.ts'
import { type CardSubject, NOT_STATED } from './subject.ts'

/** What model this is, of which version, and whose. */
export function details({ input, version }: CardSubject): string {
  const { spec, about, models } = input.program
  const model =
    models.find(({ name }) => version?.names.includes(name)) ??
    models.find(({ name }) => name === 'champion') ??
    models[0]
  const promoted = input.promotions?.findLast(({ digest }) => digest === version?.digest)
  const owners = about.owners.map(({ name, contact }) =>
    escapeMarkdown(contact === undefined ? name : `${name} (${contact})`),
  )
  const outputs = (model?.outputs ?? []).map(
    ({ name, says }) => `${codeSpan(name)}${says === undefined ? '' : ` ${escapeMarkdown(says)}`}`,
  )
  const rows: readonly (readonly [string, string])[] = [
    ['system', `${escapeMarkdown(spec.name)} ${escapeMarkdown(spec.version)}`],
    ['version of the model', version === undefined ? 'none was tested yet' : codeSpan(version.digest)],
    ['standing', standing(version?.role, promoted?.promotedAt)],
    ['task', model === undefined ? NOT_STATED : model.task],
    ['inputs', model === undefined ? NOT_STATED : model.input.map(codeSpan).join(', ')],
    ['outputs', outputs.length === 0 ? NOT_STATED : outputs.join(', ')],
    ['decision', model?.decision === undefined ? NOT_STATED : codeSpan(model.decision.text)],
    ['owners', owners.length === 0 ? NOT_STATED : owners.join(', ')],
    ['risk class', about.risk === undefined ? NOT_STATED : escapeMarkdown(about.risk)],
    ['frameworks', about.frameworks.length === 0 ? NOT_STATED : about.frameworks.map(escapeMarkdown).join(', ')],
    ['licence', NOT_STATED],
  ]
  return `## Model details\n\n${markdownTable(['', ''], rows)}`.trimEnd()
}

function standing(role: string | undefined, promotedAt: string | undefined): string {
  if (role === undefined) return 'not tested'
  if (role === 'champion')
    return `champion, in production${promotedAt === undefined ? '' : ` since ${escapeMarkdown(promotedAt)}`}`
  return role === 'tested' ? 'tested, never promoted' : role
}

/** What it is for, and what it is not for. */
export function intendedUse({ input }: CardSubject): string {
  const { intendedUse: intended, excludedUse: excluded } = input.program.about
  const list = (items: readonly string[]): string =>
    items.length === 0 ? NOT_STATED : markdownList(items.map(escapeMarkdown)).trimEnd()
  return `## Uses\n\n### Intended use\n\n${list(intended)}\n\n### Out-of-scope use\n\n${list(excluded)}`
}
