/** What every build has in common: names of folders, the floor's targets, and what stays outside the bundles. */
import { join } from 'node:path'
import { ROOT } from '../setup/paths.mjs'

export const alias = { '@shared': join(ROOT, 'src/shared'), '@': join(ROOT, 'src/renderer') }

/** Electron 22: Chromium 108 and Node 16.17. */
export const WEB_TARGET = 'chrome108'
export const NODE_TARGET = 'node16.17'

/** Native, or finds Electron by itself at run time: required from node_modules. Everything else is bundled. */
export const external = ['electron', /^electron-log(\/|$)/, /^@tensorflow\//, /^playwright/, /^node:/]
