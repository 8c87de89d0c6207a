import { useProject } from '@/stores/project'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'
import type { Actions, Command } from '@/commands/command'
import { useCommands } from '@/commands/registry'
import { usePanels } from '@/pages/build/panels'
import { focusPart } from './parts'
import { useTour } from './tour'

/** The window itself. */
const actions: Actions = () => {
  const settings = useSettings()
  const ui = useUi()
  const project = useProject()
  const commands = useCommands()
  const theme = (id: 'system' | 'light' | 'dark', icon: string, en: string, zh: string): Command => ({
    id: `theme-${id}`,
    group: 'panels',
    icon,
    words: 'theme dark light 主题',
    name: { en, zh },
    on: () => settings.theme === id,
    run: () => settings.setTheme(id)
  })
  const zoom = (z: number, en: string, zh: string): Command => ({
    id: `zoom-${100 * z}`,
    group: 'panels',
    icon: 'screen',
    words: 'zoom font projector 字号 投影',
    name: { en, zh },
    on: () => settings.zoom === z,
    run: () => settings.setZoom(z)
  })
  return [
    {
      id: 'palette',
      group: 'help',
      icon: 'search',
      name: { en: 'Find a command …', zh: '查找命令…' },
      keys: ['Ctrl+K', 'Ctrl+Shift+P'],
      typing: true,
      run: () => (commands.palette = true)
    },
    {
      id: 'shortcuts',
      group: 'help',
      icon: 'info',
      name: { en: 'Keyboard shortcuts', zh: '键盘快捷键' },
      keys: ['?', 'F1'],
      run: () => (commands.sheet = 'keys')
    },
    {
      id: 'glossary',
      group: 'help',
      icon: 'help',
      name: { en: 'Glossary', zh: '术语表' },
      words: 'terms words meaning definition 术语 含义',
      keys: ['Shift+F1'],
      typing: true,
      run: () => (commands.sheet = 'glossary')
    },
    {
      id: 'tour',
      group: 'help',
      page: 'build',
      icon: 'eye',
      name: { en: 'Tour in five steps', zh: '五步导览' },
      words: 'guide start 引导',
      run: () => (usePanels().openAll(), useTour().start())
    },
    {
      id: 'about',
      group: 'help',
      icon: 'info',
      name: { en: 'About Gradient Clinic', zh: '关于梯度诊所' },
      run: async () => (await import('./about')).about()
    },
    {
      id: 'settings',
      group: 'panels',
      icon: 'sliders',
      name: { en: 'Theme, text size and language …', zh: '主题、文字大小与语言…' },
      keys: ['Ctrl+,'],
      typing: true,
      run: () => ui.toggleMenu('settings')
    },
    {
      id: 'nextPart',
      group: 'panels',
      icon: 'right',
      name: { en: 'Go to the next part of the window', zh: '转到窗口的下一部分' },
      keys: ['F6'],
      typing: true,
      run: () => focusPart(1)
    },
    {
      id: 'previousPart',
      group: 'panels',
      icon: 'left',
      name: { en: 'Go to the part before', zh: '转到上一部分' },
      keys: ['Shift+F6'],
      typing: true,
      run: () => focusPart(-1)
    },
    theme('system', 'screen', 'Theme as the system has it', '主题跟随系统'),
    theme('light', 'sun', 'Light theme', '浅色主题'),
    theme('dark', 'moon', 'Dark theme', '深色主题'),
    zoom(1, 'Text of normal size', '标准文字'),
    zoom(1.25, 'Large text', '大号文字'),
    zoom(1.5, 'Text for a projector', '投影文字'),
    {
      id: 'language',
      group: 'panels',
      icon: 'lang',
      keys: ['Ctrl+Shift+L'],
      words: 'language English 中文 语言',
      name: { en: '中文 (Chinese)', zh: 'English（英文）' },
      run: () => settings.setLanguage(settings.language === 'zh' ? 'en' : 'zh')
    },
    {
      id: 'seed',
      group: 'experiments',
      page: 'build',
      icon: 'swap',
      name: { en: 'Another seed', zh: '更换种子' },
      words: 'random 随机',
      run: () => project.edit((e) => ({ ...e, seed: (e.seed + 1) % 2 ** 32 }))
    }
  ]
}
export default actions
