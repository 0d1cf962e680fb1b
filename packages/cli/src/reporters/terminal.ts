import type { Clause, Evidence, Stage, Verdict } from '@plumbline/core'
import { countVerdicts, formatDuration, plainText, plural } from '@plumbline/report'
import type { Style } from '../terminal/style.ts'
import { clausesById } from './outcome.ts'
import type { Reporter, TestResult } from './reporter.ts'
import { clip, widthOf } from './terminal/layout.ts'
import { type Look, noteLines, satisfiedLine, sign } from './terminal/question.ts'
import { openBlocks } from './terminal/same-cause.ts'
import { questionName } from './words.ts'

/** Narrower than this nothing is aligned any more; wider, lines are hard to follow. */
const LEAST_WIDTH = 60
const MOST_WIDTH = 140
const LONGEST_NAME = 44

/** The reporter for a person: grouped by stage, satisfied questions in a line each, the others with all that helps. */
export function createTerminalReporter(options: { readonly style: Style; readonly width?: number }): Reporter {
  const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, options.width ?? 100))
  const look: Look = { style: options.style, width }
  return { render: (result) => render(result, look) }
}

function render(result: TestResult, look: Look): string {
  const { program, evidence } = result
  const clauses = clausesById(program)
  const accepted = new Set(result.baseline?.accepted)
  const { bold, dim } = look.style
  const title = `${bold(plainText(program.spec.name))} ${plainText(program.spec.version)}  ${dim(plainText(result.specPath))}`
  const stages = [...Map.groupBy(evidence, ({ statement }) => statement.stage)]
  const groups = stages.flatMap(([stage, found]) => ['', ...stageLines(stage, found, clauses, accepted, look)])
  return `${[title, ...groups, '', ...summary(result, look)].join('\n')}\n`
}

function stageLines(
  stage: Stage,
  evidence: readonly Evidence[],
  clauses: ReadonlyMap<string, Clause>,
  accepted: ReadonlySet<string>,
  look: Look,
): readonly string[] {
  const clauseOf = ({ statement }: Evidence): Clause | undefined => clauses.get(statement.clause)
  const held = evidence.filter(({ statement }) => statement.verdict === 'satisfied')
  const isContract = (each: Evidence): boolean => clauseOf(each)?.origin === 'contract'
  const contracts = [...Map.groupBy(held.filter(isContract), ({ statement }) => statement.relation)]
  const others = held.filter((each) => !isContract(each))
  const names = Math.min(
    LONGEST_NAME,
    Math.max(0, ...others.map((each) => widthOf(plainText(questionName(clauseOf(each), each.statement))))),
  )
  // The gravest come last: they stand nearest to the summary and to the prompt.
  const order: readonly Verdict[] = ['skipped', 'inconclusive', 'error', 'violated']
  const open = order.flatMap((verdict) => evidence.filter(({ statement }) => statement.verdict === verdict))
  return [
    look.style.bold(stage),
    ...contracts.map(([relation, found]) => contractLine(relation, found.length, look)),
    ...others.flatMap((each) => [satisfiedLine(clauseOf(each), each, names, look), ...noteLines(each, look)]),
    ...openBlocks(open, clauseOf, look, accepted),
  ]
}

function contractLine(relation: string, count: number, { style, width }: Look): string {
  return `  ${sign('satisfied', style)} ${clip(`${plainText(relation)}: ${count} ${plural(count, 'contract holds', 'contracts hold')}`, width - 4)}`
}

function summary({ evidence, exitMeaning }: TestResult, { style }: Look): readonly string[] {
  const counts = countVerdicts(evidence.map(({ statement }) => statement.verdict))
  const paint: Readonly<Record<Verdict, (text: string) => string>> = {
    satisfied: style.green,
    violated: style.red,
    error: style.red,
    inconclusive: style.yellow,
    skipped: style.dim,
  }
  const order: readonly Verdict[] = ['satisfied', 'violated', 'inconclusive', 'error', 'skipped']
  const parts = order
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => paint[verdict](`${counts[verdict]} ${verdict}`))
  const took = formatDuration(evidence.reduce((sum, { run }) => sum + run.durationMs, 0))
  return [
    parts.length === 0 ? 'Nothing was asked.' : `${parts.join(', ')} ${style.dim(`in ${took}`)}`,
    ...(exitMeaning === '' ? [] : [style.dim(plainText(exitMeaning))]),
  ]
}
