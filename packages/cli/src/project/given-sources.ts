import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { isInFiles, nearestName, type Program, type ProgramSource } from '@plumbline/core'
import { failure, type Outcome, success } from '../failure.ts'

const FORMATS: Readonly<Record<string, 'csv' | 'parquet' | 'json' | 'arrow'>> = {
  csv: 'csv',
  parquet: 'parquet',
  json: 'json',
  jsonl: 'json',
  arrow: 'arrow',
}

/** Where the package of Python writes the frames that it hands over: they stand for the declared file, which their names of images are relative to. */
const FRAMES = join('.plumb', 'frames')

/**
 * The program with other files in the place of declared sources (`--source people=other.parquet`; the name may be left out
 * where there is one dataset). They are read by their ending, CSV with commas and a header. A clause asks the same of them: what it
 * finds is told apart by the digest of the rows.
 */
export function withSources(program: Program, root: string, given: readonly string[]): Outcome<Program> {
  const sources = new Map<string, ProgramSource>()
  const names = program.datasets.map(({ name }) => name)
  for (const text of given) {
    const [, name = names.length === 1 ? names[0] : undefined, file = ''] = /^(?:(\w+)=)?(.+)$/s.exec(text) ?? []
    if (name === undefined || !names.includes(name)) {
      const near = name === undefined ? undefined : nearestName(name, names)
      return failure(
        'cli/unknown-dataset',
        name === undefined ? `\`--source ${text}\` names no dataset.` : `There is no dataset \`${name}\`.`,
        '`--source` gives the rows of one dataset for this run.',
        near === undefined ? `Known: ${names.join(', ')}. Write \`--source NAME=FILE\`.` : `Did you mean \`${near}\`?`,
      )
    }
    const format = FORMATS[file.slice(file.lastIndexOf('.') + 1).toLowerCase()]
    const path = relative(root, resolve(root, file))
    if (format === undefined || path.startsWith('..') || isAbsolute(path))
      return failure(
        'cli/bad-source',
        `\`${file}\` cannot be the source of \`${name}\`.`,
        format === undefined ? 'How a file is read follows from its ending.' : 'It is not inside the project.',
        `Give a file below the project folder that ends in ${Object.keys(FORMATS)
          .map((ending) => `.${ending}`)
          .join(', ')}.`,
      )
    const declared = program.datasets.find((dataset) => dataset.name === name)
    const inItsPlace = path.startsWith(FRAMES) && declared !== undefined && isInFiles(declared)
    sources.set(name, {
      path: path.split(sep).join('/'),
      format,
      ...(inItsPlace ? { standsFor: declared.source.path } : {}),
    })
  }
  if (sources.size === 0) return success(program)
  const datasets = program.datasets.map((dataset) => ({
    ...dataset,
    source: sources.get(dataset.name) ?? dataset.source,
  }))
  return success({ ...program, datasets })
}
