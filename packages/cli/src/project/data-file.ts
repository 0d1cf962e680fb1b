import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { declarableText, type Host, nearestName, visible } from '@plumbline/core'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** A data file that a person named on the command line, inside the project. */
export interface DataFile {
  /** As a spec names it: relative to the project, with `/`. */
  readonly path: string
}

const DATA_ENDING = /\.(csv|tsv|parquet|pq|json|jsonl|ndjson)$/i

/**
 * Finds a data file by what was typed: relative to the project folder, else to the working directory. It must lie in the
 * project, links followed, because a spec cannot name anything outside it.
 */
export async function findDataFile(host: Host, root: string, typed: string): Promise<Outcome<DataFile>> {
  const folder = await host.files.realpath(root)
  if (!folder.ok) {
    return failure(
      'cli/no-folder',
      `The folder ${visible(root)} cannot be opened: ${folder.error.message}.`,
      'A project is a folder; the spec is written into it.',
      'Name an existing folder with -C, or make it first.',
    )
  }
  const places = isAbsolute(typed) ? [typed] : [join(root, typed), resolve(typed)]
  for (const place of places) {
    const found = await host.files.stat(place)
    if (!found.ok || found.value === undefined) continue
    if (found.value.kind === 'directory') return isDirectory(host, place, typed)
    if (found.value.kind !== 'file') {
      return failure(
        'init/not-a-file',
        `"${visible(typed)}" is not a file.`,
        'A pipe or a device cannot be read twice, and a test must find the same bytes again.',
        'Write the data into a file first.',
      )
    }
    return insideProject(host, root, folder.value, place)
  }
  return noFile(host, dirname(places[0] ?? typed), typed)
}

async function insideProject(host: Host, root: string, folder: string, place: string): Promise<Outcome<DataFile>> {
  const real = await host.files.realpath(place)
  if (!real.ok) {
    return failure(
      'init/unreadable',
      `"${visible(place)}" cannot be opened: ${real.error.message}.`,
      'Its bounds and types are read from it.',
      'Check its permissions.',
      EXIT.environment,
    )
  }
  if (leaves(relative(folder, real.value))) {
    const name = basename(place)
    return failure(
      'init/outside-project',
      `"${visible(place)}" lies outside the project folder ${visible(root)}.`,
      'A spec names only files inside its folder, so that the folder can be moved, shared and tested elsewhere.',
      `Begin where the data is: plumb -C ${quoted(dirname(real.value))} init ${quoted(basename(real.value))}\n       or copy it here first: cp ${quoted(place)} ${quoted(join(root, name))}`,
    )
  }
  const written = relative(root, place)
  const path = (leaves(written) ? relative(folder, real.value) : written).split(sep).join('/')
  if (!declarableText(path)) {
    return failure(
      'init/bad-path',
      `The path "${visible(path)}" cannot be written in a spec.`,
      'It holds control characters, characters that are not Unicode, or a `${…}`.',
      'Rename the file or its folder.',
    )
  }
  // `~x.csv` and `c:x.csv` would read as places elsewhere.
  return success({ path: /^(~|[A-Za-z][A-Za-z0-9+.-]*:)/.test(path) ? `./${path}` : path })
}

function leaves(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
}

async function isDirectory(host: Host, place: string, typed: string): Promise<Outcome<never>> {
  const files = await dataFilesIn(host, place)
  const example = files[0]
  return failure(
    'init/directory',
    `"${visible(typed)}" is a folder.`,
    'A first spec is written from one file.',
    example === undefined
      ? 'Name a CSV, JSON or Parquet file.'
      : `Name a file in it, such as plumb init ${quoted(join(typed, example))}`,
  )
}

async function noFile(host: Host, folder: string, typed: string): Promise<Outcome<never>> {
  const files = await dataFilesIn(host, folder)
  const near = nearestName(basename(typed), files)
  return failure(
    'init/no-file',
    `There is no file "${visible(typed)}".`,
    'It was looked for in the project folder (-C) and in the working directory.',
    near !== undefined
      ? `Did you mean ${quoted(near)}?`
      : files.length > 0
        ? `There: ${files.slice(0, 5).map(quoted).join(', ')}.`
        : 'Check the path.',
  )
}

async function dataFilesIn(host: Host, folder: string): Promise<readonly string[]> {
  const listed = await host.files.list(folder)
  return listed.ok
    ? listed.value.filter((e) => e.kind !== 'directory' && DATA_ENDING.test(e.name)).map((e) => e.name)
    : []
}

/** A path as a POSIX shell takes it. */
export function quoted(path: string): string {
  const shown = visible(path)
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`
}
