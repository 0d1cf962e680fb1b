import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import { buildOnnx, tensor } from '../../../packages/engine/src/proofs/testing/build-onnx.ts'
import { normal, within } from '../draw.ts'
import type { Pack } from '../pack.ts'

const STEPS = 6000
/** Steps from one maintenance shift to the next. */
const SHIFT = 50
/** Mean and deviation of what each sensor says of a machine that works. */
const USUAL = { temperature: [70, 3], vibration: [2, 0.3], pressure: [5, 0.4] } as const
const SENSORS = Object.keys(USUAL) as readonly (keyof typeof USUAL)[]
/** Sum of squared deviations from which on an alarm is more likely than not. */
const BORDER = 14

function rows(): Pack['rows'] {
  const random = createRandom('template', 'anomaly-detection')
  let left = 0
  let moved = { temperature: 0, vibration: 0, pressure: 0 }
  return Array.from({ length: STEPS }, (_, step) => {
    if (left > 0) left--
    else if (random.float() < 0.012) {
      left = 2 + random.int(6)
      const side = random.float() < 0.8 ? 1 : -1
      moved = { temperature: random.int(2) * 4 * side, vibration: 3 + random.int(3), pressure: -random.int(3) * side }
    }
    const outcome = left > 0
    const said = (sensor: keyof typeof USUAL): number => {
      const [mean, deviation] = USUAL[sensor]
      return within(normal(random, mean + (outcome ? moved[sensor] * deviation : 0), deviation), 0, 500)
    }
    const [temperature, vibration, pressure] = [said('temperature'), said('vibration'), said('pressure')]
    const split = step < STEPS / 2 ? 'train' : 'test'
    return { step, shift: Math.floor(step / SHIFT), temperature, vibration, pressure, split, outcome }
  })
}

/** The squared distance from what is usual, in deviations, as a probability: `alarm` [N, 1]. */
function model(): Uint8Array {
  const cast = (name: string) => ({
    op: 'Cast',
    inputs: [name],
    outputs: [`${name}:double`],
    attributes: { to: 11n },
  })
  return buildOnnx({
    inputs: SENSORS.map((name) => ({ name, type: 'float', shape: [null, 1] })),
    outputs: [{ name: 'alarm', type: 'float', shape: [null, 1] }],
    nodes: [
      ...SENSORS.map(cast),
      {
        op: 'Concat',
        inputs: SENSORS.map((name) => `${name}:double`),
        outputs: ['read'],
        attributes: { axis: 1n },
      },
      { op: 'Sub', inputs: ['read', 'means'], outputs: ['off'] },
      { op: 'Div', inputs: ['off', 'deviations'], outputs: ['scaled'] },
      { op: 'Mul', inputs: ['scaled', 'scaled'], outputs: ['squared'] },
      { op: 'MatMul', inputs: ['squared', 'ones'], outputs: ['distance'] },
      { op: 'Sub', inputs: ['distance', 'border'], outputs: ['odds'] },
      { op: 'Sigmoid', inputs: ['odds'], outputs: ['alarm:double'] },
      { op: 'Cast', inputs: ['alarm:double'], outputs: ['alarm'], attributes: { to: 1n } },
    ],
    initializers: [
      tensor(
        'means',
        'double',
        [SENSORS.length],
        SENSORS.map((name) => USUAL[name][0]),
      ),
      tensor(
        'deviations',
        'double',
        [SENSORS.length],
        SENSORS.map((name) => USUAL[name][1]),
      ),
      tensor(
        'ones',
        'double',
        [SENSORS.length, 1],
        SENSORS.map(() => 1),
      ),
      tensor('border', 'double', [1], [BORDER]),
    ],
  })
}

/** Three sensors of a machine that is out of order for a few steps now and then, and an alarm by how unusual they are. */
export const anomaly: Pack = { name: 'anomaly-detection', rows: rows(), model: model() }
