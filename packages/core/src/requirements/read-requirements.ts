import { shorten } from '../diagnostics/shorten.ts'
import { REQUIREMENT_ENDINGS } from './endings.ts'
import {
  collectRequirements,
  type ImportedRequirement,
  type RequirementCollector,
  type RequirementFile,
} from './requirement-file.ts'

/** A text in an archive. */
export interface ZippedText {
  readonly name: string
  readonly text: string
}

/** Formats by the ending of a file's name. */
const READERS: Readonly<Record<string, () => Promise<(text: string, into: RequirementCollector) => void>>> = {
  csv: async () => (await import('./csv.ts')).readCsv,
  tsv: async () => (await import('./csv.ts')).readCsv,
  md: async () => (await import('./markdown.ts')).readMarkdown,
  markdown: async () => (await import('./markdown.ts')).readMarkdown,
  reqif: async () => (await import('./reqif/read.ts')).readReqif,
  xml: async () => (await import('./reqif/read.ts')).readReqif,
  yaml: async () => (await import('./yaml.ts')).readYaml,
  yml: async () => (await import('./yaml.ts')).readYaml,
}

/** Reads the text of a file of requirements by the ending of its name. Whatever is wrong with it is among its problems. */
export async function readRequirements(path: string, text: string): Promise<RequirementFile> {
  const into = collectRequirements()
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  const load = Object.hasOwn(READERS, ending) ? READERS[ending] : undefined
  if (load === undefined) {
    into.problem(`its ending says no format that can be read (${REQUIREMENT_ENDINGS.join(', ')})`)
    return into.done(path)
  }
  const read = await load()
  read(text.replace(/^\uFEFF/, ''), into)
  return into.done(path)
}

/** Reads the ReqIF documents of an archive (`.reqifz`) as one file of requirements: ids are unique among all of them. */
export async function readZippedRequirements(path: string, texts: readonly ZippedText[]): Promise<RequirementFile> {
  const { readReqif } = await import('./reqif/read.ts')
  const into = collectRequirements()
  if (texts.length === 0) into.problem('there is no .reqif file in it')
  for (const { name, text } of texts)
    readReqif(text.replace(/^\uFEFF/, ''), {
      ...into,
      // A line of a document in the archive is none of the file that the spec names.
      add: ({ id, says, ...found }) => into.add({ id, says, ...withoutLine(found) }),
      problem: (what, line) =>
        into.problem(`in ${shorten(name)}${line === undefined ? '' : `, line ${line}`}, ${what}`),
    })
  return into.done(path)
}

function withoutLine(found: Partial<ImportedRequirement>): Pick<ImportedRequirement, 'text' | 'source' | 'owner'> {
  const { text, source, owner } = found
  return {
    ...(text === undefined ? {} : { text }),
    ...(source === undefined ? {} : { source }),
    ...(owner === undefined ? {} : { owner }),
  }
}
