/** What Python and others write for numbers that JSON has not. */
const NOT_A_NUMBER = /[[,:]\s*(?:NaN|-?Infinity)\s*[\],}]/

/** Why a text that looks like JSON is none, with what to do; undefined where nothing is known. The text was decoded leniently. */
export function whyNoJson(text: string): string | undefined {
  if (text.includes('\uFFFD')) return 'It is not encoded as UTF-8.'
  return NOT_A_NUMBER.test(text)
    ? 'JSON has no such number: write null, or "NaN", "Infinity", "-Infinity" as a text (Python: json.dumps(…, allow_nan=False) finds them).'
    : undefined
}
