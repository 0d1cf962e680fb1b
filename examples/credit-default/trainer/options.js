import { parseArgs } from 'node:util'

/** Empty `features` means all columns. The numbers were chosen by cross-validation on the train split. */
const DEFAULTS = {
  model: 'trees',
  features: '',
  without: '',
  increasing: '',
  decreasing: '',
  trees: '150',
  depth: '4',
  rate: '0.05',
  'min-rows': '60',
  l2: '10',
  sample: '0.5',
  seed: '1',
}

/** Options before the data is known. @typedef {import('./boost.js').BoostOptions & { readonly without: readonly string[] }} Asked */

/** The least and the greatest value of each number. */
const RANGES = {
  trees: [1, 5_000],
  depth: [1, 12],
  rate: [1e-6, 1],
  'min-rows': [1, 1e9],
  l2: [0, 1e9],
  sample: [1e-3, 1],
  seed: [0, 2 ** 32 - 1],
}
const INTEGERS = new Set(['trees', 'depth', 'min-rows', 'seed'])

/**
 * Reads the options of a trainer from the command line.
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} own further options of the command, with their defaults
 * @returns {{ kind: 'trees' | 'scorecard', options: Asked, own: Record<string, string> }}
 * @throws {Error} whose message names the option and what it may be
 */
export function readOptions(args, own) {
  const known = { ...DEFAULTS, ...own }
  const options = Object.fromEntries(
    Object.entries(known).map(([name, value]) => [name, { type: 'string', default: value }]),
  )
  const { values } = parseArgs({ args: [...args], options, strict: true })
  if (values.model !== 'trees' && values.model !== 'scorecard') throw new Error('--model is trees or scorecard')
  const number = (name) => {
    const value = Number(values[name])
    const [least, most] = RANGES[name]
    const fits =
      values[name] !== '' && value >= least && value <= most && (!INTEGERS.has(name) || Number.isInteger(value))
    if (!fits)
      throw new Error(`--${name} is ${INTEGERS.has(name) ? 'an integer' : 'a number'} from ${least} to ${most}`)
    return value
  }
  return {
    kind: values.model,
    options: {
      features: list(values.features),
      without: list(values.without),
      increasing: list(values.increasing),
      decreasing: list(values.decreasing),
      trees: number('trees'),
      depth: number('depth'),
      rate: number('rate'),
      minRows: number('min-rows'),
      l2: number('l2'),
      sample: number('sample'),
      seed: number('seed'),
    },
    own: Object.fromEntries(Object.keys(own).map((name) => [name, values[name]])),
  }
}

/**
 * 'a, b' → ['a', 'b'].
 * @param {string} value
 * @returns {readonly string[]}
 */
export const list = (value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/**
 * Fills in "all columns" for an empty feature list, leaves out what is to be left out, and refuses unknown names.
 * @param {Asked} asked
 * @param {readonly import('./table.js').Input[]} inputs
 * @returns {import('./boost.js').BoostOptions}
 * @throws {Error}
 */
export function resolveFeatures({ without, ...options }, inputs) {
  const columns = inputs.map(({ name }) => name)
  const named = options.features.length === 0 ? columns : options.features
  const unknown = [...named, ...without].find((name) => !columns.includes(name))
  if (unknown !== undefined) throw new Error(`no column ${unknown}; there are ${columns.join(', ')}`)
  const features = named.filter((name) => !without.includes(name))
  if (features.length === 0) throw new Error('no feature is left')
  const repeated = features.find((name, i) => features.indexOf(name) !== i)
  if (repeated !== undefined) throw new Error(`--features names ${repeated} twice`)
  const stray = [...options.increasing, ...options.decreasing].find((name) => !features.includes(name))
  if (stray !== undefined) throw new Error(`--increasing, --decreasing: ${stray} is not among the features`)
  const both = options.increasing.find((name) => options.decreasing.includes(name))
  if (both !== undefined) throw new Error(`${both} cannot be both --increasing and --decreasing`)
  return { ...options, features }
}
