export { decodeProject, projectOf, readProject, type Reading } from './decode'
export { encodeProject } from './encode'
export { LIMITS } from './limits'
export { migrate, migrations, PROJECT_VERSION } from './migrations'
