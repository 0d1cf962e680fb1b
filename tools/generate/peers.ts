/** What each check of other tools is here: the files of `docs/peers/`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** One check of another tool: a clause or a contract says it, partly says it, or nothing does. */
export interface PeerCheck {
  readonly name: string
  readonly every?: string
  readonly must?: string
  /** A part of a spec that is no clause. */
  readonly contract?: string
  /** Of what the clause is asked; `rows` otherwise. */
  readonly of?: string
  readonly stage?: 'release'
  readonly note?: string
  /** What the clause does not say. */
  readonly partly?: string
  /** Why there is none. */
  readonly no?: string
}

/** All checks of one tool. */
export interface Peer {
  readonly tool: string
  readonly about: string
  readonly checks: readonly PeerCheck[]
}

/** The files, in the order of the page. */
export const PEERS = [
  'great-expectations',
  'deepchecks',
  'evidently',
  'evidently-metrics',
  'pandera',
  'soda',
  'tfdv',
] as const

/** Reads the file of one tool. */
export function readPeer(root: string, name: (typeof PEERS)[number]): Peer {
  return parse(readFileSync(join(root, 'docs', 'peers', `${name}.yaml`), 'utf8')) as Peer
}
