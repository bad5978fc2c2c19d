export { deviceTypesFolder, loadDeviceTypes } from './load.ts';
export { DeviceTypeFile } from './schema.ts';
