// cspell:disable, because it holds words of many languages
import { gzipSync, zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { datasets, type Attachment } from '@shared/catalog/datasets'
import { encodings, type Encoding } from '@shared/catalog/datasets/parts/encoding'
import { asAttachment, noTable, openTable } from '@shared/catalog/datasets/parts/tableFile'
import { outcome, table } from './outcome'
import { defaultsOf } from '@shared/base/params'
import { InputError } from '@shared/base/problems'
import { lookup } from '@shared/experiment/lookup'

const csv = datasets.get('csv')
const params = (more: object = {}) => ({ ...defaultsOf(csv.fields, lookup), file: 't.csv', ...more })
const context = (content: Attachment) => ({ seed: 1, readFile: () => content })
const encode = (text: string, encoding: string, bom = false): Uint8Array =>
  new Uint8Array(iconv.encode(text, encoding, { addBOM: bom }))
const refusal = (content: Attachment, encoding: Encoding | 'auto' = 'auto', most?: number): string => {
  try {
    openTable(content, encoding, most)
  } catch (error) {
    if (error instanceof InputError) return error.problems.map((p) => `${p.path} ${p.message.en}`).join('\n')
    throw error
  }
  throw new Error('nothing was refused')
}
const GERMAN = 'tier,farbe\n1,Bär\n2,Bür\n3,Bör\n'

describe('the encoding of a table', () => {
  it.each([
    ['katakana', 'a,c\n1,リンゴ\n2,バナナ\n3,リンゴ\n4,ミカン\n'],
    ['hiragana', 'a,c\n1,りんご\n2,みかん\n3,りんご\n'],
    ['kana in the names alone', 'あじ,いろ,y\n1,2,3\n2,3,4.5\n']
  ])('is told by few Japanese letters: %s', (_name, text) =>
    expect(openTable(encode(text, 'shift_jis'), 'auto').text).toBe(text)
  )
  it.each<[string, string, Encoding]>([
    ['German', GERMAN, 'windows-1252'],
    ['French', 'ville,pop\nOrléans,1\nNîmes,2\nBesançon,3\n', 'windows-1252'],
    ['Swedish', 'ort,y\nÅre,1\nMalmö,2\nGöteborg,3\n', 'windows-1252'],
    ['one letter', 'c,y\nä,1\nb,2\n', 'windows-1252'],
    ['a sign in the header', 'T °C,area m²\n1,2\n', 'windows-1252'],
    ['euros', 'preis,y\n3 €,1\n4 €,2\n', 'windows-1252'],
    ['Polish', 'miasto,y\nŁódź,1\nKraków,2\nGdańsk,3\nPoznań,4\n', 'windows-1250'],
    ['Czech', 'město,y\nPlzeň,1\nDěčín,3\nČeské Budějovice,4\n', 'windows-1250'],
    ['Russian', 'класс,y\nда,1\nнет,2\n', 'windows-1251'],
    ['Russian in KOI8', 'город,y\nМосква,1\nКазань,3\n', 'koi8-r'],
    ['Greek', 'πόλη,y\nΑθήνα,1\nΠάτρα,1\n', 'windows-1253'],
    ['Turkish', 'şehir,y\nİstanbul,1\nMuğla,3\nIğdır,4\n', 'windows-1254'],
    ['Hebrew', 'עיר,y\nירושלים,1\n', 'windows-1255'],
    ['Chinese', '类别,值\n是,1\n否,2\n', 'gb18030'],
    ['Chinese in Taiwan', '性別,年齡,y\n男,1,2\n女,2,3\n', 'big5'],
    ['Japanese', '都市,値\n東京,1\nなごや,3\n', 'shift_jis'],
    ['Japanese in EUC', '都市,値\n東京,1\n大阪,2\nなごや,3\n', 'euc-jp'],
    ['Korean', '도시,값\n서울,1\n부산,2\n', 'cp949'],
    ['few Polish words in ISO 8859-2', 'miasto,y\nŁódź,1\nŚląsk,2\n', 'iso-8859-2'],
    ['few Czech words in ISO 8859-2', 'barva,y\nžluť,1\nmodř,2\n', 'iso-8859-2'],
    ['few Croatian words in ISO 8859-2', 'spol,y\nmuško,1\nžensko,2\n', 'iso-8859-2'],
    ['the same in Windows-1250', 'spol,y\nmuško,1\nžensko,2\n', 'windows-1250'],
    ['few Hungarian words', 'nem,y\nférfi,1\nnő,2\n', 'windows-1250'],
    ['few French words', 'saison,y\nété,1\naoût,2\n', 'windows-1252'],
    ['a few words of DOS', 'c,y\nBär,1\nBür,2\n', 'cp850'],
    ['a few words of a Mac', 'c,y\nété,1\naoût,2\n', 'macintosh'],
    ['Polish of DOS', 'miasto,y\nŁódź,1\nŚląsk,2\n', 'cp852'],
    ['Russian in ISO 8859-5', 'пол,y\nмужской,1\nженский,2\n', 'iso-8859-5'],
    ['Ukrainian in KOI8', 'c,y\nжінка,1\nїжа,2\n', 'koi8-u'],
    ['one Chinese letter each', 'c,y\n男,1\n女,2\n', 'gb18030'],
    ['one Japanese letter each', 'c,y\n男,1\n女,2\n', 'euc-jp'],
    ['the same in Shift-JIS', 'c,y\n男,1\n女,2\n', 'shift_jis'],
    ['one Korean letter each', 'c,y\n남,1\n여,2\n', 'cp949'],
    ['Chinese of rarer words', `c,y\n${'苹果 香蕉 橙子 葡萄 西瓜 草莓'.split(' ').join(',1\n')},2\n`, 'gb18030'],
    ['more Chinese words', `c,y\n${'猫 狗 兔 狐狸 松鼠 老虎 狮 熊猫 鸭 鹅'.split(' ').join(',1\n')},2\n`, 'gb18030'],
    ['French thousands', 'a;y\n1\u00a0234;1\n12\u00a0345;2\n', 'windows-1252'],
    ['signs of units alone', 'c,y\n°C,1\nµg,2\n', 'windows-1252'],
    ['UTF-16 without a mark', GERMAN, 'utf-16le'],
    ['UTF-16 the other way round', '城市,值\n北京,1\n', 'utf-16be']
  ])('is told by its bytes: %s', (_name, text, encoding) => {
    const { text: read, remarks } = openTable(encode(text, encoding), 'auto')
    expect(read).toBe(text)
    const name = encodings.find(([id]) => id === encoding)![1]
    expect(remarks).toMatchObject([{ code: 'encoding', message: { en: expect.stringContaining(name) as string } }])
  })
  it.each<[string, string, string, RegExp]>([
    [
      'a Mac or DOS',
      'c,y\nmännlich,1\n',
      'macintosh',
      /in Mac Roman they are "männlich"; in CP850 \(DOS\) they are "mènnlich"/
    ],
    [
      'single Russian letters',
      'c,y\nМ,1\nЖ,2\n',
      'windows-1251',
      /in Windows-1251 they are "М", "Ж"; in KOI8-R they are "л", "ф"/
    ],
    ['kana of half the width', 'c,y\nﾄｳｷｮｳ,1\n', 'shift_jis', /in Shift-JIS they are "ﾄｳｷｮｳ"/],
    ['an encoding that is not known', 'c,y\nذكر,1\nأنثى,2\n', 'iso-8859-6', /are no words in any that is known/]
  ])('is asked for where few words do not tell it: %s', (_name, text, encoding, message) => {
    const problem = refusal(encode(text, encoding))
    expect(problem).toMatch(message)
    expect(problem).toMatch(/^data\.dataset\.encoding .*Choose the file's encoding/)
  })
  it('that was guessed shows words, and how else they may read', () =>
    expect(openTable(encode('c,y\nété,1\naoût,2\n', 'latin1'), 'auto').remarks[0]!.message.en).toContain(
      'read as Windows-1252 (Latin-1) ("été", "août"): choose another encoding if its words look wrong; in Windows-1250 they are "été", "aoűt"'
    ))
  it('is told by its mark', () => {
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      const { text, remarks } = openTable(encode(GERMAN, encoding, true), 'auto')
      expect(text).toBe(GERMAN)
      expect(remarks[0]!.message.en).toMatch(/UTF-16 .E, as its byte-order mark says/)
    }
  })
  it('needs no remark when it is UTF-8, with whatever letters', () => {
    for (const text of [GERMAN, '城市,值\n北京,1\n', 'a,b\n1,2\n'])
      expect(openTable(encode(text, 'utf8'), 'auto')).toEqual({ text, remarks: [] })
    expect(csv.remarks!(params({ target: 'farbe' }), context(encode(GERMAN, 'utf8', true)))).toEqual([])
  })
  it.each(encodings.map(([id]) => id))('can be set: %s', (encoding) => {
    const text = encode('a,é\n1,Straße\n', encoding)
    const kept = iconv.decode(Buffer.from(text), encoding)
    expect(openTable(text, encoding)).toEqual({ text: kept, remarks: [] })
  })
  it('can be set for a file that was attached as text', () => {
    const mojibake = asAttachment(encode('class,y\nÃ¤,1\n', 'utf8'))
    expect(typeof mojibake).toBe('string')
    expect(openTable(mojibake, 'windows-1252').text).toContain('ÃƒÂ¤')
  })
  it('never merges classes that differ in one letter', () => {
    expect(csv.describe(params({ target: 'farbe' }), context(encode(GERMAN, 'latin1'))).classes).toEqual([
      'Bär',
      'Bör',
      'Bür'
    ])
  })
  it('that has no character for a byte is refused with line and character', () => {
    const bytes = encode(GERMAN, 'windows-1252')
    bytes[bytes.length - 3] = 0x81
    expect(refusal(bytes)).toMatch(/^data\.dataset\.file line 4, character 4: the bytes are no text in Windows-1252/)
    const utf8 = encode('城市,值\n北京,1\n上海,2\n', 'utf8')
    utf8[15] = 0xff
    expect(refusal(utf8)).toMatch(/line 2, character 2: the bytes are no text in UTF-8/)
    expect(refusal(encode(GERMAN, 'windows-1252'), 'utf-8')).toMatch(/line 2, character 4.*and neither are 2 more/)
  })
  it('of binary data is none', () => {
    const bytes = Uint8Array.from({ length: 400 }, (_, i) => (i * 7) % 256)
    expect(() => csv.describe(params(), context(bytes))).toThrow(/binary data|no text/)
  })
})

describe('a packed table', () => {
  const bytes = encode(GERMAN, 'windows-1252')
  it('is opened, gzip or zip, whatever its encoding', () => {
    const zipped = zipSync({
      'data/t.csv': bytes,
      '__MACOSX/data/._t.csv': new Uint8Array(9),
      'data/': new Uint8Array(0)
    })
    for (const packed of [gzipSync(bytes), zipped]) {
      const { text, remarks } = openTable(packed, 'auto')
      expect(text).toBe(GERMAN)
      expect(remarks.map((r) => r.code)).toEqual(['unpacked', 'encoding'])
    }
  })
  it('of several files is refused with their names', () => {
    expect(refusal(zipSync({ 'a.csv': bytes, 'b.csv': bytes }))).toMatch(/zip of 2 files \(a\.csv, b\.csv\)/)
    expect(refusal(zipSync({}))).toMatch(/zip/)
    expect(refusal(zipSync({ 'xl/workbook.xml': bytes, '[Content_Types].xml': bytes }))).toMatch(/spreadsheet/)
  })
  it('that is cut off or damaged is refused as that', () => {
    const gz = gzipSync(bytes)
    for (const missing of [1, 8, 12])
      expect(refusal(gz.subarray(0, gz.length - missing))).toMatch(/gzip file is cut off/)
    const wrong = gz.slice()
    wrong[wrong.length - 6]! ^= 1
    expect(refusal(wrong)).toMatch(/checksum is wrong/)
    const zip = zipSync({ 'a.csv': bytes })
    expect(refusal(zip.subarray(0, zip.length - 10))).toMatch(/the zip cannot be read.*cut off/)
  })
  it('that would not fit is refused as soon as that is known', () => {
    const member = gzipSync(new Uint8Array(2 ** 19))
    const bomb = new Uint8Array(member.length * 3)
    for (let i = 0; i < 3; i++) bomb.set(member, i * member.length)
    expect(refusal(bomb, 'auto', 2 ** 20)).toMatch(/unpacks to more than 1 MB/)
    const zip = zipSync({ 'a.csv': bytes })
    const at = zip.findIndex((_, i) => zip[i] === 0x50 && zip[i + 1] === 0x4b && zip[i + 2] === 1 && zip[i + 3] === 2)
    new DataView(zip.buffer, zip.byteOffset).setUint32(at + 24, 2 ** 30, true)
    expect(refusal(zip)).toMatch(/unpacks to more than 512 MB/)
  })
})

it('unpacks a zip once: to look whether it is a table, to open it, and to open it in another encoding', () => {
  const packed = zipSync({ 'a.csv': encode(GERMAN, 'windows-1252') })
  expect(noTable(packed, 'a.zip')).toEqual([])
  // What is left is no zip that could be unpacked again.
  packed.fill(0, 4)
  expect(openTable(packed, 'auto').text).toBe(GERMAN)
  expect(openTable(packed, 'windows-1252').text).toBe(GERMAN)
})

describe('UTF-7', () => {
  const rows = (cells: string[]): string =>
    table(
      Array.from({ length: 12 }, (_, i) => cells[i % cells.length]!),
      'name'
    )
  it('is told by its letters, and read with a remark', () => {
    const { data, remarks } = outcome(rows(['Gr+APYA3w-e', 'Stra+AN8-e', 'K+APY-ln']))
    expect(data!.featureNames).toEqual(['name=Größe', 'name=Köln', 'name=Straße'])
    expect(remarks.map((r) => r.code)).toContain('encoding')
  })
  it.each([
    ['blood groups', ['A+', 'B+', 'AB-']],
    ['sums', ['alpha+beta', 'gamma+delta']],
    ['Base64', ['a+bcd/ef==', 'x+yzw/qq==']],
    ['telephones', ['+4930123-4567', '+4930765-4321']]
  ])('is none of %s', (_name, cells) =>
    expect(outcome(rows(cells)).remarks.map((r) => r.code)).not.toContain('encoding')
  )
})
