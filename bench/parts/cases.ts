/** A stack of dense layers on random pairs, trained by gradient descent: what is timed. */
export interface Case {
  name: string
  depth: number
  width: number
  activation: 'relu' | 'sigmoid'
  batch: number
  inputs: number
  outputs: number
}
const mlp = (depth: number, width: number, activation: Case['activation']): Case => ({
  name: `MLP ${depth}×${width} ${activation}`,
  depth,
  width,
  activation,
  batch: 64,
  inputs: 64,
  outputs: 10
})

export const CASES: Case[] = [mlp(10, 64, 'relu'), mlp(30, 64, 'relu'), mlp(100, 64, 'relu'), mlp(30, 256, 'sigmoid')]

/**
 * What is timed of a case. `all`: the product's step with all statistics recorded at every step; `tenth`: at every tenth; `bare`: the product's
 * step with none; `tfjs`: the step as tfjs users write it; `torch`: the same in PyTorch, eager, without statistics.
 */
export type Variant = 'all' | 'tenth' | 'bare' | 'tfjs' | 'torch'
/** Asks a worker for some steps. @returns milliseconds per step */
export interface Ask {
  case: Case
  variant: Variant
  steps: number
}
