import type { Imported } from '../bridge/imported'

/** How a model of another program is to be opened. */
export interface ModelRequest {
  /** Faults to mend. */
  mend: string[]
  /** Whether to hold the first forward pass against what the file says. */
  compare: boolean
}
/** A model of another program that was read, and the experiment that it makes. */
export interface OpenedModel extends Omit<Imported, 'weights' | 'state' | 'sample'> {
  /** A file of safetensors with the optimizer's state, as the experiment names it; absent where the model has none. */
  weights?: { name: string; bytes: Uint8Array }
  /** Weights and biases that were taken over. */
  count: number
  /** Of the first forward pass; absent where the file has nothing to compare with. */
  difference?: number
}
