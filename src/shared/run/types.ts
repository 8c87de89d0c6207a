// Longer than 300 lines, because the types of a run name one another.
import type { Along } from '../experiment/take'
import type { Sums } from '../experiment/attached'
import type { Experiment, RemedyChoice } from '../experiment/types'
import type { DataInfo } from '../catalog/datasets/types'
import type { Params } from '../base/params'
import type { Problem } from '../base/problems'
import type { CodeChange, CodeLine } from '../base/python'
import type { Text } from '../base/text'
import type { HistogramSet } from './histogram'

/** States of a run that is still to change. */
export type LiveState = 'queued' | 'starting' | 'running' | 'paused'
/**
 * States in which a run stays. `diverged`: its last step was done, or it was ended because no weight was a number any
 * more, and what it computed is of no use.
 */
export type EndState = 'finished' | 'diverged' | 'stopped' | 'failed'
/** Any state of a run. */
export type RunState = LiveState | EndState

/** What is known of a layer that is a module of another program. */
export interface RecordedModule {
  /** Its class there. */
  className: string
  /** Where it is made. */
  code?: CodeLine
  /** Parameter tensors that want a gradient, and that want none. */
  trainable: number
  frozen: number
  /** Tensors that want a gradient and that the optimizer does not have. */
  forgotten: number
  /** Tensors that the optimizer has and that want no gradient. */
  held: number
  /** Tensors that want a gradient and whose optimizer has made no step, or rests; absent where that was not told. */
  idle?: number
  /** Whether none of the tensors that hold its connections is trained; absent where that was not told. */
  still?: boolean
  /** The module whose parameters it shares. */
  tied?: string
}
/** Where a recorded run comes from. */
export interface Recording {
  script: string
  /** Class of the model. */
  model: string
  /** Class of the optimizer. */
  optimizer: string
  device: string
  /** Steps between two frames. */
  every: number
  /** Where the optimizer's step and the backward pass are called. */
  step?: CodeLine
  backward?: CodeLine
}
/** One layer instance of a run, in forward order. */
export interface RunLayer {
  index: number
  /** Expanded id, e.g. `hidden.3.dense`. */
  id: string
  /** Path of the node it came from, e.g. `hidden/dense`. */
  node: string
  /** 0-based copy within its block, when in one. */
  copy?: number
  kind: string
  name: string
  outputShape: number[]
  paramCount: number
  /** Whether it has a kernel: such layers are counted, and are rows of the heatmap by default. */
  main: boolean
  /** Id of its activation, if it ends with one. */
  activation?: string
  /** Parameters of the activation, when it has any. */
  activationParams?: Params
  /** Ids of the layers it reads. */
  inputs: string[]
  /**
   * What theory expects of the statistic `gain` of this layer at initialisation, where it knows: RMS of ∂loss/∂(this
   * layer's output) over that of the next layer towards the loss.
   */
  theoryGain?: number
  /**
   * Predicted RMS of ∂loss/∂(this layer's output) over that at the network's output, at initialisation; follows every
   * branch.
   */
  theoryProfile?: number
  /**
   * Standard deviation over initialisations of ln `theoryProfile`, for the gradient of one example: how far a net of
   * these widths may lie off the line.
   */
  theorySpread?: number
  /** There if it was recorded in another program, whose name for it is `name`. */
  recorded?: RecordedModule
}
/** What one value of a frame means. */
export interface Column {
  layer: number
  statistic: string
  /** Time step within the sequence, from 1, for a statistic that has a value for each time step. */
  time?: number
}
/** Some numbers in brief, as a network is fed them: scaled, if they are. */
export interface Spread {
  min: number
  max: number
  /** Root mean square of all of them. */
  rms: number
  /** Root mean square of the feature in which it is largest, over examples and time steps. */
  largest: number
  /** Place of that feature among the features. */
  feature: number
  /** Of the features whose mean is more than ten standard deviations from 0, the one farthest off. Absent: none is. */
  far?: Offset
}
/** Targets that lie far from all others. */
export interface Outliers {
  count: number
  /** All targets of that output. */
  of: number
  /** Place of the output among the targets. */
  output: number
  /** Smallest and largest of those that lie far, and of the others, in the data’s own unit. */
  from: number
  to: number
  low: number
  high: number
  /** Share of the squared distances from the mean that they make up. */
  share: number
  /** Distance from the median under which 95 % of all targets lie, as they are fed. */
  usual: number
}
/** A feature that varies little about a value far from 0. */
export interface Offset {
  feature: number
  mean: number
  /** Standard deviation, more than 0. */
  std: number
}
/** What a forecast that learns nothing scores: the least that a network has to beat. */
export interface Baseline {
  /**
   * `majority`: always the share of each class in the training part; `mean`: always the mean of its targets;
   * `constant`: always what has the least loss, where that is not the mean; `last`: the last value of the series again;
   * `chance`: all classes alike.
   */
  id: 'majority' | 'mean' | 'constant' | 'last' | 'chance'
  /** In a few words. */
  name: Text
  /** Loss and metrics on the examples that the run is judged by, named as in an evaluation. */
  metrics: Record<string, number>
  /** Mean loss of a training batch. */
  trainingLoss: number
}
/** The examples that a run is judged by, the same ones from its first step to its last. */
export interface Judged {
  /** `training`: some examples of the training part, as nothing is held out. */
  part: 'validation' | 'training'
  /** Examples. */
  count: number
  /** Classes that they are of, where targets are classes. Absent in older files. */
  classes?: number
}
/** How to read the frames of a run. It never changes. */
export interface RunSchema {
  layers: RunLayer[]
  columns: Column[]
  /**
   * Names of the scalars kept at every recorded step: `loss`, then training metrics and `gradientNorm` (global norm).
   */
  scalars: string[]
  info: DataInfo
  /** Of the training part. Absent in older files. */
  data?: {
    input: Spread
    target: Spread
    /** Share of each class among the targets, where they are classes; of a binary target [share of 0, share of 1]. */
    classes?: number[]
    /**
     * Accuracy or r² of a forecast by the nearest training examples, or the share that it saves of another loss than a
     * squared one: what can be told of the targets without a model.
     * Only of a linear network.
     */
    neighbours?: number
    /** Every example has the same inputs. */
    alike?: true
    /** Of a regression with few targets far from all others: of all examples, held-out ones too. */
    outliers?: Outliers
  }
  trainCount: number
  validationCount: number
  paramCount: number
  /** True when each step is one native call; otherwise the reason why it runs eagerly. */
  compiled: true | Text
  versions: Record<string, string>
  /** Absent in older files, and where the run comes from elsewhere. */
  judged?: Judged
  /** Those that the task has, the one to beat first; none for a critic. Absent where `judged` is. */
  baselines?: Baseline[]
  /** There if the run was recorded in another program. */
  recording?: Recording
}
/** Some recorded steps, oldest first. */
export interface FrameBatch {
  /** Strictly rising. */
  steps: Int32Array
  /** steps.length × columns.length. NaN and ±Inf are values. */
  values: Float32Array
  /** steps.length × scalars.length. */
  scalars: Float32Array
}
/** Metrics of the validation part before a step. */
export interface Evaluation {
  step: number
  metrics: Record<string, number>
  /** Picture of a critic or classifier of points in the plane, at some evaluations. */
  plane?: Plane
}
/**
 * What a network makes of a square around the origin, in its own (perhaps standardised) coordinates: a critic's output,
 * or the class that a classifier sees at each point.
 */
export interface Plane {
  /** Half the side of the square. */
  reach: number
  /** Grid points per side, the outer ones on the edge. */
  side: number
  /** side × side outputs, row by row from the upper left; of a classifier, numbers of classes (−1: no number). */
  values: number[]
  /** Number of classes; absent for a critic. */
  classes?: number
  /** Classes of the points in `real`, which a classifier is to find. */
  labels?: number[]
  /** x and y of some real and some generated points; there are generated ones for a critic only. */
  real: number[]
  generated: number[]
}
/** How bad a finding is; `ok`: there was no fault. */
export type Severity = 'bad' | 'warn' | 'info' | 'ok'

/** A rule that fired over a stretch of steps. */
export interface Finding {
  rule: string
  /** The kind of its rule; `healthy` where there was no fault. */
  kind: string
  severity: Severity
  /** First and last recorded step at which it holds. */
  from: number
  to: number
  /** Ids of the layers it is about, worst first. */
  layers: string[]
  /** Measured values and the limits they broke, by name. */
  measured: Record<string, number>
  threshold: Record<string, number>
  /** One sentence with layer names and numbers. */
  text: Text
  /** What to try, best first: ids of remedies. */
  advice: string[]
  /** Parameters to switch an advised remedy on with, by its id, where they are not its defaults. */
  choices?: Record<string, Params>
  /** What goes with an advised remedy, by its id. */
  along?: Record<string, Along>
  /** What to change in the program that was recorded, besides what its remedies say. */
  changes?: CodeChange[]
}
/** Whether a run has learnt: apart from its findings, which name what is wrong with its gradients. */
export type VerdictState = 'learned' | 'learning' | 'notLearning' | 'diverged' | 'unclear'
/** What a run has come to, told by the same examples at both ends. */
export interface RunVerdict {
  state: VerdictState
  /** One or two sentences with the figures. */
  text: Text
  /** Loss and metrics of the newest evaluation by name, those of the first with `AtStart` behind it, and its `step`. */
  measured: Record<string, number>
  /** What it is compared with; absent where there is no such thing. */
  baseline?: Baseline
  /** First step from which on the state holds. */
  since: number
}
/** Why a run ended with an error. */
export interface Failure {
  /** What went wrong, in words for a person. */
  message: Text
  problems?: Problem[]
  exitCode?: number | null
  signal?: string
  /** Last lines of the process's standard error, or what a library said. */
  log?: string
}
/** State of a run, and how far it is. */
export interface Progress {
  state: RunState
  /** Steps done. */
  step: number
  /** It was stopped by the end of the app, not by a person. */
  interrupted?: true
  /** Steps planned. */
  steps: number
  /** Steps per second over the last second or so. */
  rate?: number
  /**
   * Seconds since the trainer's last sign of life, once they are many: a very long step, or a native call that hangs.
   */
  waiting?: number
  failure?: Failure
}
/** A change made while a run is active. Absent members stay as they are. */
export interface RunChange {
  /** Learning rate of the optimizer, before its schedule and the remedies that scale it. */
  learningRate?: number
  /** All remedies that are switched on from the change on. */
  remedies?: RemedyChoice[]
}
/** A change that is made before a given step. Changes by step make a run repeatable. */
export interface ScheduledChange extends RunChange {
  step: number
}
/** What can happen to a run. */
export type RunEventKind =
  'learningRate' | 'remedyOn' | 'remedyOff' | 'remedyChanged' | 'nan' | 'checkpoint' | 'continued' | 'recorder'
/** Something that happened to a run at a step. */
export interface RunEvent {
  /** The first step that it concerns: a change is made before it, a NaN is seen in it. */
  step: number
  kind: RunEventKind
  /** A short description. */
  text: Text
  /** Id of the remedy, of an event that concerns one. */
  remedy?: string
  /** A learning rate, or a remedy's choice. Absent where there was none before, or is none after. */
  before?: number | RemedyChoice
  after?: number | RemedyChoice
  /** Id of the run that is continued. */
  run?: string
}
/**
 * The whole state of a run before a step. A run that continues from it computes the same bits as this one would have.
 */
export interface Checkpoint {
  /** Updates done, and so the step that comes next. */
  step: number
  /** Examples that have been drawn from the order of the training part. */
  drawn: number
  /** True when a person asked for it, and for the end of the run. */
  asked?: boolean
  /** Weights and optimizer state, in the order of `values`. */
  variables: { name: string; shape: number[] }[]
  /** Values of all variables, row-major, one variable after the other. */
  values: Float32Array
}
/** All that is kept of a run. Frames are concatenated batches. */
export interface RunRecord {
  id: string
  name: string
  /** As the run was started: remedies listed, defaults filled in. */
  experiment: Experiment
  /** ISO 8601. */
  createdAt: string
  /** Seconds from its first step to its end, pauses included, where the window saw both. */
  seconds?: number
  progress: Progress
  schema?: RunSchema
  frames: FrameBatch
  evaluations: Evaluation[]
  findings: Finding[]
  /** Absent in older files, and before anything was judged. */
  verdict?: RunVerdict
  /** Rising steps, logarithmically spaced, and the newest that somebody asked for. */
  histograms?: HistogramSet[]
  /** In the order in which they happened. Absent in older files. */
  events?: RunEvent[]
  /** Rising steps. */
  checkpoints?: Checkpoint[]
  /** Id of the search for a cure that it is a training of. */
  search?: string
  /** Of the attached files that it was trained with. Absent without any, and in older files. */
  sums?: Sums
  /** Path of the recording of another program that it is read from. Its experiment only holds its name. */
  watched?: string
  /** The run that this one continues: its id, its name, and the step. */
  continuedFrom?: { run: string; name: string; step: number }
}
