import type { Params } from '../../../base/params'
import { kerasObject, type KerasLayer, type KerasWeight } from '../../../base/keras'
import { number } from '../../../base/python'
import type { KerasSite, LayerPython } from '../types'

/** A recurrent layer in Keras. */
interface Cell {
  /** Of Keras's class. */
  name: string
  /** Our blocks of columns, in the order that Keras keeps them in. */
  order: readonly number[]
  /** What is carried; the first is h. */
  states: readonly string[]
  /** Further arguments of Keras's class. */
  args?(p: Params, site: KerasSite): KerasLayer['object']['args']
  /** What Keras keeps in the bias of each block, and a layer here beside it. */
  plus?(p: Params): readonly number[]
  /** Statements of one time step, from `xt` and the states to the states. */
  step(p: Params, site: KerasSite, withBias: string): string[]
}

/** A class of the project's own: what Keras's fixes is free here, and the gates stand in our order. */
function ownClass({ name, order, states, step }: Cell, p: Params, site: KerasSite): KerasLayer {
  const k = p.truncate as number
  const width = order.length === 1 ? 'self.units' : `${order.length} * self.units`
  const source = (own: string): string =>
    [
      `class ${own}(layers.Layer):`,
      `    """${k ? `Its gradient reaches back ${number(k)} steps, counted from the end.` : 'Gates without what Keras adds to them.'}"""`,
      '',
      '    def __init__(self, units, kernels, recurrent_kernels, regularizer=None, **more):',
      '        super().__init__(**more)',
      '        self.units, self.regularizer = units, regularizer',
      '        self.starts = (kernels, recurrent_kernels)',
      '',
      '    def build(self, shape):',
      `        width = ${width}`,
      '        kernels, recurrent = self.starts',
      '        fine = {"regularizer": self.regularizer}',
      '        self.kernel = self.add_weight((shape[-1], width), kernels, name="kernel", **fine)',
      '        self.recurrent_kernel = self.add_weight(',
      '            (self.units, width), recurrent, name="recurrent_kernel", **fine',
      '        )',
      ...(p.bias ? ['        self.bias = self.add_weight((width,), "zeros", name="bias")'] : []),
      '',
      '    def call(self, x):',
      `        ${states.join(' = ')} = ops.zeros((ops.shape(x)[0], self.units))`,
      ...(p.returnSequences ? ['        states = []'] : []),
      '        for t in range(x.shape[1]):',
      ...(k
        ? [
            `            if t and (x.shape[1] - t) % ${number(k)} == 0:  # the gradient ends here`,
            ...states.map((s) => `                ${s} = ops.stop_gradient(${s})`)
          ]
        : []),
      '            xt = x[:, t]',
      ...step(p, site, p.bias ? ' + self.bias' : '').map((l) => `            ${l}`),
      ...(p.returnSequences
        ? ['            states.append(h)', '        return ops.stack(states, axis=1)']
        : ['        return h'])
    ].join('\n')
  const [{ kernel_initializer: kernels, kernel_regularizer: fine }, { recurrent_initializer: recurrent }] = [
    site.start('kernel', 'kernel'),
    site.start('recurrent', 'recurrent')
  ]
  return {
    object: {
      class: site.define(`${k ? 'Truncated' : 'Custom'}${name}`, source),
      args: {
        units: p.units as number,
        kernels,
        recurrent_kernels: recurrent,
        ...(fine !== undefined && { regularizer: fine })
      }
    },
    weights: [
      { name: 'kernel', as: 'kernel' },
      { name: 'recurrent', as: 'recurrent_kernel' },
      { name: 'bias', as: 'bias' }
    ]
  }
}

/** How a recurrent layer is written in Keras: as its own class, or as one of the project's where that can't say it. */
export const kerasCell = (cell: Cell): LayerPython['keras'] =>
  function keras(p, site) {
    const plus = cell.plus?.(p) ?? []
    const adds = plus.some((b) => b !== 0)
    if (p.truncate || (adds && (!p.bias || site.pullsBiases))) return [ownClass(cell, p, site)]
    const own = cell.order.length > 1 ? { order: cell.order } : {}
    const at = (name: string, as: string, more: Partial<KerasWeight> = {}): KerasWeight => ({
      name,
      as,
      ...own,
      ...more
    })
    return [
      {
        object: kerasObject('layers', cell.name, {
          units: p.units as number,
          activation: site.activation('activation'),
          ...(!p.bias && { use_bias: false }),
          ...cell.args?.(p, site),
          ...site.start('kernel', 'kernel'),
          ...site.start('recurrent', 'recurrent'),
          ...(p.returnSequences ? { return_sequences: true } : {})
        }),
        weights: [
          at('kernel', 'kernel'),
          at('recurrent', 'recurrent_kernel'),
          at('bias', 'bias', adds ? { plus } : {})
        ],
        isCell: true,
        ...(adds && !plus.includes(1)
          ? {
              remark: `Its forget gates' biases start at ${number(plus.find((b) => b))}: the files of weights hold that.`
            }
          : {})
      }
    ]
  }
