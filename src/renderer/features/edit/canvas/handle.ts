import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Alignment } from './place'

/** What the canvas on screen does for others. */
export interface CanvasHandle {
  /** Takes the keyboard. */
  focus(): void
  removeSelected(): void
  /** Selects the next connection (1), or the one before (-1). */
  stepWire(by: 1 | -1): void
  /** Moves the selected nodes by so many pixels. */
  nudge(dx: number, dy: number): void
  fit(): void
  zoomBy(factor: number): void
  arrange(): void
  /** Puts the selected nodes on one line, under one another, or at equal distances. */
  align(how: Alignment): void
}

/** The canvas, while it is on screen: commands reach it here. */
export const useCanvasHandle = defineStore('canvas', () => ({ handle: shallowRef<CanvasHandle>() }))
