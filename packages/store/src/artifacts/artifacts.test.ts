import { digestBytes } from '@plumbline/core'
import { expect, test } from 'vitest'
import { memoryHost } from '../host/memory-host.ts'
import { artifactFailureText, openArtifacts } from './artifacts.ts'

const DIRECTORY = '/p/.plumb/artifacts'
const DIGEST = digestBytes('model')

test('a file is kept under its digest and restored elsewhere', async () => {
  const host = memoryHost({ files: { '/p/model.onnx': 'model' } })
  const artifacts = openArtifacts(host, DIRECTORY)
  expect(await artifacts.put('/p/model.onnx')).toEqual({ ok: true, value: DIGEST })
  expect(await artifacts.putBytes(new TextEncoder().encode('model'))).toEqual({ ok: true, value: DIGEST })
  expect(artifacts.path(DIGEST)).toBe(`${DIRECTORY}/${DIGEST.replace(':', '-')}`)
  expect(await artifacts.restore(DIGEST, '/p/new/place/model.onnx')).toEqual({ ok: true, value: undefined })
  expect(new TextDecoder().decode(host.disk.files.get('/p/new/place/model.onnx'))).toBe('model')
  expect([...host.disk.files.keys()].filter((path) => path.startsWith(DIRECTORY))).toHaveLength(1)
})

test('an absent or changed artifact is a failure, and nothing is restored', async () => {
  const host = memoryHost({ files: { '/p/model.onnx': 'model' } })
  const artifacts = openArtifacts(host, DIRECTORY)
  expect(await artifacts.restore(DIGEST, '/p/x')).toEqual({ ok: false, failure: { kind: 'absent', digest: DIGEST } })
  await artifacts.put('/p/model.onnx')
  host.disk.files.set(artifacts.path(DIGEST), new TextEncoder().encode('models'))
  const restored = await artifacts.restore(DIGEST, '/p/x')
  expect(restored).toEqual({ ok: false, failure: { kind: 'corrupt', digest: DIGEST, found: digestBytes('models') } })
  expect(!restored.ok && artifactFailureText(restored.failure)).toContain(digestBytes('models'))
  expect(host.disk.files.has('/p/x')).toBe(false)
})

test('a full disk or an absent source leaves no partial artifact', async () => {
  const host = memoryHost({ files: { '/p/model.onnx': 'model' }, capacity: 8 })
  const artifacts = openArtifacts(host, DIRECTORY)
  expect(await artifacts.put('/p/model.onnx')).toMatchObject({
    ok: false,
    failure: { kind: 'host', error: { kind: 'no-space' } },
  })
  expect(await artifacts.put('/p/none')).toMatchObject({
    ok: false,
    failure: { kind: 'host', error: { kind: 'not-found' } },
  })
  host.disk.capacity = 1000
  host.disk.fault = (operation) => (operation === 'rename' ? 'io' : undefined)
  expect(await artifacts.put('/p/model.onnx')).toMatchObject({
    ok: false,
    failure: { kind: 'host', error: { kind: 'io' } },
  })
  expect([...host.disk.files.keys()]).toEqual(['/p/model.onnx'])
})
