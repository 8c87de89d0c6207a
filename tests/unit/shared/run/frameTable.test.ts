import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { framesCsv, lossCsv } from '@shared/run/csv'
import { csvCell } from '@shared/run/csvCell'
import { float32Text } from '@shared/run/float32Text'
import { FRAMES_HEADER } from '@shared/run/frameLines'
import { FrameTable } from '@shared/run/frameTable'
import type { FrameBatch, RunLayer } from '@shared/run/types'

const schema = {
  columns: [
    { layer: 0, statistic: 'a' },
    { layer: 2, statistic: 'a' },
    { layer: 2, statistic: 'b' }
  ],
  scalars: ['loss', 'accuracy']
}
const batch = (steps: number[], value = (s: number, c: number): number => s * 10 + c): FrameBatch => ({
  steps: Int32Array.from(steps),
  values: Float32Array.from(steps.flatMap((s) => schema.columns.map((_, c) => value(s, c)))),
  scalars: Float32Array.from(steps.flatMap((s) => [s / 2, s / 4]))
})
/** Bits of a float32, so that NaNs with different payloads differ. */
const bits = (a: Float32Array): number[] => [...new Uint32Array(a.buffer, a.byteOffset, a.length)]

describe('FrameTable', () => {
  it('grows by doubling and keeps everything in order', () => {
    const t = new FrameTable(schema, undefined, 2)
    for (let s = 0; s < 100; s += 5) t.append(batch([s, s + 1, s + 2, s + 3, s + 4]))
    expect(t.length).toBe(100)
    expect([...t.steps]).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(t.value(99, 2)).toBe(992)
    expect(t.scalar(99, 1)).toBe(99 / 4)
    expect(t.firstStep).toBe(0)
    expect(t.lastStep).toBe(99)
  })

  it('finds columns by layer and statistic', () => {
    const t = new FrameTable(schema, batch([0]))
    expect([t.column(0, 'a'), t.column(2, 'a'), t.column(2, 'b')]).toEqual([0, 1, 2])
    expect([t.column(1, 'a'), t.column(0, 'b'), t.column(9, 'a'), t.column(0, 'nothing')]).toEqual([-1, -1, -1, -1])
    expect([t.scalarColumn('accuracy'), t.scalarColumn('x')]).toEqual([1, -1])
    expect(t.value(0, -1)).toBeUndefined()
    expect(t.value(1, 0)).toBeUndefined()
    expect(t.scalar(-1, 0)).toBeUndefined()
  })

  it('finds the frame of a step, as a linear search would', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { maxLength: 60 }),
        fc.integer({ min: -5, max: 510 }),
        (list, step) => {
          const steps = list.sort((a, b) => a - b)
          const t = new FrameTable(schema, batch(steps))
          expect(t.frameAt(step)).toBe(steps.filter((s) => s <= step).length - 1)
          expect(t.frameOf(step)).toBe(steps.indexOf(step))
        }
      )
    )
  })

  it('skips frames it already has, so that a snapshot and events may overlap', () => {
    const t = new FrameTable(schema, batch([0, 1, 2]))
    expect(t.append(batch([1, 2, 3]))).toBe(1)
    expect(t.append(batch([0, 3]))).toBe(0)
    expect([...t.steps]).toEqual([0, 1, 2, 3])
    expect(t.value(3, 0)).toBe(30)
  })

  it('refuses arrays that do not fit and steps that do not rise, and stays as it was', () => {
    const t = new FrameTable(schema, batch([0]))
    expect(() =>
      t.append({ steps: Int32Array.of(1), values: new Float32Array(2), scalars: new Float32Array(2) })
    ).toThrow(/3 values/)
    expect(() => t.append(batch([2, 2]))).toThrow(/rise/)
    expect(t.length).toBe(1)
  })

  it('keeps every bit, NaN payloads, infinities, zeros and subnormals included', () => {
    const odd = new Float32Array(
      new Uint32Array([
        0x7fc00000, 0xffc00001, 0x7f800000, 0xff800000, 0x80000000, 1, 0x00800000, 0x7f7fffff, 0x3eaaaaab
      ]).buffer
    )
    const given = { steps: Int32Array.of(3, 5, 9), values: odd, scalars: odd.slice(0, 6) }
    const t = new FrameTable(schema, undefined, 1)
    t.append(given)
    t.append(batch([10, 11, 12]))
    const back = t.toBatch()
    expect(bits(back.values).slice(0, 9)).toEqual(bits(odd))
    expect(bits(new FrameTable(schema, back).toBatch().values)).toEqual(bits(back.values))
    expect(bits(back.scalars).slice(0, 6)).toEqual(bits(odd.slice(0, 6)))
  })
})

describe('CSV', () => {
  it('writes every float32 so that it reads back bit for bit, and no shorter text would', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fffffff }), fc.boolean(), (n, negative) => {
        const x = new Float32Array(new Uint32Array([(n | (negative ? 0x80000000 : 0)) >>> 0]).buffer)[0]!
        const text = float32Text(x)
        if (Number.isNaN(x)) return void expect(text).toBe('NaN')
        expect(Object.is(Math.fround(Number(text)), x)).toBe(true)
        if (!Number.isFinite(x) || x === 0) return
        const digits = text.replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length
        if (digits > 1) expect(Math.fround(Number(x.toPrecision(digits - 1)))).not.toBe(x)
        // Of those as short it is the nearest one, spelled as JavaScript does.
        expect(text).toBe(String(Number(x.toPrecision(digits))))
      }),
      { numRuns: 3000 }
    )
    expect([0.1, 3.0617e-13, 1e30, 16777216, 1, -0, 1.17549435e-38].map((x) => float32Text(Math.fround(x)))).toEqual([
      '0.1',
      '3.0617e-13',
      '1e+30',
      '16777216',
      '1',
      '-0',
      '1.1754944e-38'
    ])
    expect([NaN, Infinity, -Infinity].map(float32Text)).toEqual(['NaN', 'Infinity', '-Infinity'])
  })

  it('guards and quotes text, never numbers', () => {
    expect(['=1+1', '+x', '-x', '@x', 'a,b', 'a"b', '=a,"b'].map(csvCell)).toEqual([
      "'=1+1",
      "'+x",
      "'-x",
      "'@x",
      '"a,b"',
      '"a""b"',
      '"\'=a,""b"'
    ])
    expect(csvCell(-1)).toBe('-1')
  })

  const layer = (index: number, id: string): RunLayer => ({
    index,
    id,
    node: id,
    kind: 'dense',
    name: id,
    outputShape: [1],
    paramCount: 1,
    main: true,
    inputs: []
  })
  it('lists each recorded value of each frame once', () => {
    const t = new FrameTable(
      schema,
      batch([0, 4], (s, c) => (s === 4 && c === 1 ? NaN : s === 4 && c === 2 ? -Infinity : 0.1 + c))
    )
    const layers = [layer(0, '=first'), layer(1, 'b'), layer(2, 'c,d')]
    expect([...framesCsv(t, layers)].join('')).toBe(
      FRAMES_HEADER +
        "0,0,'=first,dense,a,0.1\n" +
        '0,2,"c,d",dense,a,1.1\n0,2,"c,d",dense,b,2.1\n' +
        "4,0,'=first,dense,a,0.1\n" +
        '4,2,"c,d",dense,a,NaN\n4,2,"c,d",dense,b,-Infinity\n'
    )
    expect([...framesCsv(t, layers, ['b'])].join('')).toBe(
      FRAMES_HEADER + '0,2,"c,d",dense,b,2.1\n4,2,"c,d",dense,b,-Infinity\n'
    )
  })
  it('puts evaluations beside the losses, on lines of their own where no frame was kept', () => {
    const t = new FrameTable(schema, batch([0, 4]))
    expect(
      lossCsv(t, [
        { step: 2, metrics: { loss: 0.3 } },
        { step: 4, metrics: { loss: NaN } }
      ])
    ).toBe('step,loss,accuracy,validation_loss\n0,0,0,\n2,,,0.3\n4,2,1,NaN\n')
  })
})
