import { expect, it } from 'vitest'
import type { Language } from '@shared/base/text'
import type { HomeCheck, PassedOver } from '@shared/ipc/home'
import { passedOf, reasonOf } from '@/features/views/home/reason'
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
    'no Python that works was found. Choose one, or run this where there is one with torch, numpy:',
    '没有找到可用的 Python。请选择一个，或在装有 torch、numpy 的 Python 环境中运行：'
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
    'the check stopped without a word',
    { state: 'broken', text: '' },
    'the check stopped before its end without a word. Run it yourself:',
    '核对中途停止，没有任何输出。请自行运行：'
  ],
  [
    'the check was stopped',
    { state: 'stopped' },
    'the check was stopped. Run it yourself:',
    '核对已停止。请自行运行：'
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

it.each<PassedOver>([
  { python: '/p', why: 'absent' },
  { python: '/p', why: 'denied' },
  { python: '/p', why: 'hangs' },
  { python: '/p', why: 'fails', text: '' },
  { python: '/p', why: 'fails', text: '{n} @:a | b' },
  { python: '/p', why: 'lacks', lacks }
])('says in both languages why the chosen Python was not used: %o', (passed) => {
  const of = (locale: Language): string => passedOf(passed, (key, values) => i18n.global.t(key, values, { locale }))
  expect(of('en')).toMatch(/^The Python you chose, \/p, was not used: [a-z]/)
  expect(of('zh')).toMatch(/^未使用您选择的 Python（\/p）：[\u4e00-\u9fff]/)
  if (passed.why === 'fails') expect(of('en')).toContain(passed.text)
})
