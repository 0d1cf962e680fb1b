import type { ProgramDataset, ProgramModel } from '@plumbline/core'

/** The images among a model's inputs. */
export function imageInputs({ input }: ProgramModel, dataset: ProgramDataset): readonly string[] {
  return input.filter((name) => dataset.columns.some((each) => each.name === name && each.columnType === 'image'))
}
