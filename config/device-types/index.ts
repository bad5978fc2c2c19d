export { facesOf, rackUnitMm, rackWidthMm, type TypeFaces } from './face.ts';
export { deviceTypesFolder, loadDeviceTypes } from './load.ts';
export { portsOfType, shapeOf, type TypePort } from './ports.ts';
export { DeviceTypeFile } from './schema.ts';
