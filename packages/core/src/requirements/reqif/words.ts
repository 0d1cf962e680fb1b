const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** Elements of XHTML within a line of words; every other one separates words. */
const INLINE =
  /<\/?(?:[\w.-]+:)?(?:b|i|u|s|em|strong|span|sub|sup|a|tt|code|small|big|font|q|ins|del)(?:\s[^<>]*)?\/?>/gi

/** The words of a piece of XHTML or of an attribute: no tags, white space as one space. */
export function words(raw: string): string {
  return withoutComments(raw)
    .replace(/<!\[CDATA\[(.*?)\]\]>/gs, '$1')
    .replace(INLINE, '')
    .replace(/<[^<>]*>/g, ' ')
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi,
      (whole, decimal?: string, hex?: string, name = '') => {
        const code =
          decimal === undefined ? (hex === undefined ? undefined : Number.parseInt(hex, 16)) : Number(decimal)
        if (code !== undefined) return isCharacter(code) ? String.fromCodePoint(code) : '\ufffd'
        return ENTITIES[String(name).toLowerCase()] ?? whole
      },
    )
    .replace(/\s+/g, ' ')
    .trim()
}

/** What XML 1.0 calls a character (production 2): no half of a pair, and no control but white space. */
const isCharacter = (code: number): boolean =>
  code === 9 || code === 10 || code === 13 || (code >= 32 && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff))

/** Comments are no words; one that does not end takes the rest with it. */
function withoutComments(raw: string): string {
  const parts: string[] = []
  let at = 0
  for (let start = raw.indexOf('<!--'); start >= 0; start = raw.indexOf('<!--', at)) {
    parts.push(raw.slice(at, start))
    const end = raw.indexOf('-->', start + 4)
    at = end < 0 ? raw.length : end + 3
  }
  return [...parts, raw.slice(at)].join(' ')
}
