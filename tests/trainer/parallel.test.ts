import { afterEach, describe, expect, it, vi } from 'vitest'
import { GraphDef } from '../../src/trainer/graph/graphdef'
import { netOf, runToEnd } from './support'

afterEach(() => vi.restoreAllMocks())

describe('branches whose gradients one operation makes', () => {
  // TensorFlow 2.15 with oneDNN takes the two for those of one convolution, in an order that differs from process to
  // process.
  it("have a convolution's kernel and its bias read from different operations", async () => {
    const read = new Map<string, Set<string>>()
    const sources = new Map<string, string>()
    const real = GraphDef.prototype.node
    vi.spyOn(GraphDef.prototype, 'node').mockImplementation(function (this: GraphDef, op, inputs, ...more) {
      const name = real.call(this, op, inputs, ...more)
      sources.set(name, op)
      const from = op === 'BiasAddGrad' ? inputs[0] : op === 'Conv2DBackpropFilter' ? inputs[2] : undefined
      if (from) read.set(op, (read.get(op) ?? new Set()).add(from.split(':')[0]!))
      return name
    })
    await runToEnd(netOf('parallel', { steps: 1 }))
    const kernels = [...read.get('Conv2DBackpropFilter')!]
    expect(kernels.map((name) => sources.get(name))).toContain('SplitV')
    expect(kernels.filter((name) => read.get('BiasAddGrad')!.has(name))).toEqual([])
  })
})
