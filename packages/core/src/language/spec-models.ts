import type { Located } from '../source/span.ts'
import type { Micros } from './literals.ts'

/** The protocols that a model behind HTTP may speak. */
export const MODEL_PROTOCOLS = ['oip-v2', 'mlflow', 'openai-chat'] as const
/** One of {@link MODEL_PROTOCOLS}. */
export type ModelProtocol = (typeof MODEL_PROTOCOLS)[number]

/** How rows and answers travel between Plumbline and a program. */
export const COMMAND_FORMATS = ['json-lines', 'arrow'] as const
/** One of {@link COMMAND_FORMATS}. */
export type CommandFormat = (typeof COMMAND_FORMATS)[number]

/** How the images of a model's input become numbers: resized, and each value of a pixel put into a range. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** 1: grey (ITU-R BT.601), 3: red, green, blue. */
  readonly channels: 1 | 3
  /** The order of the numbers: channel by channel, or pixel by pixel. */
  readonly layout: 'chw' | 'hwc'
  /** What 0 and 255 become. */
  readonly range: readonly [number, number]
  /** Taken from each channel then, and what the rest is divided by; one number for all channels or one each. */
  readonly mean?: readonly number[]
  readonly stddev?: readonly number[]
}

/** What runs a model that is no file of this process, as declared. */
export type ModelRunner =
  /** The answers are there already, in a column of the dataset. */
  | { readonly kind: 'column'; readonly column: Located<string> }
  /** A program that reads rows and writes answers (docs/models.md). `file`, the model itself, is its last argument. */
  | {
      readonly kind: 'command'
      readonly command: readonly string[]
      readonly file?: Located<string>
      readonly files: readonly Located<string>[]
      /** Default: JSON lines. */
      readonly format?: CommandFormat
      readonly timeout?: Located<Micros>
      readonly batch?: Located<number>
    }
  /** A server. `model` is its name there; `prompt`, `budget` (requests a run), `after` and `otherwise` are for chat. */
  | {
      readonly kind: 'http'
      readonly address: Located<string>
      readonly protocol: ModelProtocol
      readonly model?: Located<string>
      readonly token?: Located<string>
      readonly timeout?: Located<Micros>
      readonly batch?: Located<number>
      readonly retries?: Located<number>
      readonly prompt?: Located<string>
      readonly budget?: Located<number>
      readonly after?: Located<string>
      readonly otherwise?: Located<string>
      readonly version?: Located<string>
    }
