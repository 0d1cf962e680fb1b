import type { Spec } from '@plumbline/core'
import { listGaps, listSteps, type StepEntry } from '@plumbline/gherkin'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { checkSpec } from '../project/load-program.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb steps [words…]`: the sentences that features may use, with those of the spec if there is one. */
export async function steps(context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const wanted = words.map((word) => word.toLowerCase())
  const all = listSteps(await specHere(context))
  const found = all.filter((step) => {
    const text = [step.text, ...step.also, step.doc, step.example].join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
  if (context.json) {
    context.out(`${JSON.stringify({ schema: 'plumbline/steps/1', steps: found, gaps: listGaps() }, null, 2)}\n`)
    return EXIT.ok
  }
  if (found.length === 0)
    context.out(`No step has the words ${words.map((word) => `"${oneLine(word)}"`).join(', ')}.\n`)
  for (const [area, entries] of Map.groupBy(found, (step) => step.area)) {
    context.out(`${context.style.bold(area)}\n`)
    for (const entry of entries) show(context, entry)
    context.out('\n')
  }
  return EXIT.ok
}

function show({ style, out }: CommandContext, { text, also, example, doc, notBuilt }: StepEntry): void {
  out(`  ${notBuilt === undefined ? style.green('✓') : style.yellow('–')} ${oneLine(text)}\n`)
  for (const other of also) out(`    ${oneLine(other)}\n`)
  out(`      ${style.dim(oneLine(notBuilt === undefined ? doc : `${doc} Not built yet: ${notBuilt}`))}\n`)
  for (const line of example.split('\n')) out(`      ${style.cyan(oneLine(line))}\n`)
}

/** The spec of the folder, for its macros; a folder without one has the library all the same. */
async function specHere(context: CommandContext): Promise<Spec | undefined> {
  const read = await checkSpec(context)
  return read.ok ? read.value.spec : undefined
}
