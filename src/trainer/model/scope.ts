import { native } from '../../shared/base/native'
import { makeRng } from '../../shared/base/random/rng'
import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import type { StepInput } from './types'

export type NoiseKind = 'uniform' | 'normal'

/**
 * Counter-based noise (Philox; Salmon 2011): a pure function of the seed, the name and the step.
 * @param kind `uniform` in [0, 1), or standard `normal`
 * @param stepNumber int32 [1]
 */
export function stepNoise(
  tf: TF,
  seed: number,
  name: string,
  shape: number[],
  kind: NoiseKind,
  stepNumber: Tensor
): Tensor {
  const key = makeRng(seed, `noise/${name}`).below(2147483648)
  const int32 = { type: 'int32' as const }
  return native(tf)!.op(
    kind === 'uniform' ? 'StatelessRandomUniform' : 'StatelessRandomNormal',
    [tf.tensor1d(shape, 'int32'), tf.concat([tf.tensor1d([key], 'int32'), stepNumber as never])],
    { T: int32, Tseed: int32, dtype: { type: 'float32' } }
  )
}

/** What the parts of one step share: its inputs by name, its noise, and the tensors that outlive the tape's scope. */
export class StepScope {
  /** Noise by `noise/…`. */
  readonly noises: Record<string, Tensor> = {}
  /** What is computed on the way besides the network's own tensors, by a readable name. */
  readonly named: Record<string, Tensor> = {}
  private readonly fed: Map<string, Scalar>
  private readonly kept = new Set<Tensor>()

  /** @param scalarNames names of `input.scalars`. Call it inside a tidy. */
  constructor(
    readonly tf: TF,
    readonly input: StepInput,
    scalarNames: readonly string[],
    private readonly seed: () => number
  ) {
    this.fed = new Map(tf.unstack(input.scalars).map((s, i) => [scalarNames[i]!, s as Scalar]))
  }
  /** A fed scalar. */
  readonly scalar = (name: string): Scalar => this.fed.get(name)!

  /** Noise of this step, listed in `noises`. */
  readonly noise = (name: string, shape: number[], kind: NoiseKind): Tensor =>
    (this.noises[`noise/${name}`] = this.draw(name, shape, kind))

  /** The same noise, not listed. */
  readonly draw = (name: string, shape: number[], kind: NoiseKind): Tensor =>
    stepNoise(this.tf, this.seed(), name, shape, kind, this.input.stepNumber)

  /** Saves a tensor from the scope in which it was made, until `release`. */
  readonly keep = <T extends Tensor>(tensor: T): T => {
    this.kept.add(this.tf.keep(tensor))
    return tensor
  }
  /** Frees what was kept, but for what the step returns. */
  release(returned: Iterable<Tensor>): void {
    const used = new Set(returned)
    for (const t of this.kept) if (!used.has(t)) t.dispose()
  }
}
