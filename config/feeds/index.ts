export { feedTemplatesFolder, loadFeedTemplates } from './load.ts';
export {
  type FeedMeasurement,
  type FeedSource,
  FeedTemplate,
  type FeedValue,
  isNameless,
  type Tags,
} from './schema.ts';
