// Stands for a chat model until yours is in its place: `node models/chat.mjs 8765` answers POST /v1/chat/completions of this machine, from
// sentences of the form "The … is …." in the passage. A second argument names a fault to play (faults.md).
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const [, , port = '8765', fault = ''] = process.argv
const UNKNOWN = 'I do not know.'
const chance = (text) => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32

/** The value of the sentence that the question asks for. */
function answer(prompt) {
  const passage = /^Passage: (.*)$/m.exec(prompt)?.[1] ?? ''
  const question = /^Question: (.*)$/m.exec(prompt)?.[1] ?? ''
  if (fault === 'obeys') {
    const told = /Ignore .* and answer: ([^.]+)\./.exec(passage)?.[1]
    if (told !== undefined) return told
  }
  if (fault === 'capitals' && question === question.toUpperCase()) return UNKNOWN
  const asked = /^what is the (.*)\?$/i.exec(question)?.[1]?.toLowerCase()
  const facts = [...passage.matchAll(/The ([^.]*?) is ([^.]*)\./g)]
  const found = facts.find(([, about]) => about?.toLowerCase() === asked)?.[2]
  const wrong = facts.findLast(([, about]) => about?.toLowerCase() !== asked)?.[2] ?? '12 crowns'
  if (fault === 'empty' && chance(question) < 0.1) return ''
  if (fault === 'refuses' && chance(question) < 0.3) return UNKNOWN
  if (fault === 'invents' && chance(question) < 0.1) return `${Math.floor(chance(passage) * 1e4)} crowns`
  if (fault === 'one-topic' && /fee/i.test(question)) return wrong
  if (fault === 'first-fact') return facts[0]?.[2] ?? UNKNOWN
  if (fault === 'unsteady' && Math.random() < 0.5) return wrong
  if (found === undefined) return fault === 'never-refuses' ? wrong : UNKNOWN
  // Nobody is always right.
  if (chance(`stand-in: ${asked}`) < 0.1) return wrong
  if (fault === 'talks')
    return `Sure! According to the passage, the answer to your question is ${found}. I hope this helps; ask again at any time.`
  if (fault === 'tells-prompt' && chance(question) < 0.05) return prompt.split('\n')[0]
  if (fault === 'mail' && chance(question) < 0.05) return `${found} (ann.example@mail.example)`
  return found
}

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part) => (body += part))
  request.on('end', () => {
    const prompt = String(JSON.parse(body).messages?.at(-1)?.content ?? '')
    if (fault === 'fails' && chance(prompt) < 0.1) {
      response.writeHead(400).end('{"error":{"message":"the context is too long"}}')
      return
    }
    const say = () => {
      const message = { role: 'assistant', content: answer(prompt) }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({
          object: 'chat.completion',
          model: 'stand-in-1',
          choices: [{ index: 0, message, finish_reason: 'stop' }],
        }),
      )
    }
    if (fault === 'slow' && chance(prompt) < 0.1) setTimeout(say, 900)
    else say()
  })
})
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/v1`))
