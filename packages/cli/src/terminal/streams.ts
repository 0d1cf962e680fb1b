/**
 * JSON with every character that could steer a terminal written as `\uXXXX`: the same value, and harmless on a screen.
 * JSON itself escapes only what lies below U+0020. Such characters occur in JSON only inside texts.
 */
export function jsonForTerminal(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

interface ClosableStream {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
}

/**
 * A reader that goes away early (`plumb check | head -1`) is no failure of ours: what is left is not written, and the
 * exit code stays what it is. Any other failure of the stream is still an error.
 */
export function quietWhenClosed(...streams: readonly ClosableStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
