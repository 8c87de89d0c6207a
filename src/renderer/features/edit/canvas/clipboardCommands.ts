import type { Command } from '@/commands/command'
import { useUi } from '@/stores/ui'
import { useClipboard } from './clipboard'

/** Layers to the clipboard and from it. */
export function clipboardCommands(): Command[] {
  const ui = useUi()
  const clip = useClipboard()
  const keep = (text: string | undefined): unknown => text !== undefined && window.clinic.copy({ text })
  const layers = (): string[] => ui.selection.filter((p) => !p.startsWith('@'))
  return [
    {
      id: 'copyLayers',
      group: 'edit',
      icon: 'copy',
      native: true,
      name: { en: 'Copy the selected layers', zh: '复制所选层' },
      keys: ['Ctrl+C'],
      enabled: () => layers().length > 0,
      run: () => keep(clip.copy())
    },
    {
      id: 'cutLayers',
      group: 'edit',
      icon: 'trash',
      native: true,
      name: { en: 'Cut the selected layers', zh: '剪切所选层' },
      keys: ['Ctrl+X'],
      enabled: () => layers().length > 0,
      run: () => keep(clip.cut())
    },
    {
      id: 'pasteLayers',
      group: 'edit',
      icon: 'plus',
      native: true,
      name: { en: 'Paste layers', zh: '粘贴层' },
      keys: ['Ctrl+V'],
      enabled: clip.canPaste,
      run: () => clip.paste()
    }
  ]
}
