import { describe, expect, it } from 'vitest'
import { columnsOf, effectiveExperiment, planExperiment } from '@shared/experiment'
import { templates } from '@shared/clinic/templates'
import { runToEnd } from './support'

/** Enough for every fault to show; what is healthy stays so for as long. */
const STEPS = 300

describe('every ready experiment keeps what the gallery promises', () => {
  it.each(templates.map((t) => [t.id, t] as const))('%s', async (_id, t) => {
    const e = t.make()
    const short = await runToEnd({ ...e, training: { ...e.training, steps: Math.min(STEPS, e.training.steps) } })
    // Of one that is cut too short, that alone is said, and rightly: then its own steps have to keep the promise.
    const isCut = short.findings.some((f) => f.kind === 'tooFewSteps') && e.training.steps > STEPS
    const told = isCut ? await runToEnd(e) : short
    expect(told.schema!.compiled).toBe(true)
    const kinds = told.findings.map((f) => f.kind)
    const said = told.findings.map((f) => `${f.kind} [${f.from}–${f.to}] ${f.text.en}`).join('\n')
    expect(kinds, said).toContain(t.finds)
    // What the record takes is known ahead, before there is a model.
    const { info, columns } = told.schema!
    const counted = columnsOf(planExperiment(effectiveExperiment(e, info).experiment, info))
    expect(counted).toBeGreaterThanOrEqual(columns.length)
    expect(counted).toBeLessThan(1.1 * columns.length + 5)
    // Healthy means that nothing else was found.
    if (t.finds === 'healthy')
      expect(
        kinds.filter((k) => k !== 'healthy'),
        said
      ).toEqual([])
  })
})
