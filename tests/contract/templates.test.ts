import { describe, expect, it } from 'vitest'
import { datasets } from '@shared/datasets'
import { planExperiment } from '@shared/experiment/plan'
import { effectiveExperiment } from '@shared/experiment/remedy'
import { readExperiment } from '@shared/experiment/parse'
import { template, TEMPLATE_GROUPS, templates } from '@shared/templates'

describe('the gallery', () => {
  it('starts with the network that vanishes, and every id and name is its own', () => {
    expect(templates[0]!.id).toBe('vanishing')
    for (const of of [templates.map((t) => t.id), templates.map((t) => t.name.en), templates.map((t) => t.name.zh), templates.map((t) => t.make().name)]) expect(new Set(of).size).toBe(of.length)
    expect(() => template('none')).toThrow(/vanishing, /)
  })
  it.each(templates.map((t) => [t.id, t] as const))('%s says what to see, in both languages', (_id, t) => {
    expect(TEMPLATE_GROUPS).toContain(t.group)
    for (const l of ['en', 'zh'] as const) {
      expect(t.name[l].length).toBeGreaterThan(3)
      expect(t.doc[l].length).toBeGreaterThan(l === 'en' ? 60 : 20)
    }
    expect(t.name.zh + t.doc.zh).toMatch(/\p{Script=Han}/u)
  })
  it.each(templates.map((t) => [t.id, t] as const))('%s is a sound experiment that can be trained as it is', (_id, t) => {
    const e = t.make()
    expect(readExperiment(JSON.parse(JSON.stringify(e)))).toEqual({ experiment: e, problems: [] })
    expect(t.make()).toEqual(e)
    const { id, ...params } = e.data.dataset
    const info = datasets.get(id).describe(params, { seed: e.seed, readText: () => '' })
    const effective = effectiveExperiment(e, info)
    expect(effective.problems).toEqual([])
    expect(planExperiment(effective.experiment, info).problems).toEqual([])
  })
})
