import { describe, expect, it } from 'vitest'
import { answerParser, type HttpAnswer } from './answer-parser.ts'

const MOST = 1000
/** What comes of a text that is fed in pieces of a size, then ended. */
function parsed(text: string, size: number): HttpAnswer | string | undefined {
  const parser = answerParser(MOST)
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += size) {
    const step = parser.feed(bytes.subarray(at, at + size))
    // Bytes after the answer may be there or not, by how it is cut; they end the connection in either case.
    if (step !== undefined) return step
  }
  return parser.end()
}
const inAnyPieces = (text: string) => {
  const whole = parsed(text, text.length)
  for (let size = 1; size < text.length; size++) {
    const step = parsed(text, size)
    const same = typeof step === 'object' && typeof whole === 'object' ? { ...step, keep: whole.keep } : step
    expect([size, same]).toEqual([size, whole])
  }
  return typeof whole === 'object' ? [whole.status, Buffer.from(whole.body).toString('latin1'), whole.keep] : whole
}

describe('an HTTP answer', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}', [200, '{}', true]],
    ['HTTP/1.1 200\r\nContent-Length:2 \r\n\r\n{}', [200, '{}', true]],
    ['HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length: 2\r\n\r\n{}', [200, '{}', false]],
    ['HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}', [200, '{}', false]],
    ['HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\n{}', [200, '{}', true]],
    ['HTTP/1.1 200 OK\r\n\r\nto the end', [200, 'to the end', false]],
    ['HTTP/1.1 204 No\r\n\r\n', [204, '', true]],
    ['HTTP/1.1 500 Oh no: \xff\r\ncontent-length: 0\r\n\r\n', [500, '', true]],
    [
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nx: y\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx',
      [200, 'x', true],
    ],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n', [200, 'abcd', true]],
    [
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n00A\r\n0123456789\r\n0\r\nx: y\r\n\r\n',
      [200, '0123456789', true],
    ],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', [200, '', true]],
  ])('%j', (text, expected) => {
    expect(inAnyPieces(text)).toEqual(expected)
  })

  it.each([
    ['', 'cut off'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{', 'cut off'],
    ['HTTP/1.1 200 OK\r\ncontent-le', 'cut off'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab', 'cut off'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n', 'cut off'],
    ['SSH-2.0-x\r\n', 'does not speak HTTP/1'],
    ['HTTP/2 200\r\n\r\n', 'none of HTTP/1'],
    ['HTTP/1.1 20 OK\r\n\r\n', 'none of HTTP/1'],
    ['HTTP/1.1 999 OK\r\n\r\n', 'none of HTTP/1'],
    ['HTTP/1.1 101 Go\r\nupgrade: x\r\n\r\n', 'something else'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}', 'two lengths'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n', 'a length and a coding'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n', 'another coding'],
    ['HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}', 'its length is none'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\n{}', 'its length is none'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1e1\r\n\r\n{}', 'its length is none'],
    ['HTTP/1.1 200 OK\r\ncontent length: 2\r\n\r\n{}', 'header that is none'],
    ['HTTP/1.1 200 OK\r\n folded\r\n\r\n', 'header that is none'],
    ['HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n', 'header that is none'],
    ['HTTP/1.1 200 OK\r\nx: a\nb: c\r\n\r\n', 'header that is none'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n', 'chunk without a size'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffff\r\n', 'chunk without a size'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n', 'chunk of another size'],
    [`HTTP/1.1 200 OK\r\ncontent-length: ${MOST + 1}\r\n\r\n`, 'too long'],
    [`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(20_000)}`, 'too long'],
    [`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 'its headers do not end'],
  ])('%j is wrong', (text, why) => {
    const step = text.length > 1000 ? parsed(text, text.length) : inAnyPieces(text)
    expect(step).toContain(why)
  })

  it('is not followed by another that nobody asked for', () => {
    const one = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx'
    expect(parsed(one + one, 1000)).toMatchObject({ status: 200, keep: false })
    expect(parsed(one, 1000)).toMatchObject({ status: 200, keep: true })
  })
})
