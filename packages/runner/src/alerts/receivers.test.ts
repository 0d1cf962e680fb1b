import type { ProgramAlert } from '@plumbline/core'
import { expect, test } from 'vitest'
import { receiversOf, resolveAddress, wants } from './receivers.ts'

test('receivers have names that tell no secret', () => {
  const alerts: readonly ProgramAlert[] = [
    { kind: 'webhook', url: '${ALERT_URL}' },
    { kind: 'webhook', url: 'https://user:pw@hooks.example.org/T0/secret?token=x' },
    { kind: 'alertmanager', url: 'http://${HOST}:9093' },
    { kind: 'stdout' },
    { kind: 'stdout' },
  ]
  expect(receiversOf(alerts).map(({ name }) => name)).toEqual([
    'webhook ${ALERT_URL}',
    'webhook https://hooks.example.org',
    'alertmanager ${HOST}',
    'stdout',
  ])
  expect(new Set(receiversOf(alerts).map(({ id }) => id)).size).toBe(4)
})

test.each([
  ['${A}', { A: 'https://x.example/y' }, 'https://x.example/y'],
  ['https://${A}/${B}', { A: 'h', B: 'p' }, 'https://h/p'],
  ['http://plain', {}, 'http://plain'],
])('%s is resolved', (written, variables, url) => {
  expect(resolveAddress(written, (name) => (variables as Record<string, string>)[name])).toEqual({ ok: true, url })
})

test.each([
  ['${A}', {}, 'the environment variable A is not set'],
  ['${A}', { A: '' }, 'the environment variable A is not set'],
  ['${A}', { A: 'file:///etc/passwd' }, 'the address is not one of http or https'],
  ['${A}', { A: 'secret without scheme' }, 'the address is not one of http or https'],
])('%s with %j is a problem, told without values', (written, variables, problem) => {
  expect(resolveAddress(written, (name) => (variables as Record<string, string>)[name])).toEqual({ ok: false, problem })
})

test('a receiver is told of its clauses, from its severity on', () => {
  const [receiver] = receiversOf([{ kind: 'stdout', severity: 'warn', when: ['a', 'b'] }])
  if (receiver === undefined) throw new Error('none')
  expect(wants(receiver, { clause: 'a', severity: 'block' })).toBe(true)
  expect(wants(receiver, { clause: 'b', severity: 'warn' })).toBe(true)
  expect(wants(receiver, { clause: 'a', severity: 'info' })).toBe(false)
  expect(wants(receiver, { clause: 'c', severity: 'block' })).toBe(false)
})
