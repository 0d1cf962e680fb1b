import { expect, it } from 'vitest'
import { createChildren } from './children.ts'

const SLEEPER = "process.once('SIGTERM', () => process.exit(7)); console.log(process.pid); setInterval(() => {}, 1000)"
const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('ends every process, the last one first, and starts none afterwards', async () => {
  const children = createChildren()
  const options = { cwd: process.cwd() }
  const first = children.start(['node', '-e', SLEEPER], options)
  const second = children.start(['node', '-e', SLEEPER], options)
  const pids = [Number(await first.firstLine), Number(await second.firstLine)]
  const order: string[] = []
  void first.ended.then(() => order.push('first'))
  void second.ended.then(() => order.push('second'))
  await children.close()
  expect(pids.map(isThere)).toEqual([false, false])
  expect(order).toEqual(['second', 'first'])
  expect((await first.ended).code).toBe(7)
  expect(() => children.start(['node', '-e', SLEEPER], options)).toThrow('Interrupted')
  await expect(children.run(['node', '-e', '0'])).rejects.toThrow('Interrupted')
})

it('says how a process ended, and that one ended before it said anything', async () => {
  const children = createChildren()
  expect(await children.run(['node', '-e', 'process.exit(3)'])).toBe(3)
  const silent = children.start(['node', '-e', 'process.exit(2)'], { cwd: process.cwd() })
  await expect(silent.firstLine).rejects.toThrow('exit code 2')
  expect((await silent.ended).code).toBe(2)
  await children.close()
})

it('keeps what a process says for later, where it is not to speak for itself', async () => {
  const children = createChildren()
  let said = ''
  const code = await children.run(['node', '-e', "console.log('out'); console.error('err')"], (data) => {
    said += Buffer.from(data).toString()
  })
  expect(code).toBe(0)
  expect(said.trim().split('\n').toSorted()).toEqual(['err', 'out'])
  await children.close()
})
