import { visible } from '@plumbline/core'

/**
 * Text from a spec, from data or from a program as one line for a terminal: line breaks become spaces, and whatever is
 * invisible or could steer the terminal is shown as an escape.
 */
export function oneLine(text: string): string {
  return visible(text.trim().replaceAll(/[ \t]*\r?\n\s*/g, ' '))
}
