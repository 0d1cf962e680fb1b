import { describe, expect, it } from 'vitest'
import { resolveAddress } from './address.ts'

const variables: Readonly<Record<string, string>> = { HOST: 'a.example', TOKEN: '${HOST}$&', EMPTY: '' }
const resolve = (written: string): unknown => resolveAddress(written, (name) => variables[name])

describe('the address of a receiver', () => {
  it('is what the spec says where it names no variable', () => {
    expect(resolve('https://a.example/hook')).toEqual({ url: 'https://a.example/hook' })
  })

  it('takes each value as it is, once', () => {
    expect(resolve('https://${HOST}/hook?token=${TOKEN}&from=${HOST}')).toEqual({
      url: 'https://a.example/hook?token=${HOST}$&&from=a.example',
    })
  })

  it.each(['NONE', 'EMPTY'])('names the variable that is not set: %s', (name) => {
    expect(resolve(`https://\${${name}}/\${HOST}/\${ALSO_NONE}`)).toEqual({ missing: name })
  })
})
