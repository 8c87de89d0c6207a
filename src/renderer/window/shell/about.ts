import type { Text } from '@shared/base/text'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'

const NAMES: Readonly<Record<string, Text>> = {
  tensorflow: { en: 'TensorFlow', zh: 'TensorFlow' },
  'tfjs-node': { en: 'tfjs-node', zh: 'tfjs-node' },
  engine: { en: 'Training engine', zh: '训练引擎' },
  electron: { en: 'Electron', zh: 'Electron' },
  chromium: { en: 'Chromium', zh: 'Chromium' },
  node: { en: 'Node.js', zh: 'Node.js' },
  platform: { en: 'Platform', zh: '平台' },
  cpu: { en: 'CPU', zh: 'CPU' },
  threads: { en: 'Threads', zh: '线程' }
}
type Versions = Readonly<Record<string, string>>
/** One line for each version, those that everybody asks for first. */
const listed = (versions: Versions, l: keyof Text): string =>
  Object.entries(NAMES)
    .flatMap(([key, name]) => (versions[key] ? [`${name[l]} ${versions[key]}`] : []))
    .join('\n')

/** Says what the program is made of, and what the run on screen was made with where that differs. */
export async function about(): Promise<void> {
  const ui = useUi()
  const runs = useRuns()
  const { versions, platform, cpu, threads } = await window.clinic.info()
  const here: Versions = { platform, cpu, threads: String(threads), ...versions }
  const apart = Object.fromEntries(
    Object.entries(runs.current?.schema?.versions ?? {}).filter(([key, value]) => here[key] !== value)
  )
  const support = supportOf(versions['electron'] ?? '')
  const made = (l: keyof Text): string | undefined => listed(apart, l) || undefined
  const body = (l: keyof Text): string =>
    [
      { en: 'Free software, licensed under Apache-2.0.', zh: '自由软件，以 Apache-2.0 许可证发布。' }[l],
      listed(here, l),
      made(l) && `${{ en: 'The run on screen was made with:', zh: '显示的运行所用：' }[l]}\n${made(l)}`,
      support?.[l]
    ]
      .filter(Boolean)
      .join('\n\n')
  const title = { en: `Gradient Clinic ${versions['app'] ?? ''}`, zh: `梯度诊所 ${versions['app'] ?? ''}` }
  const answer = await ui.ask({
    title,
    body: { en: body('en'), zh: body('zh') },
    buttons: [
      { id: 'copy', label: { en: 'Copy', zh: '复制' } },
      { id: 'ok', label: { en: 'OK', zh: '确定' }, kind: 'pri' }
    ]
  })
  if (answer === 'copy') await window.clinic.copy({ text: `${title.en}\n${listed(here, 'en')}` })
}
/** The last Electron of the floor's line came on 10 October 2023. What that means for those who run it. */
const supportOf = (electron: string): Text | undefined =>
  electron.startsWith('22.')
    ? {
        en: `Electron ${electron} is out of support: security holes found in it since October 2023 stay open. This program opens no connection and shows no page but its own, so only a file that you open could reach them: open those of people you trust. The current Electron runs on newer systems.`,
        zh: `Electron ${electron} 已停止维护：自 2023 年 10 月起不再修复漏洞。本程序不建立任何网络连接，也只显示自身页面，因此漏洞只可能经由您打开的文件触发：请只打开可信来源的文件。较新的系统可运行当前版本的 Electron。`
      }
    : undefined
