import type { KerasObject } from '../../../base/keras'
import type { KerasFillSite } from '../types'

const GATES = (name: string): string => `class ${name}(initializers.Initializer):
    """Draws the matrix of each gate by itself."""

    def __init__(self, each, gates):
        self.each, self.gates = initializers.get(each), gates
        # Without a generator an initializer gives the same numbers at each call.
        self.each.seed = keras.random.SeedGenerator()

    def __call__(self, shape, dtype=None, **_):
        shape = (*shape[:-1], shape[-1] // self.gates)
        return ops.concatenate([self.each(shape, dtype) for _ in range(self.gates)], -1)`

/** An initializer of Keras whose entries depend on one another, for a kernel of several gates. */
export const perGate = (each: string | KerasObject, { blocks, define }: KerasFillSite): string | KerasObject =>
  blocks === 1 ? each : { class: define('Gates', GATES), args: { each, gates: blocks } }
