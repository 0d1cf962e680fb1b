import { Agent, request } from 'node:http'

/** What came back: the HTTP status, and the version of the model that answered. @typedef {{ readonly status: number, readonly version: string | undefined, readonly verdict: string | undefined }} Answer */

/**
 * A client of one model over the Open Inference Protocol V2 (REST); connections are kept open.
 * @param {string} url such as http://host/v2/models/name
 * @param {readonly import('./accounts.js').Input[]} inputs
 * @param {number} connections
 */
export function openClient(url, inputs, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return {
    /**
     * Asks about rows in one request: a tensor of shape [N] for the key and for each input.
     * @param {readonly { readonly id: number, readonly inputs: Readonly<Record<string, number>> }[]} rows
     * @returns {Promise<Answer>} rejects when there is no answer
     */
    infer: (rows) => post(agent, `${url}/infer`, JSON.stringify(bodyOf(rows, inputs))),
    close: () => agent.destroy(),
  }
}

/**
 * The body of an inference request.
 * @param {readonly { readonly id: number, readonly inputs: Readonly<Record<string, number>> }[]} rows
 * @param {readonly import('./accounts.js').Input[]} inputs
 */
export function bodyOf(rows, inputs) {
  const tensor = (name, datatype, data) => ({ name, datatype, shape: [rows.length], data })
  const tensors = inputs.map(({ name, datatype }) =>
    tensor(
      name,
      datatype,
      rows.map((row) => row.inputs[name]),
    ),
  )
  return {
    id: `${rows[0]?.id}`,
    inputs: [
      tensor(
        'id',
        'INT64',
        rows.map(({ id }) => id),
      ),
      ...tensors,
    ],
  }
}

function post(agent, url, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(url, { method: 'POST', agent, headers, timeout: 30_000 }, (response) => {
      const parts = []
      response.on('data', (part) => parts.push(part))
      response.once('error', reject)
      response.once('end', () => {
        const version =
          response.statusCode === 200 ? JSON.parse(Buffer.concat(parts).toString()).model_version : undefined
        resolve({ status: response.statusCode, version, verdict: response.headers['plumbline-verdict'] })
      })
    })
    sent.once('timeout', () => sent.destroy(new Error('no answer within 30 s')))
    sent.once('error', reject)
    sent.end(body)
  })
}
