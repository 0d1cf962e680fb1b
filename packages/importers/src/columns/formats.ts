const MONTH_DAY =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))'
const DATE = `[0-9]{4}-${MONTH_DAY}`
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?'
const ZONE = '(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])'
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'

const PATTERNS: Readonly<Record<string, string>> = {
  date: DATE,
  time: `${TIME}${ZONE}`,
  'date-time': `${DATE}[Tt]${TIME}${ZONE}`,
  email: `[A-Za-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})*`,
  hostname: `${LABEL}(?:\\.${LABEL})*`,
  ipv4: `${OCTET}(?:\\.${OCTET}){3}`,
  uuid: '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}',
  uri: '[A-Za-z][A-Za-z0-9+.-]*:[^\\s]*',
}

/** The regular expression of a format of JSON Schema; undefined for formats that are not known. */
export function formatPattern(name: string): string | undefined {
  return Object.hasOwn(PATTERNS, name) ? `^${PATTERNS[name]}$` : undefined
}
