import { expect, it } from 'vitest'
import { modelPath, readAddress } from './address.ts'

it.each([
  ['http://a:8000', '/v2/models/credit/infer'],
  ['http://a:8000/', '/v2/models/credit/infer'],
  ['https://a/v2', '/v2/models/credit/infer'],
  ['http://a/v2/models/my%20model', '/v2/models/my%20model/infer'],
  ['http://a/v2/models/m/versions/3/', '/v2/models/m/versions/3/infer'],
  ['http://a/serving/v2/models/m', '/serving/v2/models/m/infer'],
  ['http://a/serving/', '/serving/v2/models/credit/infer'],
])('%s is asked at %s', (text, path) => {
  const address = readAddress(text, 'credit')
  expect(typeof address === 'string' ? address : modelPath(address, '/infer')).toBe(path)
})

it.each([
  'localhost:8000',
  'a',
  '',
  'ftp://a',
  'http://u:p@a/',
  'http://a/?x=1',
  'http://a/#x',
  'http://a/v2/models/%ff',
])('%s is refused in words', (text) => {
  expect(readAddress(text, 'credit')).toMatch(/^It.*\.$/)
})
