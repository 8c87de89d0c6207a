export * from './codec'
export { migrations, PROJECT_VERSION } from './migrations'
