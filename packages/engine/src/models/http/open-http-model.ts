import process from 'node:process'
import type { ProgramDataset, ProgramModel, ProgramRunner } from '@plumbline/core'
import { imageInputs } from '../../images/image-inputs.ts'
import type { RunnerPorts } from '../open-runner.ts'
import { type Outcome, success } from '../outcome.ts'
import type { Runner } from '../runner.ts'
import { openChatModel } from './chat.ts'
import { chatCache } from './chat-cache.ts'
import { openMlflowModel } from './mlflow.ts'
import { openOipModel } from './oip.ts'
import type { Server } from './send.ts'

/** A model behind a server. */
export interface HttpModel extends RunnerPorts {
  readonly runner: Extract<ProgramRunner, { kind: 'http' }>
  readonly model: ProgramModel
  readonly dataset: ProgramDataset
}

/** Opens a model behind a server by its protocol. Only what is sent names the address: it may hold secrets. */
export async function openHttpModel({ host, runner, model, dataset, cache }: HttpModel): Promise<Outcome<Runner>> {
  const server: Server = { host, runner, variable: (name) => process.env[name] }
  switch (runner.protocol) {
    case 'oip-v2':
      return openOipModel(server, model)
    case 'mlflow':
      return openMlflowModel(server, model)
    case 'openai-chat':
      return success(
        openChatModel(
          server,
          model,
          cache === undefined ? undefined : chatCache(host, cache),
          new Set(imageInputs(model, dataset)),
        ),
      )
  }
}
