import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entryVersions } from '@shared/experiment/upgrade'
import { decodeProject, encodeProject } from '@shared/project'
import { figuresOf, judged, play } from '../../../recording'
import { sampleProject } from '../project/sample'

const FIXTURES = join(__dirname, 'fixtures/recording')
const read = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8')

describe('a recorded file', () => {
  const log = play(read('run.jsonl'))
  it('is a run without any trainer: its figures are those that were written when it was trained', () => {
    const figures = figuresOf(log)
    expect(readdirSync(FIXTURES).sort()).toEqual(['run.jsonl', ...Object.keys(figures)].sort())
    for (const [name, text] of Object.entries(figures)) expect(text).toBe(read(name))
  })
  it('has the findings that the rules make of it', () => {
    expect(log.findings.map((f) => f.rule)).toContain('vanishing')
    expect(judged(log)).toEqual(log.findings)
  })
  it('is complete: ended, with every kind of update, and saved and opened as any run', () => {
    expect(log.progress).toEqual({ state: 'finished', step: 30, steps: 30 })
    const record = log.toRecord()
    expect(record.histograms!.length).toBeGreaterThan(0)
    expect(record.events!.map((e) => e.kind)).toEqual(['learningRate'])
    expect(record.checkpoints!.map((c) => c.step)).toEqual([30])
    const project = decodeProject(encodeProject({ ...sampleProject(), runs: [record] }))
    // What is read is written anew in this program's versions of the entries.
    const experiment = { ...record.experiment, entries: entryVersions() }
    expect(project.runs).toEqual([{ ...record, experiment }])
  })
  it('that is damaged is refused with the line', () => {
    const lines = read('run.jsonl').split('\n')
    expect(() => play([...lines.slice(0, 3), '{"kind":"gossip"}'].join('\n'))).toThrow(/line 4/)
  })
})
