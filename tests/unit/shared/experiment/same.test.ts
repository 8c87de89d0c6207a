import { describe, expect, it } from 'vitest'
import { insertOnWire, isError, makeNode, rename, setParam, setTimes } from '@shared/experiment/edit'
import { commonNodes, sameNetwork } from '@shared/experiment/same'
import type { Network } from '@shared/experiment/types'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'

const base = vanishingExperiment()
const withNetwork = (network: Network) => ({ ...base, network })
const [first, block, output] = base.network.nodes.map((n) => n.id) as [string, string, string]

describe('one picture of a network', () => {
  it('ignores names, places, the order of keys and everything that is not drawn', () => {
    const renamed = rename(base.network, first, 'Another name')
    const layout = { ...renamed, layout: { [first]: { x: 1, y: 2 } } }
    const turned = {
      nodes: layout.nodes.map((n) =>
        'params' in n ? { ...n, params: Object.fromEntries(Object.entries(n.params).reverse()) } : n
      )
    }
    for (const network of [renamed, layout, turned]) expect(sameNetwork(withNetwork(network), base)).toBe(true)
    expect(sameNetwork({ ...base, seed: 9, training: { ...base.training, steps: 3 } }, base)).toBe(true)
  })
  it('differs by a layer, a parameter, a wire, the data and the loss', () => {
    const more = insertOnWire(base.network, { scope: '', source: first, target: block, index: 0 }, makeNode('dense'))
    if (isError(more)) throw new Error(more.error.en)
    for (const e of [
      withNetwork(more.network),
      withNetwork(setParam(base.network, first, 'units', 7)),
      { ...base, data: { ...base.data, dataset: { id: 'xor' } } },
      { ...base, training: { ...base.training, loss: { id: 'meanSquaredError' } } }
    ])
      expect(sameNetwork(e, base)).toBe(false)
  })
})

describe('nodes that two networks have in common', () => {
  it('are all of one network and itself, also under other names', () => {
    const all = commonNodes(base.network, base.network)
    expect([...all]).toEqual(expect.arrayContaining([first, block, `${block}/dense`, output]))
    expect(commonNodes(base.network, rename(base.network, first, 'x'))).toEqual(all)
  })
  it('leave out what was set or wired otherwise, and what is in a block of another depth', () => {
    const all = [...commonNodes(base.network, base.network)]
    const without = (...ids: string[]) => all.filter((p) => !ids.some((id) => p === id || p.startsWith(`${id}/`)))
    expect([...commonNodes(base.network, setParam(base.network, first, 'units', 7))]).toEqual(without(first))
    expect([...commonNodes(base.network, setTimes(base.network, block, 3))]).toEqual(without(block))
    const more = insertOnWire(base.network, { scope: '', source: first, target: block, index: 0 }, makeNode('dense'))
    if (isError(more)) throw new Error(more.error.en)
    expect([...commonNodes(base.network, more.network)]).toEqual(without(block))
  })
})
