import { native } from '../../shared/base/native'
import { makeRng } from '../../shared/base/random/rng'
import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import type { StepInput } from './types'

export type NoiseKind = 'uniform' | 'normal'

/** What the noise of a name is drawn by, with the number of the step. */
export const noiseKey = (seed: number, name: string): number => makeRng(seed, `noise/${name}`).below(2147483648)
/**
 * Counter-based noise (Philox; Salmon 2011): a pure function of the seed, the name and the step.
 * @param kind `uniform` in [0, 1), or standard `normal`
 * @param by its key and the number of the step, int32 [2]
 */
export function stepNoise(tf: TF, shape: number[], kind: NoiseKind, by: Tensor): Tensor {
  const int32 = { type: 'int32' as const }
  return native(tf)!.op(
    kind === 'uniform' ? 'StatelessRandomUniform' : 'StatelessRandomNormal',
    [tf.tensor1d(shape, 'int32'), by],
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

  /**
   * @param scalarNames names of `input.scalars`. @param noiseBy key of a noise and number of the step, int32 [2]. Call
   * it inside a tidy.
   */
  constructor(
    readonly tf: TF,
    readonly input: StepInput,
    scalarNames: readonly string[],
    private readonly noiseBy: (name: string) => Tensor
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
    stepNoise(this.tf, shape, kind, this.noiseBy(name))

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
