/** What is timed: a network on random pairs, trained by gradient descent. */
export interface Case {
  name: string
  kind: 'dense' | 'conv' | 'rnn' | 'lstm'
  /** Layers with a kernel before the output. */
  depth: number
  /** Units or filters. */
  width: number
  activation: 'relu' | 'sigmoid' | 'tanh'
  batch: number
  /** Of one example: [inputs], [height, width, channels] or [T, features]. */
  shape: number[]
  outputs: number
  /** What stands between a dense layer and its activation, or in place of the latter. */
  with?: 'batchNorm' | 'maxout'
  /** Plain gradient descent, when absent. */
  optimizer?: 'adam'
  /** Limit for the step with all statistics, as a ratio to PyTorch's bare step. */
  goal?: number
}
export const mlp = (depth: number, width: number, activation: Case['activation'], goal?: number, batch = 64): Case => ({
  name: `MLP ${depth}×${width} ${activation}${batch === 64 ? '' : `, batch ${batch}`}`,
  kind: 'dense',
  depth,
  width,
  activation,
  batch,
  shape: [64],
  outputs: 10,
  ...(goal && { goal })
})
export const recurrent = (kind: 'rnn' | 'lstm', steps: number, width: number, goal?: number, depth = 1): Case => ({
  name: `${kind.toUpperCase()} T=${steps}, ${depth > 1 ? `${depth} layers of ` : ''}${width} units`,
  kind,
  depth,
  width,
  activation: 'tanh',
  batch: 64,
  shape: [steps, 8],
  outputs: 10,
  ...(goal && { goal })
})
export const conv = (depth: number, filters: number, side: number, goal?: number, batch = 64): Case => ({
  name: `conv 3×3×${filters} ×${depth} on ${side}×${side}`,
  kind: 'conv',
  depth,
  width: filters,
  activation: 'relu',
  batch,
  shape: [side, side, 3],
  outputs: 10,
  ...(goal && { goal })
})

export const named = (c: Case, name: string, more: Partial<Case>): Case => ({
  ...c,
  ...more,
  name: `${c.name}, ${name}`
})

export const CASES: Case[] = [
  mlp(10, 64, 'relu', 0.5),
  mlp(30, 64, 'relu', 0.5),
  mlp(100, 64, 'relu', 0.5),
  mlp(10, 256, 'relu', 0.6),
  mlp(30, 256, 'relu', 0.6),
  mlp(30, 256, 'sigmoid', 0.6),
  mlp(5, 1024, 'relu', 1.05),
  mlp(20, 64, 'relu', 0.8, 1024),
  named(mlp(20, 64, 'relu', 1), 'batch norm', { with: 'batchNorm' }),
  named(mlp(20, 64, 'relu', 1), 'maxout', { with: 'maxout' }),
  named(mlp(20, 64, 'relu', 0.6), 'Adam', { optimizer: 'adam' }),
  conv(6, 32, 16, 0.8),
  conv(3, 64, 32, 0.8),
  recurrent('rnn', 100, 64, 0.6),
  recurrent('lstm', 100, 64, 1),
  recurrent('lstm', 50, 128, 1, 2)
]
/** Multiply–adds of a forward pass for one example. */
export function multiplyAdds(c: Case): number {
  if (c.kind === 'dense') return c.shape[0]! * c.width + (c.depth - 1) * c.width ** 2 + c.width * c.outputs
  if (c.kind === 'conv')
    return c.shape[0]! * c.shape[1]! * 9 * (c.shape[2]! * c.width + (c.depth - 1) * c.width ** 2) + c.width * c.outputs
  const perStep = c.width * (c.shape[1]! + c.width) + (c.depth - 1) * 2 * c.width ** 2
  return c.shape[0]! * (c.kind === 'lstm' ? 4 : 1) * perStep + c.width * c.outputs
}

/**
 * What is timed of a case. `all`: the product's step with all statistics recorded at every step; `tenth`: at every
 * tenth; `bare`: the product's step with none; `session`: a whole run of the app, with drawing batches and keeping,
 * judging and sending frames (dense nets); `tfjs`: the usual tfjs step (dense nets); `torch`: the same in
 * PyTorch, eager, without statistics, recurrent nets as a loop over cells; `fused`: PyTorch's own recurrent layer in
 * place of that loop.
 */
export type Variant = 'all' | 'session' | 'tenth' | 'bare' | 'tfjs' | 'torch' | 'fused'
/** How the peer is set up for a request. Its threads wait actively or passively for as long as its process lives. */
export interface PeerSetting {
  /** 0: as many as it takes by itself. */
  threads: number
  /** How its optimizer goes through the parameters; `usual`: as it does by itself. */
  optimizer: 'usual' | 'loop' | 'foreach' | 'fused'
}
/** Runs steps in a worker. @returns milliseconds for each step */
export interface Ask {
  case: Case
  variant: Variant
  steps: number
  peer?: PeerSetting
}
