import { REQUIREMENT_ENDINGS } from './endings.ts'
import { collectRequirements, type RequirementCollector, type RequirementFile } from './requirement-file.ts'

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
    into.problem(
      ending === 'reqifz'
        ? 'it is a zipped ReqIF file; name the .reqif file in it'
        : `its ending says no format that can be read (${REQUIREMENT_ENDINGS.join(', ')})`,
    )
    return into.done(path)
  }
  const read = await load()
  read(text.replace(/^\uFEFF/, ''), into)
  return into.done(path)
}
