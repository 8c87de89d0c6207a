import { describe, expect, it } from 'vitest'
import { datasets } from '@shared/datasets'
import { planExperiment } from '@shared/experiment/plan'
import { effectiveExperiment } from '@shared/experiment/remedy'
import { readExperiment } from '@shared/experiment/parse'
import { fingerprint, packed, spread, unpacked, type Recorded } from '@shared/templates/parts/picture'
import { template, TEMPLATE_GROUPS, templates } from '@shared/templates'
import pictures from '../../resources/gallery.json'

describe('the pictures of the gallery', () => {
  it.each(templates.map((t) => [t.id, t] as const))('%s is what a run of this very experiment recorded', (id, t) => {
    const r = (pictures as Record<string, Recorded | undefined>)[id]
    expect(r?.of, 'recorded anew by `node scripts/gallery.mjs`').toBe(fingerprint(t.make()))
    expect(r!.statistic).toBe(t.shows ?? 'activationGradientRms')
    expect(r!.cells.length).toBe(2 * r!.rows * r!.columns)
    expect(r!.rows * r!.columns).toBeGreaterThan(20)
    const cell = (row: number, column: number): number => unpacked(r!.cells.slice(2 * (row * r!.columns + column), 2 * (row * r!.columns + column) + 2))
    const ratios = Array.from({ length: r!.columns }, (_, c) => cell(0, c) / cell(r!.rows - 1, c)).filter((x) => Number.isFinite(x))
    // The picture shows what the text says.
    if (t.finds === 'vanishing') expect(Math.min(...ratios)).toBeLessThan(1e-2)
    if (t.finds === 'exploding') expect(Math.max(...ratios)).toBeGreaterThan(10)
  })
  it('keep a value to a tenth of itself', () => {
    for (const v of [1e-30, 3.3e-14, 0.02, 1, 5e7]) expect(Math.abs(unpacked(packed(v)) / v - 1)).toBeLessThan(0.1)
    expect([unpacked(packed(NaN)), unpacked(packed(Infinity)), unpacked(packed(0))]).toEqual([NaN, Infinity, 0])
    expect(spread(5, 3)).toEqual([0, 2, 4])
    expect(spread(2, 9)).toEqual([0, 1])
  })
})

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
