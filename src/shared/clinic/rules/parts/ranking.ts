import type { Spec } from '../../../base/params'

/**
 * Remedies by what they cure, best first: the order in which they repaired failing nets, one remedy at a time. Rules
 * take their advice from here, and `advise` leaves out what a network can't have.
 */
export const RANKED = {
  /** Squashing activations: batch norm repaired 20 of 20 nets, activation 19, residual 14, fewer layers 12 of 19. */
  vanishing: ['batchNorm', 'activation', 'residual', 'fewerLayers', 'initializer'],
  /** Steps of the rate’s size whatever the gradient: swapped activations repaired all, a norm alone took longer. */
  vanishingAdaptive: ['activation', 'batchNorm', 'residual', 'fewerLayers', 'initializer'],
  /** Slopes of 1: the spread of the weights is too small, and a fitting one is the smallest change. */
  vanishingWeights: ['initializer', 'batchNorm', 'residual', 'fewerLayers'],
  silent: ['initializer', 'activation', 'batchNorm', 'residual'],
  exploding: ['initializer', 'batchNorm', 'activation', 'clipByGlobalNorm', 'fewerLayers'],
  /** Batch norm without skips is the cause (Yang 2019), skips are its cure. */
  explodingNorm: ['residual', 'fewerLayers', 'activation', 'clipByGlobalNorm'],
  /**
   * Sums that grow from block to block: of ten nets small branches cured nine, dense and convolutional, and three of
   * 14 to 24 convolutional blocks at 95 % where batch norm came to 63 to 81 %. The start, the rate and clipping cured
   * one at most, as the sum grows all the same.
   */
  explodingSums: ['branchScale', 'batchNorm', 'layerNorm', 'fewerLayers', 'clipByGlobalNorm'],
  /**
   * The penalty on one side: over the corpus the other one held critics that had begun in the wrong direction, with
   * slope 1 (Petzka 2018).
   */
  critic: [{ id: 'gradientPenalty', oneSided: true }, 'spectralNorm'],
  /** No number before the first update: the start is to blame, not the step. */
  badStart: ['initializer', 'batchNorm', 'fewerLayers'],
  /** Steps that grow too long are clipped (Pascanu 2013). */
  explodingInTime: ['clipByGlobalNorm', 'truncatedBptt'],
  badStep: ['learningRate', 'clipByGlobalNorm', 'initializer', 'batchNorm'],
  dead: ['learningRate', 'activation', 'initializer', 'batchNorm'],
  saturated: ['batchNorm', 'initializer', 'activation', 'learningRate'],
  unstable: ['learningRate', 'clipByGlobalNorm', 'batchNorm', 'initializer'],
  still: ['batchNorm', 'activation', 'initializer', 'residual', 'fewerLayers'],
  noGradient: ['initializer', 'activation', 'batchNorm']
} as const satisfies Record<string, readonly (string | Spec)[]>
