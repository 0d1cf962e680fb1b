import type { ProgramModel, ProgramRunner } from '@plumbline/core'
import { memoryHost } from '@plumbline/store'
import { expect, it } from 'vitest'
import { identifyModel } from './identity.ts'

const FILES = {
  '/p/worker.py': 'import this',
  '/p/models/a.joblib': 'a',
  '/p/models/b.joblib': 'b',
  '/p/models/flow/MLmodel': 'flavors',
  '/p/models/flow/data/model.pkl': 'weights',
}

async function identify(runner: ProgramRunner, files: Readonly<Record<string, string>> = FILES, candidate?: string) {
  const model: ProgramModel = { name: 'champion', task: 'regression', from: 'rows', input: [], outputs: [], runner }
  return identifyModel(model, { host: memoryHost({ files }), root: '/p' }, candidate)
}

const command = (file?: string, files: readonly string[] = []): ProgramRunner => ({
  kind: 'command',
  command: ['python3', 'worker.py'],
  files,
  ...(file === undefined ? {} : { file }),
})

it('a command is its arguments, its model, and every file of the project among them', async () => {
  const found = await identify(command('models/a.joblib'))
  expect(found?.path).toBe('/p/models/a.joblib')
  expect(Object.keys(JSON.parse(found?.identity ?? '{}').files)).toEqual(['file', 'worker.py'])
  const digest = found?.digest
  expect((await identify(command('models/b.joblib')))?.digest).not.toBe(digest)
  expect((await identify(command('models/a.joblib'), { ...FILES, '/p/worker.py': 'import that' }))?.digest).not.toBe(
    digest,
  )
  expect((await identify(command('models/a.joblib', ['models/b.joblib'])))?.digest).not.toBe(digest)
  expect((await identify(command('models/a.joblib'), { ...FILES, '/p/other': 'x' }))?.digest).toBe(digest)
})

it('a candidate takes the place of its file: equal bytes are the same model under any name', async () => {
  const [declared, candidate] = [
    await identify(command('models/b.joblib')),
    await identify(command('models/a.joblib'), FILES, 'models/b.joblib'),
  ]
  expect(candidate?.digest).toBe(declared?.digest)
})

it('a folder is all of its files, but for what Python compiled of them', async () => {
  const digest = (await identify(command('models/flow')))?.digest
  expect(digest).toBeDefined()
  const changed = { ...FILES, '/p/models/flow/data/model.pkl': 'other weights' }
  expect((await identify(command('models/flow'), changed))?.digest).not.toBe(digest)
  expect((await identify(command('models/flow'), { ...FILES, '/p/models/flow/note.txt': '' }))?.digest).not.toBe(digest)
  const compiled = { ...FILES, '/p/models/flow/__pycache__/x.pyc': 'x' }
  expect((await identify(command('models/flow'), compiled))?.digest).toBe(digest)
})

it('a file that is not there is no model', async () => {
  expect(await identify(command('models/none.joblib'))).toBeUndefined()
  expect(await identify(command('models/a.joblib', ['none.py']))).toBeUndefined()
})

it('a server that does not answer is its address as written, without what it would state', async () => {
  const found = await identify({ kind: 'http', address: 'https://${HOST}/x', protocol: 'mlflow', token: '${SECRET}' })
  expect(JSON.parse(found?.identity ?? '{}')).toEqual({
    runner: 'http',
    address: 'https://${HOST}/x',
    protocol: 'mlflow',
    server: null,
  })
})
