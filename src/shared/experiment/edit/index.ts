export {
  type Edited,
  type EditResult,
  isError,
  type Wire,
  scopeOf,
  idOf,
  join,
  nodesIn,
  nodeAt,
  sinkOf,
  wiresOf
} from './scope'
export {
  makeNode,
  removeNodes,
  insertFragment,
  moveNode,
  moveBy,
  changeNode,
  setParam,
  setTimes,
  rename
} from './nodes'
export { replaceKind, setParamOf } from './replace'
export { insertOnWire, connect, disconnect } from './wires'
export { copyNodes, duplicate, wrapInBlock, unwrap } from './stretch'
