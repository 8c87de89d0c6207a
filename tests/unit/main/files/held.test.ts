import { describe, expect, it } from 'vitest'
import { dropsOf, type Held } from '../../../../src/main/files/held'

const run = (more: Partial<Held> = {}): Held => ({
  id: 'r',
  name: 'mine',
  step: 100,
  frames: 100,
  checkpoints: [50, 100],
  ...more
})
const lost = (next: Held[]): string[] => dropsOf([run()], next).map((p) => `${p.path}: ${p.message.en}`)

describe('a save that would take something from the file', () => {
  it('is one without a run, steps or checkpoints that the file holds', () => {
    expect(lost([])).toEqual(['mine: the whole run: 100 recorded steps, 2 kept'])
    expect(lost([run({ frames: 40 })])).toEqual(['mine: 60 of 100 recorded steps'])
    expect(lost([run({ checkpoints: [50] })])).toEqual(['mine: what was kept at step 100'])
    expect(lost([run({ step: 300, frames: 300, checkpoints: [] })])).toEqual(['mine: what was kept at step 50, 100'])
  })
  it('is none of the same, of more, or of a run that has gone on and keeps other checkpoints', () => {
    expect(lost([run()])).toEqual([])
    expect(lost([run({ id: 'other' }), run()])).toEqual([])
    expect(lost([run({ step: 300, frames: 300, checkpoints: [100, 200, 300] })])).toEqual([])
  })
})
