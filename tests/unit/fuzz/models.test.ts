import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterEach, describe, expect, it } from 'vitest'
import { InputError } from '@shared/base/problems'
import { makeRng } from '@shared/base/random/rng'
import type { Imported } from '@shared/bridge/imported'
import { openModel } from '@shared/bridge/open'
import { computing } from '../../computing'
import { mutants } from './mutants'

/** Mutants of each file: `npm run fuzz` takes as many as it is told. */
const COUNT = Number(process.env['GRADIENT_CLINIC_FUZZ'] ?? 50)
/** No mutant may take longer, milliseconds of processor time. */
const LONGEST = 5000
const rng = makeRng(Number(process.env['GRADIENT_CLINIC_FUZZ_SEED'] ?? 21), 'fuzz')
const { below } = rng
const { mutated, flipped, moved } = mutants(rng)
const read = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../../fixtures', name)))

/** What is made of a whole file. All files are read by one HDF5 library, which keeps a state of its own. */
const whole = (name: string): Promise<Imported> => openModel(read(name), { replace: ['all'], mend: ['all'] })
const WHOLE = ['keras/picture.h5', 'keras/recurrent.h5', 'keras/picture.keras', 'torch/net.safetensors']
const before = await Promise.all(WHOLE.map(whole))
afterEach(async () => {
  for (const [i, name] of WHOLE.entries()) expect(await whole(name), name).toEqual(before[i])
})

/** Opens many mutants. Each is opened, or refused in words. @param look what is seen of one that is opened */
async function many(mutant: () => Uint8Array, look: (opened: Imported) => unknown = () => undefined): Promise<void> {
  for (let i = 0; i < COUNT; i++) {
    const computed = computing()
    try {
      look(await openModel(mutant(), { replace: ['all'], mend: ['all'] }))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      expect(error.message.length).toBeLessThan(100_000)
    }
    expect(computed()).toBeLessThan(LONGEST)
  }
}
const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(strFromU8(bytes))
const json = (value: unknown): Uint8Array => strToU8(JSON.stringify(value) ?? 'null')

describe('mutants of a model are opened or refused in words', () => {
  it.each(['keras/picture.h5', 'keras/recurrent.h5', 'keras/text.keras', 'torch/net.safetensors'])(
    'bytes of %s',
    async (name) => {
      const whole = read(name)
      await many(() => flipped(whole))
    }
  )
  it.each(['keras/picture.h5', 'keras/recurrent.h5', 'torch/net.safetensors'])('stretches of %s', async (name) => {
    const whole = read(name)
    await many(() => moved(whole))
  })
  it('bytes of a whole .keras: its weights are those that were written, or it is refused', async () => {
    const whole = read('keras/picture.keras')
    const { weights } = await openModel(whole, { replace: ['all'], mend: ['all'] })
    await many(
      () => (below(2) ? flipped(whole) : moved(whole)),
      (opened) => opened.weights.size && expect(opened.weights).toEqual(weights)
    )
  })
  it('bytes of the weights in a whole .keras', async () => {
    const entries = unzipSync(read('keras/picture.keras'))
    const weights = entries['model.weights.h5']!
    await many(() => zipSync({ ...entries, 'model.weights.h5': flipped(weights) }, { level: 0 }))
  })
  it('values of the description of a .keras', async () => {
    const entries = unzipSync(read('keras/residual.keras'))
    const config = jsonOf(entries['config.json']!)
    await many(() => zipSync({ ...entries, 'config.json': json(mutated(config)) }, { level: 0 }))
  })
  it('values of model.to_json()', async () => {
    const config = jsonOf(read('keras/residual.json'))
    await many(() => json(mutated(config)))
  })
  it('values of the description of a model of PyTorch', async () => {
    const whole = read('torch/net.safetensors')
    const length = Number(new DataView(whole.buffer).getBigUint64(0, true))
    const header = jsonOf(whole.subarray(8, 8 + length)) as { __metadata__: { gradient_clinic: string } }
    const told: unknown = JSON.parse(header.__metadata__.gradient_clinic)
    await many(() => {
      const text = json({ ...header, __metadata__: { gradient_clinic: JSON.stringify(mutated(told)) } })
      const bytes = new Uint8Array(8 + text.length + whole.length - 8 - length)
      new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
      bytes.set(text, 8)
      bytes.set(whole.subarray(8 + length), 8 + text.length)
      return bytes
    })
  })
})
