import { activations } from '@shared/catalog/activations'
import { planNetwork, type Network } from '@shared/experiment'
import { readExperiment } from '@shared/experiment/parse'
import {
  batchNormGain,
  chi1,
  deepChi1,
  erfc,
  fixedPoint,
  gaussianMean,
  gaussianProduct,
  integrate,
  lengthMap,
  predictGains,
  type Prediction
} from '@shared/theory'
import { describe, expect, it } from 'vitest'

const near = (got: number | undefined, want: number, relative: number): void => {
  expect(got).toBeDefined()
  expect(Math.abs(got! - want), `got ${got}, want ${want}`).toBeLessThanOrEqual(relative * Math.abs(want))
}

describe('quadrature', () => {
  it('integrates kinks and jumps wherever they are', () => {
    near(integrate(Math.abs, -1, Math.E), (1 + Math.E ** 2) / 2, 1e-10)
    near(
      integrate((x) => (x > 1 / 3 ? 1 : 0), 0, 1),
      2 / 3,
      1e-9
    )
  })
  it.each([1e-12, 0.01, 1, 25, 1e8])('knows the moments of N(0, %f)', (q) => {
    near(
      gaussianMean((z) => z * z, q),
      q,
      1e-9
    )
    near(
      gaussianMean((z) => z ** 4, q),
      3 * q * q,
      1e-9
    )
    near(
      gaussianMean((z) => Math.max(z, 0), q),
      Math.sqrt(q / (2 * Math.PI)),
      1e-9
    )
    expect(Math.abs(gaussianMean(Math.tanh, q))).toBeLessThan(1e-12)
  })
  it('knows the covariance behind ReLU (Cho & Saul 2009)', () => {
    for (const rho of [0, 0.2, 0.7, 0.99, 1]) {
      const theta = Math.acos(rho)
      near(
        gaussianProduct((z) => Math.max(z, 0), 1, rho),
        (Math.sin(theta) + (Math.PI - theta) * rho) / (2 * Math.PI),
        1e-3
      )
    }
  })
  it('has erfc to twelve digits', () => {
    near(erfc(0.5), 0.4795001221869535, 1e-14)
    near(erfc(2.4999), 0.0004071699003334514, 1e-12)
    near(erfc(3), 2.209049699858544e-5, 1e-12)
    near(erfc(10), 2.088487583762545e-45, 1e-12)
    near(erfc(-1), 1.8427007929497148, 1e-14)
  })
})

describe('mean field', () => {
  it('has the anchors of the literature', () => {
    near(deepChi1({ id: 'relu' }, 2), 1, 1e-9)
    near(deepChi1({ id: 'relu' }, 1), 0.5, 1e-9)
    near(deepChi1({ id: 'leakyRelu', alpha: 0.25 }, 2 / (1 + 0.25 ** 2)), 1, 1e-9)
    near(deepChi1({ id: 'tanh' }, 1 / 3), 1 / 3, 1e-6)
    near(deepChi1({ id: 'linear' }, 1), 1, 1e-12)
    expect(deepChi1({ id: 'sigmoid' }, 1)).toBeLessThan(1 / 16)
    near(deepChi1({ id: 'sigmoid' }, 1), 0.0557, 2e-3)
    // Klambauer 2017: SELU with LeCun weights has its fixed point at unit variance.
    near(fixedPoint({ id: 'selu' }, 1, 0, 3).q, 1, 1e-6)
    expect(fixedPoint({ id: 'relu' }, 2.2).q).toBe(Infinity)
    expect(fixedPoint({ id: 'relu' }, 1.5).q).toBe(0)
  })
  it('finds a fixed point that is one', () => {
    for (const [id, w, b] of [
      ['tanh', 2, 0.1],
      ['sigmoid', 4, 0.2],
      ['hardSigmoid', 9, 0],
      ['gelu', 1, 0.3]
    ] as const) {
      const { q } = fixedPoint({ id }, w, b)
      near(lengthMap({ id }, w, b, q), q, 1e-8)
    }
  })
  it('puts tanh on the edge of chaos at σ_w = 1 without bias (Poole 2016)', () => {
    expect(deepChi1({ id: 'tanh' }, 0.9)).toBeLessThan(1)
    near(chi1({ id: 'tanh' }, 1, 0), 1, 1e-9)
    expect(deepChi1({ id: 'tanh' }, 1.5, 0.0)).toBeGreaterThan(1)
  })
  it('knows how batch norm explodes (Yang 2019)', () => {
    const relu = (batch: number): number => batchNormGain(activations.get('relu'), {}, batch)
    near(relu(Infinity), Math.PI / (Math.PI - 1), 1e-9)
    near(relu(1999), relu(Infinity), 2e-3)
    // Linear: (B − 2)/(B − 3) of a projected Gaussian batch.
    for (const B of [6, 8, 32, 512]) near(batchNormGain(activations.get('linear'), {}, B), (B - 2) / (B - 3), 1e-4)
    const sizes = [6, 8, 16, 32, 128, 512].map(relu)
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes)
  })
})

const nodes = (list: unknown): Network => {
  const { experiment, problems } = readExperiment({ network: { nodes: list } })
  expect(problems).toEqual([])
  return experiment.network
}
const dense = (id: string, activation: unknown, initializer: unknown, units = 64, inputs?: string[]): object => ({
  id,
  kind: 'dense',
  params: { units, activation, initializer },
  ...(inputs && { inputs })
})
const predict = (list: unknown, options = {}): Prediction[] => predictGains(planNetwork(nodes(list), [64]), options)
const stack = (times: number, body: object[]): object[] => [{ id: 'hidden', kind: 'repeat', times, body }]

describe('predicted profile', () => {
  it('keeps ReLU + He at 1 whatever the width', () => {
    const p = predict([
      dense('a', 'relu', 'heNormal', 128),
      dense('b', 'relu', 'heNormal', 128),
      dense('c', 'relu', 'heNormal', 128)
    ])
    near(p[1]!.through, 1, 1e-6)
    near(p[0]!.through, Math.sqrt(2), 1e-6) // fan-out 128 over fan-in 64
    near(p[0]!.profile, 1, 1e-6)
  })
  it('follows a sigmoid stack to its depth', () => {
    const p = predict(stack(20, [dense('d', 'sigmoid', 'glorotUniform')]))
    near(p[10]!.through! ** 2, 0.0557, 2e-3)
    near(p[0]!.profile, Math.sqrt(0.0557) ** 19, 0.05)
    // tanh forgets nothing of the input's scale.
    const t = predict(stack(3, [dense('d', 'tanh', { id: 'standardUniform' })]), { inputSquare: 100 })
    expect(t[0]!.through!).toBeLessThan(t[2]!.through!)
  })
  it("knows batch norm at its batch size, and that weights don't matter to it", () => {
    const body = (init: unknown): object[] => [
      dense('d', 'linear', init),
      { id: 'n', kind: 'batchNorm' },
      { id: 'r', kind: 'activation', params: { activation: 'relu' } }
    ]
    for (const [batch, gain] of [
      [8, 1.788],
      [32, 1.522],
      [1e6, 1.467]
    ] as const)
      for (const init of ['heNormal', { id: 'normal', std: 3 }]) {
        const p = predict(stack(12, body(init)), { batchSize: batch })
        // From one block's output to the next one's.
        near((p[3 * 5 + 2]!.profile! / p[3 * 6 + 2]!.profile!) ** 2, gain, 2e-3)
      }
  })
  it('adds up the ways round a branch', () => {
    const block = (scale: number): object[] => [
      dense('d', 'linear', 'glorotNormal'),
      { id: 's', kind: 'add', params: { scale }, inputs: ['d', 'input'] }
    ]
    const p0 = predict(stack(10, block(0)))
    for (let i = 0; i < 10; i++) near(p0[2 * i + 1]!.profile, 1, 1e-12)
    const p1 = predict(stack(10, block(1)))
    near((p1[1]!.profile! / p1[3]!.profile!) ** 2, 2, 1e-9)
  })
  it('normalises with layer norm', () => {
    const p = predict([
      ...stack(6, [
        dense('d', 'linear', { id: 'normal', std: 7 }),
        { id: 'n', kind: 'layerNorm' },
        { id: 'r', kind: 'activation', params: { activation: 'relu' } }
      ])
    ])
    expect(p.every((l) => l.through !== undefined)).toBe(true)
    near(p[5]!.activationRms, Math.SQRT1_2, 1e-6)
  })
  it('says nothing where it knows nothing', () => {
    const after = (activation: string): Prediction[] =>
      predict([
        dense('a', 'relu', { id: 'constant', value: 0.1 }),
        dense('b', activation, 'heNormal'),
        dense('c', 'relu', 'heNormal')
      ])
    const p = after('tanh')
    expect(p[0]!.through).toBeUndefined()
    expect(p[0]!.profile).toBeUndefined() // b's slopes depend on what a does
    expect(p[1]!.through).toBeUndefined()
    near(p[2]!.profile, 1, 0)
    // … but not those of a ReLU: half of what comes is above 0, whatever it is.
    near(after('relu')[0]!.profile, 1, 1e-6)
    // What a max pool chooses and the slope before it go together; a state goes through time.
    for (const body of [[{ id: 'p', kind: 'maxPool' }], [{ id: 'r', kind: 'simpleRnn', params: { units: 4 } }]]) {
      const net = [
        { id: 's', kind: 'reshape', params: { shape: '32, 2' } },
        ...body,
        ...(body[0]!.kind === 'maxPool' ? [{ id: 'f', kind: 'flatten' }] : []),
        dense('o', 'linear', 'heNormal')
      ]
      expect(predict(net)[1]!.through, body[0]!.kind).toBeUndefined()
    }
    expect(predict([dense('a', 'relu', 'zeros'), dense('b', 'linear', 'heNormal')])[0]!.through).toBe(0)
  })
})
