/** Where a model is on another server. */
export interface UpstreamAddress {
  /** `http://host:port`. */
  readonly origin: string
  /** Path before `/v2`, without a slash at its end. */
  readonly base: string
  /** Name of the model there. */
  readonly model: string
  /** A version of it, where only that one is to be asked. */
  readonly version?: string
}

/** Reads `http://host:port[/base][/v2/models/NAME[/versions/V]]`; without a model in it, the one named `model`. In words what is wrong. */
export function readAddress(text: string, model: string): UpstreamAddress | string {
  if (!URL.canParse(text)) return 'It is no URL.'
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'It must begin with http:// or https://.'
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return 'It may hold an address and a path only.'
  const match = /^(.*?)(?:\/v2(?:\/models\/([^/]+)(?:\/versions\/([^/]+))?)?)?\/?$/.exec(url.pathname)
  const [, base = '', name, version] = match ?? []
  try {
    return {
      origin: url.origin,
      base: base.replace(/\/$/, ''),
      model: name === undefined ? model : decodeURIComponent(name),
      ...(version === undefined ? {} : { version: decodeURIComponent(version) }),
    }
  } catch {
    return 'Its path is not well-formed.'
  }
}

/** Path of the model; `verb` such as `/infer`. */
export function modelPath({ base, model, version }: UpstreamAddress, verb = ''): string {
  const versioned = version === undefined ? '' : `/versions/${encodeURIComponent(version)}`
  return `${base}/v2/models/${encodeURIComponent(model)}${versioned}${verb}`
}
