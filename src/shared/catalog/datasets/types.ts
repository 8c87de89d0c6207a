import type { Params, Spec } from '../../base/params'
import type { Unwritable } from '../../base/python'
import type { Entry } from '../../base/registry'
import type { Remark } from './parts/remark'

/** `critic`: the examples are real points (target 1), to be told from those of a generator (target 0). */
export type Task = 'regression' | 'binary' | 'multiclass' | 'critic'

/** What an experiment's data looks like, without loading it. */
export interface DataInfo {
  /** Of one example, without the batch axis. */
  inputShape: number[]
  /**
   * Of one target: [classes] one-hot, [1] for binary (0/1), [k] for regression; of a target at each time step, with T
   * before it.
   */
  targetShape: number[]
  task: Task
  count: number
  classes?: string[]
  /** Of each of several targets of a regression, which have figures of their own. */
  targetNames?: string[]
  /** Of every input; of a sequence [steps, features], of every feature. */
  featureNames?: string[]
  /**
   * The first axis of the inputs is time, and so is that of a target with two axes. Features are standardised over all
   * steps together.
   */
  timeAxis?: boolean
  /** Number of steps at the end of a target with a time axis that metrics count. Default: all. */
  scoredSteps?: number
  /**
   * Number of symbols, where every input is the id of one: a whole number from 0 to `symbols` − 1, as an embedding
   * reads.
   */
  symbols?: number
  /** The whole set is meant to be one batch in a fixed order. */
  fullBatch?: boolean
  /** Height and width, where an example is a picture, stored row by row. */
  picture?: [number, number]
  /**
   * The target is a later value of this feature, by its place, in the same unit: who forecasts nothing repeats its last
   * value, or with a target at each time step the value of that step.
   */
  lastValue?: number
  /** Examples follow each other in time: the last ones are held out for validation. */
  inOrder?: boolean
}
/** A loaded set; arrays are row-major, `count` × shape. */
export interface Data extends DataInfo {
  x: Float32Array
  y: Float32Array
  /**
   * Time steps of each example that hold data. The steps before them are padding, zero whatever the scaling. Absent:
   * all hold data.
   */
  lengths?: Int32Array
}
/** A file that comes with a project: as its text where it is plain UTF-8, else as its bytes. */
export type Attachment = string | Uint8Array
/** By name. */
export type Attachments = Record<string, Attachment>
export interface DataContext {
  seed: number
  /** What the experiment's loss and output are made for, where they tell: whether whole numbers are classes. */
  meant?: 'regression' | 'classification' | undefined
  /** Share of the examples that is held out for validation, where it is known. */
  held?: number
  /**
   * A file the experiment names (attached to the project, or next to the experiment JSON). Absent where there are no
   * files. @param path of the field that names it @throws InputError
   */
  readFile?(name: string, path: string): Attachment
}
/** A source of examples. */
export interface Dataset extends Entry {
  /** Shapes, task and count. @throws InputError when the parameters or the file don't make a data set. */
  describe(p: Params, ctx: DataContext): DataInfo
  /** The examples. Same parameters and seed: same bits. */
  load(p: Params, ctx: DataContext): Data
  /** A few examples, evenly from all classes. Present where loading all of them for a preview would take long. */
  sample?(p: Params, ctx: DataContext, count: number): Data
  /** Non-fatal remarks on the data (dropped rows, constant columns …). */
  remarks?(p: Params, ctx: DataContext): Remark[]
  /**
   * What was guessed while its file was read: told beside the problems when it makes no data set. @throws InputError
   */
  guesses?(p: Params, ctx: DataContext): Remark[]
  /** Standardising its inputs is sensible (tables) or not (generated N(0,1)). Default of `data.standardize`. */
  standardize: boolean
  /** Its examples go along as they are loaded, unscaled; or the reason why that is not enough. */
  python: 'values' | Unwritable
  /** What a critic is trained against. Present exactly for the task `critic`. */
  generator?(p: Params): Generator
}
/** The other source of points in the training of a critic. */
export interface Generator {
  /**
   * A network that turns latent numbers into points, and learns; absent members have their defaults. Without it, points
   * are real ones plus normal noise.
   */
  network?: { nodes: object[] }
  /** Standard normal numbers drawn per point. */
  latent: number
  /** Standard deviation of the noise where there is no network. */
  spread: number
  /** With `learningRate` among its parameters. */
  optimizer: Spec
  /** The generator learns at every step whose number is a multiple of this. */
  criticSteps: number
}
