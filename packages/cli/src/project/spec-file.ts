import { join } from 'node:path'
import type { Host } from '@plumbline/core'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** Finds the spec of a folder: the file named, else `plumb.yaml`, else the only `*.plumb.yaml`. Relative to the folder. */
export async function findSpec(host: Host, root: string, named: string | undefined): Promise<Outcome<string>> {
  if (named !== undefined) {
    const found = await host.files.stat(join(root, named))
    if (found.ok && found.value !== undefined) return success(named)
    return failure(
      'cli/no-spec',
      `There is no spec \`${named}\`.`,
      'The file named with --spec is not there.',
      'Check the path; it is relative to the project folder (-C).',
    )
  }
  const listed = await host.files.list(root)
  if (!listed.ok)
    return failure(
      'cli/no-folder',
      `The folder cannot be read: ${listed.error.message}.`,
      'A project is a folder with a spec in it.',
      'Name an existing folder with -C.',
      EXIT.usage,
    )
  const names = listed.value.map((e) => e.name)
  if (names.includes('plumb.yaml')) return success('plumb.yaml')
  const specs = names.filter((n) => n.endsWith('.plumb.yaml'))
  if (specs.length === 1 && specs[0] !== undefined) return success(specs[0])
  return specs.length === 0
    ? failure(
        'cli/no-spec',
        'There is no spec here.',
        'No plumb.yaml and no *.plumb.yaml was found in the project folder.',
        'Run `plumb init DATA.csv` to write a first one, or name a folder with -C.',
      )
    : failure(
        'cli/many-specs',
        `There are several specs here: ${specs.join(', ')}.`,
        'Only one can be compiled at a time.',
        'Name one with --spec.',
      )
}
