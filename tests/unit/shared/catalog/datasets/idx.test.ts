// cspell:ignore WEBPVP ftypheic
import { deflateSync, gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { datasets, type Data, type DataInfo } from '@shared/catalog/datasets'
import { dataContext } from '@shared/catalog/datasets/parts/files'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf } from '@shared/base/params'
import { InputError } from '@shared/base/problems'
import { idxBytes } from '../../../../idxBytes'

const idx = datasets.get('idx')
const count = 20
const pixels = Array.from({ length: count * 6 }, (_, i) => (i * 7) % 256)
const images = idxBytes('ubyte', [count, 2, 3], pixels)
const labels = idxBytes(
  'ubyte',
  [count],
  Array.from({ length: count }, (_, i) => (i * 3) % 4)
)
const params = (more: object = {}): Record<string, unknown> => ({
  ...defaultsOf(idx.fields, lookup),
  images: 'images',
  labels: 'labels',
  ...more
})
const context = (files: Record<string, Uint8Array | string>) => dataContext(1, { images, labels, ...files })
const load = (more: object = {}, files = {}): Data => idx.load(params(more), context(files))
const describeIt = (more: object = {}, files = {}): DataInfo => idx.describe(params(more), context(files))
const remarks = (more: object = {}, files = {}): string[] =>
  idx.remarks!(params(more), context(files)).map((p) => p.message.en)
const refused = (more: object = {}, files = {}, call: typeof load | typeof describeIt = describeIt): string[] => {
  try {
    call(more, files)
  } catch (e) {
    if (!(e instanceof InputError)) throw e
    for (const p of e.problems) expect(p.message.zh).toBeTruthy()
    return e.problems.map((p) => `${p.path} ${p.message.en}`)
  }
  throw new Error('was not refused')
}
const close = (a: ArrayLike<number>, b: number[]): void =>
  Array.from(b).forEach((v, i) => expect(a[i]).toBeCloseTo(v, 6))

describe('reading IDX files', () => {
  it('reads images row by row and labels as classes', () => {
    const d = load()
    expect(d).toMatchObject({
      count,
      inputShape: [6],
      targetShape: [4],
      task: 'multiclass',
      classes: ['0', '1', '2', '3'],
      picture: [2, 3]
    })
    close(
      d.x,
      pixels.map((v) => v / 255)
    )
    for (let i = 0; i < count; i++)
      expect([...d.y.subarray(4 * i, 4 * i + 4)]).toEqual([0, 1, 2, 3].map((k) => Number(k === (i * 3) % 4)))
  })
  it('reads the packed ones to the same bits', () => {
    const packed = { images: gzipSync(images), labels: gzipSync(labels) }
    expect(describeIt({}, packed)).toEqual(describeIt())
    expect(load({}, packed)).toEqual(load())
    expect(load({ examples: 7 }, packed).x).toEqual(load().x.slice(0, 42))
  })
  it('reads a packed file of several members, as cat makes them', () => {
    const joined = Uint8Array.from([...gzipSync(images.subarray(0, 50)), ...gzipSync(images.subarray(50))])
    expect(load({}, { images: joined }).x).toEqual(load().x)
  })
  it('reads files longer than one piece of unpacking, and only as far as asked', () => {
    const n = 40_000
    const big = idxBytes(
      'ubyte',
      [n, 4, 4],
      Array.from({ length: n * 16 }, (_, i) => (i * i) % 251)
    )
    const files = {
      images: gzipSync(big),
      labels: idxBytes(
        'ubyte',
        [n],
        Array.from({ length: n }, (_, i) => i % 10)
      )
    }
    const { x, y, ...rest } = load({ examples: 1e6 }, files)
    const plain = load({ examples: 1e6 }, { ...files, images: big })
    expect(rest).toEqual({ ...plain, x: undefined, y: undefined })
    // A million numbers one by one take the matcher ten seconds.
    for (const [own, wanted] of [
      [x, plain.x],
      [y, plain.y]
    ] as const)
      expect(Buffer.compare(Buffer.from(own.buffer), Buffer.from(wanted.buffer))).toBe(0)
    expect(load({ examples: 12 }, files).x).toHaveLength(12 * 16)
  })
  it.each([
    ['ubyte', [0, 1, 254, 255]],
    ['byte', [-128, -1, 0, 127]],
    ['short', [-32768, -2, 3, 32767]],
    ['int', [-2147483648, -2, 3, 2147483520]],
    ['float', [-1.5, 0.25, 3e38, 1e-38]],
    ['double', [-1.5, 0.25, 3e38, 1e-38]]
  ] as const)('reads the type %s, big-endian', (type, values) => {
    const d = load({ scaling: 'none', labels: '' }, { images: idxBytes(type, [2, 2], [...values]) })
    expect([...d.x]).toEqual([...Float32Array.from(values)])
  })
  it('scales bytes by their range, other numbers by what is there', () => {
    close(
      load({ scaling: 'symmetric' }).x,
      pixels.map((v) => (v / 255) * 2 - 1)
    )
    const images = idxBytes('short', [2, 2], [-10, 0, 5, 30])
    close(load({ labels: '' }, { images }).x, [0, 0.25, 0.375, 1])
    close(load({ labels: '', scaling: 'symmetric' }, { images }).x, [-1, -0.5, -0.25, 1])
    expect([...load({ labels: '' }, { images: idxBytes('short', [2, 2], [7, 7, 7, 7]) }).x]).toEqual([0, 0, 0, 0])
  })
  it('gives examples the shape that was chosen', () => {
    expect(load({ shape: 'image' })).toMatchObject({ inputShape: [2, 3, 1], x: load().x })
    expect(load({ shape: 'rows' })).toMatchObject({ inputShape: [2, 3], x: load().x })
    const colour = {
      images: idxBytes(
        'ubyte',
        [count, 2, 2, 3],
        Array.from({ length: count * 12 }, (_, i) => i)
      )
    }
    expect(load({ shape: 'image' }, colour)).toMatchObject({ inputShape: [2, 2, 3] })
    expect(load({}, colour)).toMatchObject({ inputShape: [12] })
    expect(load({}, { images: idxBytes('ubyte', [count], pixels.slice(0, count)) })).toMatchObject({ inputShape: [1] })
    expect(refused({ shape: 'rows' }, colour)[0]).toMatch(/^data\.dataset\.shape .*2 × 2 × 3/)
    expect(refused({ shape: 'image' }, { images: idxBytes('ubyte', [count, 4], pixels) })[0]).toMatch(
      /^data\.dataset\.shape .*choose "flat"/
    )
  })
  it('learns to give back the image where there are no labels', () => {
    const d = load({ labels: '' })
    expect(d).toMatchObject({ task: 'regression', targetShape: [6], y: d.x })
    expect(d.y).not.toBe(d.x)
    expect(remarks({ labels: '' })).toEqual([expect.stringContaining('give back its input')])
  })
  it('codes two classes as one 0/1 output, unless told', () => {
    const labels = idxBytes(
      'int',
      [count],
      Array.from({ length: count }, (_, i) => (i % 2 ? 9 : -3))
    )
    expect(load({}, { labels })).toMatchObject({ task: 'binary', classes: ['-3', '9'], targetShape: [1] })
    expect(load({ coding: 'oneHot' }, { labels })).toMatchObject({ task: 'multiclass', targetShape: [2] })
  })
  it('says what of the file it leaves unread', () => {
    expect(remarks()).toEqual([])
    expect(remarks({ examples: 3 })).toEqual([
      'the first 3 of 20 examples are read',
      'none of them is of class 1: read more'
    ])
    expect(load({ examples: 3 })).toMatchObject({ count: 3, targetShape: [4] })
  })
  it.each<[string, number[], string[]]>([
    [
      '255 beside classes that count up',
      [0, 1, 2, 255],
      ['5 labels are 255, first that of example 4, and all others 0 to 2']
    ],
    ['−1', [0, 1, 2, -1], ['5 labels are -1, first that of example 4, and all others 0 to 2']],
    ['not classes that have no order', [10, 20, 30, 90], []],
    ['not one class that is absent', [0, 1, 2, 4], []],
    ['not the second of two', [0, 0, 255, 255], []]
  ])('says which label lies apart: %s', (_name, kinds, said) => {
    const odd = idxBytes(
      'short',
      [count],
      Array.from({ length: count }, (_, i) => kinds[i % 4]!)
    )
    expect(remarks({}, { labels: odd }).map((r) => r.split(':')[0])).toEqual(said)
  })
  it('says where all values are the same', () => {
    const same = idxBytes('ubyte', [3, 2, 2], new Array<number>(12).fill(7))
    expect(remarks({ labels: '' }, { images: same }).join()).toMatch(/all values of the first 3 examples are 7/)
  })
  it('gives some of each class to look at', () => {
    const d = idx.sample!(params(), context({}), 8)
    expect(d.count).toBe(8)
    const all = load()
    // The first two of each of the four classes.
    expect(d.x).toEqual(all.x.slice(0, 48))
    expect(
      [0, 1, 2, 3].map((k) => Array.from({ length: 8 }, (_, i) => d.y[4 * i + k]!).reduce((a, b) => a + b))
    ).toEqual([2, 2, 2, 2])
  })
})

describe('an IDX file is refused', () => {
  const noise = idxBytes(
    'ubyte',
    [1000, 2, 3],
    Array.from({ length: 6000 }, (_, i) => Math.floor(Math.abs(Math.sin(i) * 1e4)) % 100)
  )
  const cut = (file: Uint8Array, n: number): Uint8Array => file.slice(0, n)
  it.each<[string, object, Record<string, Uint8Array | string>, RegExp]>([
    ['when none is chosen', { images: '' }, {}, /^data\.dataset\.images needs a file/],
    ['when it is not there', { images: 'gone' }, {}, /"gone" is not in this project/],
    ['when it is a table', {}, { images: 'a,b\n1,2' }, /^data\.dataset\.images "images" is not an IDX file/],
    [
      'with another beginning',
      {},
      { images: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1]) },
      /begins with the bytes 89 50 4e 47.*00 00/
    ],
    [
      'packed twice',
      {},
      { images: gzipSync(gzipSync(images)) },
      /^data\.dataset\.images is packed with gzip once more, no IDX/
    ],
    ['as a zip in a gzip', {}, { images: gzipSync(Uint8Array.from([0x50, 0x4b, 3, 4, 5])) }, /unpack the zip/],
    ...Object.entries({
      '\x89PNG\r\n\x1a\n\0': 'a PNG picture',
      '\xff\xd8\xff\xe0\0': 'a JPEG picture',
      'BM\x36\0\x0c\0\0\0\0\0\x36\0\0\0': 'a BMP picture',
      'II*\0\x08': 'a TIFF picture',
      'RIFF\x24\0\0\0WEBPVP8 ': 'a WebP picture',
      'P5\n# made\n28 28\n255\n': 'a picture of the PNM formats',
      '\0\0\0\x18ftypheic': 'a HEIC or AVIF picture',
      '\x93NUMPY\x01\0': 'a NumPy array',
      '\x89HDF\r\n\x1a\n': 'an HDF5 file',
      '\x80\x04\x95\0': 'a Python pickle',
      BZh91AY: 'packed with bzip2'
    }).map(([start, name]): [string, object, Record<string, Uint8Array>, RegExp] => [
      `as ${name}`,
      {},
      { images: Uint8Array.from(start, (c) => c.charCodeAt(0)) },
      new RegExp(`is ${name}.*, no IDX file`)
    ]),
    ['as a zip', {}, { images: Uint8Array.from([0x50, 0x4b, 3, 4, 5]) }, /unpack the zip/],
    [
      'with an unknown type',
      {},
      { images: Uint8Array.from([0, 0, 0x0a, 1, 0, 0, 0, 1, 5]) },
      /unknown type code 0x0a; known: 0x08 ubyte/
    ],
    ['without axes', {}, { images: Uint8Array.from([0, 0, 8, 0, 1]) }, /0 axes/],
    ['when empty', {}, { images: new Uint8Array(0) }, /has 0 byte/],
    ['cut off in its header', {}, { images: cut(images, 10) }, /header: expected 16 bytes of it, there are 10/],
    ['cut off', {}, { images: cut(images, 100) }, /20 × 2 × 3 ubyte\) makes 136 bytes, it has 100/],
    [
      'cut off before it was packed',
      {},
      { images: gzipSync(cut(images, 100)) },
      /makes 136 bytes unpacked, it has 100/
    ],
    [
      'cut off when packed',
      {},
      { images: cut(gzipSync(noise), gzipSync(noise).length >> 1) },
      /the gzip file is cut off.*makes 6,016 bytes unpacked, it has [1-5],\d\d\d/
    ],
    [
      'of which hardly anything is left',
      {},
      { images: cut(gzipSync(images), 14) },
      /the gzip file is cut off.*its 14 bytes unpack to 3/
    ],
    [
      'cut off in the header of gzip',
      {},
      { images: cut(gzipSync(images), 8) },
      /the gzip file is cut off.*its 8 bytes unpack to 0/
    ],
    [
      'longer than it says',
      {},
      { images: Uint8Array.from([...images, 0]) },
      /longer than its header says.*136 bytes, it has 137/
    ],
    ['without examples', {}, { images: idxBytes('ubyte', [0, 2, 3], []) }, /empty: its shape is 0 × 2 × 3/],
    [
      'when the labels are cut off',
      {},
      { labels: cut(labels, 20) },
      /^data\.dataset\.labels .*makes 28 bytes, it has 20/
    ],
    [
      'when labels and images are not as many',
      {},
      {
        labels: idxBytes(
          'ubyte',
          [19],
          Array.from({ length: 19 }, (_, i) => i)
        )
      },
      /^data\.dataset\.labels has 19 labels, and there are 20 images/
    ],
    [
      'when a label is no whole number',
      {},
      {
        labels: idxBytes(
          'float',
          [count],
          Array.from({ length: count }, (_, i) => (i === 6 ? 2.5 : i))
        )
      },
      /label 7 is 2\.5/
    ],
    ['when the labels are images', { labels: 'images' }, {}, /^data\.dataset\.labels holds 20 × 2 × 3 values/],
    [
      'when there is one class only',
      {},
      { labels: idxBytes('ubyte', [count], Array(count).fill(3) as number[]) },
      /every label is 3/
    ],
    [
      'with too many classes',
      {},
      {
        images: idxBytes('ubyte', [1001, 1], Array(1001).fill(0) as number[]),
        labels: idxBytes(
          'short',
          [1001],
          Array.from({ length: 1001 }, (_, i) => i)
        )
      },
      /1,001 different labels/
    ]
  ])('%s', (_name, more, files, why) => expect(refused(more, files)[0]).toMatch(why))

  it('that would not fit into memory, saying how many would', () => {
    const header = Uint8Array.from([0, 0, 8, 3, 0, 1, 0x86, 0xa0, 0, 0, 0x0f, 0xa0, 0, 0, 0x0f, 0xa0])
    // 100,000 images of 4000 × 4000: a header of a file whose bytes nobody reads before the check.
    const size = 100_000 * 16e6 + 16
    const file = new Proxy(header, {
      get(bytes, key) {
        const own: unknown = key === 'length' ? size : Reflect.get(bytes, key, bytes)
        return typeof own === 'function' ? (own.bind(bytes) as unknown) : own
      }
    })
    expect(refused({ labels: '' }, { images: file })[0]).toMatch(
      /^data\.dataset\.examples 10,000 examples of 4000 × 4000.*at most 15$/
    )
  })
  it('with a number that is none', () => {
    expect(refused({ labels: '' }, { images: idxBytes('double', [2, 2], [1, 2, NaN, 4]) }, load)[0]).toMatch(
      /example 2 holds a value .*NaN/
    )
    expect(refused({ labels: '' }, { images: idxBytes('double', [2, 2], [1, 1e300, 3, 4]) }, load)[0]).toMatch(
      /example 1 holds .*1e\+300/
    )
  })
  it.each([1, 4, 8, 9, 12])('packed without its last %i bytes', (missing) => {
    const packed = gzipSync(images)
    expect(refused({}, { images: cut(packed, packed.length - missing) }, load)[0]).toMatch(
      /^data\.dataset\.images the gzip file is cut off/
    )
  })
  it('in little-endian, packed or not, whole or in its lengths only', () => {
    const swapped = images.slice()
    for (let at = 4; at < 16; at += 4)
      swapped.set(
        images
          .subarray(at, at + 4)
          .slice()
          .reverse(),
        at
      )
    const whole = Uint8Array.from([...images.subarray(0, 4).slice().reverse(), ...swapped.subarray(4)])
    for (const file of [swapped, whole, gzipSync(swapped), gzipSync(whole)])
      expect(refused({}, { images: file })[0]).toMatch(/little-endian header/)
  })
  it.each(['short', 'int', 'float', 'double'] as const)('in little-endian in its values only, of type %s', (type) => {
    const bytes = { short: 2, int: 4, float: 4, double: 8 }[type]
    const file = idxBytes(type, [4, 2], [0, 1, 2, 3, 5, 8, 13, 100])
    for (let at = 12; at < file.length; at += bytes) file.subarray(at, at + bytes).reverse()
    expect(refused({ labels: '' }, { images: file }, load)[0]).toMatch(/little-endian values of type/)
  })
  it('in little-endian in its values only, where these are as large either way', () => {
    const values = Array.from({ length: 128 }, (_, i) => (i * 997) % 30_000)
    const file = idxBytes('short', [8, 16], values)
    expect(load({ labels: '' }, { images: file }).count).toBe(8)
    for (let at = 12; at < file.length; at += 2) file.subarray(at, at + 2).reverse()
    expect(refused({ labels: '' }, { images: file }, load)[0]).toMatch(/little-endian values of type short/)
  })
  it('that holds one whole number an example, as labels do', () => {
    expect(refused({ labels: '' }, { images: labels })[0]).toMatch(/^data\.dataset\.images holds one whole number/)
    expect(refused({}, { images: labels, labels: images })[0]).toMatch(/choose the file of images/)
  })
  it('with its channels first, as an image', () => {
    const first = idxBytes('ubyte', [2, 3, 8, 8], new Array<number>(384).fill(1))
    const last = idxBytes('ubyte', [2, 8, 8, 3], new Array<number>(384).fill(1))
    expect(refused({ labels: '', shape: 'image' }, { images: first })[0]).toMatch(/as if its 3 channels stood first/)
    expect(describeIt({ labels: '', shape: 'flat' }, { images: first }).inputShape).toEqual([192])
    expect(describeIt({ labels: '', shape: 'image' }, { images: last }).inputShape).toEqual([8, 8, 3])
  })
  it('with damaged packing', () => {
    const packed = gzipSync(images, { level: 0 })
    packed[60]! ^= 1
    expect(refused({}, { images: packed }, load)[0]).toMatch(/damaged: its checksum is wrong/)
    const raw = deflateSync(images)
    const broken = Uint8Array.from([
      ...gzipSync(images).slice(0, 10),
      0xff,
      0xff,
      ...raw,
      ...gzipSync(images).slice(-8)
    ])
    expect(refused({}, { images: broken }, load)[0]).toMatch(
      /^data\.dataset\.images (the gzip file is damaged|is no IDX file)/
    )
  })
  it('whose type code is that of other values', () => {
    const whole = idxBytes(
      'int',
      [4, 4],
      Array.from({ length: 16 }, (_, i) => i * 1000)
    )
    whole[2] = 0x0d
    expect(refused({ labels: '' }, { images: whole }, load)[0]).toMatch(/of type float.*as int only.*0x0c/)
    const real = idxBytes(
      'float',
      [4, 4],
      Array.from({ length: 16 }, (_, i) => i / 16)
    )
    real[2] = 0x0c
    expect(refused({ labels: '' }, { images: real }, load)[0]).toMatch(/of type int.*as float only.*0x0d/)
  })
  it.each<[string, number[], (v: number, i: number) => number]>([
    ['whole numbers beyond 2^26', [4, 4], (v) => v + 1e9],
    ['small whole numbers', [4, 4], (v) => v],
    ['zeros', [4, 4], () => 0]
  ])('but not one of %s', (_name, shape, of) => {
    const file = idxBytes(
      'int',
      shape,
      Array.from({ length: 16 }, (_, i) => of(i * 7, i))
    )
    expect(load({ labels: '' }, { images: file }).count).toBe(4)
  })
  it('that was copied as text', () => {
    const values = Array.from({ length: 80 }, (_, i) => (i * 5) % 200)
    const file = Buffer.from(idxBytes('ubyte', [10, 8], values)).toString('latin1')
    const ftp = Uint8Array.from(Buffer.from(file.replaceAll('\n', '\r\n'), 'latin1'))
    expect(refused({ labels: '' }, { images: ftp })[0]).toMatch(/each byte 0a has a 0d before it/)
    expect(refused({ labels: '' }, { images: Uint8Array.from(Buffer.from(file, 'utf8')) })[0]).toMatch(
      /letters of UTF-8/
    )
  })
  it.each<[string, string, RegExp]>([
    ['a table', 'label,p1\n1,2\n', /it is text, such as "label,p1"; for a table choose/],
    ['a web page', '<!DOCTYPE html><html>', /it is XML or HTML/],
    ['nothing', '', /it is empty/]
  ])('that is %s', (_name, text, what) => expect(refused({}, { images: text })[0]).toMatch(what))
  it('whose labels are one-hot', () => {
    const hot = idxBytes(
      'ubyte',
      [count, 4],
      Array.from({ length: count * 4 }, (_, i) => +((i >> 2) % 4 === i % 4))
    )
    expect(refused({}, { labels: hot })[0]).toMatch(/holds 4 numbers an example, one of which is 1.*\(0 to 3\)/)
  })
})
describe('a remark tells', () => {
  it('classes that have one example', () => {
    const rare = idxBytes(
      'ubyte',
      [count],
      Array.from({ length: count }, (_, i) => (i === 5 ? 9 : i % 3))
    )
    expect(remarks({}, { labels: rare })).toContainEqual(
      '1 of 4 classes has one example (9): they can be learnt or validated, not both'
    )
    const ids = idxBytes(
      'short',
      [count],
      Array.from({ length: count }, (_, i) => i * 100)
    )
    expect(remarks({}, { labels: ids }).join()).toMatch(/20 of 20 classes have one example each .*are these the labels/)
  })
  it('bytes that are scaled to next to nothing', () => {
    const narrow = idxBytes(
      'ubyte',
      [count, 2, 2],
      Array.from({ length: count * 4 }, (_, i) => (i * 7) % 17)
    )
    expect(remarks({}, { images: narrow }).join()).toMatch(/no value is above 16, .* differ by 0\.063 at most/)
    expect(remarks({ scaling: 'none' }, { images: narrow })).toEqual([])
  })
  it('examples that are all the same', () => {
    const same = idxBytes(
      'ubyte',
      [count, 2, 2],
      Array.from({ length: count * 4 }, (_, i) => 50 * (i % 4))
    )
    expect(remarks({}, { images: same }).join()).toMatch(/the first 20 examples are all the same/)
  })
})
