/** Every entry that a network, its training or its data can have says how it is written in another language. */
import { isUnwritable, type Python } from '@shared/base/python'
import { activations } from '@shared/catalog/activations'
import { datasets } from '@shared/catalog/datasets'
import { initializers } from '@shared/catalog/initializers'
import { layers } from '@shared/catalog/layers'
import { losses } from '@shared/catalog/losses'
import { defaultsOf } from '@shared/base/params'
import { lookup } from '@shared/experiment/lookup'
import { optimizers } from '@shared/catalog/optimizers'
import { schedules } from '@shared/catalog/schedules'
import { remedies } from '@shared/clinic/remedies'
import { describe, expect, it } from 'vitest'

/** Either a function, or a reason in both languages. */
function isSaid(hook: unknown): void {
  if (!isUnwritable(hook)) return expect(hook).toBeTypeOf('function')
  expect(hook.why.en.trim()).not.toBe('')
  expect(hook.why.zh).toMatch(/\p{Script=Han}/u)
}
const written: { name: string; all: readonly { id: string; python: Python<unknown, unknown> }[] }[] = [
  layers,
  activations,
  initializers,
  optimizers,
  losses,
  schedules
]

describe.each(written.map((r) => [r.name, r.all] as const))('%s', (_name, all) => {
  it.each(all.map((e) => [e.id, e] as const))('%s is written in PyTorch and in Keras, or says why not', (_id, e) => {
    expect(e.python).toBeDefined()
    isSaid(e.python.torch)
    isSaid(e.python.keras)
  })
})
it.each(datasets.all.map((d) => [d.id, d] as const))('the data of %s go along, or it says why not', (_id, d) => {
  if (d.python !== 'values') isSaid(d.python)
})
it.each(remedies.all.map((r) => [r.id, r] as const))('%s writes its hook, if it has one', (_id, r) => {
  expect(!!r.python).toBe(!!r.hook)
  if (r.python) for (const write of [r.python.torch, r.python.keras]) isSaid(write)
})
it.each(optimizers.all.map((o) => [o.id, o] as const))('%s says where either library keeps its state', (_id, o) => {
  const p = defaultsOf(o.fields, lookup)
  const { torch, keras } = o.python
  const states = [...(isUnwritable(torch) ? [] : [torch(p)]), ...(isUnwritable(keras) ? [] : [keras(p, true)])]
  expect(states).not.toHaveLength(0)
  for (const { state } of states) for (const slot of o.slots) expect(Object.values(state).join()).toContain(`{${slot}}`)
})
