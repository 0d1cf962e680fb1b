import { describe, expect, test } from 'vitest'
import { oneLine } from './one-line.ts'
import { createProgress } from './progress.ts'
import { jsonForTerminal } from './streams.ts'

const HOSTILE = '\u001b]0;owned\u0007 \u009b2J \u202etxt\ufeff'

describe('what reaches a terminal', () => {
  test('progress is one line of visible text, and nothing in a pipe', () => {
    const written: string[] = []
    const write = (text: string) => written.push(text)
    createProgress({ isTTY: true, columns: 40, write })(`train: ${HOSTILE}\r\nmore`)
    expect(written).toHaveLength(1)
    const line = (written[0] ?? '').replace('\r\u001b[2K', '')
    expect(line).toMatch(/^train: \\u\{1b\}\]0;owned/)
    expect(line.length).toBeLessThan(40)
    // oxlint-disable-next-line no-control-regex -- that none is left is the point.
    expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
    createProgress({ write })('more')
    expect(written).toHaveLength(1)
  })

  test('JSON is the same value, and holds nothing that steers', () => {
    const value = { [HOSTILE]: [HOSTILE, 'é 日本 😀'] }
    const shown = jsonForTerminal(JSON.stringify(value))
    expect(JSON.parse(shown)).toEqual(value)
    // oxlint-disable-next-line no-control-regex -- that none is left is the point.
    expect(shown).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\ufeff]/)
    expect(shown).toContain('é 日本 😀')
  })

  test('a text of several lines is one', () => {
    expect(oneLine('a >= 1 &&\n    b < 2\n')).toBe('a >= 1 && b < 2')
    expect(oneLine(`x\u2028${HOSTILE}`)).toBe('x\\u{2028}\\u{1b}]0;owned\\u{7} \\u{9b}2J \\u{202e}txt')
  })
})
