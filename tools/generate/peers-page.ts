import { code, page, table } from './markdown.ts'
import { type Peer, type PeerCheck, PEERS, readPeer } from './peers.ts'

/** The clause as people write it, and of what it is asked. */
function clauseText({ every, must, contract, of }: PeerCheck): string {
  const text = every !== undefined ? `every: ${every}` : must !== undefined ? `must: ${must}` : contract
  if (text === undefined) return '–'
  return `${code(text)}${of === undefined ? '' : ` of ${code(of)}`}`
}

function remark({ no, partly, note }: PeerCheck): string {
  return [no, partly, note].filter((part) => part !== undefined).join('; ')
}

const says = ({ no, partly }: PeerCheck): string => (no !== undefined ? 'no' : partly !== undefined ? 'partly' : 'yes')

function counts({ checks }: Peer): string {
  const of = (word: string): number => checks.filter((check) => says(check) === word).length
  return `${checks.length} checks: ${of('yes')} can be said, ${of('partly')} partly, ${of('no')} cannot.`
}

/** `docs/reference/peers.md`: what each check of other tools is here. */
export function peersPage(root: string): string {
  const parts = PEERS.flatMap((name) => {
    const peer = readPeer(root, name)
    return [
      `## ${peer.tool}`,
      `${peer.about} ${counts(peer)}`,
      table(
        ['check', 'can be said', 'as', 'remark'],
        peer.checks.map((check) => [code(check.name), says(check), clauseText(check), remark(check)]),
      ),
    ]
  })
  return page(
    'Checks of other tools',
    'docs/peers/',
    'What each check of other tools is in this language, or why it is not there. Every clause on this page is compiled by a test.',
    ...parts,
  )
}
