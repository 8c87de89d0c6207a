import { expect, it } from 'vitest'
import type { Language } from '@shared/base/text'
import type { HomeCheck } from '@shared/ipc/home'
import { reasonOf } from '@/features/views/home/reason'
import { i18n } from '@/i18n'

type Unsaid = Exclude<HomeCheck, { state: 'checked' | 'failed' }>
const said = (check: Unsaid, locale: Language): string =>
  reasonOf(
    check,
    (key, values, plural) => i18n.global.t(key, values, { locale, ...(plural !== undefined && { plural }) }),
    (text) => text[locale]
  )
const missing: Unsaid = { state: 'missing', modules: ['torch', 'numpy'] }
const lacks = [
  { module: 'numpy', least: '1.24' },
  { module: 'torch', least: '2.5', version: '2.0.1+cpu' }
]

it.each<[string, Unsaid, string, string]>([
  [
    'there is no Python',
    missing,
    'no Python was found. Run this where there is one with torch, numpy:',
    '没有找到 Python。请在装有 torch、numpy 的 Python 环境中运行：'
  ],
  [
    'no Python has what it takes',
    { ...missing, nearest: { python: '/usr/bin/python3', lacks } },
    '/usr/bin/python3 lacks numpy 1.24 or later, torch 2.5 or later (it has 2.0.1+cpu). Install it there, choose another Python, or run this where there is all of it:',
    '/usr/bin/python3 缺少 numpy 1.24 或更新版本、torch 2.5 或更新版本（现有 2.0.1+cpu）。请在其中安装、选择另一个 Python，或在齐备的环境中运行：'
  ],
  [
    'the check stopped',
    { state: 'broken', text: 'MemoryError: {n} @:a | b' },
    'the check stopped before its end, with these words: MemoryError: {n} @:a | b Run it yourself:',
    '核对中途停止，输出为：MemoryError: {n} @:a | b 请自行运行：'
  ],
  [
    'the check could not begin',
    { state: 'broken', text: { en: 'no room', zh: '没有空间' } },
    'the check stopped before its end, with these words: no room Run it yourself:',
    '核对中途停止，输出为：没有空间 请自行运行：'
  ],
  [
    'the check took too long',
    { state: 'slow', minutes: 5 },
    'the check took longer than 5 minutes and was ended. Run it yourself:',
    '核对超过 5 分钟，已终止。请自行运行：'
  ]
])('says in both languages that %s', (_what, check, en, zh) => {
  expect([said(check, 'en'), said(check, 'zh')]).toEqual([en, zh])
})
