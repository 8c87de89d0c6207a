import type { Params, Spec } from '../base/params'
import type { LayerCode } from '../base/python'

/** Id by which nodes name the data, and by which a block's body names what enters the block. */
export const INPUT = 'input'

export interface LayerNode {
  id: string
  /** Id of a layer kind. */
  kind: string
  name?: string
  params: Params
  /** Ids of nodes (or `input`) this one reads, in order. */
  inputs: string[]
  /** Where the person's own code makes it: of a model of another program. It computes nothing. */
  code?: LayerCode
}
/**
 * A block repeated `times` times in a row. In its body `input` means what enters the block; its last node is its
 * output.
 */
export interface BlockNode {
  id: string
  kind: 'repeat'
  name?: string
  times: number
  inputs: string[]
  body: NetworkNode[]
}
export type NetworkNode = LayerNode | BlockNode
export interface Network {
  nodes: NetworkNode[]
  /**
   * Where the person put the nodes on the canvas; absent nodes are laid out automatically. Paths of body nodes:
   * `block/node`.
   */
  layout?: Record<string, { x: number; y: number }>
}

export interface DataSettings {
  dataset: Spec
  /** Share of the examples held out for validation, 0 … 0.9. */
  validation: number
  /** Inputs to zero mean and unit variance by the training part's statistics (regression targets too). */
  standardize: boolean
  /**
   * Trains on so many of the training examples, drawn by the seed, each class in turn. Scaling and validation part stay
   * those of all examples. Absent: all.
   */
  examples?: number
}
/** A step-time intervention, in order of application (clip by value, by norm …): id of a remedy that has a hook. */
export type Hook = Spec

export interface TrainingSettings {
  /** Number of steps. */
  steps: number
  /** Examples per step; 0 means all of them (full batch, fixed order). */
  batchSize: number
  loss: Spec
  /** With `learningRate` among its parameters. */
  optimizer: Spec
  /** How the learning rate moves. */
  schedule: Spec
  hooks: Hook[]
  /** Every class counts alike in the gradient, however rare it is. Absent: every example does. */
  classWeights?: 'balanced'
}
export interface RecordSettings {
  /** Record every n-th step (the first and last always). */
  every: number
  /** Evaluate the validation part every n steps. */
  evaluateEvery: number
  /** Keep the run every n steps, so that it can be continued from there; 0: only its end. */
  keepEvery: number
}
/** A switched-on remedy with its parameters; the base experiment stays as it was. */
export type RemedyChoice = Spec

/** One experiment: everything that determines a run, bit for bit. */
export interface Experiment {
  format: 'gradient-clinic/experiment'
  version: number
  name: string
  seed: number
  data: DataSettings
  network: Network
  training: TrainingSettings
  record: RecordSettings
  /** In order of application. */
  remedies: RemedyChoice[]
  /**
   * Name of a safetensors file of weights that the run starts from, by names of variables. What a remedy draws in
   * another way, or gives another shape, is drawn. Absent: all are drawn.
   */
  weights?: string
  /** Versions, where above 1, of the registry entries of the program that wrote it, by `registry/id`. */
  entries?: Record<string, number>
}
export const EXPERIMENT_VERSION = 1
/** Whether a node is a block, whose body is repeated. */
export const isBlock = (n: NetworkNode): n is BlockNode => n.kind === 'repeat'
