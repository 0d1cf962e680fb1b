/** One start tag of a page. */
export interface Tag {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

const VOID = new Set(['meta', 'br', 'wbr'])

/**
 * Reads markup strictly: every tag closed in order, every attribute quoted, no stray `<` or `>`. Throws where it is not
 * so; a text that broke out of its place would be a tag or attribute here that the page never writes.
 */
export function readMarkup(page: string): { readonly tags: readonly Tag[]; readonly text: string } {
  const tags: Tag[] = []
  const open: string[] = []
  let text = ''
  let rest = page.replace(/^<!doctype html>\n/, '')
  while (rest !== '') {
    const at = rest.indexOf('<')
    const piece = at < 0 ? rest : rest.slice(0, at)
    if (piece.includes('>') && open.at(-1) !== 'style') throw new Error(`stray > in ${piece.slice(0, 80)}`)
    text += piece
    if (at < 0) break
    rest = rest.slice(at)
    const close = /^<\/([a-z][a-z0-9]*)>/.exec(rest)
    const start = /^<([a-z][a-z0-9]*)((?: [a-z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)(\/?)>/.exec(rest)
    if (close !== null) {
      const expected = open.pop()
      if (expected !== close[1]) throw new Error(`</${close[1]}> closes <${expected}>`)
      rest = rest.slice(close[0].length)
    } else if (start !== null) {
      const [whole, name = '', attributes = '', closed = ''] = start
      tags.push({
        name,
        attributes: Object.fromEntries(
          [...attributes.matchAll(/ ([a-zA-Z0-9-]+)(?:="([^"]*)")?/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
        ),
      })
      if (!VOID.has(name) && closed === '') open.push(name)
      rest = rest.slice(whole.length)
    } else throw new Error(`not a tag: ${rest.slice(0, 120)}`)
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`)
  return { tags, text }
}
