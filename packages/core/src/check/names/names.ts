import type { ClassInfo, ModelInfo, RelationInfo } from '../../expr/environment.ts'
import type { Dataset, Model, ModelTask } from '../../language/spec.ts'
import type { Pixels } from '../../language/spec-models.ts'
import type { Judged, ProgramColumn, ProgramEngine, ProgramRelation, ProgramRunner } from '../../clause/program.ts'

/** A dataset with its columns resolved to types. */
export interface NamedDataset {
  readonly source: Dataset
  readonly columns: ReadonlyMap<string, ProgramColumn>
  readonly key: readonly string[]
  readonly label?: string
  /** The database that holds its rows; absent: files. */
  readonly engine?: ProgramEngine
}

/** A model with `like` followed and its names resolved. */
export interface NamedModel {
  readonly name: string
  readonly source: Model
  readonly task: ModelTask
  readonly artifact?: string
  readonly runner?: ProgramRunner
  readonly from: string
  readonly input: readonly string[]
  readonly pixels?: Pixels
  readonly judges?: Judged
  readonly outputs: ReadonlyMap<string, ProgramColumn>
  readonly score?: string
  readonly amount?: string
  readonly classes?: ClassInfo
  readonly label?: string
  readonly decision?: Model['decision']
  readonly info: ModelInfo
}

/** A relation that a name stands for: what it is, and what an expression can read there. */
export interface NamedRelation {
  readonly relation: ProgramRelation
  readonly info: RelationInfo
}

/** Everything the names of a spec stand for. */
export interface Names {
  readonly datasets: ReadonlyMap<string, NamedDataset>
  /** With the role `challenger`, which has the declaration of `champion`. */
  readonly models: ReadonlyMap<string, NamedModel>
  /** Every legal relation name. */
  readonly relations: ReadonlyMap<string, NamedRelation>
  readonly relationInfos: ReadonlyMap<string, RelationInfo>
  readonly modelInfos: ReadonlyMap<string, ModelInfo>
}
