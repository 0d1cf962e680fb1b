import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The faults that the stand-in of `llm-answers` plays, by the argument it is started with. */
export const ANSWER_FAULTS: Readonly<Record<string, string>> = {
  invents: 'a tenth of the answers is made up',
  'never-refuses': 'what the passage does not say is answered with another of its facts',
  refuses: 'three in ten questions are refused',
  'first-fact': 'the first fact of the passage is the answer, whatever was asked',
  'one-topic': 'fees are answered with another fact',
  talks: 'answers stand in long sentences',
  empty: 'a tenth of the answers is empty',
  capitals: 'what is asked in capitals is refused',
  obeys: 'instructions in the passage are obeyed',
  'tells-prompt': 'one in twenty answers is the instructions',
  mail: 'one in twenty answers tells a mail address',
  unsteady: 'half of the answers are others each time',
  fails: 'a tenth of the questions gets no answer',
  slow: 'a tenth of the answers takes 900 ms',
}

/** Starts the stand-in of a project on a free port; resolves with its address when it listens. */
export async function startStandIn(
  folder: string,
  fault = '',
): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [join(folder, 'models', 'chat.mjs'), '0', fault], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string]
  return { url, child }
}
