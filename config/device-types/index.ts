export type { Box } from './box.ts';
export {
  type Form,
  facesOf,
  outlineOf,
  portSizes,
  rackUnitMm,
  rackWidthMm,
  type TypeFaces,
  usableArea,
} from './face.ts';
export { faceProblems, overlapsOf } from './face-check.ts';
export { FaceFile, PortGroup } from './face-file.ts';
export { factsOf, notesOf, type TypeFacts, type TypeNote } from './facts.ts';
export { deviceTypesFolder, loadDeviceTypes } from './load.ts';
export { groupElements } from './placed.ts';
export { expandRange, joinRange } from './port-range.ts';
export { portsOfType, shapeOf, type TypePort } from './ports.ts';
export { proposedFaces } from './proposal.ts';
export { airflows, DeviceTypeFile } from './schema.ts';
export { libraryYaml } from './write.ts';
