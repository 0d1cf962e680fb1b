/**
 * The first records of a CSV text (RFC 4180: quotes may hold delimiters and line ends, blank lines are none). Unless the
 * text is `whole`, its last record is left out: it may be cut. Undefined where a quote does not close within the text.
 */
export function csvRecords(text: string, delimiter: string, limit: number, whole: boolean): string[][] | undefined {
  const records: string[][] = []
  let at = 0
  while (at < text.length && records.length < limit) {
    const record = recordAt(text, at, delimiter)
    if (record === undefined) return records.length > 0 && !whole ? records : undefined
    if (record.end >= text.length && !whole) break
    if (record.fields.length > 1 || record.fields[0] !== '') records.push(record.fields)
    at = record.end + (text.startsWith('\r\n', record.end) ? 2 : 1)
  }
  return records
}

function recordAt(
  text: string,
  start: number,
  delimiter: string,
): { readonly fields: string[]; readonly end: number } | undefined {
  const fields: string[] = []
  let at = start
  for (;;) {
    let field = ''
    if (text[at] === '"') {
      const close = closingQuote(text, at + 1)
      if (close === undefined) return undefined
      field = text.slice(at + 1, close).replaceAll('""', '"')
      at = close + 1
    }
    const end = fieldEnd(text, at, delimiter)
    fields.push(field + text.slice(at, end))
    if (!text.startsWith(delimiter, end)) return { fields, end }
    at = end + delimiter.length
  }
}

function fieldEnd(text: string, from: number, delimiter: string): number {
  let at = from
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r' && !text.startsWith(delimiter, at)) at++
  return at
}

function closingQuote(text: string, from: number): number | undefined {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at
  }
  return undefined
}
