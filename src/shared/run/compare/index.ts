/**
 * Two runs side by side: which layers belong together, how far their values differ, what they came to, and what was set
 * differently.
 */
export * from './difference'
export * from './figures'
export * from './layers'
export * from './settings'
