import { plainText } from '@plumbline/report'

/**
 * A text as XML 1.0 content or attribute: markup is escaped, and what XML cannot hold at all (control characters,
 * surrogates, non-characters; production [2] Char of the recommendation) or could mislead by (bidirectional controls) is
 * written as `\u{…}`. White space becomes single spaces; line breaks are kept where `lines` says so.
 */
export function escapeXml(text: string, lines = false): string {
  const shown = lines
    ? text
        .split(/\r\n|\r|\n/)
        .map(plainText)
        .join('\n')
    : plainText(text)
  return shown
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
}
