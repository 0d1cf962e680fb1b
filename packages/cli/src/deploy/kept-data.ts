import type { Program } from '@plumbline/core'
import { datasetSource, type SourceFile } from '@plumbline/engine'
import { type Artifacts, artifactFailureText, type PromotedData } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/**
 * Keeps the files of every dataset as artifacts, so that what a version was promoted on can be compared with later; equal
 * bytes are kept once. A dataset that is not there is left out: the gate has its say about that.
 */
export async function keepData(
  { host, root }: Pick<CommandContext, 'host' | 'root'>,
  program: Program,
  artifacts: Artifacts,
): Promise<Outcome<Readonly<Record<string, PromotedData>>>> {
  const data: Record<string, PromotedData> = {}
  const keep = async ({ path, name }: SourceFile): Promise<Outcome<PromotedData['files'][number]>> => {
    const here = await host.files.digest(path)
    if (here.ok && (await artifacts.check(here.value)).ok) return success({ name, digest: here.value })
    const kept = await artifacts.put(path)
    return kept.ok ? success({ name, digest: kept.value }) : notKept(name, artifactFailureText(kept.failure))
  }
  for (const dataset of program.datasets) {
    const source = await datasetSource(root, dataset)
    if (source === undefined) continue
    const files: PromotedData['files'][number][] = []
    for (const file of source.files) {
      const kept = await keep(file)
      if (!kept.ok) return kept
      files.push(kept.value)
    }
    data[dataset.name] = { digest: source.digest, files }
  }
  return success(data)
}

function notKept(name: string, why: string): Outcome<never> {
  return failure(
    'cli/not-kept',
    `${name} could not be kept under .plumb/: ${why.replace(/\.$/, '')}.`,
    'The drift of a version is measured against the data it was promoted on.',
    'Make room or give write permission to .plumb/.',
    EXIT.environment,
  )
}
