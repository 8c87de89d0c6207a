/**
 * Settings that all builds share: aliases, the targets of the oldest runtime, and packages that stay outside the
 * bundles.
 */
import { join } from 'node:path'
import { ROOT } from '../setup/paths.mjs'

export const alias = { '@shared': join(ROOT, 'src/shared'), '@': join(ROOT, 'src/renderer') }

/** Electron 22: Chromium 108 and Node 16.17. */
export const WEB_TARGET = 'chrome108'
export const NODE_TARGET = 'node16.17'

/** Packages that are native, or that find Electron at run time: loaded from node_modules. All others are bundled. */
export const external = [
  'electron',
  /^electron-log(\/|$)/,
  /^@tensorflow\//,
  /^playwright/,
  'bullmq',
  'ioredis',
  /^node:/
]
