import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { askOf, type Place, placeWith, scaledInput } from '../metrics/testing/ask-clause.ts'
import { greyPng } from './testing/grey-png.ts'

vi.mock('jimp', () => {
  throw new Error("Cannot find package 'jimp'")
})

let place: Place
beforeAll(async () => {
  place = await placeWith({
    'cases.csv': 'id,photo\n1,a.png\n2,b.png\n',
    'a.png': greyPng(2, [1, 2, 3, 4]),
    'b.png': greyPng(2, [5, 6, 7, 8]),
    'model.onnx': scaledInput('pixels', 'light'),
  })
})
afterAll(() => place.remove())

const spec = (clause: string): string => `plumbline: 1
system: { name: pictures, version: 1.0.0 }
data:
  cases:
    source: cases.csv
    columns: { id: { type: integer, role: key }, photo: { type: image } }
models:
  champion:
    artifact: model.onnx
    input: { from: cases, columns: [photo], pixels: { width: 1, height: 1, channels: 1 } }
    outputs: { light: { type: number } }
clauses:
  it: ${clause}
`

it('what the bytes of a picture say is asked without the package that decodes them', async () => {
  expect(await place.askData(spec('{ of: cases, every: photo.width() == 2 }'))).toMatchObject({ verdict: 'satisfied' })
})
it('a model of pictures is an error of all its rows, which says what to install', async () => {
  expect(await askOf(place, spec('{ of: champion, every: light >= 0.0 }'))).toMatchObject({
    verdict: 'error',
    reason: 'runner-missing',
    cause: expect.stringContaining('Run `npm install jimp`'),
  })
})
