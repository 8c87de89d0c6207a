import type { Tensor } from './tf'

/** An attribute of a TensorFlow op, as the binding takes it. */
export interface OpAttr {
  name: string
  type: number
  value: unknown
}
/** What the binding tells of a tensor it made. */
export interface TensorInfo {
  id: number
  shape: number[]
  dtype: number
}
/** The native addon of tfjs-node: eager ops and saved graphs, on tensors that are known by number. */
export interface Binding {
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_INT64: number
  readonly TF_BOOL: number
  readonly TF_STRING: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_INT: number
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_SHAPE: number
  readonly TF_Version: string
  createTensor(shape: number[], dtype: number, values: ArrayBufferView | Uint8Array[]): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array
  executeOp(name: string, attrs: OpAttr[], inputs: number[], outputs: number): TensorInfo[]
  loadSavedModel(dir: string, tags: string): number
  deleteSavedModel(id: number): void
  /** @param feeds, fetches comma-separated `node:output` names. */
  runSavedModel(id: number, inputs: number[], feeds: string, fetches: string): TensorInfo[]
  getNumOfTensors(): number
  getNumOfSavedModels(): number
}
/** The part of tfjs-node's backend that calls by name and recordings need. */
export interface NodeBackend {
  binding: Binding
  /** Numbers of the tensors in the binding. */
  getInputTensorIds(tensors: Tensor[]): number[]
  /** A tensor of tfjs for one that the binding made. */
  createOutputTensor(info: TensorInfo): Tensor
}
