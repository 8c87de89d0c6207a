import { layers } from '../catalog/layers'
import type { Text } from '../base/text'

/** Names that new parts of a network are given, beside those of the kinds. */
const GIVEN: Readonly<Record<string, string>> = {
  Output: '输出',
  'Hidden stack': '隐藏层堆叠',
  Block: '块',
  Layer: '层',
  Conv: '卷积',
  Convolutions: '卷积堆叠',
  'Picture 8 × 8': '图像 8 × 8',
  'Mean of each channel': '各通道均值',
  'Grey levels': '灰度级'
}

/**
 * A layer's or block's name in every language: one that nobody made up (`Dense 2`, `Output`) is translated, any other
 * stays as it is.
 */
export function nameText(name: string, kind?: string): Text {
  const [, base = name, number = ''] = /^(.*?)( \d+)?$/.exec(name) ?? []
  const own = kind === undefined ? undefined : layers.find(kind)?.name
  if (GIVEN[name]) return { en: name, zh: GIVEN[name]! }
  const zh = own?.en === base ? own.zh : GIVEN[base]
  return { en: name, zh: zh === undefined ? name : zh + number }
}
