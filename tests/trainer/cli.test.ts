import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { starterExperiment } from '@shared/clinic/templates/parts/opening'
import { parseExperiment } from '@shared/experiment'
import { layers } from '@shared/catalog/layers'
import { encodeProject, projectOf } from '@shared/project'
import { unzipSync } from 'fflate'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from '../../src/cli/main'
import { npy } from './npy'

const root = mkdtempSync(join(tmpdir(), 'clinic-cli-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let dir = ''
let count = 0
beforeEach(() => {
  dir = join(root, String(count++))
  mkdirSync(dir)
})
/** Runs a command line. */
async function clinic(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await main(args, '0.0.0-test', { out: (t) => (out += t), err: (t) => (err += t) })
  return { code, out, err }
}
const write = (name: string, content: unknown): string => {
  const path = join(dir, name)
  writeFileSync(path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
  return path
}
const read = (name: string): string => readFileSync(join(dir, 'out', name), 'utf8')
const json = (name: string): Record<string, never> => JSON.parse(read(name)) as Record<string, never>
const csv = (name: string): string[][] =>
  read(name)
    .trim()
    .split('\n')
    .map((l) => l.split(','))

const tiny = {
  name: 'Tiny',
  data: { dataset: { id: 'blobs', count: 90 } },
  network: {
    nodes: [
      { id: 'first', kind: 'dense', params: { units: 5, activation: 'tanh' } },
      { id: 'hidden', kind: 'repeat', times: 2, body: [{ id: 'dense', kind: 'dense', params: { units: 5 } }] },
      { id: 'out', kind: 'dense', params: { units: 3, activation: 'linear' } }
    ]
  },
  training: { steps: 12, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: 'sgd' }
}

describe('clinic run of what cannot be recorded', () => {
  it('says that it ran op by op, and why', async () => {
    const file = write('tiny.json', tiny)
    const original = layers.get('dense').forward
    const spy = vi.spyOn(layers.get('dense'), 'forward')
    spy.mockImplementation((tf, p, inputs, ...rest) => {
      inputs[0]!.dataSync()
      return original.call(layers.get('dense'), tf, p, inputs, ...rest)
    })
    const { code, out } = await clinic('run', file, '--out', join(dir, 'out'))
    spy.mockRestore()
    expect(code).toBe(0)
    expect(out).toMatch(/each step ran op by op, .*: a value is read back while the step runs/)
    expect((await clinic('run', file, '--out', join(dir, 'out'))).out).not.toContain('op by op')
  })
})

describe('clinic run --from', () => {
  it('goes on from a snapshot with every bit of the run that was never interrupted', async () => {
    const file = write('tiny.json', { ...tiny, training: { ...tiny.training, optimizer: 'adam' } })
    expect(
      (await clinic('run', file, '--out', join(dir, 'out'), '--snapshot', '5', '--snapshot', '12', '--quiet')).code
    ).toBe(0)
    const whole = {
      frames: csv('frames.csv').filter((r) => Number(r[0]) >= 5),
      last: readFileSync(join(dir, 'out', 'step-12.npz'))
    }
    const { code, err } = await clinic(
      'run',
      file,
      '--out',
      join(dir, 'out'),
      '--from',
      join(dir, 'out', 'step-5.npz'),
      '--snapshot',
      '12'
    )
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(csv('frames.csv').slice(1)).toEqual(whole.frames)
    expect(readFileSync(join(dir, 'out', 'step-12.npz'))).toEqual(whole.last)
    expect(csv('events.csv')[1]!.slice(0, 2)).toEqual(['5', 'continued'])
  })
  it('refuses what is no snapshot, is of another network, or leaves no step', async () => {
    const file = write('tiny.json', tiny)
    expect((await clinic('run', file, '--out', join(dir, 'out'), '--snapshot', '5', '--quiet')).code).toBe(0)
    const from = ['--from', join(dir, 'out', 'step-5.npz')]
    const other = write('other.json', {
      ...tiny,
      network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 3 } }] }
    })
    for (const [args, why] of [
      [['run', file, '--from', file], /--from .*tiny\.json: /],
      [['run', file, '--from', 'nowhere.npz'], /there is no such file/],
      [['run', file, ...from, '--steps', '5'], /5 steps are done already/],
      [['run', file, ...from, '--at', '3:learningRate=0.1'], /begins at step 5/],
      [['run', file, ...from, '--snapshot', '2'], /before the run begins/],
      [['run', other, ...from], /does not fit what was kept at step 5/]
    ] as const) {
      const { code, err } = await clinic(...args, '--out', join(dir, 'more'))
      expect(code, err).toBe(2)
      expect(err).toMatch(why)
    }
  })
})

describe('clinic run --at', () => {
  it('makes the changes at their steps, lists them, and repeats them bit for bit', async () => {
    const file = write('tiny.json', tiny)
    const at = [
      '--at',
      '8:clipByGlobalNorm.maxNorm=0.01',
      '--at',
      '4:learningRate=0.5',
      '--at',
      '4:clipByGlobalNorm=on',
      '--at=10:clipByGlobalNorm=off'
    ]
    const { code, out, err } = await clinic('run', file, '--out', join(dir, 'out'), ...at, '--snapshot', '12')
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toContain('step 4: learning rate 0.01 → 0.5')
    const events = csv('events.csv')
    expect(events[0]).toEqual(['step', 'kind', 'remedy', 'before', 'after', 'text'])
    expect(events.slice(1).map((r) => r.slice(0, 3))).toEqual([
      ['4', 'learningRate', ''],
      ['4', 'remedyOn', 'clipByGlobalNorm'],
      ['8', 'remedyChanged', 'clipByGlobalNorm'],
      ['10', 'remedyOff', 'clipByGlobalNorm']
    ])
    expect((json('run.json')['events'] as unknown as { step: number }[]).map((e) => e.step)).toEqual([4, 4, 8, 10])
    const rate = csv('loss.csv')[0]!.indexOf('learningRate')
    expect(
      csv('loss.csv')
        .slice(1, 13)
        .map((r) => Number(r[rate]))
    ).toEqual([...Array<number>(4).fill(0.01), ...Array<number>(8).fill(0.5)])
    const [frames, last] = [read('frames.csv'), readFileSync(join(dir, 'out', 'step-12.npz'))]
    expect((await clinic('run', file, '--out', join(dir, 'out'), ...at, '--snapshot', '12', '--quiet')).code).toBe(0)
    expect(read('frames.csv')).toBe(frames)
    expect(readFileSync(join(dir, 'out', 'step-12.npz'))).toEqual(last)
  })
  it.each([
    ['4:learningRate', /must be STEP:learningRate=VALUE/],
    ['12:learningRate=0.1', /the last step is 11/],
    ['4:learningRate=-1', /learningRate/],
    ['4:nothing=on', /"nothing" is not a remedy/],
    ['4:clipByNorm.maxNorm=1', /not on at that step/],
    ['4:clipByNorm=maybe', /must be on or off/],
    ['4:batchNorm=on', /changes the network, which a run keeps: start a new run/]
  ])('%s is refused before anything is trained', async (text, why) => {
    const { code, err } = await clinic('run', write('tiny.json', tiny), '--out', join(dir, 'out'), '--at', text)
    expect(code).toBe(2)
    expect(err).toMatch(why)
    expect(err).toContain('--at')
    expect(existsSync(join(dir, 'out'))).toBe(false)
  })
})

describe('clinic run', () => {
  it('writes the run, its losses, its frames and its snapshots', async () => {
    const { code, out, err } = await clinic(
      'run',
      write('tiny.json', tiny),
      '--out',
      join(dir, 'out'),
      '--snapshot',
      '0',
      '--snapshot=12'
    )
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toContain('finished after 12 of 12 steps')
    const run = json('run.json') as unknown as {
      state: string
      seed: number
      steps: unknown
      final: Record<string, number>
      experiment: { training: { optimizer: unknown } }
      given: unknown
      versions: Record<string, string>
      findings: unknown[]
    }
    expect(run).toMatchObject({ state: 'finished', seed: 42, steps: { asked: 12, done: 12 } })
    expect(run.given).toEqual(tiny)
    // Every default is filled in.
    expect(run.experiment.training.optimizer).toEqual({ id: 'sgd', learningRate: 0.01 })
    expect(run.versions).toMatchObject({
      'gradient-clinic': '0.0.0-test',
      tensorflow: expect.stringMatching(/^2\./) as string
    })
    expect(Array.isArray(run.findings)).toBe(true)

    const loss = csv('loss.csv')
    expect(loss[0]!.slice(0, 4)).toEqual(['step', 'loss', 'accuracy', 'gradientNorm'])
    expect(loss.slice(1, 13).map((r) => r[0])).toEqual(Array.from({ length: 12 }, (_, i) => String(i)))
    expect(Math.fround(Number(loss[12]![1]))).toBe(Math.fround(run.final['loss']!))

    const frames = csv('frames.csv')
    expect(frames[0]).toEqual(['step', 'layer_index', 'layer_id', 'layer_kind', 'statistic', 'value'])
    const value = (step: number, layer: string, statistic: string): number =>
      Number(frames.find((r) => r[0] === String(step) && r[2] === layer && r[4] === statistic)![5])
    expect(new Set(frames.slice(1).map((r) => r[2]))).toEqual(
      new Set(['first', 'hidden.1.dense', 'hidden.2.dense', 'out'])
    )

    // The snapshot is the step the frame tells of.
    const files = unzipSync(readFileSync(join(dir, 'out', 'step-0.npz')))
    const array = (name: string): ReturnType<typeof npy> => npy(files[`${name}.npy`]!)
    expect(array('weights/first/kernel').shape).toEqual([2, 5])
    expect(array('batch/x').shape).toEqual([16, 2])
    expect(array('batch/y').shape).toEqual([16, 3])
    const rms = (v: Float32Array): number => Math.sqrt(v.reduce((s, x) => s + x * x, 0) / v.length)
    for (const layer of ['first', 'hidden.1.dense', 'hidden.2.dense', 'out']) {
      expect(rms(array(`activation_gradients/${layer}`).data) / value(0, layer, 'activationGradientRms')).toBeCloseTo(
        1,
        4
      )
      expect(rms(array(`weight_gradients/${layer}/kernel`).data) / value(0, layer, 'weightGradientRms')).toBeCloseTo(
        1,
        4
      )
      expect(array(`activations/${layer}`).shape[0]).toBe(16)
      expect(array(`pre_activations/${layer}`).shape).toEqual(array(`activations/${layer}`).shape)
    }
    // h = tanh(xW + b), by hand, from what the file holds.
    const [x, w, b, h] = [
      array('batch/x').data,
      array('weights/first/kernel').data,
      array('weights/first/bias').data,
      array('activations/first').data
    ]
    for (let i = 0; i < 16; i++)
      for (let j = 0; j < 5; j++)
        expect(h[i * 5 + j]).toBeCloseTo(Math.tanh(x[i * 2]! * w[j]! + x[i * 2 + 1]! * w[5 + j]! + b[j]!), 5)
    expect(existsSync(join(dir, 'out', 'step-12.npz'))).toBe(true)
  })
  it('refuses what the machine has no memory for, before anything is allocated', async () => {
    const wide = {
      id: 'hidden',
      kind: 'repeat',
      times: 200,
      body: [{ id: 'dense', kind: 'dense', params: { units: 16384 } }]
    }
    const { code, err } = await clinic(
      'run',
      write('huge.json', { ...tiny, network: { nodes: [wide, tiny.network.nodes[2]] } }),
      '--out',
      join(dir, 'out')
    )
    expect(code).not.toBe(0)
    expect(err).toMatch(
      /network\.nodes.*parameters; training it takes about .* GB, and this machine has .* GB: make layers narrower or fewer/
    )
  })
  it('the starter experiment to NaN: a finding, not a failure, and written as such', async () => {
    const { code } = await clinic(
      'run',
      write('starter.json', starterExperiment()),
      '--out',
      join(dir, 'out'),
      '--set',
      'training.optimizer.learningRate=1e-3',
      '--steps',
      '60'
    )
    expect(code).toBe(0)
    const run = json('run.json') as unknown as {
      state: string
      final: Record<string, unknown>
      verdict: unknown
      findings: { kind: string }[]
    }
    expect(run.state).toBe('diverged')
    expect(run.verdict).toMatchObject({ state: 'diverged', text: { zh: expect.stringContaining('损失') as string } })
    expect(run.final['loss']).toBe('NaN')
    expect(run.findings.map((f) => f.kind)).toEqual(expect.arrayContaining(['lossNaN', 'weightsNaN']))
    expect(csv('loss.csv').slice(-1)[0]![1]).toBe('NaN')
    expect(read('frames.csv')).toMatch(/,NaN\n/)
  })
  it('the same command writes the same numbers', async () => {
    const file = write('tiny.json', tiny)
    await clinic('run', file, '--out', join(dir, 'out'))
    const [loss, frames] = [read('loss.csv'), read('frames.csv')]
    await clinic('run', file, '--out', join(dir, 'out'))
    expect(read('loss.csv')).toBe(loss)
    expect(read('frames.csv')).toBe(frames)
    await clinic('run', file, '--out', join(dir, 'out'), '--seed', '7')
    expect(read('loss.csv')).not.toBe(loss)
  })
  it('opens a saved project, with the table that is in it', async () => {
    const table = ['x,y,label', ...Array.from({ length: 30 }, (_, i) => `${i},${i * i},${i % 2 ? 'yes' : 'no'}`)].join(
      '\n'
    )
    const base = starterExperiment()
    const project = projectOf(parseExperiment({ ...base, data: { dataset: { id: 'csv', file: 't.csv' } } }))
    const file = write('p.gclinic', encodeProject({ ...project, files: { 't.csv': table } }))
    const { code, err } = await clinic(
      'run',
      file,
      '--out',
      join(dir, 'out'),
      '--steps',
      '3',
      '--set',
      'network.nodes.w2.params.units=1',
      '--set',
      'training.loss=sigmoidCrossEntropy',
      '--set',
      'training.batchSize=8'
    )
    expect(err).toBe('')
    expect(code).toBe(0)
  })
  it('finds a table next to the experiment', async () => {
    write(
      'own.csv',
      ['a,b,t', ...Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${i * 0.5}`)].join('\n')
    )
    const file = write('e.json', {
      data: { dataset: { id: 'csv', file: 'own.csv' } },
      network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }] },
      training: { steps: 5, batchSize: 8, loss: 'meanSquaredError' }
    })
    expect(await clinic('run', file, '--out', join(dir, 'out'))).toMatchObject({ code: 0, err: '' })
    expect(csv('loss.csv')[0]).toEqual(expect.arrayContaining(['meanAbsoluteError', 'r2']))
  })
})

describe('clinic refuses, with exit code 2 and the path', () => {
  const cases: [string, string[], RegExp][] = [
    ['a missing file', ['run', 'nowhere.json', '--out', 'o'], /nowhere\.json: there is no such file/],
    ['no --out', ['run', 'x.json'], /--out: is missing/],
    ['no file', ['run', '--out', 'o'], /FILE: is missing/],
    ['an unknown option', ['run', 'x.json', '--out', 'o', '--speed', '3'], /--speed: is not known/],
    ['an unknown command', ['train'], /train: is not a command/],
    ['no command', [], /needs a command/],
    ['a snapshot that is no step', ['run', 'x.json', '--out', 'o', '--snapshot', 'soon'], /--snapshot: "soon"/],
    ['an option without its value', ['run', 'x.json', '--out'], /--out: needs a value/]
  ]
  it.each(cases)('%s', async (_name, args, message) => {
    const { code, err, out } = await clinic(...args)
    expect(code).toBe(2)
    expect(err).toMatch(message)
    expect(out).toBe('')
  })
  const documents: [string, unknown, RegExp][] = [
    ['truncated JSON', JSON.stringify(tiny).slice(0, 80), /is not JSON: line 1, column \d+/],
    ['no JSON at all', 'hello', /is not JSON: line 1, column 1: "hello"/],
    ['an empty file', '', /e\.json: is empty/],
    ['a list', [], /must be a JSON object/],
    ['a broken zip', new Uint8Array([0x50, 0x4b, 3, 4, 9, 9, 9]), /clinic: /],
    ['deep nesting', '{"network":' + '['.repeat(5000) + ']'.repeat(5000) + '}', /nested more than/],
    ['a bad number', { ...tiny, training: { ...tiny.training, steps: 0 } }, /training\.steps: is 0/],
    ['an unknown field', { ...tiny, training: { ...tiny.training, epochs: 3 } }, /training\.epochs: is not known/],
    [
      'a misspelt layer parameter',
      { ...tiny, network: { nodes: [{ id: 'a', kind: 'dense', params: { unit: 3 } }] } },
      /network\.nodes\.a\.params\.unit: is not a known parameter/
    ],
    // cspell:ignore denze
    ['an unknown kind', { ...tiny, network: { nodes: [{ id: 'a', kind: 'denze' }] } }, /network\.nodes\.a\.kind/],
    [
      'a network that does not fit',
      { ...tiny, network: { nodes: [{ id: 'a', kind: 'dense', params: { units: 7 } }] } },
      /network\.nodes\.a: the output has shape \[7\]/
    ],
    [
      'a batch larger than the data',
      { ...tiny, training: { ...tiny.training, batchSize: 5000 } },
      /training\.batchSize/
    ],
    [
      'a table that is not there',
      { ...tiny, data: { dataset: { id: 'csv', file: 'gone.csv' } } },
      /data\.dataset\.file \(gone\.csv\): there is no such file/
    ],
    ['a hostile key', '{"__proto__": {"polluted": 1}, "network": {"nodes": []}}', /__proto__/]
  ]
  it.each(documents)('%s', async (_name, document, message) => {
    const { code, err } = await clinic('run', write('e.json', document), '--out', join(dir, 'out'))
    expect(code).toBe(2)
    expect(err).toMatch(message)
    expect(err).not.toMatch(/\n\s+at /)
    expect(existsSync(join(dir, 'out', 'frames.csv'))).toBe(false)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
  it.each([
    // cspell:ignore hiden
    ['network.nodes.hiden.times=3', /network\.nodes\.hiden: does not exist; there are: first, hidden, out/],
    ['training.optimizer.rate=3', /training\.optimizer\.rate: is not a known parameter/],
    ['training.optimizer.learningRate=fast', /training\.optimizer\.learningRate: must be a finite number/],
    ['nonsense', /must be PATH=VALUE/],
    ['__proto__.x=1', /cannot be part of a path/]
  ])('--set %s', async (set, message) => {
    const { code, err } = await clinic('run', write('e.json', tiny), '--out', join(dir, 'out'), '--set', set)
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })
  it('a snapshot beyond the end, and a folder that cannot be', async () => {
    expect(await clinic('run', write('e.json', tiny), '--out', join(dir, 'out'), '--snapshot', '13')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--snapshot: 13 is beyond') as string
    })
    const blocked = write('file', 'x')
    expect(await clinic('run', write('e.json', tiny), '--out', join(blocked, 'out'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('--out: cannot be written') as string
    })
  })
})

describe('clinic --set', () => {
  it('reaches nodes by id, blocks, bodies, and parameters that were left out', async () => {
    const sets = [
      'network.nodes.hidden.times=4',
      'network.nodes.hidden.body.dense.params.activation=sigmoid',
      'training.optimizer.learningRate=1e-4',
      'record.every=3',
      'name=New name',
      'remedies=[{"id":"clipByNorm","maxNorm":0.5}]'
    ]
    const { code, err } = await clinic(
      'run',
      write('e.json', tiny),
      '--out',
      join(dir, 'out'),
      ...sets.flatMap((s) => ['--set', s])
    )
    expect(err).toBe('')
    expect(code).toBe(0)
    const { experiment, effective } = json('run.json') as unknown as Record<
      'experiment' | 'effective',
      {
        name: string
        record: { every: number }
        network: { nodes: { times: number; body: { params: { activation: unknown } }[] }[] }
        training: { optimizer: unknown; hooks: unknown[] }
        remedies: unknown[]
      }
    >
    expect(experiment.name).toBe('New name')
    expect(experiment.network.nodes[1]!.times).toBe(4)
    expect(experiment.network.nodes[1]!.body[0]!.params.activation).toEqual({ id: 'sigmoid' })
    expect(experiment.training.optimizer).toEqual({ id: 'sgd', learningRate: 1e-4 })
    expect(experiment.remedies).toEqual([{ id: 'clipByNorm', maxNorm: 0.5 }])
    expect(effective.remedies).toEqual([])
    expect(effective.training.hooks).toEqual([{ id: 'clipByNorm', maxNorm: 0.5 }])
    expect([
      ...new Set(
        csv('frames.csv')
          .slice(1)
          .map((r) => r[0])
      )
    ]).toEqual(['0', '3', '6', '9', '11'])
  })
})

describe('clinic list, schema, help', () => {
  it('list names every entry, as text and as JSON', async () => {
    const text = (await clinic('list')).out
    const data = JSON.parse((await clinic('list', '--json')).out) as Record<string, { id: string; params: unknown }[]>
    expect(Object.keys(data)).toEqual([
      'layers',
      'activations',
      'initializers',
      'optimizers',
      'losses',
      'schedules',
      'datasets',
      'statistics',
      'remedies',
      'rules'
    ])
    for (const entries of Object.values(data)) for (const e of entries) expect(text).toContain(`  ${e.id} · `)
    expect(text).toContain('learningRate = 0.01')
  })
  it('schema is a JSON Schema that knows every layer', async () => {
    const schema = JSON.parse((await clinic('schema')).out) as { $schema: string; $defs: Record<string, unknown> }
    expect(schema.$schema).toContain('2020-12')
    const text = JSON.stringify(schema)
    for (const ref of text.matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)) expect(schema.$defs).toHaveProperty(ref[1]!)
    expect(text).toContain('"const":"batchNorm"')
  })
  it('help tells the options', async () => {
    for (const args of [['help'], ['--help'], ['run', '--help']])
      expect(await clinic(...args)).toMatchObject({
        code: 0,
        out: expect.stringContaining('--snapshot STEP') as string
      })
  })
})

// A file-size limit cannot stand in for it: only a small disk of its own says that there is no room.
describe.skipIf(process.getuid?.() !== 0)('clinic run on a full disk', () => {
  it('says so, and leaves nothing that looks like a result', async () => {
    const out = join(dir, 'out')
    mkdirSync(out)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', out]).status === 0
    if (!mounted) return
    try {
      const { code, err } = await clinic('run', write('tiny.json', tiny), '--out', out, '--steps', '300', '--quiet')
      expect([code, err]).toEqual([1, expect.stringMatching(/the disk of .* is full/)])
      expect(existsSync(join(out, 'run.json'))).toBe(false)
    } finally {
      spawnSync('umount', [out])
    }
  })
})
