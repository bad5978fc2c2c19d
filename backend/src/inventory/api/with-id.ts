// For the cabling, which is being rebuilt: it takes this from http itself then.
export { WithId } from '../../http/with-id.ts';
