export { type BackendSettings, backendSettings, dataDirSetting, loadBackendSettings } from './backend.ts';
export {
  type Definitions,
  describeSettings,
  loadSettings,
  type Setting,
  secret,
  setting,
  type Values,
  wholeNumber,
  yesNo,
} from './define.ts';
export { Secret } from './secret.ts';
