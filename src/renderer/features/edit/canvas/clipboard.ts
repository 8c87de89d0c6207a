import { useEventListener } from '@vueuse/core'
import { shallowRef } from 'vue'
import { copyNodes, insertFragment, isError, removeNodes } from '@shared/experiment/edit'
import { readExperiment } from '@shared/experiment/parse'
import type { NetworkNode } from '@shared/experiment/types'
import type { Text } from '@shared/base/text'
import { useProject } from '@/stores/project'
import { HOME_PAGE, useUi } from '@/stores/ui'
import { defaultWire } from './place'

export const LAYERS_FORMAT = 'gradient-clinic/layers'
/** What was copied last in this window: for a paste that may not read the system's clipboard. */
const last = shallowRef('')

export interface ClipboardActions {
  /** The selected layers as text, or undefined with the reason said. */
  copy(): string | undefined
  cut(): string | undefined
  /**
   * Puts copied layers behind the selection, or opens a copied experiment. @returns whether the text was one of these
   */
  paste(text?: string): boolean
  /** Something was copied in this window. */
  canPaste(): boolean
}

/** Copy and paste of layers, as JSON on the clipboard: within a network, between experiments, and between windows. */
export function useClipboard(): ClipboardActions {
  const project = useProject()
  const ui = useUi()
  const chosen = (): string[] => ui.selection.filter((p) => !p.startsWith('@'))
  const say = (text: Text): void => ui.toast('bad', text)

  function copy(): string | undefined {
    const piece = copyNodes(project.experiment.network, chosen())
    if ('error' in piece) return void say(piece.error)
    return (last.value = JSON.stringify({ format: LAYERS_FORMAT, version: 1, nodes: piece.fragment }, null, 1))
  }
  function cut(): string | undefined {
    const text = copy()
    if (text !== undefined) project.take(removeNodes(project.experiment.network, chosen()))
    return text
  }
  function paste(text = last.value): boolean {
    let value: { format?: unknown; nodes?: unknown }
    try {
      value = JSON.parse(text) as typeof value
    } catch {
      return false
    }
    if (value?.format === 'gradient-clinic/experiment') {
      const { experiment, problems } = readExperiment(value)
      if (problems.length) say(problems[0]!.message)
      else project.addExperiment(experiment)
      return true
    }
    if (value?.format !== LAYERS_FORMAT) return false
    // Read as every network is: unknown kinds and bad parameters are told, missing ones filled in.
    const { experiment, problems } = readExperiment({ ...project.experiment, network: { nodes: value.nodes } })
    const nodes: NetworkNode[] = experiment.network?.nodes ?? []
    if (problems.length || !nodes.length) {
      say(problems[0]?.message ?? { en: 'The clipboard holds no layers.', zh: '剪贴板中没有层。' })
      return true
    }
    const network = project.experiment.network
    const anchor = ui.selection[ui.selection.length - 1] ?? null
    const result = insertFragment(network, defaultWire(network, anchor), nodes)
    if (isError(result)) say(result.error)
    else project.take(result)
    return true
  }
  return { copy, cut, paste, canPaste: () => last.value !== '' }
}

/** Answers the system's copy, cut and paste wherever no text is meant and the network is on screen. */
export function useClipboardEvents(): void {
  const actions = useClipboard()
  const ui = useUi()
  const meant = (e: ClipboardEvent): boolean => {
    const el = e.target instanceof HTMLElement ? e.target : document.activeElement
    return (
      ui.page === HOME_PAGE &&
      !(el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA)$/.test(el.tagName))) &&
      !document.querySelector('[role=dialog][data-state=open]')
    )
  }
  const put = (e: ClipboardEvent, text: string | undefined): void => {
    e.preventDefault()
    if (text !== undefined) e.clipboardData?.setData('text/plain', text)
  }
  const layers = (): boolean => ui.selection.some((p) => !p.startsWith('@'))
  useEventListener(
    document,
    'copy',
    (e: ClipboardEvent) => meant(e) && layers() && !getSelection()?.toString() && put(e, actions.copy())
  )
  useEventListener(document, 'cut', (e: ClipboardEvent) => meant(e) && layers() && put(e, actions.cut()))
  useEventListener(document, 'paste', (e: ClipboardEvent) => {
    if (!meant(e)) return
    if (actions.paste(e.clipboardData?.getData('text/plain') ?? '')) e.preventDefault()
    else
      ui.toast('bad', {
        en: 'The clipboard holds no layers: select some, here or in another window, and copy them first.',
        zh: '剪贴板中没有层：请先在此处或其他窗口选中并复制。'
      })
  })
}
