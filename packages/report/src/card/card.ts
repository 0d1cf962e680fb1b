import type { ReportInput } from '../input.ts'
import { codeSpan, escapeMarkdown } from '../markdown.ts'
import { readAll } from '../reading/versions.ts'
import { caveats } from './caveats.ts'
import { details, intendedUse } from './details.ts'
import { hazardControls } from './hazards.ts'
import { evaluationData, factors, trainingData } from './data.ts'
import { metrics } from './metrics.ts'
import { inProduction } from './production.ts'
import type { CardSubject } from './subject.ts'

/**
 * A model card in Markdown, in the order of Hugging Face's template (after Mitchell et al. 2019, "Model Cards for Model
 * Reporting"): details, use, factors, metrics (then what production found of it), evaluation data, training, ethical considerations, caveats. Every number
 * is from the evidence of one version: `digest`, else the champion, else the candidate, else the one tested last.
 */
export function renderModelCard(input: ReportInput & { readonly digest?: string }): string {
  const readings = readAll(input)
  const wanted = input.digest
  const version =
    wanted === undefined ? readings.versions[0] : readings.versions.find(({ digest }) => digest === wanted)
  const subject: CardSubject = { input, readings, version }
  const { spec } = input.program
  const sections = [
    `# Model card: ${escapeMarkdown(spec.name)}\n\n${escapeMarkdown(input.program.about.purpose ?? '')}`.trim(),
    details(subject),
    intendedUse(subject),
    factors(subject),
    metrics(subject),
    inProduction(subject),
    evaluationData(subject),
    trainingData(subject),
    hazardControls(subject),
    caveats(subject),
    `---\n\nRendered ${escapeMarkdown(input.generatedAt)} by Plumbline ${escapeMarkdown(input.toolVersion)} from the spec ${codeSpan(spec.digest)} and its evidence. A number that is not in the evidence is not in this card.`,
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}
