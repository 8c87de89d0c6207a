import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Text } from '@shared/base/text'
import { useSettings } from '@/stores/settings'

export interface TourStep {
  id: string
  /** What it points at; the first of these that is on screen. */
  at: string[]
  title: Text
  body: Text
}
/** Five things to know, in the order of a first session. */
export const STEPS: TourStep[] = [
  {
    id: 'network',
    at: ['[data-testid=canvas]'],
    title: { en: 'The network', zh: '网络' },
    body: {
      en: 'Data comes in on the left, the loss is on the right. Drag layers in from the palette, onto a connection; drag from port to port for a skip. After a run, chips and connections have the colour of the gradient: dark is little, bright is much.',
      zh: '数据从左侧进入，损失在右侧。把组件栏中的层拖到连线上；从端口拖到端口可画出跳连。训练后，标签和连线的颜色表示梯度大小：深色小，亮色大。'
    }
  },
  {
    id: 'train',
    at: ['[data-testid=train]', '[data-testid=pause]', '[data-testid=resume]'],
    title: { en: 'Train', zh: '训练' },
    body: {
      en: 'Trains it for real, in a process of its own; nothing here waits for it. Pause, go one step at a time, stop, and train again whenever you like.',
      zh: '在独立进程中真实训练，界面不会被阻塞。随时可以暂停、单步、停止、重新训练。'
    }
  },
  {
    id: 'watch',
    at: ['[data-testid=watch-dock]'],
    title: { en: 'Where the gradient goes', zh: '梯度去了哪里' },
    body: {
      en: 'One row for each layer, the first at the bottom; one column for each step. Click a step to hold every view there. The line at the foot of the window says in words what is wrong.',
      zh: '每行一层，第一层在最下；每列一步。单击某一步，所有视图都停在那里。窗口底部的一行用文字说明问题所在。'
    }
  },
  {
    id: 'treat',
    at: ['[data-testid=remedies]'],
    title: { en: 'Remedies', zh: '对策' },
    body: {
      en: 'Each card is a cure with a switch. “Show what changes” previews it on the network. Those a finding advises stand first. Switch one on and train again.',
      zh: '每张卡片是一种带开关的对策。“显示改动”可在网络上预览。诊断建议的对策排在最前。打开一个，再训练一次。'
    }
  },
  {
    id: 'gallery',
    at: ['[data-testid=palette]'],
    title: { en: 'Layers, and the gallery', zh: '层与示例库' },
    body: {
      en: 'Under “Gallery” stand experiments that vanish, explode, die or stay healthy, each with what to see in it. Ctrl+K finds any command by name; ? lists the keys.',
      zh: '“示例库”中有梯度消失、爆炸、神经元死亡或保持健康的实验，并说明看点。Ctrl+K 按名称查找命令；? 列出快捷键。'
    }
  }
]

/** The tour: which step is shown, if any. */
export const useTour = defineStore('tour', () => {
  const settings = useSettings()
  const at = ref(-1)
  const step = computed(() => STEPS[at.value])
  const start = (): void => void (at.value = 0)
  function move(by: number): void {
    const next = at.value + by
    if (next >= STEPS.length) return stop()
    at.value = Math.max(0, next)
  }
  function stop(): void {
    at.value = -1
    settings.remember('tourSeen', true)
  }
  return { at, step, start, move, stop }
})
